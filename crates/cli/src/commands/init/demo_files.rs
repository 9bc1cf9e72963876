/// The demo content: collection and text, the oldest entry first.
const DEMO_FILES: &[(&str, &str)] = &[
    ("pages", include_str!("../../../../../examples/site/content/pages/about.md")),
    ("pages", include_str!("../../../../../examples/site/content/pages/writing.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/what-this-site-is.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/what-is-a-component.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/imports-tell-the-truth.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/a-plugin-in-an-afternoon.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/when-a-plugin-misbehaves.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/one-function-three-languages.md")),
];
