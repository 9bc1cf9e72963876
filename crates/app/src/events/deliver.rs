//! One round of deliveries to one plugin.

use std::time::Duration;

use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;

use super::backoff::{DELIVERY_TRIES_MAX, UNAVAILABLE_PAUSE, pause_after, printable};
use crate::App;
use crate::ports::{Delivery, Heard, ParkedEvent, PutOff, RecordedEvent, StoreError};

/// How many events one round reads.
const EVENTS_PER_ROUND: u32 = 100;
/// What is known of a plugin whose call ended the process.
const ENDED: &str = "the process ended while the plugin was told of it";

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
    /// The next event is put off. The store remembers until when: the caller comes again as ever.
    PutOff,
}

/// What becomes of one event.
enum Fate {
    Heard,
    Parked(ParkedEvent),
    PutOff(PutOff),
}

/// Tells a plugin of the events it has not heard, in their order. A plugin that listens for the first time hears what
/// comes from now on. An event that fails is told again, with growing pauses, before any later one; after
/// [`DELIVERY_TRIES_MAX`] failures it is parked. What was tried is stored, so that a restart forgets none of it.
pub async fn deliver_events(app: &App, plugin: &PluginId) -> Result<Delivered, DeliverError> {
    deliver(app, plugin).await.map_err(|source| DeliverError { plugin: plugin.clone(), source })
}

/// Lets a plugin that has not listened yet hear what comes from now on.
pub async fn begin_listening(app: &App, plugin: &PluginId) -> Result<(), StoreError> {
    if app.outbox.heard(plugin).await?.is_none() {
        let newest = app.outbox.newest().await?;
        app.outbox.advance(plugin, newest, None).await?;
    }
    Ok(())
}

async fn deliver(app: &App, plugin: &PluginId) -> Result<Delivered, StoreError> {
    let Some(heard) = app.outbox.heard(plugin).await? else {
        begin_listening(app, plugin).await?;
        return Ok(Delivered::UpToDate);
    };
    let Heard { cursor, put_off } = heard;
    if put_off.as_ref().is_some_and(|it| it.until > app.clock.now()) {
        return Ok(Delivered::PutOff);
    }
    let waiting = app.outbox.after(cursor, EVENTS_PER_ROUND).await?;
    let mut tries = put_off.map_or(0, |it| it.tries);
    for recorded in &waiting {
        let delivery = told(app, plugin, recorded, tries).await?;
        let parked = match fate(recorded, delivery, tries, app.clock.now()) {
            Fate::Heard => None,
            Fate::Parked(parked) => {
                let (id, reason) = (parked.event.id, parked.reason.as_str());
                tracing::error!(plugin.id = %plugin, event.id = %id, reason, "an event was parked");
                Some(parked)
            }
            Fate::PutOff(later) => {
                app.outbox.put_off(plugin, later).await?;
                return Ok(Delivered::PutOff);
            }
        };
        app.outbox.advance(plugin, recorded.cursor, parked).await?;
        tries = 0;
    }
    Ok(if waiting.is_empty() { Delivered::UpToDate } else { Delivered::More })
}

/// Tells a plugin of one event that failed `failures` times before.
async fn told(
    app: &App,
    plugin: &PluginId,
    recorded: &RecordedEvent,
    failures: u32,
) -> Result<Delivery, StoreError> {
    if !app.plugins.end_with_process() {
        return Ok(app.plugins.deliver(plugin, &recorded.event).await);
    }
    if failures >= DELIVERY_TRIES_MAX {
        return Ok(Delivery::GiveUp(ENDED.to_owned()));
    }
    // Where this is the end, the next process finds how often it was tried, and waits as after any failure.
    let tries = failures.saturating_add(1);
    let until = later(app.clock.now(), pause_after(tries));
    app.outbox.put_off(plugin, PutOff { tries, until, reason: ENDED.to_owned() }).await?;
    Ok(app.plugins.deliver(plugin, &recorded.event).await)
}

/// Decides what becomes of an event that failed `failures` times before.
fn fate(recorded: &RecordedEvent, delivery: Delivery, failures: u32, now: Timestamp) -> Fate {
    let tries = failures.saturating_add(1).min(DELIVERY_TRIES_MAX);
    let parked = |reason: &str| {
        let (cursor, event, reason) = (recorded.cursor, recorded.event.clone(), printable(reason));
        Fate::Parked(ParkedEvent { cursor, event, reason, tries, at: now })
    };
    let put_off = |tries, pause: Duration, reason: &str| {
        Fate::PutOff(PutOff { tries, until: later(now, pause), reason: printable(reason) })
    };
    match delivery {
        Delivery::Handled => Fate::Heard,
        Delivery::GiveUp(reason) => parked(&reason),
        Delivery::Retry(reason) if tries >= DELIVERY_TRIES_MAX => parked(&reason),
        Delivery::Retry(reason) => put_off(tries, pause_after(tries), &reason),
        Delivery::Unavailable(reason) => put_off(failures, UNAVAILABLE_PAUSE, &reason),
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(time.as_millis().saturating_add(millis)).unwrap_or(time)
}
