//! The one thread that writes.
//!
//! While a commit waits for the disk, the writes that come in queue up; the next commit takes them all. So many
//! writers share one wait for the disk. Each write has a savepoint of its own: one that fails is undone alone.
//! Nobody is answered before the commit: an answer means that the write is on disk.

mod group;
mod queue;
#[cfg(test)]
mod samples;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use smartcms_app::ports::{LogLine, StoreError};
use tokio::sync::oneshot;

use self::group::{Group, GroupError, Job, commit, commit_one};
use self::queue::{Ending, Queue};
use super::SqliteSettings;
use super::rows::Fault;

/// Sends writes to the thread. Dropping it waits until everything queued is on disk.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
    /// The connection, where there is no thread.
    only: Option<Arc<Mutex<Connection>>>,
}

/// Why a write was not done.
pub(super) enum Refusal<E> {
    /// The port's own reason.
    Known(E),
    /// The statement failed.
    Failed(Fault),
}

/// One write and who waits for it.
struct Write<T, E, F> {
    action: String,
    work: Option<F>,
    result: Option<Result<T, Refusal<E>>>,
    answer: oneshot::Sender<Result<T, E>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the thread that writes has stopped")]
struct Stopped;

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(db: Connection, settings: &SqliteSettings) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(settings));
        let shared = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&db, &shared))?;
        Ok(Self { queue, thread: Some(thread), only: None })
    }

    /// Every write is done where it is asked for, with this connection, in a commit of its own.
    pub(super) fn at_once(db: Arc<Mutex<Connection>>, settings: &SqliteSettings) -> Self {
        Self { queue: Arc::new(Queue::new(settings)), thread: None, only: Some(db) }
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
        if self.only.is_some() {
            return self.write_at_once(action, work).unwrap_or_else(|| Err(stopped.into()));
        }
        self.write_in_turn(action, work, stopped).await
    }

    #[cfg(not(target_family = "wasm"))]
    async fn write_in_turn<T, E, F>(
        &self,
        action: String,
        work: F,
        stopped: StoreError,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal<E>> + Send + 'static,
    {
        let Ok(room) = self.queue.room.acquire().await else { return Err(stopped.into()) };
        room.forget(); // Given back when the thread takes the job.
        let (answer, answered) = oneshot::channel();
        self.queue.push(Box::new(Write { action, work: Some(work), result: None, answer }));
        answered.await.unwrap_or_else(|_| Err(stopped.into()))
    }

    /// A store with a thread cannot be opened there, and the way to it is there for each kind of write.
    #[cfg(target_family = "wasm")]
    async fn write_in_turn<T, E: From<StoreError>, F>(
        &self,
        _: String,
        _: F,
        stopped: StoreError,
    ) -> Result<T, E> {
        Err(stopped.into())
    }

    fn write_at_once<T, E, F>(&self, action: String, work: F) -> Option<Result<T, E>>
    where
        E: From<StoreError>,
        F: FnOnce(&Connection) -> Result<T, Refusal<E>>,
    {
        let (mut work, mut result) = (Some(work), None);
        let failure = self.commit_at_once(&mut |db| {
            result = work.take().map(|work| work(db));
            matches!(result, Some(Ok(_)))
        });
        outcome(action, result, failure.as_ref())
    }

    /// Does the work of one write in a commit of its own: `false` undoes it.
    fn commit_at_once(&self, work: &mut dyn FnMut(&Connection) -> bool) -> Option<Arc<GroupError>> {
        let only = self.only.as_ref()?;
        commit_one(&only.lock().unwrap_or_else(PoisonError::into_inner), work)
    }

    /// Queues lines without waiting. When too many wait, the oldest go.
    pub(super) fn append(&self, lines: Vec<LogLine>) {
        if let Some(only) = &self.only {
            let db = only.lock().unwrap_or_else(PoisonError::into_inner);
            return commit(&db, Group { jobs: Vec::new(), log: lines.into() });
        }
        self.queue.append(lines);
    }

    pub(super) fn log_lines_lost(&self) -> u64 {
        self.queue.log_lines_lost()
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

fn work(db: &Connection, queue: &Queue) {
    let _ending = Ending(queue);
    while let Some(group) = queue.next() {
        commit(db, group);
    }
    if let Err(error) = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be folded into the database; it stays beside it");
    }
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(&Connection) -> Result<T, Refusal<E>> + Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        self.result = self.work.take().map(|work| work(db));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failure: Option<&Arc<GroupError>>) {
        let Some(result) = outcome(self.action, self.result, failure) else { return };
        // A caller that went away needs no answer.
        let _ = self.answer.send(result);
    }
}

/// What a write came to, by its own result and the failure of its group. There is always something: every job of a
/// committed group has run.
fn outcome<T, E: From<StoreError>>(
    action: String,
    result: Option<Result<T, Refusal<E>>>,
    failure: Option<&Arc<GroupError>>,
) -> Option<Result<T, E>> {
    Some(match (result, failure) {
        (Some(Err(Refusal::Failed(fault))), _) => Err(StoreError::new(action, fault).into()),
        // Also a refusal falls with the group: its reason may have been a neighbour that is not stored.
        (_, Some(failure)) => Err(StoreError::new(action, Arc::clone(failure)).into()),
        (Some(Err(Refusal::Known(error))), None) => Err(error),
        (Some(Ok(value)), None) => Ok(value),
        (None, None) => return None,
    })
}

impl<E, F: Into<Fault>> From<F> for Refusal<E> {
    fn from(fault: F) -> Self {
        Self::Failed(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use rusqlite::Connection;
    use smartcms_app::ports::StoreError;

    use super::samples::db;
    use super::{Refusal, SqliteSettings, Writer};
    use crate::sqlite::rows::run;

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
