//! Definitions that change under entries: what moves, what is refused, and what happens at the same time.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use serde_json::{Value, json};
use smartcms_app::collections::{
    CollectionError, CreateCollection, FileDefinitions, Reach, RemoveCollection, ReplaceCollection,
    adopt, apply_files, create_collection, plan_files, refresh, remove_collection,
    replace_collection,
};
use smartcms_app::entries::{
    CreateEntry, UpdateEntry, View, create_entry, get_entry, update_entry,
};
use smartcms_app::ports::{
    DefinitionStore, KnownDefinitions, RedefineError, Redefinition, StagedEntry, StoreError,
};
use smartcms_app::{App, AppParts, Fault as _, OpContext};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::Locales;
use smartcms_testkit::builders::{fields, locale, posts};
use smartcms_testkit::{MemoryStore, TestApp};
use uuid::Uuid;

use crate::support::{change, check_code, plugin_actor, published, token, update};

const FORCE: Reach = Reach { dry_run: false, force: true };

fn ctx(app: &App) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

/// The definition of posts as a document, with these fields beside the title.
fn with(more: Value) -> Value {
    let mut document = Value::Object(posts().to_document());
    let mut all = vec![document["fields"][0].clone()];
    all.extend(more.as_array().unwrap().iter().cloned());
    document["fields"] = json!(all);
    document["body"] = Value::Null;
    document
}

async fn replace(app: &App, document: Value, reach: Reach) -> Result<(), CollectionError> {
    let command = ReplaceCollection { name: "posts".to_owned(), document, seen: None, reach };
    replace_collection(&ctx(app), command).await.map(drop)
}

async fn now_is(app: &App, entry: &Entry) -> Entry {
    get_entry(&ctx(app), "posts", &entry.id.to_string(), View::Newest).await.unwrap()
}

#[tokio::test]
async fn markdown_becomes_rich_text_and_back_without_loss() {
    let app = TestApp::new();
    let entry = published(&app, "A").await;
    let entry =
        update(&app, &entry, json!({ "body": "# Hi\n\nA *word*.", "excerpt": "E" })).await.unwrap();
    let document = |kind: &str| {
        with(json!([{ "name": "excerpt", "kind": "long_text", "localized": true },
            { "name": "body", "kind": kind, "localized": true },
            { "name": "reading_minutes", "kind": "integer", "localized": true }]))
    };
    replace(&app, document("rich_text"), Reach::default()).await.unwrap();
    let blocks = now_is(&app, &entry).await;
    assert_eq!(blocks.fields.get("body").unwrap()["blocks"][0]["type"], "heading");
    replace(&app, document("markdown"), Reach::default()).await.unwrap();
    let back = now_is(&app, &entry).await;
    assert_eq!(back.fields.text("body").map(str::trim_end), Some("# Hi\n\nA *word*."));
    assert_eq!(back.fields.text("excerpt"), Some("E"));
}

#[tokio::test]
async fn translations_take_over_the_value_of_the_entry_they_translate() {
    let app = TestApp::with(|mut parts| {
        parts.site.locales = Locales::new(locale("en"), vec![locale("de"), locale("fr")]).unwrap();
        parts
    });
    let first = published(&app, "A").await;
    let first = update(&app, &first, json!({ "reading_minutes": 3 })).await.unwrap();
    let translated = |tag: &'static str, minutes: Option<u64>| {
        let mut object = json!({ "title": tag });
        if let Some(minutes) = minutes {
            object["reading_minutes"] = json!(minutes);
        }
        let command = CreateEntry {
            locale: Some(tag.to_owned()),
            translation_of: Some(first.id),
            collection: "posts".to_owned(),
            slug: None,
            fields: fields(object),
            message: None,
        };
        let app = &app;
        async move { create_entry(&ctx(app), command).await.unwrap() }
    };
    let (without, with_other) = (translated("de", None).await, translated("fr", Some(5)).await);
    let shared = with(json!([{ "name": "reading_minutes", "kind": "integer" },
        { "name": "excerpt", "kind": "long_text" }, { "name": "body", "kind": "markdown" }]));
    let refused = replace(&app, shared.clone(), Reach::default()).await.unwrap_err();
    assert_eq!(refused.code(), "collection.loss");
    let steps = &refused.plans()[0].steps;
    let step = steps.iter().find(|it| it.step.kind.name() == "not-localized").unwrap();
    assert_eq!((step.entries, step.lost, step.examples[0]), (2, 1, with_other.id));
    replace(&app, shared, FORCE).await.unwrap();
    for entry in [&first, &without, &with_other] {
        assert_eq!(now_is(&app, entry).await.fields.get("reading_minutes"), Some(&json!(3)));
    }
}

