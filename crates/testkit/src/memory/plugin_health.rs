//! How plugins are, in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{PluginHealthStore, PluginReport, StoreError};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::MemoryStore;

/// Reports by plugin and process, and wishes.
#[derive(Debug, Clone, Default)]
pub(super) struct Health {
    reports: BTreeMap<(PluginId, Uuid), (Timestamp, PluginReport)>,
    resumed: BTreeMap<PluginId, Timestamp>,
}

impl Health {
    pub(super) fn remove(&mut self, plugin: &PluginId) {
        self.reports.retain(|(it, _), _| it != plugin);
        self.resumed.remove(plugin);
    }
}

#[async_trait]
impl PluginHealthStore for MemoryStore {
    async fn report(
        &self,
        process: Uuid,
        at: Timestamp,
        reports: Vec<PluginReport>,
        forget_before: Timestamp,
    ) -> Result<(), StoreError> {
        let health = &mut self.lock().health;
        health.reports.retain(|(_, by), (at, _)| *by != process && *at >= forget_before);
        let keyed = reports.into_iter().map(|it| ((it.plugin.clone(), process), (at, it)));
        health.reports.extend(keyed);
        Ok(())
    }

    async fn reports(&self, since: Timestamp) -> Result<Vec<PluginReport>, StoreError> {
        let state = self.lock();
        let fresh = state.health.reports.values().filter(|(at, _)| *at >= since);
        Ok(fresh.map(|(_, it)| it.clone()).collect())
    }

    async fn ask_to_resume(&self, plugin: &PluginId, at: Timestamp) -> Result<(), StoreError> {
        self.lock().health.resumed.insert(plugin.clone(), at);
        Ok(())
    }

    async fn resumptions(
        &self,
        after: Timestamp,
    ) -> Result<Vec<(PluginId, Timestamp)>, StoreError> {
        let state = self.lock();
        let later = state.health.resumed.iter().filter(|(_, at)| **at > after);
        let mut later: Vec<_> = later.map(|(plugin, at)| (plugin.clone(), *at)).collect();
        later.sort_by_key(|(_, at)| *at);
        Ok(later)
    }
}
