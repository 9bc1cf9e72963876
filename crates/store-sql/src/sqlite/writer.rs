//! The one thread that writes.
//!
//! While a commit waits for the disk, the writes that come in queue up; the next commit takes them all. So many
//! writers share one wait for the disk. Each write has a savepoint of its own: one that fails is undone alone.
//! Nobody is answered before the commit: an answer means that the write is on disk.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use smartcms_app::ports::{LogLine, StoreError};
use tokio::sync::{Semaphore, oneshot};

use super::rows::{Fault, run};
use super::{SqliteSettings, plugin_log};

/// The most lines of plugins' logs that wait to be stored.
const LOG_LINES_WAITING_MAX: usize = 4_096;
/// The most bytes of them.
const LOG_BYTES_WAITING_MAX: usize = 4 * 1024 * 1024;
/// How long lines wait for a write to go along with, before they get a commit of their own.
const LOG_WAIT: Duration = Duration::from_millis(200);

/// Sends writes to the thread. Dropping it waits until everything queued is on disk.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

/// Why a write was not done.
pub(super) enum Refusal<E> {
    /// The port's own reason.
    Known(E),
    /// The statement failed.
    Failed(Fault),
}

/// One write that waits.
trait Job: Send {
    /// Does it; `false` when it has to be undone.
    fn run(&mut self, db: &Connection) -> bool;

    /// Tells its caller, now that the commit is done or has failed.
    fn answer(self: Box<Self>, failure: Option<&Arc<GroupError>>);
}

struct Write<T, E, F> {
    action: String,
    work: Option<F>,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

/// What goes into one commit.
struct Group {
    jobs: Vec<Box<dyn Job>>,
    log: VecDeque<LogLine>,
}

/// Why nothing of a group was stored.
#[derive(Debug, thiserror::Error)]
enum GroupError {
    #[error("the commit failed")]
    Database(#[from] rusqlite::Error),
    #[error("a write beside it ended the transaction")]
    Aborted,
}

#[derive(Debug, thiserror::Error)]
#[error("the thread that writes has stopped")]
struct Stopped;

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// One permit for each free place.
    room: Semaphore,
    group_len_max: usize,
    log_lines_lost: AtomicU64,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    log: VecDeque<LogLine>,
    log_bytes: usize,
    /// When the oldest waiting line came.
    log_since: Option<Instant>,
    closed: bool,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(db: Connection, settings: &SqliteSettings) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(settings));
        let shared = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&db, &shared))?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Does `work` in a transaction, and answers when it is on disk. `action` is for the error: "save entry 0190…".
    ///
    /// Once queued, the work is done even if the caller goes away.
    pub(super) async fn write<T, E, F>(&self, action: String, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal<E>> + Send + 'static,
    {
        let stopped = StoreError::new(action.clone(), Stopped);
        let Ok(room) = self.queue.room.acquire().await else { return Err(stopped.into()) };
        room.forget(); // Given back when the thread takes the job.
        let (answer, answered) = oneshot::channel();
        self.queue.push(Box::new(Write { action, work: Some(work), result: None, answer }));
        answered.await.unwrap_or_else(|_| Err(stopped.into()))
    }

    /// Queues lines without waiting. When too many wait, the oldest go.
    pub(super) fn append(&self, lines: Vec<LogLine>) {
        self.queue.append(lines);
    }

    pub(super) fn log_lines_lost(&self) -> u64 {
        self.queue.log_lines_lost.load(Ordering::Relaxed)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that writes to the database has panicked");
        }
    }
}

