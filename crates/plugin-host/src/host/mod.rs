//! The plugins of a site: loads what is registered, follows changes, and implements the port that operations call.

mod at_once;
mod blocks;
mod breaker;
mod functions;
mod headers;
mod load;
mod models;
mod plugin;
mod points;
mod registry;
mod routes;
mod tasks;
mod timing;
mod trial;
mod try_out;
mod whole_body;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures::future::join_all;
use smartcms_app::App;
use smartcms_app::ports::{
    BlobStore, Clock, KeyValueStore, NeuralModels, PluginLog, PluginRecord, PluginStore, StoreError,
};
use smartcms_domain::plugins::PluginId;

pub use breaker::BreakerLimits;

use self::load::Loading;
use self::plugin::{Body, Plugin};
use self::registry::Registry;
use self::trial::Trial;
use crate::capabilities::http::Network;
use crate::capabilities::output::GuestLog;
use crate::compile::ComponentLoader;
use crate::contract::Point;
use crate::limits::PluginLimits;
use crate::meter::Meter;
use crate::module_functions::ModuleFunctionHost;
use crate::state::{GuestProfile, Services};

/// What a host of plugins is made of.
pub struct PluginHostParts {
    /// Makes components ready to run.
    pub loader: Arc<ComponentLoader>,
    /// Which plugins there are.
    pub plugins: Arc<dyn PluginStore>,
    /// Their files.
    pub blobs: Arc<dyn BlobStore>,
    /// Their keys.
    pub keys: Arc<dyn KeyValueStore>,
    /// Their lines.
    pub log: Arc<dyn PluginLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Outgoing connections.
    pub network: Network,
    /// Models that plugins compute with.
    pub models: Arc<dyn NeuralModels>,
    /// Where the paths of granted folders begin.
    pub folder_root: PathBuf,
    /// The server's own folders, which are never granted.
    pub protected_folders: Vec<PathBuf>,
    /// The limits of each plugin.
    pub limits: PluginLimits,
    /// When a plugin that fails is paused.
    pub breaker: BreakerLimits,
}

/// The running plugins of a site.
pub struct PluginHost {
    parts: PluginHostParts,
    services: Services,
    registry: RwLock<Arc<Registry>>,
    refreshing: tokio::sync::Mutex<()>,
    /// Kept over changes of the registry: counters go on when a plugin is granted more.
    meters: Mutex<BTreeMap<PluginId, Arc<Meter>>>,
}

/// How a plugin is, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginHealth {
    /// Which one.
    pub plugin: PluginId,
    /// Whether it can be called.
    pub condition: Condition,
    /// Where it takes part.
    pub points: Vec<Point>,
    /// Failures since its last success.
    pub failures: u32,
}

/// Whether a plugin can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It can.
    Ready,
    /// It is paused after failures, and this is why and for how long.
    Paused(String),
    /// It cannot, and this is why.
    Unusable(String),
}

impl PluginHost {
    /// A host without plugins; [`refresh`](Self::refresh) loads them.
    #[must_use]
    pub fn new(parts: PluginHostParts) -> Self {
        let services = Services {
            keys: Some(Arc::clone(&parts.keys)),
            app: Arc::new(OnceLock::new()),
            network: parts.network.clone(),
            models: Arc::clone(&parts.models),
            folder_root: parts.folder_root.clone(),
            protected_folders: parts.protected_folders.clone(),
        };
        let registry = RwLock::new(Arc::new(Registry::default()));
        let (refreshing, meters) = (tokio::sync::Mutex::new(()), Mutex::default());
        Self { parts, services, registry, refreshing, meters }
    }

    /// Makes functions of core modules, within the limits of plugins.
    #[must_use]
    pub fn module_functions(&self) -> ModuleFunctionHost {
        ModuleFunctionHost::new(Arc::clone(&self.parts.loader), &self.parts.limits)
    }

