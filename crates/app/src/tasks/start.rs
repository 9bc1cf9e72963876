//! New runs, and workers that take them.

use std::time::Duration;

use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::declared::{KnownTask, find_task};
use super::error::TaskError;
use crate::audit::{Deed, record};
use crate::ports::{RunCause, RunClaim, RunState, StoreError, TaskRun};
use crate::{App, OpContext};

/// The longest argument of a run, in bytes.
pub const ARGUMENT_BYTES_MAX: usize = 64 * 1024;
/// For how long a worker holds a run without renewing it.
pub(super) const HOLD: Duration = Duration::from_secs(10);

/// Makes a run of a task, which waits for a worker.
pub async fn start_task(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    task: &str,
    argument: Option<String>,
) -> Result<TaskRun, TaskError> {
    TaskError::check(ctx)?;
    let bytes = argument.as_ref().map_or(0, String::len);
    if bytes > ARGUMENT_BYTES_MAX {
        return Err(TaskError::ArgumentTooLong { bytes, limit: ARGUMENT_BYTES_MAX });
    }
    let task = find_task(ctx.app, plugin, task).await?;
    let run = new_run(ctx.app, plugin, &task, RunCause::Person, argument);
    ctx.app.tasks.add_run(run.clone()).await?;
    let deed = Deed::done("task.started").to("task_run", run.id);
    record(ctx, deed.detail(format!("{} of {plugin}", run.task))).await;
    Ok(run)
}

/// Takes a run for a worker: of these plugins, and only the one that is named, if one is.
pub async fn claim_run(
    app: &App,
    worker: Uuid,
    plugins: Vec<PluginId>,
    only: Option<Uuid>,
) -> Result<Option<TaskRun>, StoreError> {
    let now = app.clock.now();
    app.tasks.claim_run(RunClaim { worker, plugins, only, now, until: held_until(now) }).await
}

/// Until when a run is held that is taken or renewed now.
pub(super) fn held_until(now: Timestamp) -> Timestamp {
    later(now, HOLD)
}

pub(super) fn later(time: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(time.as_millis().saturating_add(millis)).unwrap_or(time)
}

pub(super) fn new_run(
    app: &App,
    plugin: &PluginId,
    task: &KnownTask,
    cause: RunCause,
    argument: Option<String>,
) -> TaskRun {
    let now = app.clock.now();
    TaskRun {
        id: app.randomness.id(now),
        plugin: plugin.clone(),
        task: task.name.clone(),
        argument,
        cause,
        overlap: task.overlap,
        state: RunState::Waiting,
        tries: 0,
        created_at: now,
        next_at: now,
        started_at: None,
        ended_at: None,
        cancelled: false,
        progress: None,
        outcome: None,
    }
}
