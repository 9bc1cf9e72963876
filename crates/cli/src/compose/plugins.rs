//! The plugin host: of a site, and of `smartcms run`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    BlobError, BlobStore, Digest, KeyValueStore, NeuralModels, Outbound, PluginRecord, PluginStore,
    ReplacedVersion, StoreError,
};
use smartcms_blob::FolderBlobs;
use smartcms_config::{PluginLimitSettings, Settings};
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{
    Allocation, BreakerLimits, Cache, CacheKey, CallLimits, CallTimes, CompileLimits, Compiler,
    CompilerCommand, ComponentLoader, EngineLimits, GuardedOutbound, Network, PluginEngine,
    PluginHost, PluginHostParts, PluginLimits, RequestLimits, Services,
};
use smartcms_store_sql::SqliteStore;

use super::{BLOBS_NAME, CACHE_NAME};
use crate::args::{COMPILE_COMMAND, Folders};
use crate::secret_key::secret_key;
use crate::world::{SystemClock, SystemRandomness};

/// The host of a site's plugins; they are loaded later.
pub(super) fn host(
    folders: &Folders,
    settings: &Settings,
    store: &Arc<SqliteStore>,
    loader: Arc<ComponentLoader>,
    models: &Arc<dyn NeuralModels>,
) -> anyhow::Result<Arc<PluginHost>> {
    let data = folders.data();
    Ok(Arc::new(PluginHost::new(PluginHostParts {
        loader,
        plugins: Arc::clone(store) as _,
        blobs: Arc::new(FolderBlobs::new(data.join(BLOBS_NAME))),
        keys: Arc::clone(store) as _,
        log: Arc::clone(store) as _,
        clock: Arc::new(SystemClock),
        network: Network::system()?,
        models: Arc::clone(models),
        folder_root: folders.site.clone(),
        protected_folders: vec![data],
        limits: limits(&settings.plugins),
        breaker: BreakerLimits::default(),
    })))
}

/// The requests of the site itself, to public addresses and to the exceptions of the settings.
pub(super) fn outbound(settings: &Settings) -> anyhow::Result<Arc<dyn Outbound>> {
    Ok(Arc::new(GuardedOutbound::new(Network::system()?, settings.outbound_allow.clone())))
}

/// What makes components ready outside the server, with the compiled files kept in a folder.
pub(crate) fn plugin_loader(folder: &Path) -> anyhow::Result<ComponentLoader> {
    loader(Allocation::OnDemand, folder, CompileLimits::default())
}

/// The same for `smartcms run`, whose files may be larger than a site's plugins where whoever runs them says so.
pub(crate) fn run_loader(folder: &Path, limits: CompileLimits) -> anyhow::Result<ComponentLoader> {
    loader(Allocation::OnDemand, folder, limits)
}

/// What stands behind the capabilities of `smartcms run`. The folder of compiled files is never granted: who could
/// write there could run machine code.
pub(crate) fn run_services(
    keys: Arc<dyn KeyValueStore>,
    models: Arc<dyn NeuralModels>,
    folder: PathBuf,
) -> anyhow::Result<Services> {
    Ok(Services {
        keys: Some(keys),
        app: Arc::new(OnceLock::new()),
        network: Network::system()?,
        models,
        folder_root: PathBuf::from("."),
        protected_folders: vec![folder],
    })
}

/// A plugin that is served alone.
pub(crate) struct Alone {
    pub(crate) record: PluginRecord,
    pub(crate) component: Bytes,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) models: Arc<dyn NeuralModels>,
    pub(crate) limits: PluginLimits,
    pub(crate) compile: CompileLimits,
    /// Where compiled files are.
    pub(crate) folder: PathBuf,
}

