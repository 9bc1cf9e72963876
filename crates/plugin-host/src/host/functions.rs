//! Functions for queries: one instance for each caller, which serves its calls one after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::future::BoxFuture;
use smartcms_app::ports::{
    FunctionCalls, FunctionError, FunctionsAtOnce, PluginFailure, PluginFailureKind,
    PluginFunction, Scalar, misfit_of_functions,
};
use smartcms_domain::plugins::{Grants, PluginId};
use tokio::sync::OnceCell;
use wasmtime::Store;

use super::at_once::AtOnce;
use super::load::Loading;
use super::plugin::{LinkedAtOnce, Plugin};
use super::points::quoted;
use super::registry::Registry;
use crate::contract::{Library, ListedFunction, Point};
use crate::error::{CallError, PluginFault};
use crate::state::{GuestProfile, GuestState};

/// After so many calls an instance is replaced: what it leaks and counts ends with it.
const CALLS_PER_INSTANCE: u32 = 1_000;

/// What is known of a plugin's functions.
#[derive(Default)]
pub(crate) struct KnownFunctions {
    listed: OnceCell<Arc<[PluginFunction]>>,
    at_once: OnceCell<Option<LinkedAtOnce>>,
}

/// The functions of a plugin for one caller.
struct Caller {
    plugin: Arc<Plugin>,
    /// The plugin without what it was granted: functions reach nothing.
    profile: Arc<GuestProfile>,
    functions: Arc<[PluginFunction]>,
    at_once: Option<LinkedAtOnce>,
    live: Option<Live>,
}

/// An instance at work.
struct Live {
    store: Store<GuestState>,
    library: Box<dyn Library>,
    calls: u32,
}

/// What is done with an instance in one call.
trait Work<T>:
    for<'a> FnOnce(&'a dyn Library, &'a mut Store<GuestState>) -> BoxFuture<'a, wasmtime::Result<T>>
    + Send
    + 'static
{
}

impl<T, F> Work<T> for F where
    F: for<'a> FnOnce(
            &'a dyn Library,
            &'a mut Store<GuestState>,
        ) -> BoxFuture<'a, wasmtime::Result<T>>
        + Send
        + 'static
{
}

/// Begins to call the functions of a plugin.
pub(super) async fn open(
    registry: &Registry,
    loading: Loading<'_>,
    id: &PluginId,
) -> Result<Box<dyn FunctionCalls>, FunctionError> {
    let found = registry.find(id).filter(|it| it.takes_part(Point::Functions));
    let Some(plugin) = found else {
        let hint = hint(registry.at(Point::Functions).iter().map(|it| it.record.id.as_str()));
        let (plugin, function) = (id.clone(), "at all".to_owned());
        return Err(FunctionError::Unknown { plugin, function, hint });
    };
    let ready = plugin.ready()?;
    if let Some(import) = &ready.impure {
        return Err(impure(plugin, import).into());
    }
    let known = &plugin.profile;
    let (limits, log) = (known.limits, Arc::clone(&known.log));
    let profile =
        GuestProfile::new(id.clone(), Grants::default(), limits, log, known.services.clone());
    let mut caller = Caller {
        plugin: Arc::clone(plugin),
        profile: Arc::new(profile),
        functions: Arc::from([]),
        at_once: None,
        live: None,
    };
    let known = &plugin.functions;
    caller.functions = Arc::clone(known.listed.get_or_try_init(|| caller.list()).await?);
    let at_once = known.at_once.get_or_init(|| loading.at_once(&plugin.record, ready)).await;
    caller.at_once.clone_from(at_once);
    Ok(Box::new(caller))
}

#[async_trait]
impl FunctionCalls for Caller {
    fn functions(&self) -> &[PluginFunction] {
        &self.functions
    }

    fn at_once(&self) -> Option<Box<dyn FunctionsAtOnce>> {
        let (plugin, profile) = (Arc::clone(&self.plugin), Arc::clone(&self.profile));
        let linked = self.at_once.clone()?;
        Some(Box::new(AtOnce::open(plugin, profile, Arc::clone(&self.functions), linked)))
    }