impl Queue {
    fn new(settings: &SqliteSettings) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            room: Semaphore::new(settings.write_queue_len_max),
            group_len_max: settings.write_group_len_max.max(1),
            log_lines_lost: AtomicU64::new(0),
        }
    }

    fn push(&self, job: Box<dyn Job>) {
        let mut state = self.state();
        // After the end a job is dropped, which tells its caller.
        if !state.closed {
            state.jobs.push_back(job);
            self.changed.notify_one();
        }
    }

    fn append(&self, lines: Vec<LogLine>) {
        let mut state = self.state();
        if state.closed || lines.is_empty() {
            return;
        }
        state.log_since.get_or_insert_with(Instant::now);
        state.log_bytes += lines.iter().map(size).sum::<usize>();
        state.log.extend(lines);
        let mut lost = 0;
        while state.log.len() > LOG_LINES_WAITING_MAX || state.log_bytes > LOG_BYTES_WAITING_MAX {
            let Some(line) = state.log.pop_front() else { break };
            state.log_bytes -= size(&line);
            lost += 1;
        }
        self.log_lines_lost.fetch_add(lost, Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Waits for something to commit; `None` when nothing is left and nothing more will come.
    fn next(&self) -> Option<Group> {
        let mut state = self.state();
        loop {
            let log_wait = state.log_since.map(|since| LOG_WAIT.saturating_sub(since.elapsed()));
            match log_wait {
                _ if !state.jobs.is_empty() => break,
                Some(wait) if wait.is_zero() || state.closed => break,
                None if state.closed => return None,
                wait => state = self.wait(state, wait),
            }
        }
        let len = state.jobs.len().min(self.group_len_max);
        self.room.add_permits(len);
        state.log_since = None;
        state.log_bytes = 0;
        let log = std::mem::take(&mut state.log);
        Some(Group { jobs: state.jobs.drain(..len).collect(), log })
    }

    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        at_most: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        match at_most {
            None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(wait) => {
                let waited = self.changed.wait_timeout(state, wait);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }

    fn close(&self) {
        self.state().closed = true;
        self.room.close();
        self.changed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells those who wait when the thread ends, also by a panic.
struct Ending<'a>(&'a Queue);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.close();
        self.0.state().jobs.clear();
    }
}

fn work(db: &Connection, queue: &Queue) {
    let _ending = Ending(queue);
    while let Some(group) = queue.next() {
        commit(db, group);
    }
    if let Err(error) = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be folded into the database; it stays beside it");
    }
}

/// Stores a group and answers its callers.
fn commit(db: &Connection, mut group: Group) {
    let failure = transact(db, &mut group).err().map(Arc::new);
    if failure.is_some()
        && !db.is_autocommit()
        && let Err(error) = run(db, "ROLLBACK", [])
    {
        tracing::error!(%error, "a failed transaction could not be rolled back");
    }
    for job in group.jobs {
        job.answer(failure.as_ref());
    }
}

fn transact(db: &Connection, group: &mut Group) -> Result<(), GroupError> {
    // Immediate: another process that writes is waited for here, where waiting can still succeed.
    run(db, "BEGIN IMMEDIATE", [])?;
    for job in &mut group.jobs {
        in_savepoint(db, |db| job.run(db))?;
    }
    if !group.log.is_empty() {
        in_savepoint(db, |db| store_log(db, &group.log))?;
    }
    run(db, "COMMIT", [])?;
    Ok(())
}

fn in_savepoint(db: &Connection, work: impl FnOnce(&Connection) -> bool) -> Result<(), GroupError> {
    run(db, "SAVEPOINT one_write", [])?;
    let keep = work(db);
    // A full disk, for instance, rolls the whole transaction back: the writes before this one are gone too.
    if db.is_autocommit() {
        return Err(GroupError::Aborted);
    }
    if !keep {
        run(db, "ROLLBACK TO one_write", [])?;
    }
    run(db, "RELEASE one_write", [])?;
    Ok(())
}

fn store_log(db: &Connection, lines: &VecDeque<LogLine>) -> bool {
    let stored = plugin_log::store(db, lines);
    if let Err(error) = &stored {
        tracing::warn!(%error, lines = lines.len(), "lines of plugins' logs could not be stored");
    }
    stored.is_ok()
}

