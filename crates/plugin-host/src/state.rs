//! The data of a guest's store: what one call of one plugin can reach.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use smartcms_app::ports::{KeyValueStore, LogLevel, NeuralModels, TaskControl};
use smartcms_app::{App, CallChain};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::{Grant, Grants, PluginId};
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::budget::{self, RequestBudget};
use crate::capabilities::http::{Network, Outbound};
use crate::capabilities::output::{CallLog, GuestLog, LogStream};
use crate::capabilities::{files, nn};
use crate::error::LimitReached;
use crate::limits::{PluginLimits, StoreLimits};
use crate::meter::Meter;

/// What every call of one plugin shares.
pub struct GuestProfile {
    /// The plugin.
    pub id: PluginId,
    /// What the operator gave it.
    pub grants: Grants,
    /// What it may use.
    pub limits: PluginLimits,
    /// Its settings: one JSON object.
    pub settings: String,
    /// Where its lines go.
    pub log: Arc<GuestLog>,
    /// Where its standard streams go.
    pub streams: StandardStreams,
    /// What stands behind the capabilities.
    pub services: Services,
    /// What its calls are counted by.
    pub(crate) meter: Arc<Meter>,
    /// The grants once more, as the list that each call looks through.
    list: Vec<Grant>,
    actor: Arc<Actor>,
}

/// What stands behind the capabilities, shared by all plugins. What is missing answers "unavailable".
#[derive(Clone)]
pub struct Services {
    /// The keys of plugins.
    pub keys: Option<Arc<dyn KeyValueStore>>,
    /// The operations on content; set when the application is joined, as it needs the plugins itself.
    pub app: Arc<OnceLock<App>>,
    /// Outgoing connections.
    pub network: Network,
    /// Models that plugins compute with.
    pub models: Arc<dyn NeuralModels>,
    /// Where the paths of granted folders begin.
    pub folder_root: PathBuf,
    /// The server's own folders: no granted folder may hold one or lie in one.
    pub protected_folders: Vec<PathBuf>,
}

/// Where the standard streams of a guest lead.
#[derive(Clone)]
pub enum StandardStreams {
    /// Output goes to the plugin's log, input is empty.
    Log,
    /// As the function says.
    Custom(Arc<dyn Fn(&mut WasiCtxBuilder) + Send + Sync>),
}

/// The data of one store.
pub(crate) struct GuestState {
    profile: Arc<GuestProfile>,
    chain: CallChain,
    log: Arc<CallLog>,
    limits: StoreLimits,
    host_calls_left: u64,
    // Made when the guest first asks: many plugins never do, and it costs more than their whole call.
    wasi: Option<Box<WasiCtx>>,
    table: ResourceTable,
    http: WasiHttpCtx,
    outbound: Outbound,
    neural: nn::Held,
    task: Option<TaskWatch>,
    arguments: Vec<String>,
    begun: Option<Instant>,
    budget: Option<Arc<RequestBudget>>,
    // Held until the store goes, so that the next call begins when this one has ended.
    _permit: Option<OwnedSemaphorePermit>,
}

/// What the run of a task says and hears through its store.
#[derive(Clone)]
pub(crate) struct TaskWatch {
    /// The other end.
    pub(crate) control: Arc<dyn TaskControl>,
    /// When its time is almost over.
    pub(crate) stop_at: Instant,
    /// What one checkpoint may hold.
    pub(crate) checkpoint_bytes_max: usize,
}

impl TaskWatch {
    /// Whether the run should stop: it was told to, or its time is almost over.
    pub(crate) fn should_stop(&self) -> bool {
        Instant::now() >= self.stop_at || self.control.should_stop()
    }
}

impl GuestProfile {
    /// Joins what the calls of a plugin share.
    #[must_use]
    pub fn new(
        id: PluginId,
        grants: Grants,
        limits: PluginLimits,
        log: Arc<GuestLog>,
        services: Services,
    ) -> Self {
        let list = grants.iter().cloned().collect();
        let (name, held) = (id.clone(), grants.clone());
        let actor = Arc::new(Actor::Plugin { id: name, grants: held, acting_for: None });
        let (settings, streams) = ("{}".to_owned(), StandardStreams::Log);
        let meter = Arc::default();
        Self { id, grants, limits, settings, log, streams, services, meter, list, actor }
    }

    /// The same plugin with other limits.
    #[must_use]
    pub fn with_limits(&self, limits: PluginLimits) -> Self {
        let (id, grants) = (self.id.clone(), self.grants.clone());
        let log = Arc::clone(&self.log);
        let mut profile = Self::new(id, grants, limits, log, self.services.clone());
        profile.settings.clone_from(&self.settings);
        profile.streams = self.streams.clone();
        profile.meter = Arc::clone(&self.meter);
        profile
    }

    /// Every grant.
    #[must_use]
    pub fn grant_list(&self) -> &[Grant] {
        &self.list
    }

    /// Whether any grant is of this capability.
    #[must_use]
    pub fn has(&self, capability: &str) -> bool {
        self.list.iter().any(|it| it.capability() == capability)
    }

