//! Webhooks: each event once to each webhook, signed, tried again with longer waits, until somebody gives up.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use http::HeaderMap;
use serde_json::{Value, json};
use sha2::Sha256;
use smartcms_app::ports::{
    DeliveryState, Outbound, OutboundError, OutboundRequest, OutboundResponse, WebhookDelivery,
    WebhookRecord,
};
use smartcms_app::webhooks::{
    CreateWebhook, ListDeliveries, UpdateWebhook, WEBHOOKS_MAX, create_webhook, deliver,
    due_deliveries, fan_out, get_webhook, list_deliveries, list_webhooks, remove_webhook,
    resend_delivery, rotate_secret, send_test, update_webhook,
};
use smartcms_app::{AppParts, Fault as _, OpContext};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::webhooks::TRIES_MAX;
use smartcms_testkit::TestApp;

use crate::support::{check_code, draft, plugin_actor, published, token};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A receiver that answers from a list, and 204 when it is empty.
#[derive(Default)]
struct Receiver {
    answers: Mutex<VecDeque<Result<(u16, &'static str), OutboundError>>>,
    got: Mutex<Vec<OutboundRequest>>,
}

#[async_trait]
impl Outbound for Receiver {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let url = request.url.clone();
        self.got.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Ok((204, "")));
        let (status, text) = answer?;
        let mut headers = HeaderMap::new();
        if let Some(seconds) = text.strip_prefix("wait ") {
            headers.insert("retry-after", seconds.parse().unwrap());
        }
        let body = http_body_util::Full::from(text);
        let body = http_body_util::BodyExt::map_err(body, |never| match never {});
        let body = http_body_util::BodyExt::boxed_unsync(body);
        Ok(OutboundResponse { status, headers, url, body })
    }
}

impl Receiver {
    fn will(&self, status: u16, text: &'static str) {
        self.answers.lock().unwrap().push_back(Ok((status, text)));
    }

    fn got(&self) -> Vec<OutboundRequest> {
        self.got.lock().unwrap().clone()
    }
}

struct Site {
    app: TestApp,
    receiver: Arc<Receiver>,
    webhook: WebhookRecord,
    secret: String,
}

impl Site {
    async fn new() -> Self {
        let receiver = Arc::new(Receiver::default());
        let outbound = receiver.clone();
        let app = TestApp::with(|parts| AppParts { outbound, ..parts });
        let ctx = OpContext::new(&app, &Actor::Operator);
        let (webhook, secret) = create_webhook(&ctx, command("search")).await.unwrap();
        Self { app, receiver, webhook, secret }
    }

    fn ctx(&self) -> OpContext<'_> {
        OpContext::new(&self.app, &Actor::Operator)
    }

    fn id(&self) -> String {
        self.webhook.webhook.id.to_string()
    }

    /// What a server does at one look.
    async fn look(&self) -> usize {
        while fan_out(&self.app).await.unwrap() {}
        let due = due_deliveries(&self.app, 10).await.unwrap();
        let count = due.len();
        for delivery in due {
            deliver(&self.app, delivery).await.unwrap();
        }
        count
    }

    async fn log(&self) -> Vec<WebhookDelivery> {
        let query = ListDeliveries { limit: 100, ..ListDeliveries::default() };
        list_deliveries(&self.ctx(), &self.id(), query).await.unwrap().deliveries
    }

    async fn now_is(&self) -> WebhookRecord {
        get_webhook(&self.ctx(), &self.id()).await.unwrap()
    }
}

fn command(name: &str) -> CreateWebhook {
    CreateWebhook {
        name: name.to_owned(),
        url: "https://search.test/hook".to_owned(),
        events: None,
        collections: None,
        enabled: true,
    }
}

/// Verifies as a receiver would, and gives the body.
fn verified(request: &OutboundRequest, secret: &str) -> Result<Value, String> {
    let header = |name: &str| request.headers[name].to_str().unwrap();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&request.body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let signatures = header("webhook-signature");
    if signatures.split(' ').any(|it| it == expected) {
        return Ok(serde_json::from_slice(&request.body).unwrap());
    }
    Err(format!("{expected} is not among {signatures}"))
}

