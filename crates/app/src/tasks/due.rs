//! Looking at the clock: which tasks are due.

use smartcms_domain::plugins::PluginId;

use super::declared::{KnownTask, checked, with_set};
use super::start::new_run;
use crate::App;
use crate::ports::{Due, DueChange, RunCause, StoreError};

/// Adds the runs whose time has come. However many times of a task were missed, one run makes up for them. How many
/// runs were added. A plugin that cannot tell its tasks has none that are due: its log says why.
pub async fn schedule_tasks(app: &App) -> Result<u64, StoreError> {
    let mut added = 0;
    for plugin in app.plugins.task_plugins() {
        let Ok(declared) = app.plugins.tasks(&plugin).await else { continue };
        for task in with_set(app, &plugin, checked(declared)).await? {
            added += u64::from(schedule_task(app, &plugin, &task).await?);
        }
    }
    Ok(added)
}

/// Whether a run was added.
async fn schedule_task(app: &App, plugin: &PluginId, task: &KnownTask) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let seen = app.tasks.due(plugin, &task.name).await?;
    let next = task.schedule.as_ref().and_then(|schedule| {
        let at = schedule.next_after(now)?;
        Some(Due { schedule: schedule.to_string(), at })
    });
    let same = |due: &Due| next.as_ref().is_some_and(|it| it.schedule == due.schedule);
    let run = match &seen {
        // A changed schedule counts from now on.
        Some(due) if same(due) && due.at > now => return Ok(false),
        Some(due) if same(due) => Some(new_run(app, plugin, task, RunCause::Schedule, None)),
        Some(_) => None,
        None if next.is_none() => return Ok(false),
        None => None,
    };
    let due_now = run.is_some();
    let (plugin, task) = (plugin.clone(), task.name.clone());
    let changed = app.tasks.set_due(DueChange { plugin, task, seen, next, run }).await?;
    Ok(changed && due_now)
}
