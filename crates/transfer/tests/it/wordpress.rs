//! WordPress exports.

use std::fs;

use smartcms_app::Fault;
use smartcms_transfer::{ImportOptions, MediumSource, NoteKind, Source, SourceError, WxrSource};

use crate::support::{Media, entry, fixture, message, run, site, slugs, try_run};

fn source() -> WxrSource {
    WxrSource::open(vec![fixture("wordpress.xml")]).unwrap()
}

fn wxr(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel><title>T</title>\n\
         <link>https://old.example</link>\n<wp:wxr_version>1.2</wp:wxr_version>\n{items}</channel></rss>\n"
    )
}

#[tokio::test]
async fn a_site_comes_over_with_its_dates_statuses_and_addresses() {
    let app = site();
    let report = run(&app, source(), &Media::default()).await;
    assert_eq!(
        slugs(&app, "posts").await,
        ["cafe", "draft", "private", "secret", "soup-bread", "the-garden", "the-garden-2"]
    );
    assert_eq!(slugs(&app, "pages").await, ["19"]);
    let soup = entry(&app, "posts", "soup-bread").await;
    assert_eq!(soup.fields.text("title"), Some("Soup & Bread"));
    assert_eq!(soup.fields.text("excerpt"), Some("A warm soup."));
    assert_eq!(soup.created_at.to_string(), "2020-01-02T09:00:00Z");
    assert_eq!(soup.updated_at.to_string(), "2020-01-03T09:00:00Z");
    assert_eq!(soup.first_published_at, Some(soup.created_at));
    let body = soup.fields.text("body").unwrap();
    assert!(body.contains("](/posts/the-garden#beds)"), "{body}");
    assert!(body.contains("](/media/soup.jpg)"), "{body}");
    assert!(body.contains("https://elsewhere.example/"), "{body}");
    assert!(!body.contains("wp:"), "{body}");
    assert!(entry(&app, "pages", "19").await.fields.text("title") == Some("Untitled"));
    assert_eq!(report.counts()["posts"].added, 7);
}

#[tokio::test]
async fn what_was_not_public_is_a_draft_and_the_report_says_so() {
    let app = site();
    let report = run(&app, source(), &Media::default()).await;
    for name in ["private", "secret", "draft"] {
        assert!(entry(&app, "posts", name).await.live.is_none(), "{name}");
    }
    assert!(entry(&app, "posts", "the-garden").await.live.is_some());
    assert_eq!(report.notes(NoteKind::StatusLowered), 2);
    assert_eq!(report.notes(NoteKind::SlugChanged), 2, "{}", report.summary());
    assert_eq!(report.notes(NoteKind::DateChanged), 1);
    assert!(message(&report, NoteKind::Skipped).contains("trash"));
    assert!(report.summary().contains("collections/product.toml"), "{}", report.summary());
    assert!(message(&report, NoteKind::ShortcodeKept).contains("[contact-form]"));
    assert!(message(&report, NoteKind::BlockKept).contains("acme/rating"));
    assert!(message(&report, NoteKind::CommentLeft).starts_with("1 comments"));
    let unknown = report.first_notes(NoteKind::TypeUnknown).iter().find(|it| it.subject == "Lamp");
    let place = unknown.unwrap().place.to_string();
    assert!(place.ends_with("wordpress.xml:66"), "{place}");
}

#[tokio::test]
async fn a_second_run_adds_nothing_and_changes_nothing() {
    let app = site();
    let first = run(&app, source(), &Media::default()).await;
    let before = entry(&app, "posts", "soup-bread").await;
    let second = run(&app, source(), &Media::default()).await;
    assert_eq!(second.counts()["posts"].added, 0);
    assert_eq!(second.counts()["posts"].present, first.counts()["posts"].added);
    assert_eq!(entry(&app, "posts", "soup-bread").await, before);
    assert_eq!(slugs(&app, "posts").await.len(), 7);
}