#[tokio::test]
async fn a_save_that_began_under_the_old_definition_is_refused_and_passes_when_it_is_sent_again() {
    let app = TestApp::new();
    let entry = published(&app, "A").await;
    let began = ctx(&app);
    let command = || UpdateEntry {
        change: change(&entry),
        slug: None,
        fields: fields(json!({ "excerpt": "E" })),
        message: None,
    };
    let mut document = Value::Object(posts().to_document());
    document["label"] = json!("Articles");
    replace(&app, document, Reach::default()).await.unwrap();
    check_code(update_entry(&began, command()).await, "collection.changed");
    assert_eq!(now_is(&app, &entry).await, entry, "nothing was written");
    update_entry(&ctx(&app), command()).await.unwrap();
}

/// A store in which something happens at the moment of the swap.
struct Meanwhile {
    store: Arc<MemoryStore>,
    app: Mutex<Option<App>>,
    /// How often something is still to happen.
    left: Mutex<u32>,
}

#[async_trait]
impl DefinitionStore for Meanwhile {
    async fn definitions(&self) -> Result<KnownDefinitions, StoreError> {
        self.store.definitions().await
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        self.store.generation().await
    }

    async fn stage(
        &self,
        change: Uuid,
        looked_at: Vec<EntryId>,
        staged: Vec<StagedEntry>,
    ) -> Result<(), StoreError> {
        self.store.stage(change, looked_at, staged).await
    }

    async fn forget_staged(&self) -> Result<(), StoreError> {
        self.store.forget_staged().await
    }

    async fn redefine(&self, change: Redefinition) -> Result<u64, RedefineError> {
        let app = self.app.lock().unwrap().clone().unwrap();
        let number = {
            let mut left = self.left.lock().unwrap();
            let number = *left;
            *left = left.saturating_sub(1);
            number
        };
        if number > 0 {
            let late = json!({ "title": format!("late {number}"), "excerpt": "late" });
            crate::support::create(&app, late).await.unwrap();
        }
        self.store.redefine(change).await
    }
}

fn meanwhile(times: u32) -> (TestApp, Arc<Meanwhile>) {
    let mut made = None;
    let app = TestApp::with(|parts| {
        let seeded = Arc::new(MemoryStore::default());
        seeded.seed_definitions(&parts.collections.all());
        let store = Arc::new(Meanwhile {
            store: Arc::clone(&seeded),
            app: Mutex::new(None),
            left: Mutex::new(times),
        });
        made = Some(Arc::clone(&store));
        AppParts {
            definitions: store,
            entries: seeded.clone(),
            outbox: seeded.clone(),
            search: seeded,
            ..parts
        }
    });
    let store = made.unwrap();
    *store.app.lock().unwrap() = Some(app.app.clone());
    (app, store)
}

#[tokio::test]
async fn an_entry_that_comes_while_others_are_put_aside_is_taken_along() {
    let (app, _store) = meanwhile(2);
    let entry = published(&app, "A").await;
    let entry = update(&app, &entry, json!({ "excerpt": "E" })).await.unwrap();
    let renamed = with(json!([
        { "name": "summary", "kind": "long_text", "localized": true, "renamed_from": "excerpt" },
        { "name": "body", "kind": "markdown", "localized": true },
        { "name": "reading_minutes", "kind": "integer", "localized": true },
    ]));
    replace(&app, renamed, Reach::default()).await.unwrap();
    assert_eq!(now_is(&app, &entry).await.fields.text("summary"), Some("E"));
    for number in [1, 2] {
        let slug = format!("late-{number}");
        let late = get_entry(&ctx(&app), "posts", &slug, View::Newest).await.unwrap();
        let title = format!("late {number}");
        assert_eq!(late.fields, fields(json!({ "title": title, "summary": "late" })));
    }
}

#[tokio::test]
async fn what_comes_meanwhile_and_would_lose_something_is_not_lost() {
    let (app, store) = meanwhile(1);
    let without = with(json!([
        { "name": "body", "kind": "markdown", "localized": true },
        { "name": "reading_minutes", "kind": "integer", "localized": true },
    ]));
    let refused = replace(&app, without, Reach::default()).await.unwrap_err();
    assert_eq!(refused.code(), "collection.loss", "nothing had an excerpt when it was planned");
    let late = get_entry(&ctx(&app), "posts", "late-1", View::Newest).await.unwrap();
    assert_eq!(late.fields.text("excerpt"), Some("late"));
    assert_eq!(store.generation().await.unwrap(), 0);
}

#[tokio::test]
async fn a_change_that_never_finds_rest_gives_up_without_a_trace() {
    let (app, store) = meanwhile(u32::MAX);
    let entry = published(&app, "A").await;
    let renamed = with(json!([
        { "name": "summary", "kind": "long_text", "localized": true, "renamed_from": "excerpt" },
        { "name": "body", "kind": "markdown", "localized": true },
        { "name": "reading_minutes", "kind": "integer", "localized": true },
    ]));
    let refused = replace(&app, renamed, Reach::default()).await.unwrap_err();
    assert_eq!(refused.code(), "collection.busy");
    assert_eq!(store.generation().await.unwrap(), 0);
    assert!(app.collections.find("posts").unwrap().field("excerpt").is_some());
    assert_eq!(now_is(&app, &entry).await, entry);
}

