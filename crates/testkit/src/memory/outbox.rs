//! Events in memory.

use async_trait::async_trait;
use smartcms_app::ports::{
    EventCursor, Heard, Outbox, PARKED_MAX, ParkedEvent, PutOff, RecordedEvent, StoreError,
};
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

    async fn heard(&self, plugin: &PluginId) -> Result<Option<Heard>, StoreError> {
        Ok(self.lock().heard.get(plugin).cloned())
    }

    async fn advance(
        &self,
        plugin: &PluginId,
        cursor: EventCursor,
        parked: Option<ParkedEvent>,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.heard.insert(plugin.clone(), Heard { cursor, put_off: None });
        let parked = parked.map(|it| ((plugin.clone(), it.cursor), it));
        state.parked.extend(parked);
        let own = state.parked.keys().filter(|(it, _)| it == plugin).cloned().collect::<Vec<_>>();
        for key in own.iter().rev().skip(PARKED_MAX as usize) {
            state.parked.remove(key);
        }
        Ok(())
    }

    async fn put_off(&self, plugin: &PluginId, later: PutOff) -> Result<(), StoreError> {
        if let Some(heard) = self.lock().heard.get_mut(plugin) {
            heard.put_off = Some(later);
        }
        Ok(())
    }

    async fn waiting(&self, cursor: EventCursor, most: u32) -> Result<u64, StoreError> {
        Ok(self.after(cursor, most).await?.len() as u64)
    }

    async fn parked(&self, plugin: &PluginId, limit: u32) -> Result<Vec<ParkedEvent>, StoreError> {
        let state = self.lock();
        let own = state.parked.iter().filter(|((it, _), _)| it == plugin);
        Ok(own.map(|(_, it)| it.clone()).take(limit as usize).collect())
    }

    async fn park_again(&self, plugin: &PluginId, event: ParkedEvent) -> Result<(), StoreError> {
        self.lock().parked.insert((plugin.clone(), event.cursor), event);
        Ok(())
    }

    async fn unpark(&self, plugin: &PluginId, cursor: EventCursor) -> Result<bool, StoreError> {
        Ok(self.lock().parked.remove(&(plugin.clone(), cursor)).is_some())
    }

    async fn forget(
        &self,
        before: Timestamp,
        listeners: &[PluginId],
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut state = self.lock();
        let heard = listeners.iter().filter_map(|it| state.heard.get(it));
        let heard =
            heard.map(|it| it.cursor).chain([state.webhooks.heard()]).min().unwrap_or_default();
        let most = state.events.len().saturating_sub(1).min(limit as usize);
        let numbered = state.events.iter().take(most).zip(state.events_forgotten + 1..);
        let old = numbered.take_while(|(it, number)| it.at < before && *number <= heard.0);
        let gone = old.count();
        state.events.drain(..gone);
        state.events_forgotten += gone as u64;
        Ok(gone as u64)
    }
}
