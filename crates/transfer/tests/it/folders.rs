//! Folders of Markdown.

use smartcms_transfer::{FolderSource, MediumSource, NoteKind};

use crate::support::{Media, entry, fixture, leads, message, run, site, slugs};

fn source(name: &str) -> FolderSource {
    FolderSource::open(fixture(name)).unwrap()
}

#[tokio::test]
async fn a_hugo_site_comes_over() {
    let app = site();
    let media = Media::default();
    let report = run(&app, source("hugo"), &media).await;
    assert_eq!(slugs(&app, "posts").await, ["bundle", "first", "second"]);
    assert_eq!(slugs(&app, "pages").await, ["about"]);
    let first = entry(&app, "posts", "first").await;
    assert_eq!(first.created_at.to_string(), "2021-03-04T05:06:07Z");
    assert_eq!(first.fields.text("excerpt"), Some("The first."));
    let body = first.fields.text("body").unwrap();
    assert!(body.contains("[second file](/posts/second#part)"), "{body}");
    assert!(body.contains("![A](/media/a.png)"), "{body}");
    assert!(body.contains("{{< chart data=\"x\" >}}"), "{body}");
    assert!(entry(&app, "posts", "second").await.live.is_none());
    let bundle = entry(&app, "posts", "bundle").await;
    assert_eq!(bundle.created_at.to_string(), "2021-03-06T08:00:00Z");
    assert!(report.notes(NoteKind::ShortcodeKept) >= 1, "{}", report.summary());
    let broken = &report.first_notes(NoteKind::EntryFailed)[0];
    assert_eq!(broken.place.to_string(), "content/broken.md:2");
}

#[tokio::test]
async fn no_picture_comes_from_outside_the_folder() {
    let media = Media::default();
    let report = run(&site(), source("hugo"), &media).await;
    let root = std::fs::canonicalize(fixture("hugo")).unwrap();
    let stored = media.0.lock().unwrap();
    assert!(!stored.is_empty());
    for medium in stored.iter() {
        let MediumSource::File(path) = medium else { panic!("{medium:?}") };
        assert!(path.starts_with(&root), "{path:?}");
    }
    assert!(report.notes(NoteKind::EntryFailed) == 1);
}

#[tokio::test]
async fn a_jekyll_site_comes_over() {
    let app = site();
    let report = run(&app, source("jekyll"), &Media::default()).await;
    assert_eq!(slugs(&app, "posts").await, ["a-post", "hidden", "later"]);
    let post = entry(&app, "posts", "a-post").await;
    assert_eq!(post.created_at.date(), "2020-01-02");
    let body = post.fields.text("body").unwrap();
    assert!(body.contains("```ruby\nputs 1\n```") && body.contains("{% include"), "{body}");
    for name in ["hidden", "later"] {
        assert!(entry(&app, "posts", name).await.live.is_none(), "{name}");
    }
    for old in ["/notes/food/2020/01/02/a-post.html", "/was-here/"] {
        assert_eq!(leads(&app, old).await.as_deref(), Some("/posts/a-post"), "{old}");
    }
    assert!(report.counts()["redirects"].added >= 2, "{}", report.summary());
}

#[tokio::test]
async fn a_zola_site_comes_over() {
    let app = site();
    let report = run(&app, source("zola"), &Media::default()).await;
    assert_eq!(slugs(&app, "posts").await, ["other", "post"]);
    let body = entry(&app, "posts", "post").await;
    assert!(body.fields.text("body").unwrap().contains("[other](/posts/other)"), "{body:?}");
    assert!(
        message(&report, NoteKind::FieldLeft).contains("series")
            || report.notes(NoteKind::FieldLeft) > 0
    );
}

#[test]
fn a_folder_without_entries_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = FolderSource::open(folder.path().to_owned()).unwrap_err().to_string();
    assert!(error.contains("no .md"), "{error}");
    let error = FolderSource::open(folder.path().join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("could not open the folder"), "{error}");
}
