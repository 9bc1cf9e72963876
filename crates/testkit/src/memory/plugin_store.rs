//! The registry of plugins in memory.

use async_trait::async_trait;
use smartcms_app::ports::{Digest, PluginRecord, PluginStore, ReplacedVersion, StoreError};
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

    async fn upgrade(&self, next: PluginRecord, replaced: PluginRecord) -> Result<(), StoreError> {
        let mut state = self.lock();
        let (id, by) = (next.id.clone(), next.digest);
        let version = ReplacedVersion { record: replaced, on_trial: true };
        state.replaced.insert(id.clone(), (by, version));
        state.plugins.insert(id, next);
        state.generation += 1;
        Ok(())
    }

    async fn replaced(&self, id: &PluginId) -> Result<Option<ReplacedVersion>, StoreError> {
        let state = self.lock();
        let now = state.plugins.get(id).map(|it| it.digest);
        let found = state.replaced.get(id).filter(|(by, _)| Some(*by) == now);
        Ok(found.map(|(_, version)| version.clone()))
    }

    async fn end_trial(&self, id: &PluginId, stood: Digest) -> Result<(), StoreError> {
        if let Some((_, version)) = self.lock().replaced.get_mut(id).filter(|it| it.0 == stood) {
            version.on_trial = false;
        }
        Ok(())
    }

    async fn roll_back(
        &self,
        id: &PluginId,
        failed: Digest,
    ) -> Result<Option<PluginRecord>, StoreError> {
        let mut state = self.lock();
        if state.plugins.get(id).map(|it| it.digest) != Some(failed) {
            return Ok(None);
        }
        let Some((by, version)) = state.replaced.remove(id) else { return Ok(None) };
        if by != failed {
            return Ok(None);
        }
        state.plugins.insert(id.clone(), version.record.clone());
        state.generation += 1;
        Ok(Some(version.record))
    }

    async fn remove(&self, id: &PluginId) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if state.plugins.remove(id).is_none() {
            return Ok(false);
        }
        state.keys.retain(|space, _| space.plugin != *id);
        state.replaced.remove(id);
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