fn size(line: &LogLine) -> usize {
    size_of::<LogLine>() + line.text.len() + line.source.len()
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(&Connection) -> Result<T, Refusal<E>> + Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        self.result = self.work.take().map(|work| {
            work(db).map_err(|refusal| match refusal {
                Refusal::Known(error) => error,
                Refusal::Failed(fault) => StoreError::new(self.action.clone(), fault).into(),
            })
        });
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failure: Option<&Arc<GroupError>>) {
        let failed = |it: &Arc<GroupError>| StoreError::new(self.action.clone(), Arc::clone(it));
        let result = match (self.result, failure) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(failure)) => Err(failed(failure).into()),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => return, // Not reached: every job of a committed group has run.
        };
        // A caller that went away needs no answer.
        let _ = self.answer.send(result);
    }
}

impl<E, F: Into<Fault>> From<F> for Refusal<E> {
    fn from(fault: F) -> Self {
        Self::Failed(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use rusqlite::{Connection, params};
    use smartcms_app::ports::{LogLevel, LogLine, StoreError};
    use smartcms_testkit::builders::{at, plugin};
    use tokio::sync::oneshot;

    use super::super::{SqliteSettings, migrations};
    use super::{
        Group, Job, LOG_BYTES_WAITING_MAX, LOG_LINES_WAITING_MAX, Queue, Refusal, Write, Writer,
        commit, run,
    };

    type Answer = oneshot::Receiver<Result<(), StoreError>>;

    fn db() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "PRAGMA foreign_keys = ON; CREATE TABLE marks (name TEXT PRIMARY KEY);
             CREATE TABLE claims (mark TEXT REFERENCES marks (name) DEFERRABLE INITIALLY DEFERRED);",
        )
        .unwrap();
        migrations_beside(&db);
        db
    }

    /// The tables that the group's log lines go to.
    fn migrations_beside(db: &Connection) {
        let other = Connection::open_in_memory().unwrap();
        migrations::apply(&other).unwrap();
        let sql = "SELECT sql FROM sqlite_schema WHERE name = 'plugin_log'";
        let table: String = other.query_row(sql, [], |row| row.get(0)).unwrap();
        db.execute_batch(&table).unwrap();
    }

    /// A write of several marks.
    fn mark(names: &'static [&str]) -> (Box<dyn Job>, Answer) {
        job(move |db| {
            for name in names {
                run(db, "INSERT INTO marks (name) VALUES (?1)", [name])?;
            }
            Ok(())
        })
    }

