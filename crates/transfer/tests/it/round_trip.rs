//! Export → import → export gives the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::entries::{
    ChangeEntry, ImportEntry, ImportLive, UpdateEntry, import_entry, publish_entry, update_entry,
};
use smartcms_app::menus::{SaveMenu, SeenMenu, save_menu};
use smartcms_app::redirects::offer_redirects;
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{Entry, EntryId, Fields, Live, Revision, Schedule, Slug};
use smartcms_domain::menus::items_of_json;
use smartcms_domain::redirects::{RedirectDraft, percent_encoded};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{at, entry_id, locale};
use smartcms_transfer::{ImportOptions, NoProgress, NoteKind, Report, export_site, read_export};

use crate::arranged::arranged;
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

/// Something that arranges the site: what it is, a text and a number for it.
type Step = (u8, String, usize);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0_u8..8, "[a-zé%?#& -]{1,10}", 0_usize..6), 0..12)
}

/// Takes the steps; one that is refused leaves nothing.
async fn arrange(app: &TestApp, steps: &[Step], entries: usize) {
    let ctx = OpContext::new(app, &Actor::Operator);
    for (kind, text, number) in steps {
        let encoded = percent_encoded(text, |byte| b"%?#".contains(&byte));
        let entry = (entries > 0).then(|| entry_id((number % entries.max(1)) as u128));
        let draft = |from: String, to: &str| RedirectDraft {
            from,
            to: Some(to.to_owned()),
            ..RedirectDraft::default()
        };
        let redirect = match kind {
            0 => draft(format!("/old/{encoded}"), &format!("/new/{number}?a=b#c")),
            1 => draft(format!("/old/{encoded}/*"), "https://new.example/é/*"),
            2 => draft(format!("/{encoded}"), &format!("/old/{number}")),
            3 => {
                RedirectDraft { to: None, status: Some(410), ..draft(format!("/g/{encoded}"), "") }
            }
            4 => RedirectDraft { to: None, entry, ..draft(format!("/e/{encoded}"), "") },
            5 => {
                rename(&ctx, entry, *number).await;
                continue;
            }
            _ => {
                let deep = json!({ "label": text, "to": format!("/{number}"), "new_tab": true });
                let labels = json!({ "en": text });
                let group = json!({ "label": text, "labels": labels, "items": [deep] });
                let leading = entry.map(|it| json!({ "entry": it.to_string(), "items": [group] }));
                let items: Vec<Value> = leading.into_iter().chain([group.clone()]).collect();
                if let Ok(items) = items_of_json(&Value::Array(items)) {
                    let (name, seen) = (format!("menu-{number}"), SeenMenu::Whatever);
                    save_menu(&ctx, SaveMenu { name, items, seen }).await.unwrap();
                }
                continue;
            }
        };
        offer_redirects(&ctx, vec![redirect]).await.unwrap();
    }
}

/// Gives a public entry another address, so that the old one leads to it.
async fn rename(ctx: &OpContext<'_>, entry: Option<EntryId>, number: usize) {
    let Some(id) = entry else { return };
    let found = ctx.app.entries.find(id).await.unwrap().unwrap();
    if found.live.is_none() {
        return;
    }
    let change = ChangeEntry { collection: found.collection.to_string(), id, seen: None };
    let slug = Some(format!("renamed-{id}-{number}"));
    let update =
        UpdateEntry { change: change.clone(), slug, fields: Fields::default(), message: None };
    update_entry(ctx, update).await.unwrap();
    publish_entry(ctx, change).await.unwrap();
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

/// An entry without the count of its states: an export holds one.
fn as_new(entry: Entry) -> Entry {
    let live = entry.live.map(|it| Live { revision: Revision::FIRST, ..it });
    Entry { revision: Revision::FIRST, live, ..entry }
}

async fn check(made: Vec<Made>, steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let (here, there) = (site(), site());
    fill(&here, &made).await;
    arrange(&here, &steps, made.len()).await;
    export(&here, &first).await;
    read_back(&there, &first).await;
    for number in 0..made.len() {
        let id = entry_id(number as u128);
        let (a, b) = (here.entries.find(id).await.unwrap(), there.entries.find(id).await.unwrap());
        assert_eq!(a.map(as_new), b.map(as_new));
    }
    assert_eq!(arranged(&here).await, arranged(&there).await);
    export(&there, &second).await;
    assert_eq!(files(&first), files(&second));
    let again = read_back(&there, &first).await;
    assert_eq!(again.counts().values().map(|it| it.added).sum::<u64>(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn an_export_is_read_back_to_the_same_site(
        made in proptest::collection::vec(made(), 0..6),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(check(made, steps));
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
