//! Making a webhook.

use smartcms_domain::Problem;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::events::EventKind;
use smartcms_domain::webhooks::{Webhook, WebhookId};

use super::error::WebhookError;
use super::sign::secret_text;
use crate::OpContext;
use crate::audit::{self, Deed};
use crate::ports::{WebhookRecord, WebhookSecret};

/// The most webhooks of a site.
pub const WEBHOOKS_MAX: usize = 100;

/// A new webhook, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateWebhook {
    /// What people call it; unique.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// Kinds of events; `*` alone, or `None`, for all.
    pub events: Option<Vec<String>>,
    /// Collections; `*` alone, or `None`, for all.
    pub collections: Option<Vec<String>>,
    /// Whether events are sent.
    pub enabled: bool,
}

/// Makes a webhook, and answers it with its secret, which is not shown again. It hears what happens from now on.
pub async fn create_webhook(
    ctx: &OpContext<'_>,
    command: CreateWebhook,
) -> Result<(WebhookRecord, String), WebhookError> {
    WebhookError::check(ctx)?;
    let now = ctx.app.clock.now();
    let mut problems = Vec::new();
    let webhook = Webhook {
        id: WebhookId::new(ctx.app.randomness.id(now)),
        name: command.name,
        url: command.url,
        events: event_kinds(command.events, &mut problems),
        collections: collection_names(ctx, command.collections, &mut problems),
        enabled: command.enabled,
        disabled_reason: None,
    };
    check(&webhook, problems)?;
    if ctx.app.webhooks.list_webhooks().await?.len() >= WEBHOOKS_MAX {
        return Err(WebhookError::TooMany(WEBHOOKS_MAX));
    }
    let secret = WebhookSecret(ctx.app.randomness.secret().to_vec());
    let text = secret_text(&secret);
    let record = WebhookRecord {
        webhook,
        secret,
        previous_secret: None,
        created_at: now,
        updated_at: now,
        failing_since: None,
    };
    if ctx.app.webhooks.add_webhook(record.clone()).await? {
        let deed = Deed::done("webhook.created").to("webhook", record.webhook.id);
        audit::record(ctx, deed.detail(record.webhook.name.clone())).await;
        Ok((record, text))
    } else {
        Err(WebhookError::NameTaken(record.webhook.name))
    }
}

pub(super) fn check(webhook: &Webhook, mut problems: Vec<Problem>) -> Result<(), WebhookError> {
    problems.extend(webhook.problems());
    if problems.is_empty() { Ok(()) } else { Err(WebhookError::Invalid(problems)) }
}

/// Kinds of events by their names.
pub(super) fn event_kinds(
    names: Option<Vec<String>>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<EventKind>> {
    let names = names.filter(|it| !is_all(it))?;
    let mut kinds: Vec<EventKind> = Vec::new();
    for name in names {
        match name.parse() {
            Ok(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Ok(_) => {}
            Err(_) => {
                let known = EventKind::ALL.map(EventKind::name).join(", ");
                let message = format!("`{name}` is not a kind of event; there are {known}");
                problems.push(Problem::field("events", "unknown", message));
                return None;
            }
        }
    }
    Some(kinds)
}

/// Collections of the site by their names.
pub(super) fn collection_names(
    ctx: &OpContext<'_>,
    names: Option<Vec<String>>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<CollectionName>> {
    let names = names.filter(|it| !is_all(it))?;
    let mut found: Vec<CollectionName> = Vec::new();
    for name in names {
        match ctx.app.collections.find(&name) {
            Some(definition) if !found.contains(&definition.name) => {
                found.push(definition.name.clone());
            }
            Some(_) => {}
            None => {
                let message = format!("there is no collection `{name}`");
                problems.push(Problem::field("collections", "unknown", message));
                return None;
            }
        }
    }
    Some(found)
}

fn is_all(names: &[String]) -> bool {
    matches!(names, [only] if only == "*")
}
