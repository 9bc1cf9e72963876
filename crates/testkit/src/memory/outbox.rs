//! Events in memory.

use async_trait::async_trait;
use smartcms_app::ports::{EventCursor, Outbox, ParkedEvent, RecordedEvent, StoreError};
use smartcms_domain::plugins::PluginId;

use super::MemoryStore;

#[async_trait]
impl Outbox for MemoryStore {
    async fn after(
        &self,
        cursor: EventCursor,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let state = self.lock();
        let numbered = state.events.iter().zip(1..);
        let later = numbered.filter(|(_, number)| EventCursor(*number) > cursor);
        let recorded = later.map(|(event, number)| RecordedEvent {
            cursor: EventCursor(number),
            event: event.clone(),
        });
        Ok(recorded.take(limit as usize).collect())
    }

    async fn newest(&self) -> Result<EventCursor, StoreError> {
        Ok(EventCursor(self.lock().events.len() as u64))
    }

    async fn heard(&self, plugin: &PluginId) -> Result<Option<EventCursor>, StoreError> {
        Ok(self.lock().heard.get(plugin).copied())
    }

    async fn advance(
        &self,
        plugin: &PluginId,
        cursor: EventCursor,
        parked: Option<ParkedEvent>,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.heard.insert(plugin.clone(), cursor);
        state.parked.extend(parked.map(|it| (plugin.clone(), it)));
        Ok(())
    }
}
