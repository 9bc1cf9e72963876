//! What is told of plugins whose files are parts of the program.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    Digest, NoPluginFiles, PluginFacts, PluginFileError, PluginFiles, PluginReach, PluginRecord,
};
use smartcms_domain::plugins::PluginId;

use super::{HTTP, ListedPlugin};

/// Tells of the plugins of the program, and takes no files.
pub(crate) struct FixedFiles(Vec<(Digest, Arc<PluginFacts>)>);

impl FixedFiles {
    pub(crate) fn of(listed: &[ListedPlugin]) -> Self {
        Self(listed.iter().map(|it| (it.digest, Arc::new(facts(it)))).collect())
    }
}

fn facts(plugin: &ListedPlugin) -> PluginFacts {
    let http = PluginReach {
        capability: HTTP.to_owned(),
        words: "send requests to whatever the host of the site lets through".to_owned(),
        example: String::new(),
        // It was granted when the plugin was composed in, and cannot be missing.
        required: false,
    };
    PluginFacts {
        id: Some(plugin.id.to_string()),
        name: Some(plugin.name.clone()),
        version: Some(plugin.version.clone()),
        description: Some(plugin.description.clone()).filter(|it| !it.is_empty()),
        reaches: plugin.holds(HTTP).then_some(http).into_iter().collect(),
        points: plugin.points.clone(),
        ..PluginFacts::default()
    }
}

#[async_trait]
impl PluginFiles for FixedFiles {
    fn bytes_max(&self) -> Option<u64> {
        None
    }

    async fn accept(&self, file: Bytes, with: Option<String>) -> Result<Bytes, PluginFileError> {
        NoPluginFiles.accept(file, with).await
    }

    async fn facts(&self, digest: &Digest) -> Result<Option<Arc<PluginFacts>>, PluginFileError> {
        Ok(self.0.iter().find(|(it, _)| it == digest).map(|(_, facts)| Arc::clone(facts)))
    }

    async fn admit(&self, id: &PluginId, version: &str) -> Result<(), PluginFileError> {
        NoPluginFiles.admit(id, version).await
    }

    async fn prepare(&self, component: &Bytes) -> Result<(), PluginFileError> {
        NoPluginFiles.prepare(component).await
    }

    async fn try_out(&self, record: PluginRecord, of: Bytes) -> Result<(), PluginFileError> {
        NoPluginFiles.try_out(record, of).await
    }

    fn is_older(&self, version: &str, other: &str) -> bool {
        NoPluginFiles.is_older(version, other)
    }

    async fn came_as_file(&self, _: &PluginId) {}

    async fn went_back(&self, _: &PluginId, _: &str) {}
}
