//! Export → import → export gives the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::entries::{ImportEntry, ImportLive, import_entry};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{Fields, Schedule, Slug};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, entry_id, locale};
use smartcms_transfer::{ImportOptions, NoProgress, NoteKind, Report, export_site, read_export};

use crate::support::site;

/// One generated entry: whether it is public, whether a newer draft stands beside it, and its texts.
#[derive(Debug, Clone)]
struct Made {
    is_page: bool,
    is_public: bool,
    newer: Option<String>,
    title: String,
    excerpt: String,
    body: String,
    minutes: Option<i64>,
    millis: i64,
}

fn made() -> impl Strategy<Value = Made> {
    let text = "[ -~äß\\n\\t\"\\\\+\u{1}\u{2028}😀]{0,60}";
    let title = "[A-Za-z \"'=\\[\\]#+äé😀-]{1,40}[a-z]";
    (
        any::<(bool, bool)>(),
        proptest::option::of(text),
        title,
        text,
        "(\\+\\+\\+\n|---\n|[ -~\\n\\r]|ü){0,80}",
        proptest::option::of(any::<i32>()),
        0..1_700_000_000_000_i64,
    )
        .prop_map(|((is_page, is_public), newer, title, excerpt, body, minutes, millis)| {
            Made {
                is_page,
                is_public,
                newer,
                title,
                excerpt,
                body,
                minutes: minutes.map(i64::from),
                millis,
            }
        })
}

async fn fill(app: &TestApp, made: &[Made]) {
    let ctx = OpContext::new(app, &Actor::Operator);
    for (number, it) in made.iter().enumerate() {
        let mut fields = Fields::default();
        fields.set("title", json!(it.title));
        fields.set("body", json!(it.body));
        if !it.is_page {
            fields.set("excerpt", json!(it.excerpt));
            fields.set("reading_minutes", it.minutes.map_or(Value::Null, Value::from));
        }
        let newest = match &it.newer {
            Some(text) => {
                fields.clone().with([("body".to_owned(), json!(text))].into_iter().collect())
            }
            None => fields.clone(),
        };
        let command = ImportEntry {
            collection: if it.is_page { "pages" } else { "posts" }.to_owned(),
            id: entry_id(number as u128),
            locale: locale("en"),
            group: (number > 2).then(|| entry_id(1)),
            slug: Slug::parse(&format!("entry-{number}")).unwrap(),
            fields: newest,
            live: it.is_public.then(|| ImportLive {
                slug: Some(Slug::parse(&format!("public-{number}")).unwrap())
                    .filter(|_| it.newer.is_some()),
                fields: Some(fields),
                published_at: at(it.millis + 5),
            }),
            created_at: at(it.millis),
            updated_at: at(it.millis + 7),
            first_published_at: Some(at(it.millis + 3)),
            archived_at: None,
            schedule: Schedule {
                publish_at: (!it.is_public && number % 2 == 0).then(|| at(4_000_000_000_000)),
                unpublish_at: None,
            },
            created_by: Some("token somebody".to_owned()),
            message: None,
        };
        import_entry(&ctx, command).await.unwrap();
    }
}

async fn export(app: &TestApp, to: &Path) {
    let ctx = OpContext::new(app, &Actor::Operator);
    export_site(&ctx, to, Path::new("/nonexistent"), &NoProgress).await.unwrap();
}

async fn read_back(app: &TestApp, from: &Path) -> Report {
    let ctx = OpContext::new(app, &Actor::Operator);
    let mut report = Report::new("an export".to_owned(), false, None);
    read_export(&ctx, from, ImportOptions::default(), &NoProgress, &mut report).await.unwrap();
    assert_eq!(report.notes(NoteKind::EntryFailed), 0, "{}", report.summary());
    report
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(
                files(&path).into_iter().map(|(inner, text)| (format!("{name}/{inner}"), text)),
            );
        } else {
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

async fn check(made: Vec<Made>) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let (here, there) = (site(), site());
    fill(&here, &made).await;
    export(&here, &first).await;
    read_back(&there, &first).await;
    for number in 0..made.len() {
        let id = entry_id(number as u128);
        let (a, b) = (here.entries.find(id).await.unwrap(), there.entries.find(id).await.unwrap());
        assert_eq!(a, b);
    }
    export(&there, &second).await;
    assert_eq!(files(&first), files(&second));
    let again = read_back(&there, &first).await;
    assert_eq!(again.counts().values().map(|it| it.added).sum::<u64>(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn an_export_is_read_back_to_the_same_site(made in proptest::collection::vec(made(), 0..6)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(check(made));
    }
}

#[tokio::test]
async fn an_export_never_goes_over_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "x").unwrap();
    let app = site();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let outcome = export_site(&ctx, folder.path(), Path::new("/nonexistent"), &NoProgress).await;
    assert!(outcome.unwrap_err().to_string().contains("is not empty"));
}
