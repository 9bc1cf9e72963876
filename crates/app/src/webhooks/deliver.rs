//! One try of one delivery.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use smartcms_domain::Timestamp;
use smartcms_domain::webhooks::{Verdict, judge, wait_before_try};

use super::rotate::later;
use super::sign::{message_id, signature};
use crate::App;
use crate::ports::{
    DeliveryState, OutboundRequest, StoreError, WebhookDelivery, WebhookHealth, WebhookRecord,
    WebhookTry,
};

/// How long one try may take.
pub const TRY_TIME_MAX: Duration = Duration::from_secs(15);
/// How much of an answer is kept.
pub const ANSWER_BYTES_MAX: usize = 1024;
/// A webhook whose every try has failed for this long is disabled.
pub const DISABLE_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// What one try came to.
struct Tried {
    verdict: Verdict,
    record: WebhookTry,
}

/// Deliveries to send now, of each webhook at most `per_webhook`.
pub async fn due_deliveries(
    app: &App,
    per_webhook: u32,
) -> Result<Vec<WebhookDelivery>, StoreError> {
    app.webhooks.due_deliveries(app.clock.now(), per_webhook).await
}

/// Tries a delivery once and stores what became of it. A crash in between means that it is sent again.
pub async fn deliver(app: &App, delivery: WebhookDelivery) -> Result<(), StoreError> {
    // Read again: a person may have changed it since it was found due.
    let Some(record) = app.webhooks.find_webhook(delivery.webhook).await? else { return Ok(()) };
    if !record.webhook.enabled {
        return Ok(());
    }
    let tried = attempt(app, &record, &delivery).await;
    let (delivery, health) = settled(app, &record, delivery, tried);
    if let Some(reason) = &health.disable {
        let (webhook, url) = (record.webhook.name.as_str(), record.webhook.url.as_str());
        tracing::warn!(webhook, url, reason, "a webhook was disabled");
    }
    app.webhooks.save_delivery(delivery, Some(health)).await
}

async fn attempt(app: &App, record: &WebhookRecord, delivery: &WebhookDelivery) -> Tried {
    let at = app.clock.now();
    let request = OutboundRequest {
        method: Method::POST,
        url: record.webhook.url.clone(),
        headers: headers(record, delivery, at),
        body: delivery.body.clone().into(),
        time_max: TRY_TIME_MAX,
        // No more than the beginning is read, whatever comes.
        bytes_max: u64::MAX,
        redirects_max: 0,
    };
    let (verdict, status, answer, error) = match app.outbound.send(request).await {
        Ok(response) => {
            let status = response.status;
            let verdict = judge(status, retry_after(&response.headers));
            let answer = response.beginning(ANSWER_BYTES_MAX).await;
            (verdict, Some(status), String::from_utf8_lossy(&answer).into_owned(), None)
        }
        Err(error) => (Verdict::Retry(None), None, String::new(), Some(error.to_string())),
    };
    let duration = app.clock.now().as_millis().saturating_sub(at.as_millis());
    let duration_ms = u64::try_from(duration).unwrap_or_default();
    Tried { verdict, record: WebhookTry { at, duration_ms, status, answer, error } }
}

/// The new state of a delivery and of its webhook.
fn settled(
    app: &App,
    record: &WebhookRecord,
    mut delivery: WebhookDelivery,
    tried: Tried,
) -> (WebhookDelivery, WebhookHealth) {
    let now = app.clock.now();
    delivery.tries = delivery.tries.saturating_add(1);
    delivery.last_try = Some(tried.record);
    delivery.next_at = None;
    let failing_since = record.failing_since.unwrap_or(now);
    let mut health = WebhookHealth { failing_since: Some(failing_since), disable: None };
    match tried.verdict {
        Verdict::Delivered => {
            delivery.state = DeliveryState::Delivered;
            health.failing_since = None;
        }
        Verdict::Gone => {
            delivery.state = DeliveryState::Failed;
            health.disable = Some("the receiver answered 410 Gone".to_owned());
        }
        Verdict::Retry(asked) => {
            let chance = app.randomness.secret().first().copied().unwrap_or_default();
            match wait_before_try(delivery.tries, asked, chance) {
                Some(wait) => delivery.next_at = Some(later(now, wait)),
                None => delivery.state = DeliveryState::Failed,
            }
            if later(failing_since, DISABLE_AFTER) <= now {
                health.disable = Some(format!("every try has failed since {failing_since}"));
            }
        }
    }
    (delivery, health)
}

fn headers(record: &WebhookRecord, delivery: &WebhookDelivery, at: Timestamp) -> HeaderMap {
    let id = message_id(delivery.id);
    let seconds = at.as_millis().div_euclid(1000);
    let mut signatures = signature(&record.secret, &id, seconds, &delivery.body);
    if let Some((previous, _)) = record.previous_secret.as_ref().filter(|(_, until)| at < *until) {
        signatures = format!("{signatures} {}", signature(previous, &id, seconds, &delivery.body));
    }
    let texts = [
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures),
    ];
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, text) in texts {
        // All of it is ASCII without control characters.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// Seconds; the other form of the header, a date, is left to our own waits.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}
