//! The durable queue of events.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;

use super::StoreError;

/// Events in the order of their commits, written by [`super::EntryStore::write`].
#[async_trait]
pub trait Outbox: Send + Sync {
    /// The events after a place, at most `limit`.
    async fn after(
        &self,
        cursor: EventCursor,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, StoreError>;

    /// The place of the newest event.
    async fn newest(&self) -> Result<EventCursor, StoreError>;

    /// How far a plugin has heard; `None` for one that has not listened yet.
    async fn heard(&self, plugin: &PluginId) -> Result<Option<Heard>, StoreError>;

    /// Remembers how far a plugin has heard, and in the same transaction the event it could not handle. Of each plugin
    /// the newest [`PARKED_MAX`] of those are kept.
    async fn advance(
        &self,
        plugin: &PluginId,
        cursor: EventCursor,
        parked: Option<ParkedEvent>,
    ) -> Result<(), StoreError>;

    /// Remembers that a plugin is to hear the next event again later.
    async fn put_off(&self, plugin: &PluginId, later: PutOff) -> Result<(), StoreError>;

    /// How many events a plugin has not heard that is this far, counted no further than `most`.
    async fn waiting(&self, cursor: EventCursor, most: u32) -> Result<u64, StoreError>;

    /// The events that a plugin could not handle, the oldest first.
    async fn parked(&self, plugin: &PluginId, limit: u32) -> Result<Vec<ParkedEvent>, StoreError>;

    /// Keeps another reason for an event that is parked.
    async fn park_again(&self, plugin: &PluginId, event: ParkedEvent) -> Result<(), StoreError>;

    /// Lets go of an event that is parked; `false` when it is not.
    async fn unpark(&self, plugin: &PluginId, cursor: EventCursor) -> Result<bool, StoreError>;

    /// Forgets the oldest events that were committed before a time, at most `limit`: those that these plugins and the
    /// webhooks have heard, and never the newest. How many went.
    async fn forget(
        &self,
        before: Timestamp,
        listeners: &[PluginId],
        limit: u32,
    ) -> Result<u64, StoreError>;
}

/// A place in the queue: everything up to this number is behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventCursor(pub u64);

/// An event with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// The place.
    pub cursor: EventCursor,
    /// What happened.
    pub event: Event,
}

/// How far a plugin has heard, and what became of the next event so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Its place.
    pub cursor: EventCursor,
    /// How the next event was put off, if it was.
    pub put_off: Option<PutOff>,
}

/// An event that a plugin hears again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOff {
    /// How often it failed.
    pub tries: u32,
    /// Not before.
    pub until: Timestamp,
    /// What the plugin or the host said.
    pub reason: String,
}

/// An event that a plugin could not handle, kept whole for the operator: the queue forgets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedEvent {
    /// The event's place.
    pub cursor: EventCursor,
    /// The event.
    pub event: Event,
    /// What the plugin or the host said.
    pub reason: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it was parked.
    pub at: Timestamp,
}

/// How many events are kept parked for one plugin; past it the oldest go.
pub const PARKED_MAX: u32 = 1_000;
