//! Events in memory.

use async_trait::async_trait;
use smartcms_app::ports::{EventCursor, Outbox, ParkedEvent, RecordedEvent, StoreError};
use smartcms_domain::Timestamp;
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
        let numbered = state.events.iter().zip(state.events_forgotten + 1..);
        let later = numbered.filter(|(_, number)| EventCursor(*number) > cursor);
        let recorded = later.map(|(event, number)| RecordedEvent {
            cursor: EventCursor(number),
            event: event.clone(),
        });
        Ok(recorded.take(limit as usize).collect())
    }

    async fn newest(&self) -> Result<EventCursor, StoreError> {
        let state = self.lock();
        Ok(EventCursor(state.events_forgotten + state.events.len() as u64))
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

    async fn forget(
        &self,
        before: Timestamp,
        listeners: &[PluginId],
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut state = self.lock();
        let heard = listeners.iter().filter_map(|it| state.heard.get(it));
        let heard = heard.copied().chain([state.webhooks.heard()]).min().unwrap_or_default();
        let most = state.events.len().saturating_sub(1).min(limit as usize);
        let numbered = state.events.iter().take(most).zip(state.events_forgotten + 1..);
        let old = numbered.take_while(|(it, number)| it.at < before && *number <= heard.0);
        let gone = old.count();
        state.events.drain(..gone);
        state.events_forgotten += gone as u64;
        Ok(gone as u64)
    }
}
