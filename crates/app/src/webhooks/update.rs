//! Changing a webhook.

use super::create::{check, collection_names, event_kinds};
use super::error::WebhookError;
use super::manage::get_webhook;
use crate::OpContext;
use crate::audit::{self, Deed};
use crate::ports::WebhookRecord;

/// What to change; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateWebhook {
    /// What people call it; unique.
    pub name: Option<String>,
    /// Where events are sent.
    pub url: Option<String>,
    /// Kinds of events; `*` alone for all.
    pub events: Option<Vec<String>>,
    /// Collections; `*` alone for all.
    pub collections: Option<Vec<String>>,
    /// Whether events are sent. What waited while it was disabled is sent after.
    pub enabled: Option<bool>,
}

/// Changes a webhook. Enabling one that the server disabled forgets why.
pub async fn update_webhook(
    ctx: &OpContext<'_>,
    id: &str,
    command: UpdateWebhook,
) -> Result<WebhookRecord, WebhookError> {
    let mut record = get_webhook(ctx, id).await?;
    let mut problems = Vec::new();
    let webhook = &mut record.webhook;
    if let Some(name) = command.name {
        webhook.name = name;
    }
    if let Some(url) = command.url {
        webhook.url = url;
    }
    if command.events.is_some() {
        webhook.events = event_kinds(command.events, &mut problems);
    }
    if command.collections.is_some() {
        webhook.collections = collection_names(ctx, command.collections, &mut problems);
    }
    if let Some(enabled) = command.enabled {
        webhook.enabled = enabled;
        webhook.disabled_reason = None;
        record.failing_since = None;
    }
    check(&record.webhook, problems)?;
    record.updated_at = ctx.app.clock.now();
    if ctx.app.webhooks.save_webhook(record.clone()).await? {
        let deed = Deed::done("webhook.changed").to("webhook", record.webhook.id);
        audit::record(ctx, deed.detail(record.webhook.name.clone())).await;
        Ok(record)
    } else {
        Err(WebhookError::NameTaken(record.webhook.name))
    }
}
