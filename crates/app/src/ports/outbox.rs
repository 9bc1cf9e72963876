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
    async fn heard(&self, plugin: &PluginId) -> Result<Option<EventCursor>, StoreError>;

    /// Remembers how far a plugin has heard, and in the same transaction the event it could not handle.
    async fn advance(
        &self,
        plugin: &PluginId,
        cursor: EventCursor,
        parked: Option<ParkedEvent>,
    ) -> Result<(), StoreError>;

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

/// An event that a plugin could not handle, kept for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedEvent {
    /// The event's place.
    pub cursor: EventCursor,
    /// What the plugin said.
    pub reason: String,
}
