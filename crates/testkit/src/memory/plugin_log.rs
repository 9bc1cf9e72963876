//! The log of plugins in memory.

use async_trait::async_trait;
use smartcms_app::ports::{LogLine, PluginLog, StoreError};
use smartcms_domain::plugins::PluginId;

use super::MemoryStore;

#[async_trait]
impl PluginLog for MemoryStore {
    fn append(&self, lines: Vec<LogLine>) {
        let mut state = self.lock();
        for line in lines {
            state.log.entry(line.plugin.clone()).or_default().push(line);
        }
    }

    async fn newest(&self, plugin: &PluginId, limit: u32) -> Result<Vec<LogLine>, StoreError> {
        let state = self.lock();
        let lines = state.log.get(plugin).map(Vec::as_slice).unwrap_or_default();
        let from = lines.len().saturating_sub(limit as usize);
        Ok(lines.iter().skip(from).cloned().collect())
    }
}
