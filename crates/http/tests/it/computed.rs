//! Fields that functions of plugins compute: when they are, what is refused, and what becomes of them when a plugin goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use smartcms_app::CallChain;
use smartcms_app::OpContext;
use smartcms_app::collections::recompute_stale;
use smartcms_app::ports::{
    Delivery, Digest, FilterContext, Filtered, FunctionCalls, FunctionError, HookFailure,
    PluginFailure, PluginFailureKind, PluginFunction, PluginRecord, PluginRequest, PluginResponse,
    PluginStore, Plugins, RouteError, SaveDraft, Scalar, ScalarType,
};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_testkit::builders::at;

use crate::admin::get;
use crate::client::{Answer, Site};

const ROOT: &str = "/api/v1/collections";
const ENTRIES: &str = "/api/v1/content/books";

/// A plugin `text` with the functions `shout`, which refuses an empty text and fails at `trap`, and `dice`, which is not
/// deterministic. It can be away, and be another version.
#[derive(Default)]
struct Library {
    away: AtomicBool,
    version: AtomicU8,
}

struct Calls(Arc<Library>, Vec<PluginFunction>);

fn text_id() -> PluginId {
    PluginId::parse("text").unwrap()
}

fn declared(name: &str, result: ScalarType, deterministic: bool) -> PluginFunction {
    PluginFunction {
        plugin: text_id(),
        name: name.to_owned(),
        description: String::new(),
        parameters: vec![("text".to_owned(), ScalarType::Text)],
        result,
        deterministic,
    }
}

#[async_trait]
impl FunctionCalls for Calls {
    fn functions(&self) -> &[PluginFunction] {
        &self.1
    }

    async fn call(&mut self, _: &str, arguments: Vec<Scalar>) -> Result<Scalar, FunctionError> {
        let end = "!".repeat(usize::from(self.0.version.load(Ordering::Relaxed)) + 1);
        match arguments.first() {
            Some(Scalar::Text(text)) if text == "trap" => {
                Err(FunctionError::Failed(PluginFailure {
                    plugin: text_id(),
                    kind: PluginFailureKind::Trapped,
                    message: "trapped".to_owned(),
                }))
            }
            Some(Scalar::Text(text)) if text == "silence" => {
                Err(FunctionError::Refused("there is nothing to shout".to_owned()))
            }
            Some(Scalar::Text(text)) => Ok(Scalar::Text(format!("{}{end}", text.to_uppercase()))),
            _ => Ok(Scalar::Null),
        }
    }
}

struct Scripted(Arc<Library>);

/// A site's plugins with that one.
pub(crate) fn plugins() -> Arc<dyn Plugins> {
    Arc::new(Scripted(Arc::default()))
}