#[tokio::test]
async fn an_import_that_stopped_goes_on() {
    let app = site();
    let options = ImportOptions { limit: Some(2), ..ImportOptions::default() };
    let (_, outcome) = try_run(&app, source(), None, options).await;
    outcome.unwrap();
    assert_eq!(slugs(&app, "posts").await.len(), 2);
    let report = run(&app, source(), &Media::default()).await;
    let posts = report.counts()["posts"];
    // The first run copied no media: what it stored gets them now.
    assert_eq!((posts.present + posts.mended, posts.added), (2, 5));
    assert!(posts.mended > 0, "{}", report.summary());
}

#[tokio::test]
async fn a_dry_run_stores_nothing_and_fetches_nothing() {
    let app = site();
    let media = Media::default();
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let (report, outcome) = try_run(&app, source(), Some(&media), options).await;
    outcome.unwrap();
    assert_eq!(report.counts()["posts"].added, 7);
    assert!(slugs(&app, "posts").await.is_empty());
    assert!(media.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_picture_is_fetched_once_in_its_full_size() {
    let media = Media::default();
    run(&site(), source(), &media).await;
    let url = "https://old.example/wp-content/uploads/2020/01/soup.jpg".to_owned();
    assert_eq!(*media.0.lock().unwrap(), [MediumSource::Url(url)]);
}

#[tokio::test]
async fn ten_levels_of_pages_come_over() {
    let page = |id: u32| {
        format!(
            "<item><title>Level {id}</title><link>https://old.example/{id}/</link><content:encoded>x</content:encoded>\
             <wp:post_id>{id}</wp:post_id><wp:post_parent>{}</wp:post_parent><wp:post_name>level</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>page</wp:post_type>\
             <wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt></item>",
            id - 1
        )
    };
    let items: String = (1..=10).rev().map(page).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.xml");
    fs::write(&path, wxr(&items)).unwrap();
    let app = site();
    let report = run(&app, WxrSource::open(vec![path]).unwrap(), &Media::default()).await;
    assert_eq!(slugs(&app, "pages").await.len(), 10);
    assert_eq!(report.notes(NoteKind::SlugChanged), 9);
}

#[track_caller]
fn open_error(text: &[u8]) -> SourceError {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.xml");
    fs::write(&path, text).unwrap();
    match WxrSource::open(vec![path]) {
        Err(error) => error,
        Ok(source) => {
            let mut sink = Everything;
            source.read(&mut sink).unwrap_err()
        }
    }
}

struct Everything;

impl smartcms_transfer::Sink for Everything {
    fn take(&mut self, _item: smartcms_transfer::Item) -> Result<(), SourceError> {
        Ok(())
    }
}

#[test]
fn a_hostile_file_expands_nothing() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">\
                <!ENTITY c SYSTEM \"file:///etc/passwd\">]>\n<rss><channel><title>&b;&c;</title></channel></rss>";
    let error = open_error(bomb.as_bytes());
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("bad.xml:2"), "{error}");
    assert!(error.to_string().contains("document type"), "{error}");
}

#[test]
fn a_bad_file_is_refused_with_its_line() {
    for (text, words) in [
        (wxr("<item><title>a</wrong></item>"), ":5: this is not well-formed XML"),
        (wxr("<item><title>a").replace("</channel></rss>", ""), "the file ends inside <item>"),
        ("<rss><channel><title>x</title></channel></rss>".to_owned(), "no WordPress export"),
        (
            format!("{}{}", "<a>".repeat(40), "</a>".repeat(40)),
            "the nesting of <a> has 17; the limit is 16",
        ),
        ("".to_owned(), "no WordPress export"),
    ] {
        let error = open_error(text.as_bytes()).to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn an_item_past_its_limit_is_refused_before_it_is_read() {
    let mut text =
        wxr("").replace("</channel></rss>\n", "<item><content:encoded><![CDATA[").into_bytes();
    text.extend(std::iter::repeat_n(b'x', 33 * 1024 * 1024));
    text.extend(b"]]></content:encoded></item></channel></rss>");
    let error = open_error(&text);
    assert!(matches!(error, SourceError::TooLarge { limit: 33_554_432, .. }), "{error}");
    assert!(error.to_string().contains("bad.xml:5"), "{error}");
}

#[tokio::test]
async fn what_came_before_a_break_is_stored() {
    let item = "<item><title>A</title><content:encoded>x</content:encoded><wp:post_id>1</wp:post_id>\
                <wp:post_name>a</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.xml");
    fs::write(&path, wxr(&format!("{item}<item><title>B")).replace("</channel></rss>\n", ""))
        .unwrap();
    let app = site();
    let (report, outcome) =
        try_run(&app, WxrSource::open(vec![path]).unwrap(), None, ImportOptions::default()).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), "import.source");
    assert!(error.to_string().contains("cut off"), "{error}");
    assert_eq!(report.counts()["posts"].added, 1);
    assert_eq!(slugs(&app, "posts").await, ["a"]);
}

