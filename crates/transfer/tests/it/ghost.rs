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

#[test]
fn hostile_json_is_refused_by_its_limit_and_line() {
    let wrap = |row: &str| format!("{{\"db\": [{{\"data\": {{\"posts\": [\n{row}]}}}}]}}");
    let flat = wrap(&format!("{{\"id\": \"1\", \"x\": [{}0]}}", "0,".repeat(1_000_000)));
    let deep = wrap(&format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)));
    let long = wrap(&format!("{{\"id\": \"{}\"}}", "x".repeat(33 * 1024 * 1024)));
    for (text, words) in [
        (flat, "more values than 200000"),
        (deep, "recursion limit"),
        (long, "the limit is 33554432"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.json");
        fs::write(&path, &text).unwrap();
        let error = GhostSource::open(path).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("bad.json:2"), "{error}");
    }
}

#[tokio::test]
async fn exports_of_other_shapes_and_encodings_are_read() {
    let flat = "{\"meta\": {}, \"data\": {\"posts\": [{\"id\": 7, \"title\": \"Old\", \"slug\": \"old\", \"markdown\": \"*a*\", \"image\": \"/content/images/x.png\", \"page\": 0, \"status\": \"published\", \"created_at\": 1400000000000, \"published_at\": 1400000000000, \"author_id\": 1}], \"users\": [{\"id\": 1, \"name\": \"Ada\"}]}}";
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(flat.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [flat.as_bytes().to_vec(), format!("\u{feff}{flat}").into_bytes(), utf16] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.json");
        fs::write(&path, bytes).unwrap();
        let app = site();
        let media = Media::default();
        let source = GhostSource::open(path).unwrap().at("https://old.example/");
        run(&app, source, &media).await;
        let old = entry(&app, "posts", "old").await;
        assert_eq!(old.fields.text("body"), Some("*a*"));
        assert_eq!(old.created_at.to_string(), "2014-05-13T16:53:20Z");
        let url = "https://old.example/content/images/x.png".to_owned();
        assert_eq!(*media.0.lock().unwrap(), [MediumSource::Url(url)]);
    }
}
