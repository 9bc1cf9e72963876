//! Sending again, and sending a test.

use uuid::Uuid;

use super::error::WebhookError;
use super::manage::get_webhook;
use super::message;
use crate::OpContext;
use crate::ports::{DeliveryState, WebhookDelivery};

/// Sends a delivery again, whatever became of it: the same id and body, as a first try.
pub async fn resend_delivery(
    ctx: &OpContext<'_>,
    webhook: &str,
    delivery: &str,
) -> Result<WebhookDelivery, WebhookError> {
    let record = get_webhook(ctx, webhook).await?;
    let unknown = || WebhookError::UnknownDelivery(delivery.to_owned());
    let id = Uuid::try_parse(delivery).map_err(|_| unknown())?;
    let found = ctx.app.webhooks.find_delivery(id).await?;
    let mut found = found.filter(|it| it.webhook == record.webhook.id).ok_or_else(unknown)?;
    if !record.webhook.enabled {
        return Err(WebhookError::Disabled(record.webhook.name));
    }
    found.state = DeliveryState::Waiting;
    found.tries = 0;
    found.next_at = Some(ctx.app.clock.now());
    ctx.app.webhooks.save_delivery(found.clone(), None).await?;
    Ok(found)
}

/// Sends a test message.
pub async fn send_test(
    ctx: &OpContext<'_>,
    webhook: &str,
) -> Result<WebhookDelivery, WebhookError> {
    let record = get_webhook(ctx, webhook).await?;
    if !record.webhook.enabled {
        return Err(WebhookError::Disabled(record.webhook.name));
    }
    let delivery = message::of_test(ctx.app, record.webhook.id, ctx.app.clock.now());
    ctx.app.webhooks.add_delivery(delivery.clone()).await?;
    Ok(delivery)
}
