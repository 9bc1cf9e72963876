//! A plugin on a site that is thrown away: for the tests of its author.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::ports::{
    Clock, Digest, KeySpace, KeyValueQuota, KeyValueStore, LogLine, NeuralModels, NoListener,
    NoPlugins, PluginLog, PluginRecord, Plugins, StoreError,
};
use smartcms_config::{DEFAULT_COLLECTIONS, Settings, Sources};
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_plugin_host::{
    BreakerLimits, ComponentLoader, Network, PluginHost, PluginHostParts, PluginLimits,
};

use super::neural;
use super::people::Sending;
use super::plugins::{OnlyPlugin, plugin_loader};
use crate::args::Folders;
use crate::user_cache::user_cache;
use crate::world::SystemClock;

/// A plugin that is compiled and can be put on any number of stages.
pub(crate) struct Rehearsal {
    id: PluginId,
    component: Bytes,
    digest: Digest,
    loader: Arc<ComponentLoader>,
    models: Arc<dyn NeuralModels>,
    /// Where the cases' own collections are defined, if they have any.
    collections: PathBuf,
    limits: PluginLimits,
}

/// A site with the plugin and nothing else, for one call.
pub(crate) struct Stage {
    pub(crate) id: PluginId,
    /// The site without the plugin, to prepare content.
    pub(crate) app: App,
    pub(crate) host: Arc<PluginHost>,
    pub(crate) log: Arc<KeptLines>,
    keys: Arc<dyn KeyValueStore>,
    // Removed when the call is over.
    _folder: tempfile::TempDir,
}

impl Rehearsal {
    /// Compiles a plugin, or finds it compiled.
    pub(crate) async fn of(
        id: PluginId,
        component: Bytes,
        collections: &Path,
    ) -> anyhow::Result<Self> {
        let loader = Arc::new(plugin_loader(&user_cache())?);
        loader.prepare(&component).await.context("could not compile the plugin")?;
        let digest = Digest::of(&component);
        // Beside the collections: `tests/models`.
        let models = neural::models(collections.parent().unwrap_or(collections))?;
        let (collections, limits) = (collections.to_owned(), PluginLimits::default());
        Ok(Self { id, component, digest, loader, models, collections, limits })
    }

    /// Calls may take so many times longer than on a site.
    #[must_use]
    pub(crate) fn with_patience(self, factor: u32) -> Self {
        let limits = PluginLimits { times: self.limits.times.times(factor), ..self.limits };
        Self { limits, ..self }
    }

    /// A new site with the plugin, which was given this much.
    pub(crate) async fn stage(&self, grants: Grants, settings: String) -> anyhow::Result<Stage> {
        let folder =
            tempfile::tempdir().context("could not make a folder for the site of a case")?;
        let folders = Folders { site: folder.path().to_owned(), data: None };
        self.copy_collections(folder.path())?;
        let store = super::open_store(&folders.data())?;
        let site = Settings::from_sources(&Sources::default())?;
        let log = Arc::new(KeptLines::default());
        let keys = Arc::clone(&store) as Arc<dyn KeyValueStore>;
        let host = Arc::new(PluginHost::new(PluginHostParts {
            loader: Arc::clone(&self.loader),
            plugins: Arc::new(self.only(grants.clone(), settings.clone())),
            blobs: Arc::new(self.only(grants, settings)),
            keys: Arc::clone(&keys),
            log: Arc::clone(&log) as _,
            clock: Arc::new(SystemClock),
            network: Network::system()?,
            models: Arc::clone(&self.models),
            folder_root: folders.site.clone(),
            protected_folders: vec![folders.data()],
            limits: self.limits,
            breaker: BreakerLimits::default(),
        }));
        let listener = || Arc::new(NoListener);
        let app = super::join(
            &folders,
            &site,
            Arc::clone(&store),
            Arc::new(NoPlugins),
            super::Models::none(),
            listener(),
            Sending::AtOnce,
        )?;
        super::settle(&folders, &app).await?;
        let plugins = Arc::clone(&host) as Arc<dyn Plugins>;
        let models = super::Models::none();
        let app_of_host =
            super::join(&folders, &site, store, plugins, models, listener(), Sending::AtOnce)?;
        host.join(app_of_host);
        host.refresh().await?;
        Ok(Stage { id: self.id.clone(), app, host, log, keys, _folder: folder })
    }

    fn only(&self, grants: Grants, settings: String) -> OnlyPlugin {
        let record = PluginRecord {
            id: self.id.clone(),
            name: self.id.to_string(),
            version: "0.0.0".to_owned(),
            digest: self.digest,
            enabled: true,
            grants,
            settings,
            added_at: SystemClock.now(),
        };
        OnlyPlugin { record, component: self.component.clone() }
    }

    fn copy_collections(&self, site: &Path) -> anyhow::Result<()> {
        if !self.collections.is_dir() {
            return Ok(());
        }
        let failed = || format!("could not copy the definitions in {}", self.collections.display());
        let to = site.join("collections");
        std::fs::create_dir_all(&to).with_context(failed)?;
        // The collections of a new site stay, unless the cases bring others of their names.
        for (name, text) in DEFAULT_COLLECTIONS {
            std::fs::write(to.join(name), text).with_context(failed)?;
        }
        for entry in std::fs::read_dir(&self.collections).with_context(failed)? {
            let entry = entry.with_context(failed)?;
            std::fs::copy(entry.path(), to.join(entry.file_name())).with_context(failed)?;
        }
        Ok(())
    }
}

impl Stage {
    /// Gives the plugin's own keys these values.
    pub(crate) async fn keep(&self, values: &BTreeMap<String, String>) -> anyhow::Result<()> {
        let space = KeySpace { plugin: self.id.clone(), bucket: String::new() };
        let change = |(key, value): (&String, &String)| (key.clone(), Some(value.clone().into()));
        let changes = values.iter().map(change).collect();
        let kept = self.keys.apply(&space, changes, KeyValueQuota::default()).await;
        kept.context("could not keep the keys of the case")
    }
}

/// What a plugin said during one call.
#[derive(Default)]
pub(crate) struct KeptLines(Mutex<Vec<LogLine>>);

impl KeptLines {
    /// The texts of its own lines; what the host says about it is told by the outcome.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().filter(|it| it.source != "host").map(|it| it.text.clone()).collect()
    }
}

#[async_trait]
impl PluginLog for KeptLines {
    fn append(&self, lines: Vec<LogLine>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(lines);
    }

    async fn newest(&self, _: &PluginId, _: u32) -> Result<Vec<LogLine>, StoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
