//! The registry of plugins in memory.

use async_trait::async_trait;
use smartcms_app::ports::{PluginRecord, PluginStore, StoreError};
use smartcms_domain::plugins::PluginId;

use super::MemoryStore;

#[async_trait]
impl PluginStore for MemoryStore {
    async fn list(&self) -> Result<Vec<PluginRecord>, StoreError> {
        Ok(self.lock().plugins.values().cloned().collect())
    }

    async fn find(&self, id: &PluginId) -> Result<Option<PluginRecord>, StoreError> {
        Ok(self.lock().plugins.get(id).cloned())
    }

    async fn save(&self, record: PluginRecord) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.plugins.insert(record.id.clone(), record);
        state.generation += 1;
        Ok(())
    }

    async fn remove(&self, id: &PluginId) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if state.plugins.remove(id).is_none() {
            return Ok(false);
        }
        state.keys.retain(|space, _| space.plugin != *id);
        state.log.remove(id);
        state.heard.remove(id);
        state.parked.retain(|(plugin, _), _| plugin != id);
        state.tasks.remove(id);
        state.health.remove(id);
        state.generation += 1;
        Ok(true)
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        Ok(self.lock().generation)
    }
}
