//! The log of deliveries.

use uuid::Uuid;

use super::error::WebhookError;
use super::manage::get_webhook;
use crate::OpContext;
use crate::ports::{DeliveryQuery, DeliveryState, PAGE_LEN_MAX, WebhookDelivery};

/// A page of the log to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListDeliveries {
    /// Only those in this state.
    pub state: Option<DeliveryState>,
    /// Only those of this type.
    pub kind: Option<String>,
    /// Only those before this one.
    pub before: Option<Uuid>,
    /// How many at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
}

/// One page of the log, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPage {
    /// The deliveries.
    pub deliveries: Vec<WebhookDelivery>,
    /// Where the next page begins.
    pub next: Option<Uuid>,
}

/// Reads a place in the log from its text.
pub fn delivery_place(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

/// Reads one page of a webhook's log.
pub async fn list_deliveries(
    ctx: &OpContext<'_>,
    webhook: &str,
    query: ListDeliveries,
) -> Result<DeliveryPage, WebhookError> {
    let webhook = get_webhook(ctx, webhook).await?.webhook.id;
    let limit = query.limit.clamp(1, PAGE_LEN_MAX);
    let wanted = DeliveryQuery {
        webhook,
        state: query.state,
        kind: query.kind,
        before: query.before,
        // One more tells whether there is a next page.
        limit: limit + 1,
    };
    let mut deliveries = ctx.app.webhooks.list_deliveries(&wanted).await?;
    let is_full = deliveries.len() > limit as usize;
    deliveries.truncate(limit as usize);
    let next = deliveries.last().filter(|_| is_full).map(|it| it.id);
    Ok(DeliveryPage { deliveries, next })
}
