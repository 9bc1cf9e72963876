//! What a run that is under way says, and what it is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

use super::declared::{DESCRIPTION_CHARS_MAX, printable};
use super::start::held_until;
use crate::App;
use crate::ports::{RunHold, StoreError, TaskControl, TaskProgress};

/// Why a run should stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Somebody cancelled it.
    Cancelled,
    /// This process ends; the run goes on in another.
    Ending,
    /// Another worker has it.
    Lost,
}

/// The worker's side of one run.
pub struct RunControl {
    app: App,
    run: Uuid,
    worker: Uuid,
    progress: Mutex<Option<TaskProgress>>,
    stop: Mutex<Option<StopReason>>,
    has_checkpoint: AtomicBool,
}

impl RunControl {
    /// For a run that this worker holds.
    pub fn new(app: App, run: Uuid, worker: Uuid) -> Self {
        let (progress, stop) = (Mutex::default(), Mutex::default());
        Self { app, run, worker, progress, stop, has_checkpoint: AtomicBool::new(false) }
    }

    /// Holds the run on, stores how far it is, and hears whether it should stop. Call it every second.
    pub async fn keep(&self) -> Result<(), StoreError> {
        let until = held_until(self.app.clock.now());
        let progress = self.progress();
        match self.app.tasks.keep_run(self.run, self.worker, until, progress).await? {
            RunHold::Held { cancelled: false } => {}
            RunHold::Held { cancelled: true } => self.stop(StopReason::Cancelled),
            RunHold::Lost => self.stop(StopReason::Lost),
        }
        Ok(())
    }

    /// Tells the run to stop. The first reason stays.
    pub fn stop(&self, reason: StopReason) {
        lock(&self.stop).get_or_insert(reason);
    }

    /// Why the run should stop, if it should.
    pub fn stop_reason(&self) -> Option<StopReason> {
        *lock(&self.stop)
    }

    /// How far it says it is.
    pub fn progress(&self) -> Option<TaskProgress> {
        lock(&self.progress).clone()
    }

    /// Whether it saved a checkpoint since this worker took it.
    pub(super) fn has_checkpoint(&self) -> bool {
        self.has_checkpoint.load(Ordering::SeqCst)
    }

    pub(super) fn worker(&self) -> Uuid {
        self.worker
    }
}

#[async_trait]
impl TaskControl for RunControl {
    fn report(&self, progress: TaskProgress) {
        let message = printable(&progress.message, DESCRIPTION_CHARS_MAX);
        *lock(&self.progress) = Some(TaskProgress { message, ..progress });
    }

    async fn save_checkpoint(&self, checkpoint: Bytes) -> Result<(), StoreError> {
        if self.app.tasks.save_checkpoint(self.run, self.worker, checkpoint).await? {
            self.has_checkpoint.store(true, Ordering::SeqCst);
        } else {
            self.stop(StopReason::Lost);
        }
        Ok(())
    }

    fn should_stop(&self) -> bool {
        self.stop_reason().is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
