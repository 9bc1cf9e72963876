//! One plugin that is loaded, and the way every call of it takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::CallChain;
use smartcms_app::ports::{LogLevel, PluginFailure, PluginFailureKind, PluginRecord};
use smartcms_domain::actors::Actor;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use wasmtime::Store;
use wasmtime::component::InstancePre;
use wasmtime_wasi_http::handler::ProxyPre;

use super::blocks::KnownBlocks;
use super::breaker::{BreakerLimits, SharedBreaker};
use super::functions::KnownFunctions;
use super::tasks::{ProgramTask, Tasks};
use super::trial::Trial;
use crate::budget;
use crate::call::Call;
use crate::contract::{Contract, FormAtOnce, Point};
use crate::engine::PluginEngine;
use crate::error::{CallError, LimitReached, PluginFault};
use crate::link::PluginSetup;
use crate::state::{GuestProfile, GuestState};

/// A plugin that the site uses.
pub(crate) struct Plugin {
    pub(crate) record: PluginRecord,
    pub(crate) profile: Arc<GuestProfile>,
    pub(crate) body: Body,
    pub(crate) blocks: KnownBlocks,
    pub(crate) functions: KnownFunctions,
    pub(super) tasks: Tasks,
    /// While it has to show that it can take the place of another version.
    pub(crate) trial: Option<Trial>,
    engine: PluginEngine,
    slots: Arc<Semaphore>,
    pub(super) breaker: SharedBreaker,
}

/// What was made of the plugin's file.
pub(crate) enum Body {
    /// It can be called.
    Ready(Ready),
    /// It cannot, and these are the places where it would take part: hooks fail closed there.
    Unusable { fault: PluginFault, points: Vec<Point> },
}

/// A linked plugin.
pub(crate) struct Ready {
    pub(crate) contract: Arc<dyn Contract>,
    pub(crate) routes: Option<ProxyPre<GuestState>>,
    /// The program that is run as its task.
    pub(crate) program: Option<ProgramTask>,
    /// An import that functions may not have.
    pub(crate) impure: Option<String>,
    /// Makes an instance for functions whose calls end where they begin, where that can be.
    pub(crate) at_once: Option<LinkedAtOnce>,
    /// Makes an instance and calls nothing.
    pub(crate) start: InstancePre<GuestState>,
    /// What it was linked to.
    pub(crate) setup: PluginSetup,
}

/// Functions whose calls end where they begin, in one engine or the other.
#[derive(Clone)]
pub(crate) struct LinkedAtOnce {
    pub(crate) engine: PluginEngine,
    pub(crate) linked: FormAtOnce,
}