async fn imported(text: &[u8]) -> (smartcms_testkit::TestApp, smartcms_transfer::Report) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.xml");
    fs::write(&path, text).unwrap();
    let app = site();
    let report = run(&app, WxrSource::open(vec![path]).unwrap(), &Media::default()).await;
    (app, report)
}

fn post(id: u32, title: &str) -> String {
    format!(
        "<item><title>{title}</title>\n<content:encoded><![CDATA[x]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt><wp:post_name>post-{id}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
    )
}

#[tokio::test]
async fn files_of_every_encoding_are_read() {
    let text = wxr(&post(1, "Café"));
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let latin = text
        .replace("<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"windows-1252\"?>");
    let latin: Vec<u8> = latin.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    for bytes in [format!("\u{feff}{text}").into_bytes(), utf16, latin] {
        let (app, report) = imported(&bytes).await;
        assert_eq!(entry(&app, "posts", "post-1").await.fields.text("title"), Some("Café"));
        assert_eq!(report.notes(NoteKind::TextRepaired), 0);
    }
    let error = open_error(b"<?xml version=\"1.0\" encoding=\"none\"?>\n<rss/>").to_string();
    assert!(error.contains("bad.xml:1") && error.contains("`none`"), "{error}");
}

#[tokio::test]
async fn text_that_is_none_is_told_with_its_line() {
    let mut text = wxr(&format!("{}{}", post(1, "A"), post(2, "B?\u{b}\u{1}"))).into_bytes();
    let at = text.windows(2).position(|it| it == b"B?").unwrap();
    text[at + 1] = 0xff;
    let (app, report) = imported(&text).await;
    assert_eq!(entry(&app, "posts", "post-2").await.fields.text("title"), Some("B\u{fffd}"));
    let note = &report.first_notes(NoteKind::TextRepaired)[0];
    assert!(note.place.to_string().ends_with("made.xml:7"), "{note:?}");
    assert!(note.message.contains("1 bytes") && note.message.contains("2 control"), "{note:?}");
}

#[tokio::test]
async fn what_nobody_wrote_and_nothing_holds_is_kept_as_data_and_told() {
    let page = post(1, "A")
        .replace("<wp:post_type>post<", "<wp:post_parent>99</wp:post_parent><wp:post_type>page<");
    let (_, report) = imported(wxr(&page).as_bytes()).await;
    assert_eq!(
        report.notes(NoteKind::RelationLeft) + report.notes(NoteKind::FieldLeft),
        1,
        "{}",
        report.summary()
    );
}

#[test]
fn what_is_huge_is_refused_by_its_limit() {
    let attribute = wxr(&format!("<item a=\"{}\"></item>", "x".repeat(33 * 1024 * 1024)));
    let comment = "<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>".repeat(260_000);
    for (text, words) in [
        (attribute, "the limit is 33554432"),
        (wxr(&format!("<item>{comment}</item>")), "the limit is 500000"),
    ] {
        let error = open_error(text.as_bytes()).to_string();
        assert!(error.contains(words) && error.contains("bad.xml:"), "{error}");
    }
}
