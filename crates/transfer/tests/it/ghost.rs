//! Ghost exports.

use std::fs;

use smartcms_transfer::{GhostSource, MediumSource, NoteKind};

use crate::support::{Media, entry, fixture, message, run, site, slugs};

fn source() -> GhostSource {
    GhostSource::open(fixture("ghost.json")).unwrap()
}

#[tokio::test]
async fn posts_and_pages_come_over_from_both_document_formats() {
    let app = site();
    let report = run(&app, source(), &Media::default()).await;
    assert_eq!(
        slugs(&app, "posts").await,
        ["lexical-post", "members", "mobiledoc-post", "unfinished"]
    );
    assert_eq!(slugs(&app, "pages").await, ["about"]);
    let body =
        |entry: smartcms_domain::entries::Entry| entry.fields.text("body").unwrap().to_owned();
    let lexical = body(entry(&app, "posts", "lexical-post").await);
    assert!(lexical.contains("**bold**"), "{lexical}");
    assert!(lexical.contains("](/posts/mobiledoc-post)"), "{lexical}");
    let mobiledoc = body(entry(&app, "posts", "mobiledoc-post").await);
    assert!(
        mobiledoc.contains("*Leaning*") && mobiledoc.contains("https://b.example"),
        "{mobiledoc}"
    );
    assert!(entry(&app, "posts", "members").await.live.is_none());
    assert!(message(&report, NoteKind::StatusLowered).contains("paid"));
    assert!(message(&report, NoteKind::BlockKept).contains("sparkle"));
    assert!(message(&report, NoteKind::Skipped).contains("mail"));
}

#[tokio::test]
async fn tables_after_the_posts_are_joined_all_the_same() {
    let app = site();
    let report = run(&app, source(), &Media::default()).await;
    let left =
        report.first_notes(NoteKind::FieldLeft).iter().find(|it| it.subject == "Lexical post");
    let message = &left.unwrap().message;
    assert!(message.contains("authors") && message.contains("tags"), "{message}");
}

#[tokio::test]
async fn media_of_an_archive_are_taken_from_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture("ghost.json"), folder.path().join("site.json")).unwrap();
    fs::create_dir_all(folder.path().join("content/images/2023")).unwrap();
    let picture = folder.path().join("content/images/2023/a.jpg");
    fs::write(&picture, "picture").unwrap();
    let source = GhostSource::open(folder.path().join("site.json")).unwrap();
    let media = Media::default();
    let app = site();
    run(&app, source.with_media(folder.path().to_owned()), &media).await;
    let picture = fs::canonicalize(picture).unwrap();
    assert_eq!(*media.0.lock().unwrap(), [MediumSource::File(picture)]);
    let body = entry(&app, "posts", "lexical-post").await;
    assert!(body.fields.text("body").unwrap().contains("/media/a.jpg"));
}

#[test]
fn a_bad_file_is_refused_with_its_line() {
    for (text, words) in [
        ("{\"db\": [{\"data\": {\"posts\": [\n{]}}]}", "bad.json:2: "),
        ("{\"db\": [{\"data\": {\"posts\": [{}", "cut off"),
        ("{\"db\": []}", "no Ghost export"),
        ("[]", "no Ghost export"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.json");
        fs::write(&path, text).unwrap();
        let error = GhostSource::open(path).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