#[tokio::test]
async fn those_who_hear_of_changes_hear_of_definitions_and_other_processes_take_them_over() {
    let app = TestApp::new();
    let mut document = Value::Object(posts().to_document());
    document["label"] = json!("Articles");
    replace(&app, document, Reach::default()).await.unwrap();
    assert_eq!(app.changes.redefined(), 1);
    assert!(!refresh(&app).await.unwrap(), "it was this process");
    let other = TestApp::with(|parts| AppParts {
        definitions: app.store.clone(),
        entries: app.store.clone(),
        search: app.store.clone(),
        ..parts
    });
    assert!(refresh(&other).await.unwrap());
    assert_eq!(other.collections.find("posts").unwrap().label, "Articles");
    assert_eq!(other.changes.redefined(), 1);
    assert!(!refresh(&other).await.unwrap());
}

#[tokio::test]
async fn administrators_change_collections_and_nobody_below_or_beside_them_does() {
    let app = TestApp::new();
    let editor = token(Role::EDITOR);
    let plugin = plugin_actor(&["content:write=posts"]);
    for actor in [&editor, &plugin, &Actor::Anonymous, &Actor::Schedule] {
        let ctx = OpContext::new(&app, actor);
        let reach = Reach::default();
        let document = Value::Object(posts().to_document());
        let create = CreateCollection { name: "x".to_owned(), document: document.clone(), reach };
        check_code(create_collection(&ctx, create).await, "collection.denied");
        let name = || "posts".to_owned();
        let replace = ReplaceCollection { name: name(), document, seen: None, reach };
        check_code(replace_collection(&ctx, replace).await, "collection.denied");
        let remove = RemoveCollection { name: name(), seen: None, reach };
        check_code(remove_collection(&ctx, remove).await, "collection.denied");
    }
    let administrator = token(Role::ADMINISTRATOR);
    let remove = RemoveCollection { name: "posts".to_owned(), seen: None, reach: Reach::default() };
    remove_collection(&OpContext::new(&app, &administrator), remove).await.unwrap();
    assert!(app.collections.find("posts").is_none());
}

fn named(name: &str, label: &str) -> CollectionDefinition {
    let name = CollectionName::parse(name).unwrap();
    CollectionDefinition { name, url: None, label: label.to_owned(), ..posts() }
}

#[tokio::test]
async fn files_are_adopted_once_and_compared_from_then_on() {
    let app = TestApp::with(|mut parts| {
        parts.definitions = Arc::new(MemoryStore::default());
        parts
    });
    let files = |all: &[(&str, &str)]| {
        FileDefinitions(all.iter().map(|(name, label)| named(name, label)).collect())
    };
    let usual = || vec![named("usual", "Usual")];
    let first = files(&[("books", "Books")]);
    assert!(adopt(&ctx(&app), &first, usual()).await.unwrap());
    assert!(!adopt(&ctx(&app), &files(&[]), usual()).await.unwrap(), "it has happened");
    assert!(app.collections.find("books").is_some() && app.collections.find("usual").is_none());
    assert!(plan_files(&ctx(&app), &first).await.unwrap().is_empty());
    let before = app.collections.generation();
    assert!(apply_files(&ctx(&app), &first, false).await.unwrap().is_empty());
    assert_eq!(app.collections.generation(), before, "nothing differs, nothing is written");
    let second = files(&[("books", "Tomes"), ("films", "Films")]);
    let told: Vec<String> = plan_files(&ctx(&app), &second)
        .await
        .unwrap()
        .iter()
        .flat_map(|plan| {
            plan.steps.iter().map(|it| format!("{} {}", plan.collection, it.summary()))
        })
        .collect();
    assert_eq!(told, ["books other `label`", "films films is added"]);
    apply_files(&ctx(&app), &second, false).await.unwrap();
    assert_eq!(app.collections.find("books").unwrap().label, "Tomes");
    apply_files(&ctx(&app), &files(&[("films", "Films")]), false).await.unwrap();
    assert!(app.collections.find("books").is_none(), "it was empty");
}

#[tokio::test]
async fn a_site_without_files_keeps_the_usual_collections_in_the_database() {
    let app = TestApp::with(|mut parts| {
        parts.definitions = Arc::new(MemoryStore::default());
        parts
    });
    let none = FileDefinitions::default();
    adopt(&ctx(&app), &none, vec![named("usual", "Usual")]).await.unwrap();
    assert!(apply_files(&ctx(&app), &none, false).await.unwrap().is_empty());
    apply_files(&ctx(&app), &FileDefinitions(vec![named("books", "Books")]), false).await.unwrap();
    assert!(app.collections.find("usual").is_some(), "a file beside them takes none away");
    // What is moved into a file belongs to the file.
    let both = FileDefinitions(vec![named("books", "Books"), named("usual", "Usual")]);
    assert!(apply_files(&ctx(&app), &both, false).await.unwrap().is_empty());
    let remove = RemoveCollection { name: "usual".to_owned(), seen: None, reach: Reach::default() };
    check_code(remove_collection(&ctx(&app), remove).await, "collection.in-file");
}
