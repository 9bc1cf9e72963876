//! One stretch of a run.

use std::sync::Arc;

use super::control::{RunControl, StopReason};
use super::settle::{Stretch, abandoned, may_begin, settled};
use crate::App;
use crate::ports::{StoreError, TaskCall, TaskControl, TaskRun};

/// Runs one stretch of a run that this worker holds, and stores what became of it.
pub async fn perform_run(
    app: &App,
    run: TaskRun,
    control: &Arc<RunControl>,
) -> Result<TaskRun, StoreError> {
    if let Some(over) = may_begin(&run, app.clock.now()) {
        return store(app, over, control).await;
    }
    let checkpoint = app.tasks.checkpoint(run.id).await?;
    let (task, argument) = (run.task.clone(), run.argument.clone());
    let call = TaskCall { run: run.id, task, argument, checkpoint };
    let held = Arc::clone(control) as Arc<dyn TaskControl>;
    let outcome = app.plugins.run_task(&run.plugin, call, held).await;
    let run = TaskRun { progress: control.progress().or(run.progress.clone()), ..run };
    let stretch = Stretch {
        outcome,
        stop: control.stop_reason(),
        has_checkpoint: control.has_checkpoint(),
        now: app.clock.now(),
    };
    store(app, settled(run, stretch), control).await
}

/// Stores what becomes of a run that was ended because it did not stop when it was told to.
pub async fn abandon_run(
    app: &App,
    run: TaskRun,
    control: &Arc<RunControl>,
) -> Result<TaskRun, StoreError> {
    let run = TaskRun { progress: control.progress().or(run.progress.clone()), ..run };
    let reason = control.stop_reason().unwrap_or(StopReason::Ending);
    store(app, abandoned(run, reason, app.clock.now()), control).await
}

/// What another worker took meanwhile is the other's to tell.
async fn store(app: &App, run: TaskRun, control: &RunControl) -> Result<TaskRun, StoreError> {
    if control.stop_reason() == Some(StopReason::Lost) {
        return Ok(run);
    }
    app.tasks.settle_run(control.worker(), run.clone()).await?;
    Ok(run)
}
