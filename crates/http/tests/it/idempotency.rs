//! Writes that name themselves by a key are done once.

use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Method;
use serde_json::{Value, json};
use smartcms_app::CallChain;
use smartcms_app::idempotency::{ANSWER_BYTES_MAX, KEPT_MS};
use smartcms_app::ports::{
    Delivery, FilterContext, Filtered, HookFailure, PluginFailure, PluginFailureKind,
    PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft,
};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use tokio::sync::Semaphore;

use crate::client::{Answer, Call, Site};

const POSTS: &str = "/api/v1/content/posts";

fn create<'a>(site: &'a Site, key: &str, title: &str) -> Call<'a> {
    let body = json!({ "fields": { "title": title } });
    let call = site.call(Method::POST, POSTS).bearer(&site.editor);
    call.header("idempotency-key", key).json(body)
}

async fn count(site: &Site) -> usize {
    let uri = format!("{POSTS}?status=any");
    let all = site.call(Method::GET, &uri).bearer(&site.editor).send().await;
    all.json()["items"].as_array().unwrap().len()
}

fn is_replayed(answer: &Answer) -> bool {
    answer.has_header("idempotency-replayed")
}

#[tokio::test]
async fn a_write_that_comes_again_is_answered_as_before_and_not_done_again() {
    let site = Site::new().await;
    let first = create(&site, "k1", "One").send().await;
    assert_eq!((first.status.as_u16(), is_replayed(&first)), (201, false));
    let again = create(&site, "\"k1\"", "One").send().await;
    assert_eq!((again.status.as_u16(), is_replayed(&again)), (201, true));
    assert_eq!(again.body, first.body);
    for name in ["etag", "location", "content-type", "cache-control", "vary"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(count(&site).await, 1);
    let other = create(&site, "k2", "One").send().await;
    assert_eq!(other.json()["slug"], "one-2", "another key is another request");
}

#[tokio::test]
async fn what_was_refused_is_refused_in_the_same_words() {
    let site = Site::new().await;
    let first = create(&site, "k", "").send().await;
    first.check_problem(422, "entry.invalid");
    let again = create(&site, "k", "").send().await;
    assert_eq!((again.body.clone(), is_replayed(&again)), (first.body, true));
    assert_eq!(again.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn an_answer_without_a_body_comes_again_without_one() {
    let site = Site::new().await;
    let path = site.draft("posts", "One").await;
    site.edit(Method::DELETE, &path, json!({})).await;
    let purge = || {
        let call = site.call(Method::POST, &format!("{path}/purge")).bearer(&site.editor);
        call.header("if-match", "*").header("idempotency-key", "k").send()
    };
    assert_eq!(purge().await.status, 204);
    let again = purge().await;
    assert_eq!((again.status.as_u16(), again.body.len(), is_replayed(&again)), (204, 0, true));
}

#[tokio::test]
async fn a_key_of_another_request_is_refused() {
    let site = Site::new().await;
    let path = create(&site, "k", "One").send().await.header("location").to_owned();
    create(&site, "k", "Two").send().await.check_problem(422, "idempotency.key-reused");
    let publish = site.call(Method::POST, &format!("{path}/publish")).bearer(&site.editor);
    let publish = publish.header("idempotency-key", "k").send().await;
    publish.check_problem(422, "idempotency.key-reused");
    let change = |seen: &str| {
        let call = site.call(Method::PATCH, &path).bearer(&site.editor);
        let call = call.header("if-match", seen).header("idempotency-key", "c");
        call.json(json!({ "fields": { "title": "Three" } }))
    };
    assert_eq!(change("*").send().await.status, 200);
    change("\"1\"").send().await.check_problem(422, "idempotency.key-reused");
}

#[tokio::test]
async fn a_key_belongs_to_its_token() {
    let site = Site::new().await;
    assert_eq!(create(&site, "k", "One").send().await.status, 201);
    let owner = site.token(Role::OWNER).await;
    let call = site.call(Method::POST, POSTS).bearer(&owner).header("idempotency-key", "k");
    let answer = call.json(json!({ "fields": { "title": "Two" } })).send().await;
    assert_eq!((answer.status.as_u16(), is_replayed(&answer)), (201, false));
}

#[tokio::test]
async fn a_reader_gets_no_further_with_a_key() {
    let site = Site::new().await;
    let call = site.call(Method::POST, POSTS).header("idempotency-key", "k");
    let answer = call.json(json!({ "fields": { "title": "One" } })).send().await;
    answer.check_problem(401, "auth.required");
    let call = site.call(Method::POST, POSTS).header("idempotency-key", "k").bearer("smc_no");
    call.json(json!({})).send().await.check_problem(401, "auth.token-not-valid");
}

#[tokio::test]
async fn a_key_has_a_form_and_uploads_take_none() {
    let site = Site::new().await;
    for bad in ["", "\"\"", "a\"b", "a b", "\u{e9}", &"k".repeat(256)] {
        create(&site, bad, "One").send().await.check_problem(400, "idempotency.key");
    }
    let twice = create(&site, "a", "One").header("idempotency-key", "b").send().await;
    twice.check_problem(400, "idempotency.key");
    assert_eq!(create(&site, &"k".repeat(255), "One").send().await.status, 201);
    let call = site.call(Method::POST, "/api/v1/assets").bearer(&site.editor);
    let upload = call.header("idempotency-key", "u").body("text").send().await;
    upload.check_problem(400, "idempotency.upload");
    assert_eq!(
        site.call(Method::GET, POSTS).header("idempotency-key", "").send().await.status,
        200
    );
}

/// A plugin that lets a save with the title `Wait` go on when it is told to, and fails at every `Fail`.
struct Gate(Semaphore);

#[async_trait]
impl Plugins for Gate {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        _: &CallChain,
    ) -> Result<Fields, HookFailure> {
        match draft.fields.text("title") {
            Some("Wait") => self.0.acquire().await.unwrap().forget(),
            Some("Fail") => {
                let plugin = PluginId::parse("gate").unwrap();
                let (kind, message) = (PluginFailureKind::Unavailable, "is shut".to_owned());
                return Err(PluginFailure { plugin, kind, message }.into());
            }
            _ => {}
        }
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
}

async fn gated() -> (Site, Arc<Gate>) {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    (Site::with_plugins(gate.clone()).await, gate)
}

#[tokio::test]
async fn a_request_that_is_under_way_is_waited_for() {
    let (site, gate) = gated().await;
    let mut first = pin!(create(&site, "k", "Wait").send());
    assert!(futures::poll!(&mut first).is_pending());
    let second = create(&site, "k", "Wait").send().await;
    second.check_problem(409, "idempotency.in-flight");
    assert_eq!(second.header("retry-after"), "1");
    gate.0.add_permits(1);
    assert_eq!(first.await.status, 201);
    assert!(is_replayed(&create(&site, "k", "Wait").send().await));
    assert_eq!(count(&site).await, 1);
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_not_done_again() {
    let (site, gate) = gated().await;
    {
        let first = pin!(create(&site, "k", "Wait").send());
        assert!(futures::poll!(first).is_pending());
    }
    gate.0.add_permits(9);
    let again = create(&site, "k", "Wait").send().await;
    again.check_problem(409, "idempotency.unknown-outcome");
    assert_eq!(count(&site).await, 0);
    create(&site, "k", "Two").send().await.check_problem(422, "idempotency.key-reused");
    assert_eq!(create(&site, "other", "Wait").send().await.status, 201);
}

#[tokio::test]
async fn what_failed_on_our_side_can_be_tried_again_with_its_key() {
    let (site, _) = gated().await;
    for _ in 0..2 {
        let failed = create(&site, "k", "Fail").send().await;
        failed.check_problem(503, "plugin.unavailable");
        assert!(!is_replayed(&failed));
    }
    assert_eq!(create(&site, "k", "Works").send().await.status, 201, "the key was free");
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let site = Site::new().await;
    create(&site, "k", "One").send().await;
    site.test.clock.advance(KEPT_MS);
    assert!(is_replayed(&create(&site, "k", "One").send().await), "just not yet");
    site.test.clock.advance(1);
    let later = create(&site, "k", "One").send().await;
    assert_eq!((later.json()["slug"].as_str(), is_replayed(&later)), (Some("one-2"), false));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_kept_but_known() {
    let site = Site::new().await;
    let body = json!({ "fields": { "title": "One", "body": "x".repeat(ANSWER_BYTES_MAX) } });
    let send = || {
        let call = site.call(Method::POST, POSTS).bearer(&site.editor);
        call.header("idempotency-key", "k").json(body.clone()).send()
    };
    let first = send().await;
    assert_eq!(first.status, 201);
    let again = send().await;
    again.check_problem(409, "idempotency.answer-not-kept");
    let hint: Value = again.json()["hint"].clone();
    assert!(hint.as_str().unwrap().contains(first.header("location")), "{hint}");
    assert_eq!(count(&site).await, 1);
}
