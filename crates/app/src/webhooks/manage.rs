//! Looking at webhooks, and taking them away.

use smartcms_domain::webhooks::WebhookId;

use super::error::WebhookError;
use crate::OpContext;
use crate::audit::{self, Deed};
use crate::ports::WebhookRecord;

/// Every webhook by name.
pub async fn list_webhooks(ctx: &OpContext<'_>) -> Result<Vec<WebhookRecord>, WebhookError> {
    WebhookError::check(ctx)?;
    Ok(ctx.app.webhooks.list_webhooks().await?)
}

/// The webhook with this id.
pub async fn get_webhook(ctx: &OpContext<'_>, id: &str) -> Result<WebhookRecord, WebhookError> {
    WebhookError::check(ctx)?;
    let found = match WebhookId::parse(id) {
        Some(id) => ctx.app.webhooks.find_webhook(id).await?,
        None => None,
    };
    found.ok_or_else(|| WebhookError::Unknown(id.to_owned()))
}

/// The webhook with this name or id, as people at the command line say it.
pub async fn find_webhook(ctx: &OpContext<'_>, key: &str) -> Result<WebhookRecord, WebhookError> {
    let named = list_webhooks(ctx).await?.into_iter().find(|it| it.webhook.name == key);
    match named {
        Some(record) => Ok(record),
        None => get_webhook(ctx, key).await,
    }
}

/// Takes a webhook away, with its deliveries: also those that wait are not sent.
pub async fn remove_webhook(ctx: &OpContext<'_>, id: &str) -> Result<(), WebhookError> {
    let record = get_webhook(ctx, id).await?;
    if ctx.app.webhooks.remove_webhook(record.webhook.id).await? {
        let deed = Deed::done("webhook.removed").to("webhook", record.webhook.id);
        audit::record(ctx, deed.detail(record.webhook.name.clone())).await;
        Ok(())
    } else {
        Err(WebhookError::Unknown(id.to_owned()))
    }
}