    fn job<F>(work: F) -> (Box<dyn Job>, Answer)
    where
        F: FnOnce(&Connection) -> Result<(), Refusal<StoreError>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let action = "mark".to_owned();
        (Box::new(Write { action, work: Some(work), result: None, answer }), answered)
    }

    fn marks(db: &Connection) -> Vec<String> {
        let mut statement = db.prepare("SELECT name FROM marks ORDER BY name").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    /// Commits all in one group; whether each was told that it is stored.
    fn commit_together(db: &Connection, writes: Vec<(Box<dyn Job>, Answer)>) -> Vec<bool> {
        let (jobs, answers): (Vec<_>, Vec<_>) = writes.into_iter().unzip();
        commit(db, Group { jobs, log: [line("hello")].into() });
        answers.into_iter().map(|mut it| it.try_recv().unwrap().is_ok()).collect()
    }

    fn line(text: &str) -> LogLine {
        LogLine {
            plugin: plugin("loud"),
            at: at(1),
            level: LogLevel::Info,
            source: "stdout".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_write_that_fails_is_undone_alone() {
        let db = db();
        let told = commit_together(&db, vec![mark(&["a"]), mark(&["b", "a"]), mark(&["c"])]);
        assert_eq!(told, [true, false, true]);
        assert_eq!(marks(&db), ["a", "c"], "of the failed write nothing is left");
    }

    #[test]
    fn a_failed_commit_is_told_to_everybody_and_leaves_nothing() {
        let db = db();
        let claim = || {
            job(|db| {
                run(db, "INSERT INTO claims (mark) VALUES ('nobody')", params![])?;
                Ok(())
            })
        };
        assert_eq!(commit_together(&db, vec![mark(&["a"]), claim()]), [false, false]);
        assert!(marks(&db).is_empty());
        assert_eq!(commit_together(&db, vec![mark(&["a"])]), [true], "the next group is well");
    }

    #[test]
    fn a_write_that_ends_the_transaction_takes_no_neighbour_by_surprise() {
        let db = db();
        let abort = job(|db| {
            run(db, "ROLLBACK", [])?;
            Err(Refusal::from("the disk is full"))
        });
        let told = commit_together(&db, vec![mark(&["a"]), abort, mark(&["b"])]);
        assert_eq!(told, [false, false, false]);
        assert!(marks(&db).is_empty());
    }

    #[test]
    fn past_its_bounds_the_waiting_log_loses_its_oldest_lines() {
        let queue = Queue::new(&SqliteSettings::default());
        let lines = |len: usize| (0..len).map(|it| line(&it.to_string())).collect::<Vec<_>>();
        queue.append(lines(LOG_LINES_WAITING_MAX));
        assert_eq!(queue.log_lines_lost.load(std::sync::atomic::Ordering::Relaxed), 0);
        queue.append(lines(3));
        assert_eq!(queue.log_lines_lost.load(std::sync::atomic::Ordering::Relaxed), 3);
        assert_eq!(queue.state().log.front().unwrap().text, "3");
        queue.append(vec![line(&"x".repeat(LOG_BYTES_WAITING_MAX))]);
        assert!(queue.state().log.is_empty(), "a line past the bound is lost as well");
        assert_eq!(queue.state().log_bytes, 0);
    }

    #[tokio::test]
    async fn a_writer_that_panicked_refuses_instead_of_waiting() {
        let writer = Writer::start(db(), &SqliteSettings::default()).unwrap();
        let work = |_: &Connection| -> Result<(), Refusal<StoreError>> { panic!("a defect") };
        let first: Result<(), StoreError> = writer.write("first".to_owned(), work).await;
        assert!(first.is_err());
        let work = |_: &Connection| -> Result<(), Refusal<StoreError>> { Ok(()) };
        let second: Result<(), StoreError> = writer.write("second".to_owned(), work).await;
        assert_eq!(second.unwrap_err().to_string(), "the store could not second");
    }

    #[test]
    fn everything_that_waits_goes_into_one_commit_up_to_its_bound() {
        let settings = SqliteSettings { write_group_len_max: 2, ..SqliteSettings::default() };
        let queue = Queue::new(&settings);
        for names in [&["a"], &["b"], &["c"]] {
            queue.push(mark(names).0);
        }
        queue.append(vec![line("goes along")]);
        queue.close();
        let groups: Vec<Group> = std::iter::from_fn(|| queue.next()).collect();
        let sizes: Vec<_> = groups.iter().map(|it| (it.jobs.len(), it.log.len())).collect();
        assert_eq!(sizes, [(2, 1), (1, 0)]);
    }

    #[tokio::test]
    async fn writers_past_a_full_queue_are_let_in_when_there_is_room() {
        let settings = SqliteSettings { write_queue_len_max: 1, ..SqliteSettings::default() };
        let writer = Writer::start(db(), &settings).unwrap();
        let (go, wait) = mpsc::channel::<()>();
        let blocked = writer.write::<(), StoreError, _>("block".to_owned(), move |_| {
            wait.recv()?;
            Ok(())
        });
        let [a, b, c] = ["a", "b", "c"].map(|name| {
            writer.write::<(), StoreError, _>(name.to_owned(), move |db| {
                run(db, "INSERT INTO marks (name) VALUES (?1)", [name])?;
                Ok(())
            })
        });
        let release = async { go.send(()).unwrap() };
        let (blocked, a, b, c, ()) = tokio::join!(blocked, a, b, c, release);
        for stored in [blocked, a, b, c] {
            stored.unwrap();
        }
    }
}