impl Alone {
    /// A host of this plugin and no other, for `smartcms run --serve`.
    pub(crate) async fn host(self) -> anyhow::Result<PluginHost> {
        let allocation = Allocation::Pooled(EngineLimits::default());
        let only = Arc::new(OnlyPlugin { record: self.record, component: self.component });
        let host = PluginHost::new(PluginHostParts {
            loader: Arc::new(loader(allocation, &self.folder, self.compile)?),
            plugins: Arc::clone(&only) as _,
            blobs: only,
            keys: Arc::clone(&self.store) as _,
            log: self.store,
            clock: Arc::new(SystemClock),
            network: Network::system()?,
            models: self.models,
            folder_root: PathBuf::from("."),
            protected_folders: vec![self.folder],
            limits: self.limits,
            breaker: BreakerLimits::default(),
        });
        host.refresh().await?;
        Ok(host)
    }
}

pub(super) fn loader(
    allocation: Allocation,
    data: &Path,
    limits: CompileLimits,
) -> anyhow::Result<ComponentLoader> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("could not make the folder {}", data.display()))?;
    let engine = PluginEngine::new(allocation)?;
    let program = std::env::current_exe().context("could not find this program's own file")?;
    let command = CompilerCommand { program, arguments: vec![COMPILE_COMMAND.into()] };
    let compiler = Compiler::in_child(command, limits);
    let key = CacheKey::new(secret_key(data, &SystemRandomness)?);
    let folder = data.join(CACHE_NAME);
    let cache = Cache::open(&folder, key).with_context(|| {
        format!("could not use the folder {} for compiled plugins", folder.display())
    })?;
    Ok(ComponentLoader::new(engine, compiler, Some(cache)))
}

pub(super) fn limits(settings: &PluginLimitSettings) -> PluginLimits {
    let bytes = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    let default = PluginLimits::default();
    PluginLimits {
        call: CallLimits {
            memory_bytes_max: bytes(settings.memory_bytes_max),
            output_bytes_max: bytes(settings.output_bytes_max),
            ..default.call
        },
        times: CallTimes {
            hook: settings.hook_timeout,
            filter: settings.filter_timeout,
            function: settings.function_timeout,
            model: settings.model_timeout,
            event: settings.event_timeout,
            request: settings.request_timeout,
            task: settings.task_timeout,
        },
        concurrent_calls_max: settings.calls_max,
        ..default
    }
}

/// What the plugins may use together for one request.
pub(super) fn request_limits(settings: &PluginLimitSettings) -> RequestLimits {
    RequestLimits {
        time: settings.request_total_time,
        host_calls_max: settings.request_total_host_calls,
        bytes_max: settings.request_total_bytes,
    }
}

/// A registry of one plugin that nobody changes.
pub(super) struct OnlyPlugin {
    pub(super) record: PluginRecord,
    pub(super) component: Bytes,
}

#[async_trait]
impl PluginStore for OnlyPlugin {
    async fn list(&self) -> Result<Vec<PluginRecord>, StoreError> {
        Ok(vec![self.record.clone()])
    }

    async fn find(&self, id: &PluginId) -> Result<Option<PluginRecord>, StoreError> {
        Ok((self.record.id == *id).then(|| self.record.clone()))
    }

    async fn save(&self, _record: PluginRecord) -> Result<(), StoreError> {
        Err(StoreError::new("change the only plugin", "it is given on the command line"))
    }

    async fn upgrade(&self, _: PluginRecord, _: PluginRecord) -> Result<(), StoreError> {
        Err(StoreError::new("upgrade the only plugin", "it is given on the command line"))
    }

    async fn replaced(&self, _id: &PluginId) -> Result<Option<ReplacedVersion>, StoreError> {
        Ok(None)
    }

    async fn end_trial(&self, _id: &PluginId, _: Digest) -> Result<(), StoreError> {
        Ok(())
    }

    async fn roll_back(
        &self,
        _id: &PluginId,
        _: Digest,
    ) -> Result<Option<PluginRecord>, StoreError> {
        Ok(None)
    }

    async fn remove(&self, _id: &PluginId) -> Result<bool, StoreError> {
        Err(StoreError::new("remove the only plugin", "it is given on the command line"))
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        Ok(1)
    }
}

#[async_trait]
impl BlobStore for OnlyPlugin {
    async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        Ok(Digest::of(&bytes))
    }

    async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        Ok((self.record.digest == *digest).then(|| self.component.clone()))
    }
}
