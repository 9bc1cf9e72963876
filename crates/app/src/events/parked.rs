//! Events that a plugin could not handle: the operator looks at them, tells them again, or lets go of them.

use smartcms_domain::plugins::PluginId;

use super::backoff::printable;
use super::error::EventError;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{Delivery, Heard, PARKED_MAX, ParkedEvent};

/// The most parked events that are listed at once.
pub const PARKED_LISTED_MAX: u32 = PARKED_MAX;
/// How far waiting events are counted.
const WAITING_COUNTED_MAX: u32 = 10_000;

/// How the events of one plugin stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHealth {
    /// How far it has heard, and how the next event was put off; `None` when it never listened.
    pub heard: Option<Heard>,
    /// How many events wait, counted no further than 10,000.
    pub waiting: u64,
}

/// What became of an event that was told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retried {
    /// The plugin handled it; it is parked no more.
    Handled,
    /// It is still parked, for this reason.
    Parked(String),
}

/// How the events of a plugin stand.
pub async fn event_health(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
) -> Result<EventHealth, EventError> {
    check(ctx, plugin).await?;
    let heard = ctx.app.outbox.heard(plugin).await?;
    let waiting = match &heard {
        Some(heard) => ctx.app.outbox.waiting(heard.cursor, WAITING_COUNTED_MAX).await?,
        None => 0,
    };
    Ok(EventHealth { heard, waiting })
}

/// The events that a plugin could not handle, the oldest first.
pub async fn list_parked(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
) -> Result<Vec<ParkedEvent>, EventError> {
    check(ctx, plugin).await?;
    Ok(ctx.app.outbox.parked(plugin, PARKED_LISTED_MAX).await?)
}

/// Tells a plugin of a parked event once more, now.
pub async fn retry_parked(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    event: &str,
) -> Result<Retried, EventError> {
    let parked = find(ctx, plugin, event).await?;
    note(ctx, "event.retried", plugin, event).await;
    let reason = match ctx.app.plugins.deliver(plugin, &parked.event).await {
        Delivery::Handled => {
            ctx.app.outbox.unpark(plugin, parked.cursor).await?;
            return Ok(Retried::Handled);
        }
        // Nothing was tried, so that what is known of the event stays.
        Delivery::Unavailable(reason) => return Ok(Retried::Parked(printable(&reason))),
        Delivery::Retry(reason) | Delivery::GiveUp(reason) => printable(&reason),
    };
    let tries = parked.tries.saturating_add(1);
    let again = ParkedEvent { reason: reason.clone(), tries, ..parked };
    ctx.app.outbox.park_again(plugin, again).await?;
    Ok(Retried::Parked(reason))
}

/// Lets go of a parked event: the plugin never hears of it.
pub async fn drop_parked(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    event: &str,
) -> Result<ParkedEvent, EventError> {
    let parked = find(ctx, plugin, event).await?;
    ctx.app.outbox.unpark(plugin, parked.cursor).await?;
    note(ctx, "event.dropped", plugin, event).await;
    Ok(parked)
}

async fn note(ctx: &OpContext<'_>, operation: &'static str, plugin: &PluginId, event: &str) {
    record(ctx, Deed::done(operation).to("plugin", plugin).detail(printable(event))).await;
}

async fn check(ctx: &OpContext<'_>, plugin: &PluginId) -> Result<(), EventError> {
    EventError::check(ctx)?;
    match ctx.app.plugin_store.find(plugin).await? {
        Some(_) => Ok(()),
        None => Err(EventError::UnknownPlugin(plugin.clone())),
    }
}

async fn find(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    event: &str,
) -> Result<ParkedEvent, EventError> {
    let parked = list_parked(ctx, plugin).await?;
    let found = parked.into_iter().find(|it| it.event.id.to_string() == event);
    let unknown = || EventError::UnknownEvent { plugin: plugin.clone(), event: printable(event) };
    found.ok_or_else(unknown)
}
