//! Plugins that are in the executable, for sites that have no plugin of their own for the same.
//!
//! Each is a plugin like any other, with one grant, for its model. It is loaded when somebody first asks it, so that
//! sites that never do pay nothing for it.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    Description, Digest, Embedding, Generation, Model, ModelError, ModelProvider, NeuralModels,
    PluginRecord, Plugins, TextEnd, TextSink,
};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{Grant, PluginId};
use smartcms_plugin_host::{
    BreakerLimits, ComponentLoader, Network, PluginHost, PluginHostParts, PluginLimits,
};
use smartcms_store_sql::SqliteStore;
use tokio::sync::OnceCell;

use super::plugins::OnlyPlugin;
use crate::world::SystemClock;

/// A plugin that is in the executable.
pub(super) struct BuiltIn {
    /// Its id, which is in the names of its models.
    pub(super) id: &'static str,
    name: &'static str,
    component: &'static [u8],
    /// The one model that it may compute with.
    model: &'static str,
}

/// Tells stories, with a model that is in the executable too.
pub(super) const STORYTELLER: BuiltIn = BuiltIn {
    id: "storyteller",
    name: "Storyteller",
    component: include_bytes!("../../../../plugins/storyteller/dist/storyteller.wasm"),
    model: "storyteller",
};

/// Measures meaning, with a model that an operator gets.
pub(super) const MINILM: BuiltIn = BuiltIn {
    id: "minilm",
    name: "MiniLM",
    component: include_bytes!("../../../../plugins/minilm/dist/minilm.wasm"),
    model: "all-minilm-l6-v2",
};

/// The models of such a plugin, which is loaded when it is first asked.
pub(super) struct BuiltInModels {
    pub(super) plugin: BuiltIn,
    pub(super) loader: Arc<ComponentLoader>,
    pub(super) store: Arc<SqliteStore>,
    pub(super) models: Arc<dyn NeuralModels>,
    pub(super) limits: PluginLimits,
    pub(super) provider: OnceCell<Arc<dyn ModelProvider>>,
}

impl BuiltInModels {
    async fn provider(&self) -> Result<&Arc<dyn ModelProvider>, ModelError> {
        self.provider.get_or_try_init(|| self.load()).await
    }

    async fn load(&self) -> Result<Arc<dyn ModelProvider>, ModelError> {
        let name = self.plugin.id;
        let broken = |what: &str, error: &dyn std::fmt::Display| {
            ModelError::Broken(format!("the {name} could not be {what}: {error}"))
        };
        let id = PluginId::parse(name).map_err(|error| broken("named", &error))?;
        let component = Bytes::from_static(self.plugin.component);
        let record = self.plugin.record(id.clone(), &component);
        let only = Arc::new(OnlyPlugin { record, component });
        let host = PluginHost::new(PluginHostParts {
            loader: Arc::clone(&self.loader),
            plugins: Arc::clone(&only) as _,
            blobs: only,
            keys: Arc::clone(&self.store) as _,
            log: Arc::clone(&self.store) as _,
            clock: Arc::new(SystemClock),
            network: Network::system().map_err(|error| broken("prepared", &error))?,
            models: Arc::clone(&self.models),
            folder_root: PathBuf::from("."),
            protected_folders: Vec::new(),
            limits: self.limits,
            breaker: BreakerLimits::default(),
        });
        host.refresh().await.map_err(|error| broken("loaded", &error))?;
        host.model_provider(&id).ok_or_else(|| broken("found", &"it brings no models"))
    }

    /// Whoever looks at the models is told of a file that is not there; whoever asks for vectors is told by the plugin.
    fn require_model(&self) -> Result<(), ModelError> {
        let model = self.plugin.model;
        if self.models.names().iter().any(|it| it == model) {
            return Ok(());
        }
        Err(ModelError::UnknownModel(format!(
            "the file of {model} is not there; `smartcms ai pull {model}` gets it"
        )))
    }
}

impl BuiltIn {
    fn record(&self, id: PluginId, component: &Bytes) -> PluginRecord {
        PluginRecord {
            id,
            name: self.name.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            digest: Digest::of(component),
            enabled: true,
            grants: [Grant::Model(self.model.to_owned())].into_iter().collect(),
            settings: "{}".to_owned(),
            added_at: Timestamp::EPOCH,
        }
    }
}

#[async_trait]
impl ModelProvider for BuiltInModels {
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        self.require_model()?;
        self.provider().await?.models().await
    }

    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        self.provider().await?.generate(request, sink).await
    }

    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        self.provider().await?.embed(request).await
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        self.provider().await?.describe(request).await
    }
}
