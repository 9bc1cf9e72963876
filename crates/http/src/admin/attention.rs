//! What somebody should look at: plugins, deliveries of webhooks, imports and exports.

use smartcms_app::OpContext;
use smartcms_app::plugins::{PluginTrouble, plugin_troubles};
use smartcms_app::ports::{DeliveryState, TransferState};
use smartcms_app::transfers::list_transfers;
use smartcms_app::webhooks::{ListDeliveries, WebhookError, list_deliveries, list_webhooks};
use smartcms_pages::admin::Attention;

use super::failure::AdminError;
use super::person::Person;
use super::visit::Visit;
use crate::state::AppState;

/// The most things of one kind that are shown.
const SHOWN_MAX: usize = 10;

/// What those who may see it should look at. Nothing for anybody else.
pub(super) async fn attention(
    state: &AppState,
    visit: &Visit,
    person: &Person,
) -> Result<Vec<Attention>, AdminError> {
    let mut found = Vec::new();
    if person.actor.may_manage_site() {
        of_plugins(state, visit, person, &mut found).await?;
        if let Err(error) = of_webhooks(state, visit, person, &mut found).await {
            // The rest of the page stands without it.
            tracing::warn!(%error, "could not look at the deliveries of webhooks");
        }
    }
    if person.actor.may_move_content() {
        of_transfers(state, visit, person, &mut found).await?;
    }
    Ok(found)
}

async fn of_plugins(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    found: &mut Vec<Attention>,
) -> Result<(), AdminError> {
    let troubles = plugin_troubles(&person.context(&state.app)).await?;
    for trouble in troubles.into_iter().take(SHOWN_MAX) {
        let (key, plugin, detail, page, count) = match trouble {
            PluginTrouble::Paused(id, why) => ("attention.paused", id, why, "", 0),
            PluginTrouble::Unusable(id, why) => ("attention.unusable", id, why, "", 0),
            PluginTrouble::Lacks(id, lacks) => ("attention.lacks", id, lacks.join(", "), "", 0),
            PluginTrouble::Parked(id, count) => {
                ("attention.parked", id, String::new(), "/work#events", count)
            }
        };
        let values = [("name", plugin.as_str()), ("n", &count.to_string())];
        let url = format!("/admin/plugins/{plugin}{page}");
        found.push(Attention { text: visit.say(key, &values), detail, url });
    }
    Ok(())
}

/// Webhooks that gave up on a delivery after the last one that arrived.
async fn of_webhooks(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    found: &mut Vec<Attention>,
) -> Result<(), WebhookError> {
    let ctx = person.context(&state.app);
    for record in list_webhooks(&ctx).await?.into_iter().filter(|it| it.webhook.enabled) {
        let id = record.webhook.id.to_string();
        let failed = newest(&ctx, &id, DeliveryState::Failed).await?;
        if failed.is_some() && failed > newest(&ctx, &id, DeliveryState::Delivered).await? {
            let text = visit.say("attention.webhook", &[("name", &record.webhook.name)]);
            let url = format!("/admin/webhooks/{id}");
            found.push(Attention { text, detail: String::new(), url });
        }
    }
    Ok(())
}

/// Ids of deliveries grow with time, and so do their texts.
async fn newest(
    ctx: &OpContext<'_>,
    webhook: &str,
    state: DeliveryState,
) -> Result<Option<String>, WebhookError> {
    let query = ListDeliveries { state: Some(state), limit: 1, ..ListDeliveries::default() };
    let page = list_deliveries(ctx, webhook, query).await?;
    Ok(page.deliveries.first().map(|it| it.id.to_string()))
}

/// Works that ended early, until somebody forgets them.
async fn of_transfers(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    found: &mut Vec<Attention>,
) -> Result<(), AdminError> {
    let jobs = list_transfers(&person.context(&state.app)).await?;
    let early =
        |it: &TransferState| matches!(it, TransferState::Failed | TransferState::Interrupted);
    for job in jobs.into_iter().filter(|it| early(&it.state)).take(SHOWN_MAX) {
        let key = if job.import.is_some() { "attention.import" } else { "attention.export" };
        found.push(Attention {
            text: visit.say(key, &[("name", &job.name)]),
            detail: job.problem.unwrap_or_default(),
            url: format!("/admin/transfer/{}", job.id),
        });
    }
    Ok(())
}
