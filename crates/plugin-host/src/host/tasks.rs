//! Tasks: what a plugin tells of them, and calls that take long beside the short ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::CallChain;
use smartcms_app::ports::{DeclaredTask, PluginFailure, TaskCall, TaskControl, TaskOutcome};
use tokio::sync::{Mutex, Semaphore};
use wasmtime::Store;

use super::plugin::{Begun, Plugin};
use crate::inspect::Manifest;
use crate::limits::TaskLimits;
use crate::program::Program;
use crate::state::{GuestProfile, GuestState, TaskWatch};

/// The task that a program is.
const PROGRAM_TASK: &str = "run";
/// How long it is believed that a plugin cannot tell its tasks.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// The part of its time that a task has left when it is told to stop, at most [`STOP_BEFORE_MAX`].
const STOP_BEFORE_PART: u32 = 10;
const STOP_BEFORE_MAX: Duration = Duration::from_secs(30);

/// What the tasks of one plugin share. Their places are their own: a task of minutes takes none from hooks and pages.
pub(super) struct Tasks {
    profile: Arc<GuestProfile>,
    slots: Arc<Semaphore>,
    asked: Mutex<Option<Asked>>,
}

/// A program, `wasi:cli/run`, as the only task of a plugin that exports no tasks of its own.
pub(crate) struct ProgramTask {
    program: Arc<Program>,
    declared: DeclaredTask,
}

impl ProgramTask {
    pub(super) fn new(program: Program) -> Self {
        let declared = DeclaredTask {
            name: PROGRAM_TASK.to_owned(),
            description: "Runs the program.".to_owned(),
            schedule: None,
            overlap: false,
        };
        Self { program: Arc::new(program), declared }
    }

    /// Takes what plugin.toml says about it.
    pub(super) fn told(&mut self, manifest: &Manifest) {
        let Some(told) = manifest.tasks.get(PROGRAM_TASK) else { return };
        self.declared.schedule.clone_from(&told.schedule);
        self.declared.overlap = told.overlap;
        if let Some(description) = &told.description {
            self.declared.description.clone_from(description);
        }
    }
}

/// Runs a program in a store. What it prints is in the log; its exit code says whether it did what it should.
async fn run_program(
    program: Arc<Program>,
    mut store: Store<GuestState>,
    call: TaskCall,
) -> wasmtime::Result<TaskOutcome> {
    let name = store.data().profile().id.to_string();
    store.data_mut().set_arguments([name].into_iter().chain(call.argument).collect());
    Ok(match program.run(store).await? {
        0 => TaskOutcome::Done("ended with exit code 0".to_owned()),
        code => TaskOutcome::Failed(format!("it ended with exit code {code}")),
    })
}

/// What a plugin said of its tasks.
struct Asked {
    at: Instant,
    answer: Result<Vec<DeclaredTask>, PluginFailure>,
}

impl Tasks {
    pub(super) fn new(profile: &GuestProfile) -> Self {
        let limits = profile.limits.tasks;
        Self {
            profile: Arc::new(task_profile(profile, limits)),
            slots: Arc::new(Semaphore::new(limits.concurrent_max)),
            asked: Mutex::new(None),
        }
    }
}

/// A task may do more than a call that somebody waits for.
fn task_profile(profile: &GuestProfile, limits: TaskLimits) -> GuestProfile {
    let mut own = profile.limits;
    own.call.host_calls_max = limits.host_calls_max;
    own.outbound.requests_max = limits.outbound_requests_max;
    profile.with_limits(own)
}

/// The tasks of a plugin; it is asked once, and again after a while when it failed.
pub(super) async fn list(plugin: &Plugin) -> Result<Vec<DeclaredTask>, PluginFailure> {
    if let Some(program) = &plugin.ready()?.program {
        return Ok(vec![program.declared.clone()]);
    }
    let mut asked = plugin.tasks.asked.lock().await;
    if let Some(known) = asked.as_ref()
        && (known.answer.is_ok() || known.at.elapsed() < ASK_AGAIN)
    {
        return known.answer.clone();
    }
    let time = plugin.profile.limits.times.hook;
    let answer = plugin
        .call(time, &CallChain::EMPTY, |contract, mut store| async move {
            contract.tasks(&mut store).await
        })
        .await;
    *asked = Some(Asked { at: Instant::now(), answer: answer.clone() });
    answer
}

/// Runs one stretch of a task.
pub(super) async fn run(
    plugin: &Plugin,
    call: TaskCall,
    control: Arc<dyn TaskControl>,
) -> Result<TaskOutcome, PluginFailure> {
    let time = plugin.profile.limits.times.task;
    let ready = plugin.ready()?;
    let contract = Arc::clone(&ready.contract);
    let program = ready.program.as_ref().map(|it| Arc::clone(&it.program));
    let chain = plugin.entered(&CallChain::EMPTY)?;
    plugin.admit()?;
    let Ok(permit) = Arc::clone(&plugin.tasks.slots).try_acquire_owned() else {
        let most = plugin.profile.limits.tasks.concurrent_max;
        return Err(plugin.unavailable(format!(
            "is busy: {most} of its tasks are under way, which is the limit"
        )));
    };
    let stop_at = Instant::now() + time - (time / STOP_BEFORE_PART).min(STOP_BEFORE_MAX);
    let checkpoint_bytes_max = plugin.profile.limits.tasks.checkpoint_bytes_max;
    let watch = TaskWatch { control, stop_at, checkpoint_bytes_max };
    let profile = Arc::clone(&plugin.tasks.profile);
    let Begun { call: guarded, mut store } = plugin.begun(profile, time, chain, permit);
    store.data_mut().set_task(watch);
    let work = async move {
        match program {
            Some(program) => run_program(program, store, call).await,
            None => contract.run_task(&mut store, call).await,
        }
    };
    plugin.settle(guarded.guarded(work).await)
}
