//! `smartcms webhook`.

use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::ports::{WebhookDelivery, WebhookRecord};
use smartcms_app::webhooks::{
    CreateWebhook, ListDeliveries, create_webhook, find_webhook, list_deliveries, list_webhooks,
    remove_webhook, resend_delivery,
};
use smartcms_domain::actors::Actor;

use super::say;
use crate::args::{Folders, WebhookCommand};
use crate::compose::open_for_operator;
use crate::failure::fault;

pub(super) async fn webhook(folders: &Folders, command: WebhookCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    match command {
        WebhookCommand::Add { name, url, events, collections } => {
            let some = |names: Vec<String>| Some(names).filter(|it| !it.is_empty());
            let (events, collections) = (some(events), some(collections));
            let command = CreateWebhook { name, url, events, collections, enabled: true };
            let (_, secret) = create_webhook(&ctx, command).await.map_err(fault)?;
            say(secret);
        }
        WebhookCommand::List { json } => list(&ctx, json).await?,
        WebhookCommand::Remove { webhook } => {
            let id = id_of(&ctx, &webhook).await?;
            remove_webhook(&ctx, &id).await.map_err(fault)?;
        }
        WebhookCommand::Deliveries { webhook, lines, json } => {
            deliveries(&ctx, &webhook, lines, json).await?;
        }
        WebhookCommand::Resend { webhook, delivery } => {
            let id = id_of(&ctx, &webhook).await?;
            resend_delivery(&ctx, &id, &delivery).await.map_err(fault)?;
        }
    }
    Ok(())
}

async fn id_of(ctx: &OpContext<'_>, key: &str) -> anyhow::Result<String> {
    Ok(find_webhook(ctx, key).await.map_err(fault)?.webhook.id.to_string())
}

async fn list(ctx: &OpContext<'_>, as_json: bool) -> anyhow::Result<()> {
    let records = list_webhooks(ctx).await.map_err(fault)?;
    if as_json {
        let items: Vec<_> = records.iter().map(json_of).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for record in &records {
        let webhook = &record.webhook;
        let state = match (&webhook.disabled_reason, webhook.enabled) {
            (Some(reason), _) => format!("disabled: {reason}"),
            (None, false) => "disabled".to_owned(),
            (None, true) => "enabled".to_owned(),
        };
        say(format_args!("{:<24} {} {} ({state})", webhook.name, webhook.id, webhook.url));
    }
    Ok(())
}

fn json_of(record: &WebhookRecord) -> serde_json::Value {
    let webhook = &record.webhook;
    let events = webhook.events.as_ref();
    let collections = webhook.collections.as_ref();
    json!({
        "id": webhook.id.to_string(),
        "name": webhook.name,
        "url": webhook.url,
        "events": events.map(|it| it.iter().map(|it| it.name()).collect::<Vec<_>>()),
        "collections": collections.map(|it| it.iter().map(smartcms_domain::collections::CollectionName::as_str).collect::<Vec<_>>()),
        "enabled": webhook.enabled,
        "disabled_reason": webhook.disabled_reason,
        "failing_since": record.failing_since.map(|it| it.to_string()),
        "created_at": record.created_at.to_string(),
    })
}

async fn deliveries(
    ctx: &OpContext<'_>,
    webhook: &str,
    lines: u32,
    as_json: bool,
) -> anyhow::Result<()> {
    let id = id_of(ctx, webhook).await?;
    let query = ListDeliveries { limit: lines, ..ListDeliveries::default() };
    let page = list_deliveries(ctx, &id, query).await.map_err(fault)?;
    if as_json {
        let items: Vec<_> = page.deliveries.iter().map(json_of_delivery).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for delivery in &page.deliveries {
        let last = delivery.last_try.as_ref();
        let said = last.and_then(|it| it.error.clone().or(it.status.map(|it| it.to_string())));
        say(format_args!(
            "{} {} {:<18} {:<9} {} tries {}",
            delivery.created_at,
            delivery.id,
            delivery.kind,
            delivery.state.name(),
            delivery.tries,
            said.unwrap_or_default(),
        ));
    }
    Ok(())
}

fn json_of_delivery(delivery: &WebhookDelivery) -> serde_json::Value {
    let last = delivery.last_try.as_ref();
    json!({
        "id": delivery.id.to_string(),
        "type": delivery.kind,
        "state": delivery.state.name(),
        "tries": delivery.tries,
        "created_at": delivery.created_at.to_string(),
        "next_at": delivery.next_at.map(|it| it.to_string()),
        "status": last.and_then(|it| it.status),
        "error": last.and_then(|it| it.error.as_deref()),
    })
}
