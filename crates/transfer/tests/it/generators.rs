//! What single generators write, each as a small folder made for its test.

use std::fs;
use std::path::Path;

use smartcms_domain::entries::Status;
use smartcms_testkit::TestApp;
use smartcms_transfer::{FolderSource, NoteKind, Report};
use tempfile::TempDir;

use crate::support::{Media, entry, run, site, slugs};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

async fn import(path: &Path) -> (TestApp, Report) {
    let app = site();
    let report = run(&app, FolderSource::open(path.to_owned()).unwrap(), &Media::default()).await;
    (app, report)
}

#[tokio::test]
async fn hugo_follows_references_permalinks_and_dates() {
    let folder = folder(&[
        (
            "hugo.toml",
            "baseURL = \"https://old.example\"\ntitle = \"T\"\n[permalinks]\nposts = \"/:year/:slug/\"\n[taxonomies]\nseries = \"series\"\n",
        ),
        (
            "content/posts/a.md",
            "---\ntitle: A\ndate: 2020-01-02\nseries: [One]\n---\n[b]({{< relref \"b\" >}}) [c](https://old.example/2020/b/) [d]({{< ref \"gone.md\" >}})\n\n## H {#own}\n",
        ),
        (
            "content/posts/b.md",
            "---\ntitle: B\ndate: 2020-01-02\nexpiryDate: 2021-01-01\n---\n# B\n\nx\n",
        ),
        ("content/posts/c.md", "---\ntitle: C\ndate: 2030-01-02\n---\nx\n"),
        ("content/posts/notes.org", "* no"),
        ("content/headless.md", "---\ntitle: H\nheadless: true\n---\nx\n"),
    ]);
    let (app, report) = import(folder.path()).await;
    let body = entry(&app, "posts", "a").await.fields.text("body").unwrap().to_owned();
    assert_eq!(body, "[b](/posts/b) [c](/posts/b) [d](gone.md)\n\n## H\n");
    assert_eq!(entry(&app, "posts", "b").await.status(), Status::Archived);
    assert_eq!(entry(&app, "posts", "b").await.fields.text("body"), Some("\nx\n"));
    assert_eq!(entry(&app, "posts", "c").await.status(), Status::Scheduled);
    assert_eq!(entry(&app, "pages", "headless").await.status(), Status::Draft);
    assert!(report.summary().contains("taxonomy `series`"), "{}", report.summary());
    assert!(report.summary().contains("notes.org"), "{}", report.summary());
    assert!(report.summary().contains("gone.md, which was not imported"), "{}", report.summary());
}

#[tokio::test]
async fn jekyll_follows_collections_folders_and_defaults() {
    let folder = folder(&[
        (
            "_config.yml",
            "title: T\npermalink: /:year/:title/\ncollections:\n  recipes:\n    output: true\ndefaults:\n  - scope: {path: \"\", type: posts}\n    values: {published: false}\n",
        ),
        (
            "food/_posts/2020-01-02-a.md",
            "---\ntitle: A\npublished: true\ncategory: Big Meals\n---\n[b]({% post_url 2020-01-03-b %}) {% raw %}{{ x }}{% endraw %}\n{: .note}\n",
        ),
        ("_posts/2020-01-03-b.md", "---\ntitle: B\n---\nx\n"),
        ("_recipes/soup.md", "---\ntitle: Soup\n---\nx\n"),
        ("_hidden/no.md", "---\ntitle: No\n---\nx\n"),
        (
            "index.html",
            "---\nlayout: home\n---\n{% for post in site.posts %}<a>{{ post.title }}</a>{% endfor %}\n",
        ),
    ]);
    let (app, report) = import(folder.path()).await;
    assert_eq!(slugs(&app, "posts").await, ["a", "b"]);
    let a = entry(&app, "posts", "a").await;
    assert_eq!(a.fields.text("body").unwrap().trim(), "[b](/posts/b) {{ x }}");
    assert!(a.live.is_some());
    assert!(entry(&app, "posts", "b").await.live.is_none(), "the defaults say so");
    assert_eq!(entry(&app, "pages", "index").await.status(), Status::Draft);
    let said = report.summary();
    assert!(said.contains("collections/recipes.toml") && said.contains("is a program"), "{said}");
    // `food` by its folder, and words that the file itself names as one category.
    assert!(said.contains("2× the site has no collection for the taxonomy `categories`"), "{said}");
    assert!(!said.contains("section"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_no_text_is_repaired_and_told() {
    let folder = folder(&[("a.md", "---\ntitle: A\n---\nx\n")]);
    fs::write(folder.path().join("b.md"), b"---\ntitle: B\n---\ncaf\xe9\n").unwrap();
    fs::write(folder.path().join("c.md"), b"+++\ntitle = \"C\"\nbad = = 1\n+++\n").unwrap();
    let (app, report) = import(folder.path()).await;
    assert_eq!(entry(&app, "pages", "b").await.fields.text("body"), Some("caf\u{fffd}\n"));
    assert_eq!(report.first_notes(NoteKind::TextRepaired)[0].place.to_string(), "b.md:4");
    assert_eq!(report.first_notes(NoteKind::EntryFailed)[0].place.to_string(), "c.md:3");
}

#[test]
fn front_matter_bombs_are_refused_with_their_line_and_the_rest_is_read() {
    let deep =
        format!("+++\ntitle = \"A\"\na = {}{}\n+++\n", "[".repeat(100_000), "]".repeat(100_000));
    let anchors: String = (1..12)
        .map(|level| {
            format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(","))
        })
        .collect();
    let folder = folder(&[
        ("deep.md", &deep),
        ("anchors.md", &format!("---\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{anchors}---\n")),
        ("json.md", &format!("{{\"a\": {}1{}}}\n", "[".repeat(1_000), "]".repeat(1_000))),
        ("large.md", &format!("---\na: \"{}\"\n---\n", "x".repeat(300 * 1024))),
        ("good.md", "---\ntitle: Good\n---\nx\n"),
    ]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (app, report) = runtime.block_on(import(folder.path()));
    assert!(runtime.block_on(slugs(&app, "pages")).contains(&"good".to_owned()));
    let failed = report.first_notes(NoteKind::EntryFailed);
    let told: Vec<String> =
        failed.iter().map(|it| format!("{}: {}", it.place, it.message)).collect();
    for name in ["anchors.md", "deep.md", "large.md"] {
        assert!(told.iter().any(|it| it.starts_with(name)), "{name}: {told:?}");
    }
    assert!(told.iter().any(|it| it.contains("262144")), "{told:?}");
}
