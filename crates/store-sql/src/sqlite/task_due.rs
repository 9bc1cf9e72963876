//! When tasks are due: rows and statements; `tasks` has the port.

use rusqlite::{Connection, params};
use smartcms_app::ports::{Due, DueChange};
use smartcms_domain::plugins::{PluginId, TaskName};

use super::rows::{Fault, first, run};
use super::tasks;

const FIND: &str = "SELECT schedule, at FROM task_due WHERE plugin = ?1 AND task = ?2";
const SET: &str = "INSERT INTO task_due (plugin, task, schedule, at) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (plugin, task) DO UPDATE SET schedule = excluded.schedule, at = excluded.at";
const REMOVE: &str = "DELETE FROM task_due WHERE plugin = ?1 AND task = ?2";
const WAITS: &str = "SELECT 1 FROM task_runs \
    WHERE plugin = ?1 AND task = ?2 AND ended_at IS NULL AND state = 'waiting' LIMIT 1";

pub(super) fn find(
    db: &Connection,
    plugin: &PluginId,
    task: &TaskName,
) -> Result<Option<Due>, Fault> {
    first(db, FIND, [plugin.as_str(), task.as_str()], |mut row| {
        Ok(Due { schedule: row.next()?, at: row.time()? })
    })
}

/// Whether it was due when it was seen to be, so that the change was made.
pub(super) fn set(db: &Connection, change: &DueChange) -> Result<bool, Fault> {
    let (plugin, task) = (change.plugin.as_str(), change.task.as_str());
    if find(db, &change.plugin, &change.task)? != change.seen {
        return Ok(false);
    }
    match &change.next {
        Some(due) => {
            run(db, SET, params![plugin, task, due.schedule, due.at.as_millis()])?;
        }
        None => {
            run(db, REMOVE, [plugin, task])?;
        }
    }
    if let Some(added) = &change.run
        && first(db, WAITS, [plugin, task], |_| Ok(()))?.is_none()
    {
        tasks::insert(db, added)?;
    }
    Ok(true)
}
