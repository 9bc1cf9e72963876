//! A site with plugins, in memory.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use smartcms_app::entries::{ContentError, CreateEntry, create_entry};
use smartcms_app::plugins::{AddPlugin, add_plugin};
use smartcms_app::ports::{NoNeuralModels, PluginLog, PluginStore};
use smartcms_app::{AppParts, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Entry;
use smartcms_plugin_host::{
    Allocation, BreakerLimits, Compiler, ComponentLoader, EngineLimits, Network, PluginEngine,
    PluginHost, PluginHostParts, PluginLimits,
};
use smartcms_testkit::builders::{fields, grants, plugin};
use smartcms_testkit::{FixedClock, MemoryStore, TestApp};

/// A site whose plugins run.
pub(super) struct Site {
    pub(super) app: TestApp,
    pub(super) host: Arc<PluginHost>,
    pub(super) store: Arc<MemoryStore>,
}

/// Plugins with their grants, by id.
type Plugins<'a> = &'a [(&'a str, &'a [u8], &'a [&'a str])];

impl Site {
    /// A site with these plugins: id, component, grants.
    pub(super) async fn with(plugins: Plugins<'_>) -> Self {
        Self::limited(PluginLimits::default(), plugins).await
    }

    /// The same with other limits.
    pub(super) async fn limited(limits: PluginLimits, plugins: Plugins<'_>) -> Self {
        let store = Arc::new(MemoryStore::default());
        let host = Arc::new(PluginHost::new(parts(&store, limits)));
        let app = TestApp::with(|parts| AppParts {
            entries: store.clone(),
            outbox: store.clone(),
            plugin_store: store.clone(),
            blobs: store.clone(),
            plugins: host.clone(),
            ..parts
        });
        host.join(app.app.clone());
        let site = Self { app, host, store };
        for (id, component, texts) in plugins {
            site.add(id, component, texts).await;
        }
        site.host.refresh().await.unwrap();
        site
    }

    /// Registers a plugin; the host learns of it when it is refreshed.
    pub(super) async fn add(&self, id: &str, component: &[u8], texts: &[&str]) {
        let component = Bytes::copy_from_slice(component);
        let command =
            AddPlugin { id: plugin(id), name: id.into(), version: "0.1.0".into(), component };
        let ctx = OpContext::new(&self.app, &Actor::Operator);
        let mut record = add_plugin(&ctx, command).await.unwrap();
        record.grants = grants(texts);
        self.store.save(record).await.unwrap();
    }

    /// Stores a post as the operator.
    pub(super) async fn save(&self, title: &str) -> Result<Entry, ContentError> {
        let ctx = OpContext::new(&self.app, &Actor::Operator);
        let fields = fields(json!({ "title": title }));
        create_entry(
            &ctx,
            CreateEntry {
                collection: "posts".into(),
                slug: None,
                locale: None,
                translation_of: None,
                fields,
                message: None,
            },
        )
        .await
    }

    /// The lines of a plugin's log.
    pub(super) async fn log(&self, id: &str) -> Vec<String> {
        let lines = self.store.newest(&plugin(id), 1000).await.unwrap();
        lines.into_iter().map(|it| it.text).collect()
    }
}

fn parts(store: &Arc<MemoryStore>, limits: PluginLimits) -> PluginHostParts {
    let engine_limits =
        EngineLimits { component_instances_max: 20, memories_max: 40, ..EngineLimits::default() };
    let engine = PluginEngine::new(Allocation::Pooled(engine_limits)).unwrap();
    PluginHostParts {
        loader: Arc::new(ComponentLoader::new(engine, Compiler::in_process(), None)),
        plugins: store.clone(),
        blobs: store.clone(),
        keys: store.clone(),
        log: store.clone(),
        clock: Arc::new(FixedClock::default()),
        network: Network::system().unwrap(),
        models: Arc::new(NoNeuralModels),
        folder_root: std::env::temp_dir(),
        protected_folders: Vec::new(),
        limits,
        breaker: BreakerLimits { failures_max: 3, pause: Duration::from_secs(60) },
    }
}
