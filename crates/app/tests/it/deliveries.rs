//! Events reach plugins at least once, in order, and never block for good.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smartcms_app::events::{DELIVERY_TRIES_MAX, Delivered, deliver_events};
use smartcms_app::ports::{
    Delivery, FilterContext, Filtered, HookFailure, PluginRequest, PluginResponse, Plugins,
    RouteError, SaveDraft,
};
use smartcms_app::{AppParts, CallChain};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::plugin;

use crate::support::{draft, published};

/// Answers deliveries from a list; when it is empty, it handles them.
#[derive(Default)]
struct Listener {
    answers: Mutex<Vec<Delivery>>,
    heard: Mutex<Vec<String>>,
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

    async fn deliver(&self, _: &PluginId, event: &Event) -> Delivery {
        self.heard.lock().unwrap().push(event.kind.to_string());
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
    draft(&app, "before it listened").await;
    assert_eq!(round(&app, 0).await, Delivered::UpToDate);
    (app, listener)
}

async fn round(app: &TestApp, tries: u32) -> Delivered {
    deliver_events(app, &plugin("listener"), tries).await.unwrap()
}

#[tokio::test]
async fn a_listener_hears_what_comes_from_now_on_and_each_event_once() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    assert_eq!(round(&app, 0).await, Delivered::More);
    assert_eq!(round(&app, 0).await, Delivered::UpToDate);
    assert_eq!(*listener.heard.lock().unwrap(), ["entry.created", "entry.published"]);
}

#[tokio::test]
async fn an_event_that_failed_comes_again_before_the_next_one() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    listener.answers.lock().unwrap().push(Delivery::Retry("busy".to_owned()));
    assert_eq!(round(&app, 0).await, Delivered::Retry { tries: 1 });
    assert_eq!(round(&app, 1).await, Delivered::More);
    assert_eq!(
        *listener.heard.lock().unwrap(),
        ["entry.created", "entry.created", "entry.published"]
    );
}

#[tokio::test]
async fn an_event_that_fails_for_good_is_parked_and_the_next_one_comes() {
    let (app, listener) = listening().await;
    published(&app, "a").await;
    listener.answers.lock().unwrap().push(Delivery::Retry("busy".to_owned()));
    assert_eq!(round(&app, DELIVERY_TRIES_MAX - 1).await, Delivered::More);
    assert_eq!(*listener.heard.lock().unwrap(), ["entry.created", "entry.published"]);
    listener.answers.lock().unwrap().push(Delivery::GiveUp("never".to_owned()));
    draft(&app, "b").await;
    draft(&app, "c").await;
    assert_eq!(round(&app, 0).await, Delivered::More);
    assert_eq!(listener.heard.lock().unwrap().len(), 4);
}