#[async_trait]
impl Plugins for Scripted {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        _: &CallChain,
    ) -> Result<Fields, HookFailure> {
        Ok(draft.fields)
    }

    async fn before_publish(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn before_delete(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn filter_html(&self, _: FilterContext<'_>, html: String) -> Filtered {
        Filtered { html, failures: Vec::new(), repeatable: true }
    }

    fn listeners(&self) -> Vec<PluginId> {
        Vec::new()
    }

    async fn deliver(&self, _: &PluginId, _: &Event) -> Delivery {
        Delivery::Handled
    }

    async fn route(
        &self,
        _: &PluginId,
        _: &Actor,
        _: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        Err(RouteError::NoRoute)
    }

    fn function_libraries(&self) -> Vec<PluginId> {
        vec![text_id()]
    }

    async fn functions(&self, plugin: &PluginId) -> Result<Box<dyn FunctionCalls>, FunctionError> {
        if *plugin != text_id() || self.0.away.load(Ordering::Relaxed) {
            let (plugin, function) = (plugin.clone(), "at all".to_owned());
            return Err(FunctionError::Unknown { plugin, function, hint: String::new() });
        }
        let functions = vec![
            declared("shout", ScalarType::Text, true),
            declared("dice", ScalarType::Text, false),
            declared("count", ScalarType::Integer, true),
        ];
        Ok(Box::new(Calls(Arc::clone(&self.0), functions)))
    }
}

/// A site with books, whose field `shouted` is computed from the title.
struct Shelf {
    site: Site,
    library: Arc<Library>,
    token: String,
}

fn books(computed: Value) -> Value {
    json!({
        "name": "books", "label": "Books", "label_one": "Book", "title": "title",
        "fields": [
            { "name": "title", "kind": "text", "required": true },
            { "name": "note", "kind": "text" },
            { "name": "shouted", "kind": "text", "indexed": true, "computed": computed },
        ],
    })
}

fn shout() -> Value {
    json!({ "plugin": "text", "function": "shout", "arguments": ["title"] })
}

impl Shelf {
    async fn empty() -> Self {
        let library = Arc::new(Library::default());
        let site = Site::with_plugins(Arc::new(Scripted(Arc::clone(&library)))).await;
        let token = site.token(Role::ADMINISTRATOR).await;
        let shelf = Self { site, library, token };
        shelf.register(1).await;
        shelf
    }

    async fn new() -> Self {
        let shelf = Self::empty().await;
        let made = shelf.send(Method::POST, ROOT, books(shout())).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        shelf
    }

    /// Puts a version of the plugin into the registry.
    async fn register(&self, version: u8) {
        let record = PluginRecord {
            id: text_id(),
            name: "Text".to_owned(),
            version: format!("{version}.0.0"),
            digest: Digest::from_bytes([version; 32]),
            enabled: true,
            grants: Grants::default(),
            settings: "{}".to_owned(),
            added_at: at(1),
        };
        self.site.test.store.save(record).await.unwrap();
    }

    async fn send(&self, method: Method, uri: &str, body: Value) -> Answer {
        let call = self.site.call(method, uri).bearer(&self.token);
        call.header("if-match", "*").json(body).send().await
    }

    async fn book(&self, title: &str) -> String {
        let made = self.send(Method::POST, ENTRIES, json!({ "fields": { "title": title } })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.header("location").to_owned()
    }

    async fn get(&self, uri: &str) -> Value {
        self.site.call(Method::GET, uri).bearer(&self.token).send().await.json()
    }

    async fn shouted(&self, book: &str) -> Value {
        self.get(&format!("{book}?status=any")).await["fields"]["shouted"].clone()
    }

    async fn change(&self, book: &str, fields: Value) -> Answer {
        self.send(Method::PATCH, book, json!({ "fields": fields })).await
    }
}

#[track_caller]
fn refused(answer: &Answer, field: &str, code: &str, words: &[&str]) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let body = answer.json();
    let problem = &body["problems"][0];
    assert_eq!(
        (problem["field"].as_str(), problem["code"].as_str()),
        (Some(field), Some(code)),
        "{body}"
    );
    for word in words {
        assert!(problem["message"].as_str().unwrap().contains(word), "{body}");
    }
}

#[tokio::test]
async fn a_value_is_computed_in_every_save_and_found_by_filters() {
    let shelf = Shelf::new().await;
    let book = shelf.book("quiet").await;
    assert_eq!(shelf.shouted(&book).await, json!("QUIET!"));
    assert_eq!(shelf.change(&book, json!({ "title": "louder" })).await.status, StatusCode::OK);
    assert_eq!(shelf.shouted(&book).await, json!("LOUDER!"));
    shelf.book("another").await;
    let found =
        shelf.get(&format!("{ENTRIES}?status=any&filter%5Bshouted%5D%5Beq%5D=LOUDER!")).await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    let sorted = shelf.get(&format!("{ENTRIES}?status=any&sort=shouted")).await;
    assert_eq!(sorted["items"][0]["fields"]["shouted"], json!("ANOTHER!"), "{sorted}");
}

#[tokio::test]
async fn nobody_writes_what_is_computed_but_may_send_back_what_was_read() {
    let shelf = Shelf::new().await;
    let fields = json!({ "title": "quiet", "shouted": "WRONG" });
    let made = shelf.send(Method::POST, ENTRIES, json!({ "fields": fields })).await;
    refused(&made, "shouted", "computed", &["text.shout(title)"]);
    let book = shelf.book("quiet").await;
    let changed = shelf.change(&book, json!({ "shouted": "WRONG" })).await;
    refused(&changed, "shouted", "computed", &["nobody writes it"]);
    let same = shelf.change(&book, json!({ "note": "n", "shouted": "QUIET!" })).await;
    assert_eq!(same.status, StatusCode::OK, "{}", same.text());
}

#[tokio::test]
async fn a_function_that_refuses_or_fails_stops_the_save_and_is_named() {
    let shelf = Shelf::new().await;
    let book = shelf.book("quiet").await;
    for (title, code, reason) in [
        ("silence", "function-refused", "nothing to shout"),
        ("trap", "function-failed", "trapped"),
    ] {
        let changed = shelf.change(&book, json!({ "title": title, "note": "half" })).await;
        refused(&changed, "shouted", code, &["Shouted", "text.shout(title)", reason]);
        let made = shelf.send(Method::POST, ENTRIES, json!({ "fields": { "title": title } })).await;
        refused(&made, "shouted", code, &[reason]);
    }
    let stored = shelf.get(&format!("{book}?status=any")).await;
    assert_eq!(stored["fields"], json!({ "title": "quiet", "shouted": "QUIET!" }));
    assert_eq!(stored["revision"], json!(1));
}

#[tokio::test]
async fn without_its_plugin_a_value_stays_as_long_as_it_is_computed_from_the_same() {
    let shelf = Shelf::new().await;
    let book = shelf.book("quiet").await;
    shelf.library.away.store(true, Ordering::Relaxed);
    let noted = shelf.change(&book, json!({ "note": "later" })).await;
    assert_eq!(noted.status, StatusCode::OK, "{}", noted.text());
    assert_eq!(shelf.shouted(&book).await, json!("QUIET!"));
    let changed = shelf.change(&book, json!({ "title": "other" })).await;
    refused(&changed, "shouted", "function-missing", &["text.shout(title)", "plugin text"]);
    let made = shelf.send(Method::POST, ENTRIES, json!({ "fields": { "title": "new" } })).await;
    refused(&made, "shouted", "function-missing", &[]);
    shelf.library.away.store(false, Ordering::Relaxed);
    assert_eq!(shelf.change(&book, json!({ "title": "other" })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_definition_is_refused_whose_function_is_missing_or_does_not_fit() {
    let shelf = Shelf::empty().await;
    let of = |function: &str, arguments: Value| {
        books(json!({ "plugin": "text", "function": function, "arguments": arguments }))
    };
    let absent = books(json!({ "plugin": "absent", "function": "f", "arguments": ["title"] }));
    for (document, field, code) in [
        (absent, "shouted", "function-missing"),
        (of("absent", json!(["title"])), "shouted", "function-missing"),
        (of("dice", json!(["title"])), "shouted", "function-impure"),
        (of("count", json!(["title"])), "shouted", "function-type"),
        (of("shout", json!([])), "shouted", "function-type"),
        (of("shout", json!(["shouted"])), "fields[2].computed", "cycle"),
        (of("shout", json!(["absent"])), "fields[2].computed", "unknown-field"),
    ] {
        let made = shelf.send(Method::POST, ROOT, document).await;
        refused(&made, field, code, &[]);
    }
}

#[tokio::test]
async fn a_changed_definition_computes_the_entries_there_are() {
    let shelf = Shelf::empty().await;
    let made = shelf.send(Method::POST, ROOT, books(Value::Null)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let (quiet, silent) = (shelf.book("quiet").await, shelf.book("silence").await);
    let uri = format!("{ROOT}/books");
    let plan = shelf.send(Method::PUT, &format!("{uri}?dry_run=true"), books(shout())).await;
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.text());
    let step = plan.json()["steps"][0].clone();
    assert_eq!(step["kind"], json!("computed"), "{step}");
    assert_eq!((&step["entries"], &step["invalid"]), (&json!(2), &json!(1)), "{step}");
    assert_eq!(shelf.shouted(&quiet).await, Value::Null, "a plan changes nothing");
    let changed = shelf.send(Method::PUT, &uri, books(shout())).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    assert_eq!(shelf.shouted(&quiet).await, json!("QUIET!"));
    assert_eq!(shelf.shouted(&silent).await, Value::Null);
}

#[tokio::test]
async fn another_version_of_the_plugin_computes_both_states_again_once() {
    let shelf = Shelf::new().await;
    let book = shelf.book("quiet").await;
    shelf.site.publish(&book).await;
    assert_eq!(shelf.change(&book, json!({ "title": "draft" })).await.status, StatusCode::OK);
    let again = || async {
        let operator = Actor::Operator;
        let plans =
            recompute_stale(&OpContext::new(&shelf.site.test.app, &operator)).await.unwrap();
        plans.iter().flat_map(|it| &it.steps).map(|it| it.entries).sum::<u64>()
    };
    assert_eq!(again().await, 0, "nothing is another one");
    shelf.library.version.store(1, Ordering::Relaxed);
    shelf.register(2).await;
    assert_eq!(again().await, 1);
    assert_eq!(shelf.shouted(&book).await, json!("DRAFT!!"));
    let live = shelf.get(&book).await;
    assert_eq!(live["fields"]["shouted"], json!("QUIET!!"), "{live}");
    assert_eq!(again().await, 0, "it was done");
}

#[tokio::test]
async fn only_who_sets_up_the_site_has_values_computed_again() {
    let shelf = Shelf::new().await;
    let nobody = Actor::Anonymous;
    let outcome = recompute_stale(&OpContext::new(&shelf.site.test.app, &nobody)).await;
    assert!(outcome.is_err());
}

#[tokio::test]
async fn who_writes_in_the_admin_sees_what_was_computed_and_no_input_for_it() {
    let shelf = Shelf::new().await;
    let book = shelf.book("quiet").await;
    let id = book.rsplit('/').next().unwrap();
    let uri = format!("/admin/content/books/{id}");
    let page = get(&shelf.site, Role::EDITOR, &uri).await.text();
    assert!(page.contains(r#"<dt>Shouted</dt><dd dir="auto">QUIET!</dd>"#), "{page}");
    assert!(!page.contains(r#"name="f.shouted""#));
    let new = get(&shelf.site, Role::EDITOR, "/admin/content/books/new").await.text();
    assert!(!new.contains("Shouted"), "{new}");
}
