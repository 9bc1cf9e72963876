//! Tasks: what a plugin tells of them, and calls that take long beside the short ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::CallChain;
use smartcms_app::ports::{DeclaredTask, PluginFailure, TaskCall, TaskControl, TaskOutcome};
use tokio::sync::{Mutex, Semaphore};

use super::plugin::{Begun, Plugin};
use crate::limits::TaskLimits;
use crate::state::{GuestProfile, TaskWatch};

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
    let contract = Arc::clone(&plugin.ready()?.contract);
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
    let work = async move { contract.run_task(&mut store, call).await };
    plugin.settle(guarded.guarded(work).await)
}