#[tokio::test]
async fn an_event_is_sent_once_signed_and_says_no_more_than_ids() {
    let site = Site::new().await;
    let entry = published(&site.app, "A").await;
    assert_eq!(site.look().await, 2);
    assert_eq!(site.look().await, 0);
    let got = site.receiver.got();
    let message = verified(&got[1], &site.secret).unwrap();
    assert_eq!(
        message,
        json!({
            "type": "entry.published",
            "timestamp": "2026-11-22T10:00:00Z",
            "data": {
                "id": entry.id.to_string(),
                "collection": "posts",
                "revision": 2,
                "api_url": format!("https://site.example/api/v1/content/posts/{}", entry.id),
            },
        })
    );
    assert_eq!(got[1].headers["webhook-timestamp"], "1795341600");
    assert_eq!((got[1].url.as_str(), got[1].redirects_max), ("https://search.test/hook", 0));
    assert_ne!(got[0].headers["webhook-id"], got[1].headers["webhook-id"]);
    verified(&got[0], "whsec_AAAA").unwrap_err();
}

#[tokio::test]
async fn a_webhook_hears_what_it_asked_for_since_it_was_made() {
    let receiver = Arc::new(Receiver::default());
    let outbound = receiver.clone();
    let app = TestApp::with(|parts| AppParts { outbound, ..parts });
    draft(&app, "before").await;
    app.clock.advance(1);
    let ctx = OpContext::new(&app, &Actor::Operator);
    let narrow = CreateWebhook {
        events: Some(vec!["entry.published".to_owned()]),
        collections: Some(vec!["posts".to_owned()]),
        ..command("narrow")
    };
    let (webhook, secret) = create_webhook(&ctx, narrow).await.unwrap();
    let site = Site { app, receiver, webhook, secret };
    published(&site.app, "after").await;
    site.look().await;
    let kinds: Vec<_> = site.log().await.into_iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["entry.published"]);
}

#[tokio::test]
async fn what_fails_is_sent_again_with_the_same_id_after_longer_and_longer_waits() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    site.receiver.will(500, "broken");
    let refused =
        OutboundError::Connect { host: "search.test:443".into(), reason: "refused".into() };
    site.receiver.answers.lock().unwrap().push_back(Err(refused));
    assert_eq!(site.look().await, 1);
    let failed = &site.log().await[0];
    let last = failed.last_try.as_ref().unwrap();
    assert_eq!((failed.state, failed.tries), (DeliveryState::Waiting, 1));
    assert_eq!((last.status, last.answer.as_str()), (Some(500), "broken"));
    assert!(site.now_is().await.failing_since.is_some());
    site.app.clock.advance(4_999);
    assert_eq!(site.look().await, 0, "five seconds have not passed");
    site.app.clock.advance(501);
    assert_eq!(site.look().await, 1);
    let last = site.log().await[0].last_try.clone().unwrap();
    assert!(last.status.is_none() && last.error.unwrap().contains("refused"));
    site.app.clock.advance(5_500);
    assert_eq!(site.look().await, 0, "the second wait is longer");
    site.app.clock.advance(5 * 60 * 1_100);
    assert_eq!(site.look().await, 1);
    assert_eq!(site.log().await[0].state, DeliveryState::Delivered);
    assert_eq!(site.now_is().await.failing_since, None);
    let got = site.receiver.got();
    assert_eq!(got[0].headers["webhook-id"], got[2].headers["webhook-id"]);
    assert_eq!(got[0].body, got[2].body);
    assert_ne!(got[0].headers["webhook-timestamp"], got[2].headers["webhook-timestamp"]);
    got.iter().for_each(|it| drop(verified(it, &site.secret).unwrap()));
}

#[tokio::test]
async fn a_receiver_that_is_busy_is_given_the_time_it_asks_for() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    site.receiver.will(429, "wait 60");
    site.look().await;
    site.app.clock.advance(59_999);
    assert_eq!(site.look().await, 0);
    site.app.clock.advance(6_001);
    assert_eq!(site.look().await, 1);
}

