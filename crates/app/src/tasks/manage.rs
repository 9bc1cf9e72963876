//! Looking at runs, cancelling them, and forgetting those that are long over.

use smartcms_domain::Timestamp;
use uuid::Uuid;

use super::error::TaskError;
use crate::audit::{Deed, record};
use crate::ports::{RunQuery, RunState, StoreError, TaskRun};
use crate::{App, OpContext};

/// The most runs that are listed at once.
pub const RUNS_LISTED_MAX: u32 = 100;
/// How many runs that are over are kept of one task.
pub const RUNS_KEPT_MAX: u32 = 100;
/// For how many days runs that are over are kept.
pub const RUNS_KEPT_DAYS: u32 = 90;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Runs of a plugin, the newest first.
pub async fn list_runs(ctx: &OpContext<'_>, query: RunQuery) -> Result<Vec<TaskRun>, TaskError> {
    TaskError::check(ctx)?;
    let limit = query.limit.clamp(1, RUNS_LISTED_MAX);
    Ok(ctx.app.tasks.list_runs(RunQuery { limit, ..query }).await?)
}

/// One run.
pub async fn find_run(ctx: &OpContext<'_>, id: &str) -> Result<TaskRun, TaskError> {
    TaskError::check(ctx)?;
    let unknown = || TaskError::UnknownRun(id.to_owned());
    let key = Uuid::try_parse(id).map_err(|_| unknown())?;
    ctx.app.tasks.find_run(key).await?.ok_or_else(unknown)
}

/// Cancels a run. One that is under way is told to stop, and ended when it does not.
pub async fn cancel_run(ctx: &OpContext<'_>, id: &str) -> Result<TaskRun, TaskError> {
    let run = find_run(ctx, id).await?;
    if run.state.is_over() {
        return Err(TaskError::Over { run: id.to_owned(), state: run.state.name() });
    }
    let cancelled = ctx.app.tasks.cancel_run(run.id, ctx.app.clock.now()).await?;
    let run = cancelled.ok_or_else(|| TaskError::UnknownRun(id.to_owned()))?;
    match run.state {
        // It ended between the two looks.
        RunState::Done | RunState::Failed => {
            Err(TaskError::Over { run: id.to_owned(), state: run.state.name() })
        }
        _ => {
            let deed = Deed::done("task.cancelled").to("task_run", run.id);
            record(ctx, deed.detail(format!("{} of {}", run.task, run.plugin))).await;
            Ok(run)
        }
    }
}

/// Keeps the list of runs within its bounds. How many were forgotten, at most `limit`.
pub async fn forget_runs(app: &App, limit: u32) -> Result<u64, StoreError> {
    let age = i64::from(RUNS_KEPT_DAYS) * DAY_MS;
    let before = Timestamp::from_millis(app.clock.now().as_millis().saturating_sub(age));
    // Nothing is older than the beginning of time.
    app.tasks.forget_runs(before.unwrap_or(Timestamp::EPOCH), RUNS_KEPT_MAX, limit).await
}