    /// Gives plugins the operations on content. The application holds this host and this host the application,
    /// so both live until the process ends.
    pub fn join(&self, app: App) {
        if self.services.app.set(app).is_err() {
            tracing::warn!(
                "the plugin host was joined with an application twice; it keeps the first one"
            );
        }
    }

    /// Loads what changed in the registry of plugins; whether anything did. Calls under way end as they began.
    pub async fn refresh(&self) -> Result<bool, StoreError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let generation = self.parts.plugins.generation().await?;
        let known = self.registry();
        if known.generation == Some(generation) {
            return Ok(false);
        }
        let records = self.parts.plugins.list().await?;
        let enabled = records.into_iter().filter(|it| it.enabled);
        let plugins = join_all(enabled.map(|record| self.load(record, &known))).await;
        let fresh = Arc::new(Registry::new(generation, plugins));
        *self.registry.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }

    /// Looks for changes again and again; ends only with its task. For processes beside others on the same data.
    pub async fn follow(&self, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.refresh().await {
                tracing::error!(%error, cause = %error.source, "could not look for changes of plugins");
            }
        }
    }

    /// How every enabled plugin is.
    #[must_use]
    pub fn health(&self) -> Vec<PluginHealth> {
        self.registry().iter().map(health).collect()
    }

    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn loading(&self) -> Loading<'_> {
        Loading { loader: &self.parts.loader, blobs: &*self.parts.blobs }
    }

    fn meter(&self, id: &PluginId) -> Arc<Meter> {
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(meters.entry(id.clone()).or_default())
    }

    async fn load(&self, record: PluginRecord, known: &Registry) -> Arc<Plugin> {
        if let Some(same) = known.find(&record.id).filter(|it| it.record == record) {
            return Arc::clone(same);
        }
        let (port, clock) = (Arc::clone(&self.parts.log), Arc::clone(&self.parts.clock));
        let log = GuestLog::new(record.id.clone(), self.parts.limits.log, port, clock);
        let replaced = match self.parts.plugins.replaced(&record.id).await {
            Ok(replaced) => replaced,
            Err(error) => {
                tracing::warn!(%error, plugin.id = %record.id, "could not read whether a plugin is on trial");
                None
            }
        };
        let trial = Trial::of(&record, replaced, &self.parts.plugins, &log);
        let services = self.services.clone();
        let (id, grants) = (record.id.clone(), record.grants.clone());
        let mut profile = GuestProfile::new(id, grants, self.parts.limits, log, services);
        profile.settings.clone_from(&record.settings);
        profile.meter = self.meter(&record.id);
        let body = self.loading().load(&record, &profile).await;
        let engine = self.parts.loader.engine().clone();
        let plugin = Plugin::new(record, Arc::new(profile), engine, self.parts.breaker, body);
        let plugin = plugin.on_trial(trial);
        report(&plugin);
        Arc::new(plugin)
    }
}

fn report(plugin: &Plugin) {
    let (id, version) = (&plugin.record.id, &plugin.record.version);
    match plugin.ready() {
        Ok(_) => {
            tracing::info!(plugin.id = %id, plugin.version = %version, "plugin {id} is loaded");
        }
        Err(failure) => {
            tracing::error!(plugin.id = %id, plugin.version = %version, "{failure}");
            plugin.profile.log.host(smartcms_app::ports::LogLevel::Error, &failure.message);
            if let Some(trial) = &plugin.trial {
                trial.unusable();
            }
        }
    }
}

fn health(plugin: &Arc<Plugin>) -> PluginHealth {
    let breaker = plugin.breaker.locked();
    let condition = match &plugin.body {
        Body::Unusable { fault, .. } => Condition::Unusable(fault.to_string()),
        Body::Ready(_) => match breaker.pause(Instant::now()) {
            Some(reason) => Condition::Paused(reason),
            None => Condition::Ready,
        },
    };
    let points = registry::POINTS.into_iter().filter(|it| plugin.takes_part(*it)).collect();
    PluginHealth {
        plugin: plugin.record.id.clone(),
        condition,
        points,
        failures: breaker.failures(),
    }
}