#[tokio::test]
async fn an_answer_of_gone_disables_the_webhook_and_says_so() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    site.receiver.will(410, "");
    site.look().await;
    let disabled = site.now_is().await.webhook;
    assert!(!disabled.enabled && disabled.disabled_reason.unwrap().contains("410"));
    assert_eq!(site.log().await[0].state, DeliveryState::Failed);
    draft(&site.app, "b").await;
    assert_eq!(site.look().await, 0, "nothing more is sent");
    let id = site.log().await[0].id.to_string();
    check_code(resend_delivery(&site.ctx(), &site.id(), &id).await, "webhook.disabled");
    check_code(send_test(&site.ctx(), &site.id()).await, "webhook.disabled");
    let enable = UpdateWebhook { enabled: Some(true), ..UpdateWebhook::default() };
    let enabled = update_webhook(&site.ctx(), &site.id(), enable).await.unwrap().webhook;
    assert!(enabled.enabled && enabled.disabled_reason.is_none());
}

#[tokio::test]
async fn after_the_last_try_a_delivery_has_failed_and_after_days_the_webhook_is_disabled() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    for _ in 0..TRIES_MAX {
        site.receiver.will(500, "");
        assert_eq!(site.look().await, 1);
        assert!(site.log().await[0].tries <= TRIES_MAX);
        site.app.clock.advance(DAY_MS * 11 / 10);
        let enable = UpdateWebhook { enabled: Some(true), ..UpdateWebhook::default() };
        update_webhook(&site.ctx(), &site.id(), enable).await.unwrap();
    }
    let failed = &site.log().await[0];
    assert_eq!((failed.state, failed.next_at), (DeliveryState::Failed, None));
    draft(&site.app, "b").await;
    site.receiver.will(500, "");
    site.receiver.will(500, "");
    site.look().await;
    assert!(site.now_is().await.webhook.enabled);
    site.app.clock.advance(3 * DAY_MS);
    site.look().await;
    let disabled = site.now_is().await.webhook;
    assert!(disabled.disabled_reason.unwrap().contains("2026-12-03"), "since the first failure");
}

#[tokio::test]
async fn what_waited_while_the_webhook_was_disabled_or_the_server_down_is_sent_after() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    assert!(fan_out(&site.app).await.unwrap());
    // Found due, and then disabled by a person, before it is sent.
    let due = due_deliveries(&site.app, 10).await.unwrap();
    let enabled = |enabled| UpdateWebhook { enabled: Some(enabled), ..UpdateWebhook::default() };
    update_webhook(&site.ctx(), &site.id(), enabled(false)).await.unwrap();
    deliver(&site.app, due[0].clone()).await.unwrap();
    assert_eq!(site.look().await, 0);
    assert!(site.receiver.got().is_empty());
    update_webhook(&site.ctx(), &site.id(), enabled(true)).await.unwrap();
    assert_eq!(site.look().await, 1);
}

#[tokio::test]
async fn a_delivery_is_sent_again_with_the_same_id_when_a_person_wants_it() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    site.look().await;
    let id = site.log().await[0].id.to_string();
    resend_delivery(&site.ctx(), &site.id(), &id).await.unwrap();
    assert_eq!(site.look().await, 1);
    let got = site.receiver.got();
    assert_eq!(got[0].headers["webhook-id"], got[1].headers["webhook-id"]);
    assert_eq!(site.log().await.len(), 1);
    let (other, _) = create_webhook(&site.ctx(), command("other")).await.unwrap();
    let other = other.webhook.id.to_string();
    let code = "webhook.delivery-unknown";
    check_code(resend_delivery(&site.ctx(), &other, &id).await, code);
    check_code(resend_delivery(&site.ctx(), &site.id(), "x").await, code);
    check_code(resend_delivery(&site.ctx(), "x", &id).await, "webhook.unknown");
}

#[tokio::test]
async fn a_test_message_goes_to_its_webhook_alone() {
    let site = Site::new().await;
    create_webhook(&site.ctx(), command("other")).await.unwrap();
    send_test(&site.ctx(), &site.id()).await.unwrap();
    assert_eq!(site.look().await, 1);
    let message = verified(&site.receiver.got()[0], &site.secret).unwrap();
    assert_eq!(message["type"], "webhook.test");
}

