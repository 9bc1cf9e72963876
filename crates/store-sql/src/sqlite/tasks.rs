//! Runs of plugins' tasks.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    Due, DueChange, RunCause, RunClaim, RunHold, RunQuery, RunState, SetSchedule, StoreError,
    TaskProgress, TaskRun, TaskStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{PluginId, TaskName};
use uuid::Uuid;

use super::rows::{Columns, Damaged, Fault, all, first, run};
use super::writer::Refusal;
use super::{SqliteStore, task_due};

macro_rules! select_runs {
    ($rest:literal) => {
        concat!(
            "SELECT id, plugin, task, cause, overlap, state, tries, created_at, next_at, \
             started_at, ended_at, cancelled, done, total, message, outcome, argument ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO task_runs (id, plugin, task, cause, overlap, state, tries, \
    created_at, next_at, cancelled, argument) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const BY_ID: &str = select_runs!("FROM task_runs WHERE id = ?1");
const LIST: &str = select_runs!(
    "FROM task_runs WHERE plugin = ?1 AND (?2 IS NULL OR task = ?2) ORDER BY id DESC LIMIT ?3"
);
const FREE: &str = "SELECT id FROM task_runs r WHERE ended_at IS NULL \
    AND plugin IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR id = ?2) \
    AND ((state = 'waiting' AND next_at <= ?3) OR held_until <= ?3) \
    AND (overlap = 1 OR NOT EXISTS (SELECT 1 FROM task_runs o WHERE o.plugin = r.plugin \
    AND o.task = r.task AND o.ended_at IS NULL AND o.held_until > ?3 AND o.id <> r.id)) \
    ORDER BY next_at, id LIMIT 1";
const HOLD: &str = "UPDATE task_runs SET state = 'running', worker = ?2, held_until = ?3, \
    started_at = coalesce(started_at, ?4), tries = tries + (state = 'running') WHERE id = ?1";
const KEEP: &str = "UPDATE task_runs SET held_until = ?3, done = coalesce(?4, done), \
    total = iif(?4 IS NULL, total, ?5), message = coalesce(?6, message) \
    WHERE id = ?1 AND worker = ?2 RETURNING cancelled";
const CHECKPOINT: &str = "SELECT checkpoint FROM task_runs WHERE id = ?1";
const SAVE_CHECKPOINT: &str = "UPDATE task_runs SET checkpoint = ?3 WHERE id = ?1 AND worker = ?2";
const SETTLE: &str = "UPDATE task_runs SET state = ?3, tries = ?4, next_at = ?5, ended_at = ?6, \
    outcome = ?7, done = ?8, total = ?9, message = ?10, worker = NULL, held_until = NULL, \
    checkpoint = iif(?6 IS NULL, checkpoint, NULL) WHERE id = ?1 AND worker = ?2";
// A run whose worker is gone has nobody who could hear of it.
const CANCEL: &str = "UPDATE task_runs SET cancelled = 1, state = 'cancelled', ended_at = ?2, \
    worker = NULL, held_until = NULL, checkpoint = NULL \
    WHERE id = ?1 AND (state = 'waiting' OR held_until <= ?2)";
const ASK_TO_STOP: &str = "UPDATE task_runs SET cancelled = 1 WHERE id = ?1 AND ended_at IS NULL";
const FORGET: &str = "DELETE FROM task_runs WHERE id IN (SELECT id FROM (SELECT id, ended_at, \
    row_number() OVER (PARTITION BY plugin, task ORDER BY id DESC) AS place FROM task_runs \
    WHERE ended_at IS NOT NULL) WHERE ended_at < ?1 OR place > ?2 LIMIT ?3)";

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is neither the state nor the cause of a run")]
struct NotAWord(String);

#[async_trait]
impl TaskStore for SqliteStore {
    async fn add_run(&self, added: TaskRun) -> Result<(), StoreError> {
        let action = format!("store run {}", added.id);
        self.writer.write(action, move |db| Ok(insert(db, &added)?)).await
    }

    async fn find_run(&self, id: Uuid) -> Result<Option<TaskRun>, StoreError> {
        self.readers.read(|| format!("read run {id}"), |db| by_id(db, id))
    }

    async fn list_runs(&self, query: RunQuery) -> Result<Vec<TaskRun>, StoreError> {
        let action = || format!("list the runs of plugin {}", query.plugin);
        let task = query.task.as_ref().map(TaskName::as_str);
        let params = params![query.plugin.as_str(), task, query.limit];
        self.readers.read(action, |db| all(db, LIST, params, task_run))
    }

    async fn claim_run(&self, claim: RunClaim) -> Result<Option<TaskRun>, StoreError> {
        let action = || "take a run".to_owned();
        // Most looks find nothing, and a read costs no wait for the disk.
        if self.readers.read(action, |db| free(db, &claim))?.is_none() {
            return Ok(None);
        }
        self.writer
            .write(action(), move |db| hold(db, &claim).map_err(Refusal::<StoreError>::Failed))
            .await
    }

    async fn keep_run(
        &self,
        id: Uuid,
        worker: Uuid,
        until: Timestamp,
        progress: Option<TaskProgress>,
    ) -> Result<RunHold, StoreError> {
        self.writer
            .write(format!("hold run {id}"), move |db| -> Result<RunHold, Refusal<StoreError>> {
                let (done, total, message) = columns(progress.as_ref());
                let (id, worker) = (id.as_bytes(), worker.as_bytes());
                let params = params![id, worker, until.as_millis(), done, total, message];
                let cancelled = first(db, KEEP, params, |mut row| row.next::<bool>())?;
                Ok(cancelled.map_or(RunHold::Lost, |cancelled| RunHold::Held { cancelled }))
            })
            .await
    }

    async fn checkpoint(&self, id: Uuid) -> Result<Option<Bytes>, StoreError> {
        let action = || format!("read the checkpoint of run {id}");
        let found = self.readers.read(action, |db| {
            first(db, CHECKPOINT, [id.as_bytes()], |mut row| row.next::<Option<Vec<u8>>>())
        })?;
        Ok(found.flatten().map(Bytes::from))
    }

    async fn save_checkpoint(
        &self,
        id: Uuid,
        worker: Uuid,
        checkpoint: Bytes,
    ) -> Result<bool, StoreError> {
        let action = format!("store a checkpoint of run {id}");
        self.writer
            .write(action, move |db| {
                let params = params![id.as_bytes(), worker.as_bytes(), &*checkpoint];
                Ok(run(db, SAVE_CHECKPOINT, params)? > 0)
            })
            .await
    }

    async fn settle_run(&self, worker: Uuid, settled: TaskRun) -> Result<bool, StoreError> {
        let action = format!("store what became of run {}", settled.id);
        self.writer
            .write(action, move |db| {
                let (done, total, message) = columns(settled.progress.as_ref());
                let params = params![
                    settled.id.as_bytes(),
                    worker.as_bytes(),
                    settled.state.name(),
                    settled.tries,
                    settled.next_at.as_millis(),
                    settled.ended_at.map(Timestamp::as_millis),
                    settled.outcome,
                    done,
                    total,
                    message,
                ];
                Ok(run(db, SETTLE, params)? > 0)
            })
            .await
    }

    async fn cancel_run(&self, id: Uuid, now: Timestamp) -> Result<Option<TaskRun>, StoreError> {
        self.writer
            .write(format!("cancel run {id}"), move |db| {
                if run(db, CANCEL, params![id.as_bytes(), now.as_millis()])? == 0 {
                    run(db, ASK_TO_STOP, [id.as_bytes()])?;
                }
                by_id(db, id).map_err(Refusal::<StoreError>::Failed)
            })
            .await
    }

    async fn due(&self, plugin: &PluginId, task: &TaskName) -> Result<Option<Due>, StoreError> {
        let action = || format!("read when task {task} of plugin {plugin} is due");
        self.readers.read(action, |db| task_due::find(db, plugin, task))
    }

    async fn set_due(&self, change: DueChange) -> Result<bool, StoreError> {
        let action = format!("set when task {} of plugin {} is due", change.task, change.plugin);
        self.writer
            .write(action, move |db| {
                task_due::set(db, &change).map_err(Refusal::<StoreError>::Failed)
            })
            .await
    }

    async fn set_schedules(&self, plugin: &PluginId) -> Result<Vec<SetSchedule>, StoreError> {
        let action = || format!("read the schedules set for plugin {plugin}");
        self.readers.read(action, |db| task_due::schedules(db, plugin))
    }

    async fn set_schedule(&self, plugin: &PluginId, set: SetSchedule) -> Result<(), StoreError> {
        let action = format!("set when task {} of plugin {plugin} runs", set.task);
        let plugin = plugin.clone();
        let write = move |db: &Connection| Ok(task_due::set_schedule(db, &plugin, &set)?);
        self.writer.write(action, write).await
    }

    async fn unset_schedule(&self, plugin: &PluginId, task: &TaskName) -> Result<(), StoreError> {
        let action = format!("take back when task {task} of plugin {plugin} runs");
        let (plugin, task) = (plugin.clone(), task.clone());
        let write = move |db: &Connection| Ok(task_due::unset_schedule(db, &plugin, &task)?);
        self.writer.write(action, write).await
    }

    async fn forget_runs(
        &self,
        before: Timestamp,
        keep_per_task: u32,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.writer
            .write("forget old runs of tasks".to_owned(), move |db| {
                let gone = run(db, FORGET, params![before.as_millis(), keep_per_task, limit])?;
                Ok(u64::try_from(gone).unwrap_or(u64::MAX))
            })
            .await
    }
}

/// Stores a new run.
pub(super) fn insert(db: &Connection, added: &TaskRun) -> rusqlite::Result<()> {
    let params = params![
        added.id.as_bytes(),
        added.plugin.as_str(),
        added.task.as_str(),
        added.cause.name(),
        added.overlap,
        added.state.name(),
        added.tries,
        added.created_at.as_millis(),
        added.next_at.as_millis(),
        added.cancelled,
        added.argument,
    ];
    run(db, INSERT, params).map(drop)
}

fn by_id(db: &Connection, id: Uuid) -> Result<Option<TaskRun>, Fault> {
    first(db, BY_ID, [id.as_bytes()], task_run)
}

/// The run that a worker would get.
fn free(db: &Connection, claim: &RunClaim) -> Result<Option<Uuid>, Fault> {
    let plugins: Vec<&str> = claim.plugins.iter().map(PluginId::as_str).collect();
    let plugins = serde_json::to_string(&plugins)?;
    let only = claim.only.as_ref().map(Uuid::as_bytes);
    first(db, FREE, params![plugins, only, claim.now.as_millis()], |mut row| row.uuid())
}

fn hold(db: &Connection, claim: &RunClaim) -> Result<Option<TaskRun>, Fault> {
    let Some(id) = free(db, claim)? else { return Ok(None) };
    let (until, now) = (claim.until.as_millis(), claim.now.as_millis());
    run(db, HOLD, params![id.as_bytes(), claim.worker.as_bytes(), until, now])?;
    by_id(db, id)
}

/// Progress as it is stored; a guest may count further than the database.
fn columns(progress: Option<&TaskProgress>) -> (Option<i64>, Option<i64>, Option<&str>) {
    let counted = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
    let done = progress.map(|it| counted(it.done));
    let total = progress.and_then(|it| it.total.map(counted));
    (done, total, progress.map(|it| it.message.as_str()))
}

fn task_run(mut row: Columns<'_>) -> Result<TaskRun, Fault> {
    let id = row.uuid()?;
    let read = task_run_with(id, row);
    read.map_err(|source| Damaged { what: format!("run {id}"), source }.into())
}

fn task_run_with(id: Uuid, mut row: Columns<'_>) -> Result<TaskRun, Fault> {
    let word = |text: &str| NotAWord(text.to_owned());
    Ok(TaskRun {
        id,
        plugin: row.parse(PluginId::parse)?,
        task: row.parse(TaskName::parse)?,
        cause: row.parse(|text| RunCause::parse(text).ok_or_else(|| word(text)))?,
        overlap: row.next()?,
        state: row.parse(|text| RunState::parse(text).ok_or_else(|| word(text)))?,
        tries: row.next()?,
        created_at: row.time()?,
        next_at: row.time()?,
        started_at: row.maybe_time()?,
        ended_at: row.maybe_time()?,
        cancelled: row.next()?,
        progress: progress(&mut row)?,
        outcome: row.next()?,
        argument: row.next()?,
    })
}

fn progress(row: &mut Columns<'_>) -> Result<Option<TaskProgress>, Fault> {
    let (done, total) = (row.maybe_count()?, row.maybe_count()?);
    let message: Option<String> = row.next()?;
    Ok(done.map(|done| TaskProgress { done, total, message: message.unwrap_or_default() }))
}
