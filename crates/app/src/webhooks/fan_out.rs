//! From events to deliveries, and forgetting those that are long over.

use std::time::Duration;

use smartcms_domain::Timestamp;

use super::message;
use crate::App;
use crate::ports::{Fanned, StoreError};

/// How long deliveries that are over are kept.
pub const DELIVERIES_KEPT_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many deliveries that are over are kept of each webhook.
pub const DELIVERIES_KEPT_MAX: u32 = 1_000;
/// How many events one round reads.
const EVENTS_PER_ROUND: u32 = 100;

/// Makes the deliveries of the next events. Answers whether more events may be waiting.
pub async fn fan_out(app: &App) -> Result<bool, StoreError> {
    let from = app.webhooks.fanned_out().await?;
    let events = app.outbox.after(from, EVENTS_PER_ROUND).await?;
    let Some(last) = events.last() else { return Ok(false) };
    let to = last.cursor;
    let webhooks = app.webhooks.list_webhooks().await?;
    let now = app.clock.now();
    let mut deliveries = Vec::new();
    for recorded in &events {
        let event = &recorded.event;
        // A webhook hears what happened since it was made, however late the event is read.
        let hearing =
            webhooks.iter().filter(|it| it.created_at <= event.at && it.webhook.wants(event));
        deliveries.extend(hearing.map(|it| message::of_event(app, it.webhook.id, event, now)));
    }
    app.webhooks.fan_out(Fanned { from, to, deliveries }).await?;
    Ok(true)
}

/// Keeps the log within its bounds. How many deliveries were forgotten.
pub async fn forget_old_deliveries(app: &App) -> Result<u64, StoreError> {
    let age = i64::try_from(DELIVERIES_KEPT_TIME.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp::from_millis(app.clock.now().as_millis().saturating_sub(age));
    // Nothing is older than the beginning of time.
    let before = before.unwrap_or(Timestamp::EPOCH);
    app.webhooks.forget_deliveries(before, DELIVERIES_KEPT_MAX).await
}
