//! When tasks are due: rows and statements; `tasks` has the port.

use rusqlite::{Connection, params};
use smartcms_app::ports::{Due, DueChange, SetSchedule};
use smartcms_domain::plugins::{PluginId, TaskName};

use super::rows::{Damaged, Fault, all, first, run};
use super::tasks;

const FIND: &str = "SELECT schedule, at FROM task_due WHERE plugin = ?1 AND task = ?2";
const SET: &str = "INSERT INTO task_due (plugin, task, schedule, at) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (plugin, task) DO UPDATE SET schedule = excluded.schedule, at = excluded.at";
const REMOVE: &str = "DELETE FROM task_due WHERE plugin = ?1 AND task = ?2";
const WAITS: &str = "SELECT 1 FROM task_runs \
    WHERE plugin = ?1 AND task = ?2 AND ended_at IS NULL AND state = 'waiting' LIMIT 1";
const SCHEDULES: &str = "SELECT task, schedule FROM task_schedules WHERE plugin = ?1 ORDER BY task";
const SET_SCHEDULE: &str = "INSERT INTO task_schedules (plugin, task, schedule) VALUES (?1, ?2, ?3) \
    ON CONFLICT (plugin, task) DO UPDATE SET schedule = excluded.schedule";
const UNSET_SCHEDULE: &str = "DELETE FROM task_schedules WHERE plugin = ?1 AND task = ?2";

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

pub(super) fn schedules(db: &Connection, plugin: &PluginId) -> Result<Vec<SetSchedule>, Fault> {
    all(db, SCHEDULES, [plugin.as_str()], |mut row| {
        let name: String = row.next()?;
        let what = || format!("the schedule of task `{name}`");
        let task = TaskName::parse(&name);
        let task = task.map_err(|it| Damaged { what: what(), source: Box::new(it) })?;
        Ok(SetSchedule { task, schedule: row.next()? })
    })
}

pub(super) fn set_schedule(
    db: &Connection,
    plugin: &PluginId,
    set: &SetSchedule,
) -> rusqlite::Result<()> {
    run(db, SET_SCHEDULE, params![plugin.as_str(), set.task.as_str(), set.schedule]).map(drop)
}

pub(super) fn unset_schedule(
    db: &Connection,
    plugin: &PluginId,
    task: &TaskName,
) -> rusqlite::Result<()> {
    run(db, UNSET_SCHEDULE, [plugin.as_str(), task.as_str()]).map(drop)
}
