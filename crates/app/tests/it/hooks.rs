//! What plugins can stop and change in an operation.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use smartcms_app::entries::{publish_entry, trash_entry};
use smartcms_app::ports::{
    Delivery, FilterContext, Filtered, HookFailure, PluginFailure, PluginFailureKind,
    PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft,
};
use smartcms_app::{AppParts, CallChain, Collections, OpContext};
use smartcms_domain::Problem;
use smartcms_domain::actors::{Actor, Rank};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::{plugin, posts};

use crate::support::{change, check_code, create, draft};

/// Does what the title of an entry says.
struct Obedient;

fn refused() -> HookFailure {
    HookFailure::Refused {
        plugin: plugin("obedient"),
        problems: vec![Problem::field("title", "no", "no")],
    }
}

fn failed() -> HookFailure {
    let message = "passed its limit of 500 ms".to_owned();
    PluginFailure { plugin: plugin("obedient"), kind: PluginFailureKind::TimedOut, message }.into()
}

fn obey(fields: &Fields, chain: &CallChain) -> Result<(), HookFailure> {
    assert_eq!(*chain, CallChain::acting_for(Actor::Operator));
    match fields.text("title") {
        Some("refuse") => Err(refused()),
        Some("fail") => Err(failed()),
        _ => Ok(()),
    }
}

#[async_trait]
impl Plugins for Obedient {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        chain: &CallChain,
    ) -> Result<Fields, HookFailure> {
        obey(&draft.fields, chain)?;
        let mut fields = draft.fields;
        match fields.text("title") {
            Some("fill") => fields.set("reading_minutes", json!(3)),
            Some("spoil") => fields.set("reading_minutes", json!("many")),
            Some("look") => {
                let seen: Vec<&str> = fields.names().collect();
                let seen = seen.join(",");
                fields.set("body", json!(seen));
            }
            Some("guess") => fields.set("excerpt", json!("guessed")),
            Some("script") => fields.set("body", json!("<script>alert(1)</script>")),
            None => fields.set("title", json!("Named by a plugin")),
            _ => {}
        }
        Ok(fields)
    }

    async fn before_publish(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure> {
        if entry.fields.text("title") == Some("keep private") {
            Err(refused())
        } else {
            obey(&entry.fields, chain)
        }
    }

    async fn before_delete(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure> {
        if entry.fields.text("title") == Some("keep") {
            Err(refused())
        } else {
            obey(&entry.fields, chain)
        }
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
}

fn app() -> TestApp {
    TestApp::with(|parts| AppParts { plugins: Arc::new(Obedient), ..parts })
}

#[tokio::test]
async fn a_plugin_refuses_a_save_and_nothing_is_stored() {
    let app = app();
    check_code(create(&app, json!({"title": "refuse"})).await, "entry.refused");
    check_code(create(&app, json!({"title": "fail"})).await, "plugin.timed-out");
    assert!(app.changes.take().is_empty());
}

#[tokio::test]
async fn a_plugin_fills_fields_also_required_ones() {
    let app = app();
    let entry = create(&app, json!({"title": "fill"})).await.unwrap();
    assert_eq!(entry.fields.get("reading_minutes"), Some(&json!(3)));
    let entry = create(&app, json!({"body": "no title"})).await.unwrap();
    assert_eq!(entry.fields.text("title"), Some("Named by a plugin"));
}

#[tokio::test]
async fn what_a_plugin_fills_passes_the_rules_of_the_collection() {
    let app = app();
    check_code(create(&app, json!({"title": "spoil"})).await, "entry.invalid");
    let entry = create(&app, json!({"title": "script"})).await.unwrap();
    assert!(!entry.fields.text("body").unwrap_or_default().contains("script"));
}

#[tokio::test]
async fn a_plugin_refuses_a_publication_and_a_deletion() {
    let app = app();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let entry = draft(&app, "keep private").await;
    check_code(publish_entry(&ctx, change(&entry)).await, "entry.refused");
    trash_entry(&ctx, change(&entry)).await.unwrap();
    let entry = draft(&app, "keep").await;
    check_code(trash_entry(&ctx, change(&entry)).await, "entry.refused");
    publish_entry(&ctx, change(&entry)).await.unwrap();
}

/// The same, with an excerpt that only editors see.
fn app_with_a_secret() -> TestApp {
    let mut posts = posts();
    for field in posts.fields.iter_mut().filter(|it| it.name.as_str() == "excerpt") {
        field.access.read = Some(Rank::Editor);
    }
    let collections = Collections::new(vec![posts]);
    TestApp::with(|parts| AppParts { plugins: Arc::new(Obedient), collections, ..parts })
}

#[tokio::test]
async fn a_hook_does_not_get_what_is_hidden_below_a_role_and_leaves_it_as_it_is() {
    let app = app_with_a_secret();
    let entry = create(&app, json!({"title": "look", "excerpt": "secret"})).await.unwrap();
    assert_eq!(entry.fields.text("body"), Some("title"));
    assert_eq!(entry.fields.text("excerpt"), Some("secret"));
    check_code(create(&app, json!({"title": "guess"})).await, "entry.invalid");
}

#[test]
fn calls_nest_to_their_limit() {
    let mut chain = CallChain::EMPTY;
    for _ in 0..smartcms_app::NESTED_CALLS_MAX {
        chain = chain.entering(&plugin("a")).unwrap();
    }
    assert_eq!(chain.entering(&plugin("a")), None);
    assert!(chain.contains(&plugin("a")) && !chain.contains(&plugin("b")));
}
