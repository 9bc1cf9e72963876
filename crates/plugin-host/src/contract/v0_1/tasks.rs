//! `smartcms:plugin/tasks` 0.1.0, and what a running task says to the host.

use bytes::Bytes;
use smartcms_app::ports::{DeclaredTask, LogLevel, TaskCall, TaskOutcome, TaskProgress};
use wasmtime::Store;
use wasmtime::component::{HasSelf, Linker};

use super::bindings::tasks::TaskRunnerPre;
use super::bindings::tasks::exports::smartcms::plugin::tasks as wit;
use super::bindings::tasks::smartcms::plugin::task_progress;
use crate::error::LimitReached;
use crate::state::GuestState;

/// Links `smartcms:plugin/task-progress`.
pub(crate) fn add_progress(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    task_progress::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Asks a plugin for its tasks.
pub(super) async fn list(
    pre: &TaskRunnerPre<GuestState>,
    store: &mut Store<GuestState>,
) -> wasmtime::Result<Vec<DeclaredTask>> {
    let plugin = pre.instantiate_async(&mut *store).await?;
    let tasks = plugin.smartcms_plugin_tasks().call_list(store).await?;
    let declared = tasks.into_iter().map(|it| DeclaredTask {
        name: it.name,
        description: it.description,
        schedule: it.schedule,
        overlap: it.overlap,
    });
    Ok(declared.collect())
}

/// Runs one stretch of a task.
pub(super) async fn run(
    pre: &TaskRunnerPre<GuestState>,
    store: &mut Store<GuestState>,
    call: TaskCall,
) -> wasmtime::Result<TaskOutcome> {
    let run = wit::TaskRun {
        id: call.run.to_string(),
        task: call.task.to_string(),
        argument: call.argument,
        checkpoint: call.checkpoint.map(|it| it.to_vec()),
    };
    let plugin = pre.instantiate_async(&mut *store).await?;
    let ended = plugin.smartcms_plugin_tasks().call_run(store, &run).await?;
    Ok(match ended {
        Ok(wit::TaskEnd::Done(text)) => TaskOutcome::Done(text),
        Ok(wit::TaskEnd::Stopped) => TaskOutcome::Stopped,
        Err(wit::TaskError::Retry(reason)) => TaskOutcome::Retry(reason),
        Err(wit::TaskError::Failed(reason)) => TaskOutcome::Failed(reason),
    })
}

impl task_progress::Host for GuestState {
    async fn report(
        &mut self,
        done: u64,
        total: Option<u64>,
        message: String,
    ) -> wasmtime::Result<()> {
        self.count_host_call()?;
        if let Some(watch) = self.task() {
            watch.control.report(TaskProgress { done, total, message });
        }
        Ok(())
    }

    async fn save_checkpoint(&mut self, data: Vec<u8>) -> wasmtime::Result<()> {
        self.count_host_call()?;
        let Some(watch) = self.task() else { return Ok(()) };
        let limit = watch.checkpoint_bytes_max;
        if data.len() > limit {
            let limit = limit as u64;
            return Err(LimitReached::Count { name: "checkpoint_bytes", limit }.into());
        }
        if let Err(error) = watch.control.save_checkpoint(Bytes::from(data)).await {
            // The one before is still there, and the run can go on.
            self.log().host(LogLevel::Warn, &format!("a checkpoint was not stored: {error}"));
        }
        Ok(())
    }

    async fn should_stop(&mut self) -> wasmtime::Result<bool> {
        self.count_host_call()?;
        Ok(self.task().is_some_and(|it| it.should_stop()))
    }
}
