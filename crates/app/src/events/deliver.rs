//! One round of deliveries to one plugin.

use smartcms_domain::plugins::PluginId;

use crate::App;
use crate::ports::{Delivery, EventCursor, ParkedEvent, RecordedEvent, StoreError};

/// How often an event is delivered before it is parked for the operator.
pub const DELIVERY_TRIES_MAX: u32 = 5;
/// How many events one round reads.
const EVENTS_PER_ROUND: u32 = 100;

/// Why a round ended early.
#[derive(Debug, thiserror::Error)]
#[error("could not deliver events to plugin {plugin}")]
pub struct DeliverError {
    /// Whose events.
    pub plugin: PluginId,
    /// Why.
    #[source]
    pub source: StoreError,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing is waiting.
    UpToDate,
    /// More may be waiting.
    More,
    /// The plugin wants the next event again, later. The caller waits, longer each time.
    Retry {
        /// How often that event was tried.
        tries: u32,
    },
}

/// Tells a plugin of the events it has not heard. A plugin that listens for the first time hears what comes
/// from now on. `tries` is how often the first waiting event was tried before: at
/// [`DELIVERY_TRIES_MAX`] it is parked.
pub async fn deliver_events(
    app: &App,
    plugin: &PluginId,
    tries: u32,
) -> Result<Delivered, DeliverError> {
    let failed = |source| DeliverError { plugin: plugin.clone(), source };
    let Some(heard) = app.outbox.heard(plugin).await.map_err(failed)? else {
        let newest = app.outbox.newest().await.map_err(failed)?;
        app.outbox.advance(plugin, newest, None).await.map_err(failed)?;
        return Ok(Delivered::UpToDate);
    };
    let waiting = app.outbox.after(heard, EVENTS_PER_ROUND).await.map_err(failed)?;
    let mut tries = tries;
    for recorded in &waiting {
        let Some(parked) = deliver_one(app, plugin, recorded, tries).await else {
            return Ok(Delivered::Retry { tries: tries + 1 });
        };
        app.outbox.advance(plugin, recorded.cursor, parked).await.map_err(failed)?;
        tries = 0;
    }
    Ok(if waiting.is_empty() { Delivered::UpToDate } else { Delivered::More })
}

/// What to park, if anything; `None` when the event should be delivered again.
async fn deliver_one(
    app: &App,
    plugin: &PluginId,
    recorded: &RecordedEvent,
    tries: u32,
) -> Option<Option<ParkedEvent>> {
    let park = |reason| Some(Some(parked(recorded.cursor, reason)));
    match app.plugins.deliver(plugin, &recorded.event).await {
        Delivery::Handled => Some(None),
        Delivery::GiveUp(reason) => park(reason),
        Delivery::Retry(reason) if tries + 1 >= DELIVERY_TRIES_MAX => park(reason),
        Delivery::Retry(_) => None,
    }
}

fn parked(cursor: EventCursor, reason: String) -> ParkedEvent {
    ParkedEvent { cursor, reason }
}