    async fn call(
        &mut self,
        function: &str,
        arguments: Vec<Scalar>,
    ) -> Result<Scalar, FunctionError> {
        let functions = Arc::clone(&self.functions);
        let Some(declared) = functions.iter().find(|it| it.name == function) else {
            let hint = hint(functions.iter().map(|it| it.name.as_str()));
            let (plugin, function) = (self.plugin.record.id.clone(), function.to_owned());
            return Err(FunctionError::Unknown { plugin, function, hint });
        };
        let arguments = declared.fitting(arguments)?;
        let name = declared.name.clone();
        let answer = self
            .run(
                self.profile.limits.times.function,
                move |library: &dyn Library, store: &mut Store<GuestState>| {
                    Box::pin(async move { library.call(store, &name, arguments).await })
                },
            )
            .await?;
        value_of(&self.plugin, declared, answer)
    }
}

/// What a function answered, if it is of the type that it declares.
pub(super) fn value_of(
    plugin: &Plugin,
    declared: &PluginFunction,
    answer: Result<Scalar, String>,
) -> Result<Scalar, FunctionError> {
    let value = answer.map_err(|reason| FunctionError::Refused(quoted(&reason)))?;
    value.of_type(declared.result).ok_or_else(|| {
        let message = format!("{} gave another type than it declares", declared.signature());
        plugin.failed(&PluginFault::Host(message)).into()
    })
}

impl Caller {
    async fn list(&mut self) -> Result<Arc<[PluginFunction]>, PluginFailure> {
        let listed = self
            .run(self.profile.limits.times.filter, |library, store| library.list(store))
            .await?;
        checked(&self.plugin.record.id, listed).map(Arc::from).map_err(|reason| {
            let message = format!("its list of functions is of no use: {reason}");
            self.plugin.failed(&PluginFault::Host(message))
        })
    }

    /// Does one thing in the instance within the time of a function; an instance in which something failed is dropped.
    async fn run<T: Send + 'static>(
        &mut self,
        limit: Duration,
        work: impl Work<T>,
    ) -> Result<T, PluginFailure> {
        let contract = Arc::clone(&self.plugin.ready()?.contract);
        let permit = self.plugin.admitted(limit).await?;
        let live = self.live.take().filter(|it| it.calls < CALLS_PER_INSTANCE);
        let call = self.plugin.call_in(limit);
        let (mut store, known) = match live {
            Some(live) => (live.store, Some((live.library, live.calls))),
            None => (self.plugin.lasting_store(Arc::clone(&self.profile)), None),
        };
        call.arm(&mut store);
        let begun = Instant::now();
        let guarded = call.guarded(async move {
            let (library, calls) = match known {
                Some(known) => known,
                None => (contract.library(&mut store).await?, 0),
            };
            let value = work(&*library, &mut store).await?;
            Ok((Live { store, library, calls: calls + 1 }, value))
        });
        let outcome: Result<(Live, T), CallError> = guarded.await;
        drop(permit);
        // The store lasts, so that the calls in it are counted here.
        self.plugin.profile.meter.called(1, begun.elapsed());
        let (live, value) = self.plugin.settle(outcome)?;
        self.live = Some(live);
        Ok(value)
    }
}

fn checked(plugin: &PluginId, listed: Vec<ListedFunction>) -> Result<Vec<PluginFunction>, String> {
    let told = |it: ListedFunction| PluginFunction {
        plugin: plugin.clone(),
        name: it.name,
        description: quoted(&it.description),
        parameters: it.parameters,
        result: it.result,
        deterministic: it.deterministic,
    };
    let functions: Vec<PluginFunction> = listed.into_iter().map(told).collect();
    misfit_of_functions(&functions).map_or(Ok(functions), Err)
}

fn impure(plugin: &Plugin, import: &str) -> PluginFailure {
    let message = format!(
        "imports {import}, and functions are called only where a component imports nothing but clocks, random \
         numbers and its log; put them into a component of their own"
    );
    PluginFailure { plugin: plugin.record.id.clone(), kind: PluginFailureKind::Denied, message }
}

fn hint<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { String::new() } else { format!("; there are {}", names.join(", ")) }
}
