//! When a task runs by itself, as the operator wants it.

use smartcms_domain::plugins::{PluginId, Schedule, TaskName};

use super::declared::{KnownTask, find_task};
use super::error::TaskError;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::SetSchedule;

/// When the operator wants a task to run by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedSchedule {
    /// At these times.
    At(String),
    /// Never.
    Never,
    /// When its plugin says.
    Own,
}

/// Sets when a task runs by itself. A changed schedule counts from the moment a server sees it.
pub async fn reschedule_task(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    task: &str,
    wanted: WantedSchedule,
) -> Result<KnownTask, TaskError> {
    TaskError::check(ctx)?;
    let task = find_task(ctx.app, plugin, task).await?.name;
    let said = match &wanted {
        WantedSchedule::At(text) => text.clone(),
        WantedSchedule::Never => "never".to_owned(),
        WantedSchedule::Own => "own".to_owned(),
    };
    let schedule = match wanted {
        WantedSchedule::Own => {
            ctx.app.tasks.unset_schedule(plugin, &task).await?;
            note(ctx, plugin, &task, said).await;
            return find_task(ctx.app, plugin, task.as_str()).await;
        }
        WantedSchedule::Never => None,
        WantedSchedule::At(text) => Some(Schedule::parse(&text)?.to_string()),
    };
    ctx.app.tasks.set_schedule(plugin, SetSchedule { task: task.clone(), schedule }).await?;
    note(ctx, plugin, &task, said).await;
    find_task(ctx.app, plugin, task.as_str()).await
}

async fn note(ctx: &OpContext<'_>, plugin: &PluginId, task: &TaskName, said: String) {
    let deed = Deed::done("task.rescheduled").to("plugin", plugin);
    record(ctx, deed.detail(format!("{task}: {said}"))).await;
}
