//! Events reach plugins at least once, in order, and never block for good.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smartcms_app::events::{
    DELIVERY_TRIES_MAX, Delivered, Retried, deliver_events, drop_parked, list_parked, retry_parked,
};
use smartcms_app::ports::{
    Delivery, Digest, FilterContext, Filtered, HookFailure, ParkedEvent, PluginRecord,
    PluginRequest, PluginResponse, PluginStore, Plugins, RouteError, SaveDraft,
};
use smartcms_app::{AppParts, CallChain, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::plugin;
use tokio::sync::Notify;

use crate::support::{check_code, draft, published, token};

/// Answers deliveries from a list; when it is empty, it handles them.
#[derive(Default)]
struct Listener {
    answers: Mutex<Vec<Delivery>>,
    heard: Mutex<Vec<String>>,
    /// The kind of events that it does not live through, with all that is under way.
    ends_at: Mutex<Option<&'static str>>,
    ended: Notify,
}

#[async_trait]
impl Plugins for Listener {
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
        vec![plugin("listener")]
    }

    fn end_with_process(&self) -> bool {
        self.ends_at.lock().unwrap().is_some()
    }

    async fn deliver(&self, _: &PluginId, event: &Event) -> Delivery {
        self.heard.lock().unwrap().push(event.kind.to_string());
        if *self.ends_at.lock().unwrap() == Some(event.kind.name()) {
            self.ended.notify_one();
            return std::future::pending().await;
        }
        self.answers.lock().unwrap().pop().unwrap_or(Delivery::Handled)
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

async fn listening() -> (TestApp, Arc<Listener>) {
    let listener = Arc::new(Listener::default());
    let app = TestApp::with(|parts| AppParts { plugins: listener.clone(), ..parts });
    PluginStore::save(&*app.store, record("listener")).await.unwrap();
    draft(&app, "before it listened").await;
    assert_eq!(round(&app).await, Delivered::UpToDate);
    (app, listener)
}

async fn round(app: &TestApp) -> Delivered {
    deliver_events(app, &plugin("listener")).await.unwrap()
}

async fn parked(app: &TestApp) -> Vec<ParkedEvent> {
    let ctx = OpContext::new(&app.app, &Actor::Operator);
    list_parked(&ctx, &plugin("listener")).await.unwrap()
}

fn heard(listener: &Listener) -> Vec<String> {
    listener.heard.lock().unwrap().clone()
}

fn answers(listener: &Listener, answers: &[Delivery]) {
    listener.answers.lock().unwrap().extend(answers.iter().rev().cloned());
}

fn busy() -> Delivery {
    Delivery::Retry("busy".to_owned())
}

#[tokio::test]
async fn a_listener_hears_what_comes_from_now_on_and_each_event_once() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    assert_eq!(round(&app).await, Delivered::More);
    assert_eq!(round(&app).await, Delivered::UpToDate);
    assert_eq!(heard(&listener), ["entry.created", "entry.published"]);
}

#[tokio::test]
async fn an_event_that_failed_comes_again_after_a_pause_and_before_the_next_one() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    answers(&listener, &[busy(), busy()]);
    assert_eq!(round(&app).await, Delivered::PutOff);
    assert_eq!(round(&app).await, Delivered::PutOff);
    assert_eq!(heard(&listener).len(), 1, "not before its time");
    app.clock.advance(1_000);
    assert_eq!(round(&app).await, Delivered::PutOff);
    app.clock.advance(1_999);
    assert_eq!(round(&app).await, Delivered::PutOff);
    assert_eq!(heard(&listener).len(), 2, "the pause grows");
    app.clock.advance(1);
    assert_eq!(round(&app).await, Delivered::More);
    let expected = ["entry.created", "entry.created", "entry.created", "entry.published"];
    assert_eq!(heard(&listener), expected);
}