#[tokio::test]
async fn after_a_rotation_both_secrets_verify_for_a_day() {
    let site = Site::new().await;
    let (_, new) = rotate_secret(&site.ctx(), &site.id()).await.unwrap();
    assert_ne!(new, site.secret);
    draft(&site.app, "a").await;
    site.look().await;
    site.app.clock.advance(DAY_MS);
    draft(&site.app, "b").await;
    site.look().await;
    let got = site.receiver.got();
    verified(&got[0], &site.secret).unwrap();
    verified(&got[0], &new).unwrap();
    verified(&got[1], &site.secret).unwrap_err();
    verified(&got[1], &new).unwrap();
}

#[tokio::test]
async fn of_an_answer_the_first_kibibyte_is_kept() {
    let site = Site::new().await;
    draft(&site.app, "a").await;
    site.receiver.will(200, Box::leak("x".repeat(1_025).into_boxed_str()));
    site.look().await;
    assert_eq!(site.log().await[0].last_try.as_ref().unwrap().answer.len(), 1_024);
}

#[tokio::test]
async fn the_log_comes_in_pages_and_by_state() {
    let site = Site::new().await;
    for number in 0..5 {
        draft(&site.app, &format!("a{number}")).await;
    }
    site.receiver.will(500, "");
    site.look().await;
    let page = |before, state| {
        let query = ListDeliveries { before, state, limit: 2, kind: None };
        async { list_deliveries(&site.ctx(), &site.id(), query).await.unwrap() }
    };
    let first = page(None, None).await;
    let second = page(first.next, None).await;
    let third = page(second.next, None).await;
    let counts = [&first, &second, &third].map(|it| it.deliveries.len());
    assert_eq!((counts, third.next), ([2, 2, 1], None));
    assert!(first.deliveries[1].id > second.deliveries[0].id);
    assert_eq!(page(None, Some(DeliveryState::Waiting)).await.deliveries.len(), 1);
}

#[tokio::test]
async fn owners_and_administrators_manage_webhooks_and_others_do_not() {
    let site = Site::new().await;
    for role in [Role::OWNER, Role::ADMINISTRATOR] {
        let actor = token(role.clone());
        let ctx = OpContext::new(&site.app, &actor);
        let (made, _) = create_webhook(&ctx, command(role.name())).await.unwrap();
        remove_webhook(&ctx, &made.webhook.id.to_string()).await.unwrap();
    }
    let others = [Role::EDITOR, Role::AUTHOR, Role::CONTRIBUTOR, Role::VIEWER].map(token);
    let plugin = plugin_actor(&["content:write=posts"]);
    for actor in others.into_iter().chain([Actor::Anonymous, plugin]) {
        let ctx = OpContext::new(&site.app, &actor);
        let code = "webhook.denied";
        check_code(list_webhooks(&ctx).await, code);
        check_code(get_webhook(&ctx, &site.id()).await, code);
        check_code(create_webhook(&ctx, command("x")).await, code);
        check_code(update_webhook(&ctx, &site.id(), UpdateWebhook::default()).await, code);
        check_code(rotate_secret(&ctx, &site.id()).await, code);
        check_code(remove_webhook(&ctx, &site.id()).await, code);
        check_code(send_test(&ctx, &site.id()).await, code);
        check_code(resend_delivery(&ctx, &site.id(), "x").await, code);
        check_code(list_deliveries(&ctx, &site.id(), ListDeliveries::default()).await, code);
    }
    assert_eq!(list_webhooks(&site.ctx()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_and_nothing_is_stored() {
    let site = Site::new().await;
    check_code(create_webhook(&site.ctx(), command("search")).await, "webhook.name-taken");
    let bad = CreateWebhook {
        url: "ftp://a.test".to_owned(),
        events: Some(vec!["entry.eaten".to_owned()]),
        collections: Some(vec!["nothing".to_owned()]),
        ..command("bad")
    };
    let error = create_webhook(&site.ctx(), bad).await.unwrap_err();
    let fields: Vec<_> = error.problems().iter().filter_map(|it| it.field.as_deref()).collect();
    assert_eq!(fields, ["events", "collections", "url"]);
    for number in 1..WEBHOOKS_MAX {
        create_webhook(&site.ctx(), command(&number.to_string())).await.unwrap();
    }
    check_code(create_webhook(&site.ctx(), command("last")).await, "webhook.too-many");
    assert_eq!(list_webhooks(&site.ctx()).await.unwrap().len(), WEBHOOKS_MAX);
}
