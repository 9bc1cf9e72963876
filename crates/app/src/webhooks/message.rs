//! What a message says: thin, so that nothing leaves that its reader could not ask for.

use serde_json::json;
use smartcms_domain::Timestamp;
use smartcms_domain::events::Event;
use smartcms_domain::webhooks::WebhookId;

use crate::App;
use crate::ports::{DeliveryState, WebhookDelivery};

/// The type of test messages.
pub(super) const TEST_KIND: &str = "webhook.test";

/// The delivery of an event. Ids and the address in the API, no values: what the receiver may see of the entry is
/// decided when it asks, by its own token.
pub(super) fn of_event(
    app: &App,
    webhook: WebhookId,
    event: &Event,
    now: Timestamp,
) -> WebhookDelivery {
    let api = format!("{}/api/v1/content/{}/{}", app.site.base_url, event.collection, event.entry);
    let body = json!({
        "type": event.kind.name(),
        "timestamp": event.at.to_string(),
        "data": {
            "id": event.entry.to_string(),
            "collection": event.collection.as_str(),
            "revision": event.revision.number(),
            "api_url": api,
        },
    });
    let message = waiting(app, webhook, body.to_string(), now);
    WebhookDelivery { event: Some(event.id), kind: event.kind.name().to_owned(), ..message }
}

/// A message to see whether messages arrive.
pub(super) fn of_test(app: &App, webhook: WebhookId, now: Timestamp) -> WebhookDelivery {
    let body = json!({
        "type": TEST_KIND,
        "timestamp": now.to_string(),
        "data": { "webhook": webhook.to_string(), "site": app.site.base_url },
    });
    waiting(app, webhook, body.to_string(), now)
}

fn waiting(app: &App, webhook: WebhookId, body: String, now: Timestamp) -> WebhookDelivery {
    WebhookDelivery {
        id: app.randomness.id(now),
        webhook,
        event: None,
        kind: TEST_KIND.to_owned(),
        body,
        state: DeliveryState::Waiting,
        tries: 0,
        created_at: now,
        next_at: Some(now),
        last_try: None,
    }
}