#[tokio::test]
async fn an_event_that_fails_for_good_is_parked_and_the_next_one_comes() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    answers(&listener, &vec![busy(); DELIVERY_TRIES_MAX as usize]);
    for _ in 1..DELIVERY_TRIES_MAX {
        assert_eq!(round(&app).await, Delivered::PutOff);
        app.clock.advance(1_000_000);
    }
    assert_eq!(round(&app).await, Delivered::More);
    assert_eq!(heard(&listener).last().map(String::as_str), Some("entry.published"));
    let parked = parked(&app).await;
    assert_eq!((parked.len(), parked[0].tries), (1, DELIVERY_TRIES_MAX));
    assert_eq!((parked[0].reason.as_str(), parked[0].event.kind.name()), ("busy", "entry.created"));
}

#[tokio::test]
async fn an_event_that_ends_the_process_each_time_is_parked_like_one_that_fails() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    *listener.ends_at.lock().unwrap() = Some("entry.created");
    for tries in 1..=DELIVERY_TRIES_MAX {
        tokio::select! {
            _ = round(&app) => panic!("nobody comes back of it"),
            () = listener.ended.notified() => {}
        }
        // Another process finds what was tried, and waits like after any failure.
        assert_eq!(round(&app).await, Delivered::PutOff);
        assert_eq!(heard(&listener).len(), tries as usize);
        app.clock.advance(1_000_000);
    }
    assert_eq!(round(&app).await, Delivered::More);
    assert_eq!(heard(&listener).last().map(String::as_str), Some("entry.published"));
    let parked = parked(&app).await;
    assert_eq!((parked.len(), parked[0].tries), (1, DELIVERY_TRIES_MAX));
    assert!(parked[0].reason.contains("process ended"), "{}", parked[0].reason);
}

#[tokio::test]
async fn a_plugin_that_cannot_be_called_loses_no_event() {
    let (app, listener) = listening().await;
    draft(&app, "a").await;
    let paused = Delivery::Unavailable("paused".to_owned());
    answers(&listener, &vec![paused; 50]);
    for _ in 0..50 {
        assert_eq!(round(&app).await, Delivered::PutOff);
        app.clock.advance(5_000);
    }
    assert_eq!(round(&app).await, Delivered::More);
    assert_eq!(parked(&app).await, []);
}

#[tokio::test]
async fn a_parked_event_is_told_again_or_dropped_by_the_operator() {
    let (app, listener) = listening().await;
    let never = || Delivery::GiveUp("nev\u{1b}er".to_owned());
    for title in ["a", "b"] {
        answers(&listener, &[never()]);
        draft(&app, title).await;
        assert_eq!(round(&app).await, Delivered::More);
    }
    let both = parked(&app).await;
    assert_eq!(both.iter().map(|it| it.reason.as_str()).collect::<Vec<_>>(), ["nev er", "nev er"]);
    let ctx = OpContext::new(&app.app, &Actor::Operator);
    let listener_id = plugin("listener");
    let first = both[0].event.id.to_string();
    answers(&listener, &[busy()]);
    let retried = retry_parked(&ctx, &listener_id, &first).await.unwrap();
    assert_eq!(retried, Retried::Parked("busy".to_owned()));
    assert_eq!((parked(&app).await[0].tries, parked(&app).await.len()), (2, 2));
    let retried = retry_parked(&ctx, &listener_id, &first).await.unwrap();
    assert_eq!(retried, Retried::Handled);
    check_code(retry_parked(&ctx, &listener_id, &first).await, "event.unknown");
    drop_parked(&ctx, &listener_id, &both[1].event.id.to_string()).await.unwrap();
    assert_eq!(parked(&app).await, []);
    let editor = token(Role::EDITOR);
    let ctx = OpContext::new(&app.app, &editor);
    check_code(list_parked(&ctx, &listener_id).await, "event.denied");
    check_code(retry_parked(&ctx, &listener_id, &first).await, "event.denied");
    check_code(drop_parked(&ctx, &listener_id, &first).await, "event.denied");
}

fn record(id: &str) -> PluginRecord {
    PluginRecord {
        id: plugin(id),
        name: id.to_owned(),
        version: "1.0.0".to_owned(),
        digest: Digest::of(b"component"),
        enabled: true,
        grants: Grants::default(),
        settings: "{}".to_owned(),
        added_at: Timestamp::EPOCH,
    }
}
