/// The demo content: collection and text, the oldest entry first, and what others point to before them.
const DEMO_FILES: &[(&str, &str)] = &[
    ("authors", include_str!("../../../../../examples/site/content/authors/ada-reiher.md")),
    ("tags", include_str!("../../../../../examples/site/content/tags/demo.md")),
    ("tags", include_str!("../../../../../examples/site/content/tags/components.md")),
    ("tags", include_str!("../../../../../examples/site/content/tags/plugins.md")),
    ("pages", include_str!("../../../../../examples/site/content/pages/about.md")),
    ("pages", include_str!("../../../../../examples/site/content/pages/writing.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/what-this-site-is.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/what-is-a-component.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/imports-tell-the-truth.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/a-plugin-in-an-afternoon.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/one-function-three-languages.md")),
    ("posts", include_str!("../../../../../examples/site/content/posts/when-a-plugin-misbehaves.md")),
];

/// A picture of the demo content.
struct DemoPicture {
    name: &'static str,
    bytes: &'static [u8],
    alt: &'static str,
    caption: &'static str,
    /// What stays visible when it is cut: shares of width and height.
    focal_point: (f64, f64),
}

/// The pictures, drawn for this.
const DEMO_PICTURES: &[DemoPicture] = &[
    DemoPicture {
        name: "hills.webp",
        bytes: include_bytes!("../../../../../examples/site/media/hills.webp"),
        alt: "The sun rises behind seven rows of hills; four birds cross the sky",
        caption: "A new site has the whole day before it.",
        focal_point: (0.6, 0.45),
    },
    DemoPicture {
        name: "blocks.webp",
        bytes: include_bytes!("../../../../../examples/site/media/blocks.webp"),
        alt: "Building blocks in five colours; one hovers above its place",
        caption: "What fits together needs to know nothing else of its neighbours.",
        focal_point: (0.5, 0.5),
    },
    DemoPicture {
        name: "lighthouse.webp",
        bytes: include_bytes!("../../../../../examples/site/media/lighthouse.webp"),
        alt: "A lighthouse with red bands throws its beam over a dark sea",
        caption: "",
        focal_point: (0.3, 0.4),
    },
    DemoPicture {
        name: "waves.webp",
        bytes: include_bytes!("../../../../../examples/site/media/waves.webp"),
        alt: "A small sailing boat on rows of high waves under a red sun",
        caption: "Rough weather is only a question of when.",
        focal_point: (0.25, 0.25),
    },
    DemoPicture {
        name: "heron.webp",
        bytes: include_bytes!("../../../../../examples/site/media/heron.webp"),
        alt: "A white heron before the sun",
        caption: "",
        focal_point: (0.55, 0.4),
    },
];
