//! What webhooks and their deliveries look like.

use serde::Serialize;
use smartcms_app::ports::{WebhookDelivery, WebhookRecord};

/// A webhook; its secret only when it was just made.
#[derive(Serialize)]
pub(super) struct WebhookBody<'a> {
    id: String,
    name: &'a str,
    url: &'a str,
    /// `*` alone for all.
    events: Vec<&'a str>,
    /// `*` alone for all.
    collections: Vec<&'a str>,
    enabled: bool,
    disabled_reason: Option<&'a str>,
    failing_since: Option<String>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

/// A delivery with its last try.
#[derive(Serialize)]
pub(super) struct DeliveryBody<'a> {
    id: String,
    r#type: &'a str,
    event: Option<String>,
    state: &'static str,
    tries: u32,
    created_at: String,
    next_at: Option<String>,
    body: &'a str,
    last_try: Option<TryBody<'a>>,
}

#[derive(Serialize)]
struct TryBody<'a> {
    at: String,
    duration_ms: u64,
    status: Option<u16>,
    answer: &'a str,
    error: Option<&'a str>,
}

impl<'a> WebhookBody<'a> {
    pub(super) fn new(record: &'a WebhookRecord, secret: Option<&'a str>) -> Self {
        let webhook = &record.webhook;
        let all = || vec!["*"];
        let events = webhook.events.as_ref();
        let collections = webhook.collections.as_ref();
        Self {
            id: webhook.id.to_string(),
            name: &webhook.name,
            url: &webhook.url,
            events: events.map_or_else(all, |it| it.iter().map(|it| it.name()).collect()),
            collections: collections.map_or_else(all, |it| {
                it.iter().map(smartcms_domain::collections::CollectionName::as_str).collect()
            }),
            enabled: webhook.enabled,
            disabled_reason: webhook.disabled_reason.as_deref(),
            failing_since: record.failing_since.map(|it| it.to_string()),
            created_at: record.created_at.to_string(),
            updated_at: record.updated_at.to_string(),
            secret,
        }
    }
}

impl<'a> From<&'a WebhookDelivery> for DeliveryBody<'a> {
    fn from(delivery: &'a WebhookDelivery) -> Self {
        let last_try = delivery.last_try.as_ref().map(|it| TryBody {
            at: it.at.to_string(),
            duration_ms: it.duration_ms,
            status: it.status,
            answer: &it.answer,
            error: it.error.as_deref(),
        });
        Self {
            id: delivery.id.to_string(),
            r#type: &delivery.kind,
            event: delivery.event.map(|it| it.to_string()),
            state: delivery.state.name(),
            tries: delivery.tries,
            created_at: delivery.created_at.to_string(),
            next_at: delivery.next_at.map(|it| it.to_string()),
            body: &delivery.body,
            last_try,
        }
    }
}