/// A place among the calls under way, given back when it is dropped.
pub(super) enum Place<'a> {
    Free(#[expect(dead_code, reason = "held")] SemaphorePermit<'a>),
    Awaited(#[expect(dead_code, reason = "held")] OwnedSemaphorePermit),
}

/// A call that has its place and its store.
pub(crate) struct Begun {
    pub(crate) call: Call,
    pub(crate) store: Store<GuestState>,
}

impl Plugin {
    pub(crate) fn new(
        record: PluginRecord,
        profile: Arc<GuestProfile>,
        engine: PluginEngine,
        limits: BreakerLimits,
        body: Body,
    ) -> Self {
        let slots = Arc::new(Semaphore::new(profile.limits.concurrent_calls_max));
        let breaker = SharedBreaker::new(limits);
        let (blocks, functions) = (KnownBlocks::default(), KnownFunctions::default());
        let tasks = Tasks::new(&profile);
        let trial = None;
        Self { record, profile, body, blocks, functions, tasks, trial, engine, slots, breaker }
    }

    /// Puts it on trial, if it has one to stand.
    pub(crate) fn on_trial(self, trial: Option<Trial>) -> Self {
        Self { trial, ..self }
    }

    /// Whether the plugin takes part here, or would if it could be called.
    pub(crate) fn takes_part(&self, point: Point) -> bool {
        match (&self.body, point) {
            (Body::Ready(ready), Point::Routes) => ready.routes.is_some(),
            (Body::Ready(Ready { program: Some(_), .. }), Point::Tasks) => true,
            (Body::Ready(ready), _) => ready.contract.takes_part(point),
            (Body::Unusable { points, .. }, _) => points.contains(&point),
        }
    }

    /// The linked plugin, or why there is none.
    pub(crate) fn ready(&self) -> Result<&Ready, PluginFailure> {
        match &self.body {
            Body::Ready(ready) => Ok(ready),
            Body::Unusable { fault, .. } => {
                self.profile.meter.failed(fault);
                Err(self.failure_of(fault))
            }
        }
    }

    /// Calls the plugin within its limits: waits for a place, makes a store, and counts what becomes of it.
    pub(crate) async fn call<T, F, R>(
        &self,
        limit: Duration,
        chain: &CallChain,
        run: F,
    ) -> Result<T, PluginFailure>
    where
        F: FnOnce(Arc<dyn Contract>, Store<GuestState>) -> R,
        R: Future<Output = wasmtime::Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let contract = Arc::clone(&self.ready()?.contract);
        let begun = self.begin(limit, chain).await?;
        let since = Instant::now();
        let outcome = begun.call.guarded(run(contract, begun.store)).await;
        // Here and not where the store goes: a guest that is stopped goes a little after its caller went on.
        if let Some(budget) = budget::current() {
            budget.waited(since.elapsed());
        }
        self.settle(outcome)
    }

    /// Makes an instance within the limits of a request, and drops it.
    pub(crate) async fn start(&self) -> Result<(), PluginFailure> {
        let start = self.ready()?.start.clone();
        let Begun { call, mut store } =
            self.begin(self.profile.limits.times.request, &CallChain::EMPTY).await?;
        let started = async move { start.instantiate_async(&mut store).await.map(drop) };
        let outcome = call.guarded(started).await;
        self.settle(outcome)
    }

    /// Takes a place among the calls under way and makes a store that obeys the limits of the call.
    pub(crate) async fn begin(
        &self,
        limit: Duration,
        chain: &CallChain,
    ) -> Result<Begun, PluginFailure> {
        let chain = self.entered(chain)?;
        let limit = self.within_budget(limit)?;
        let permit = self.admitted(limit).await?;
        Ok(self.begun(Arc::clone(&self.profile), limit, chain, permit))
    }

    /// The time that a call has: its own, or what the request has left for all calls together.
    fn within_budget(&self, limit: Duration) -> Result<Duration, PluginFailure> {
        let Some(budget) = budget::current() else { return Ok(limit) };
        budget.left().map(|left| limit.min(left)).map_err(|spent| {
            self.profile.meter.turned_away();
            let message = format!("was not called: the request has used up its limit {spent}");
            PluginFailure {
                plugin: self.record.id.clone(),
                kind: PluginFailureKind::Limit,
                message,
            }
        })
    }

    /// The chain with this call at its end.
    pub(super) fn entered(&self, chain: &CallChain) -> Result<CallChain, PluginFailure> {
        let limit = smartcms_app::NESTED_CALLS_MAX as u64;
        let full = || self.failure_of(&LimitReached::Count { name: "nested_calls", limit }.into());
        chain.entering(&self.record.id).ok_or_else(full)
    }

    /// Lets a call through, unless the plugin is paused.
    pub(super) fn admit(&self) -> Result<(), PluginFailure> {
        self.breaker.admit(Instant::now).map_err(|left| self.paused(left))
    }

    /// A call that has its place: its clock and a store that obeys its limits.
    pub(super) fn begun(
        &self,
        profile: Arc<GuestProfile>,
        limit: Duration,
        chain: CallChain,
        permit: OwnedSemaphorePermit,
    ) -> Begun {
        let call = self.engine.call(limit);
        let state = GuestState::new(profile, chain, Instant::now() + limit).holding(permit);
        let mut store = state.into_store(self.engine.wasmtime());
        call.arm(&mut store);
        Begun { call, store }
    }

    /// A place among the calls under way, unless the plugin is paused.
    pub(crate) async fn admitted(
        &self,
        limit: Duration,
    ) -> Result<OwnedSemaphorePermit, PluginFailure> {
        self.admit()?;
        self.permit(limit).await
    }

    /// The same on a thread that may wait, for a call that begins now and ends there.
    pub(super) fn place_at_once(&self, limit: Duration) -> Result<Place<'_>, PluginFailure> {
        self.admit()?;
        // Nearly always there is one.
        match self.slots.try_acquire() {
            Ok(permit) => Ok(Place::Free(permit)),
            Err(_) => wasmtime_wasi::runtime::in_tokio(self.permit(limit)).map(Place::Awaited),
        }
    }

    /// A store for many calls, without what was granted; each call holds a place and arms the store.
    pub(crate) fn lasting_store(&self, profile: Arc<GuestProfile>) -> Store<GuestState> {
        lasting_store(&self.engine, profile)
    }

    /// Begins a call in a store that lasts.
    pub(crate) fn call_in(&self, limit: Duration) -> Call {
        self.engine.call(limit)
    }

    /// Counts the outcome of a call, and says once what went wrong with it.
    pub(crate) fn settle<T>(&self, outcome: Result<T, CallError>) -> Result<T, PluginFailure> {
        match outcome {
            Ok(value) => {
                self.breaker.succeeded();
                self.count(true);
                Ok(value)
            }
            Err(error) => Err(self.failed(&PluginFault::from(error))),
        }
    }

    /// Counts a failure and tells the operator.
    pub(crate) fn failed(&self, fault: &PluginFault) -> PluginFailure {
        let failure = self.failure_of(fault);
        self.profile.meter.failed(fault);
        self.count(false);
        let paused = self.breaker.failed(Instant::now(), &failure.message);
        tracing::warn!(plugin.id = %failure.plugin, plugin.version = %self.record.version, "{failure}");
        self.profile.log.host(LogLevel::Error, &failure.message);
        if paused {
            let limits = self.breaker.locked().limits();
            let (count, pause) = (limits.failures_max, limits.pause.as_secs());
            let text = format!(
                "is paused: it failed {count} times in a row; one call tries it again in {pause} s"
            );
            tracing::error!(plugin.id = %failure.plugin, "plugin {} {text}", failure.plugin);
            self.profile.log.host(LogLevel::Error, &text);
        }
        failure
    }

    fn count(&self, succeeded: bool) {
        if let Some(trial) = &self.trial {
            trial.called(succeeded);
        }
    }

    /// A failure that the plugin did not cause by running, and that counts for nothing.
    pub(crate) fn unavailable(&self, message: String) -> PluginFailure {
        let plugin = self.record.id.clone();
        self.profile.meter.turned_away();
        PluginFailure { plugin, kind: PluginFailureKind::Unavailable, message }
    }

    pub(crate) fn failure_of(&self, fault: &PluginFault) -> PluginFailure {
        let text = fault.to_string();
        // A failure's message follows the plugin's name, where a fault says "it".
        let message =
            text.strip_prefix("it ").map_or_else(|| format!("failed: {text}"), str::to_owned);
        PluginFailure { plugin: self.record.id.clone(), kind: kind(fault), message }
    }

    fn paused(&self, left: Duration) -> PluginFailure {
        let (failures, seconds) = (self.breaker.locked().failures(), left.as_secs() + 1);
        self.unavailable(format!(
            "is paused after {failures} failures in a row; it is tried again in {seconds} s"
        ))
    }

    /// A place among the calls under way; waiting for one may take as long as a call.
    async fn permit(&self, limit: Duration) -> Result<OwnedSemaphorePermit, PluginFailure> {
        if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(permit);
        }
        match tokio::time::timeout(limit, Arc::clone(&self.slots).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => {
                let calls = self.profile.limits.concurrent_calls_max;
                Err(self.unavailable(format!(
                    "is busy: {calls} of its calls are under way, which is the limit"
                )))
            }
        }
    }
}

/// A store for many calls, without what was granted.
pub(super) fn lasting_store(
    engine: &PluginEngine,
    profile: Arc<GuestProfile>,
) -> Store<GuestState> {
    let chain = CallChain::acting_for(Actor::Anonymous);
    GuestState::new(profile, chain, Instant::now()).lasting().into_store(engine.wasmtime())
}

fn kind(fault: &PluginFault) -> PluginFailureKind {
    match fault {
        PluginFault::Limit(LimitReached::Time { .. }) => PluginFailureKind::TimedOut,
        PluginFault::Limit(_) => PluginFailureKind::Limit,
        PluginFault::Trap { .. } => PluginFailureKind::Trapped,
        PluginFault::Denied { .. } => PluginFailureKind::Denied,
        PluginFault::UnknownImport { .. }
        | PluginFault::UnknownVersion { .. }
        | PluginFault::Contract { .. }
        | PluginFault::NoExport { .. }
        | PluginFault::Compile(_)
        | PluginFault::Host(_) => PluginFailureKind::Unusable,
    }
}