    /// The plugin as one who acts: for the one who asked, or on its own account.
    #[must_use]
    pub fn actor(&self, asker: Option<&Arc<Actor>>) -> Arc<Actor> {
        let Some(asker) = asker else { return Arc::clone(&self.actor) };
        let acting_for = Some(Arc::clone(asker));
        Arc::new(Actor::Plugin { id: self.id.clone(), grants: self.grants.clone(), acting_for })
    }
}

impl GuestState {
    /// The state for one call, which ends at `deadline`. `chain` holds the plugins whose calls led here, this one last.
    pub(crate) fn new(profile: Arc<GuestProfile>, chain: CallChain, deadline: Instant) -> Self {
        let log = profile.log.call();
        let limits = &profile.limits.call;
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles_max);
        Self {
            chain,
            limits: StoreLimits::new(limits),
            host_calls_left: limits.host_calls_max,
            wasi: None,
            table,
            http: WasiHttpCtx::new(),
            outbound: Outbound::new(Arc::clone(&profile), Arc::clone(&log), deadline),
            log,
            profile,
            neural: nn::Held::default(),
            task: None,
            arguments: Vec::new(),
            begun: Some(Instant::now()),
            budget: budget::current(),
            _permit: None,
        }
    }

    /// Holds a place among the calls that may be under way until the state is dropped.
    pub(crate) fn holding(mut self, permit: OwnedSemaphorePermit) -> Self {
        self._permit = Some(permit);
        self
    }

    /// Serves many calls, which are counted where they are made.
    pub(crate) fn lasting(mut self) -> Self {
        self.begun = None;
        self
    }

    /// A store with this state that keeps to its limits; the time limit is the caller's to set.
    pub(crate) fn into_store(self, engine: &Engine) -> Store<Self> {
        let output_bytes_max = self.profile.limits.call.output_bytes_max;
        let mut store = Store::new(engine, self);
        store.limiter(|state| &mut state.limits);
        store.set_hostcall_fuel(output_bytes_max);
        store
    }

    /// Makes this the run of a task.
    pub(crate) fn set_task(&mut self, watch: TaskWatch) {
        self.task = Some(watch);
    }

    /// What a program finds as its arguments, its own name first.
    pub(crate) fn set_arguments(&mut self, arguments: Vec<String>) {
        self.arguments = arguments;
    }

    /// The run of a task that this is, if it is one.
    pub(crate) fn task(&self) -> Option<TaskWatch> {
        self.task.clone()
    }

    pub(crate) fn profile(&self) -> &Arc<GuestProfile> {
        &self.profile
    }

    /// The linear memory of its instances, in bytes.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.limits.memory_bytes()
    }

    /// Whether a store that lasts has used half of the room and the host calls that it had when it was made, and its
    /// next call had better get another one.
    pub(crate) fn is_worn(&self, memory_bytes_at_first: u64) -> bool {
        let limits = &self.profile.limits.call;
        let room = (limits.memory_bytes_max as u64).saturating_sub(memory_bytes_at_first);
        let taken = self.memory_bytes().saturating_sub(memory_bytes_at_first);
        taken > room / 2 || self.host_calls_left < limits.host_calls_max / 2
    }

    pub(crate) fn chain(&self) -> &CallChain {
        &self.chain
    }

    pub(crate) fn log(&self) -> &Arc<CallLog> {
        &self.log
    }

    pub(crate) fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }

    pub(crate) fn neural(&mut self) -> &mut nn::Held {
        &mut self.neural
    }

    /// Counts a call of a host function that does work; past the limit it is a trap.
    pub(crate) fn count_host_call(&mut self) -> Result<(), LimitReached> {
        let limit = self.profile.limits.call.host_calls_max;
        let left = self.host_calls_left.checked_sub(1);
        self.host_calls_left = left.ok_or(LimitReached::Count { name: "host_calls", limit })?;
        Ok(())
    }
}

/// A state lives as long as its call, or as its calls.
impl Drop for GuestState {
    fn drop(&mut self) {
        let host_calls = self.profile.limits.call.host_calls_max - self.host_calls_left;
        if let Some(begun) = self.begun {
            self.profile.meter.called(1, begun.elapsed());
        }
        self.profile.meter.used(self.limits.memory_bytes(), host_calls);
        if let Some(budget) = &self.budget {
            budget.called(host_calls);
        }
    }
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let (profile, log, arguments) = (&self.profile, &self.log, &self.arguments);
        let ctx = self.wasi.get_or_insert_with(|| Box::new(wasi(profile, log, arguments)));
        WasiCtxView { ctx, table: &mut self.table }
    }
}

impl WasiHttpView for GuestState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outbound, table: &mut self.table, ctx: &mut self.http }
    }
}

fn wasi(profile: &GuestProfile, log: &Arc<CallLog>, arguments: &[String]) -> WasiCtx {
    let mut builder = WasiCtx::builder();
    builder.args(arguments);
    builder.max_random_size(profile.limits.call.random_bytes_max);
    match &profile.streams {
        StandardStreams::Log => {
            builder.stdout(LogStream::new(Arc::clone(log), "stdout"));
            builder.stderr(LogStream::new(Arc::clone(log), "stderr"));
        }
        StandardStreams::Custom(configure) => configure(&mut builder),
    }
    for path in files::configure(&mut builder, profile.grant_list(), &profile.services.folder_root)
    {
        log.host(LogLevel::Error, &format!("could not open the granted folder {}", path.display()));
    }
    builder.build()
}
