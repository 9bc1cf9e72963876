//! Threads that compute, one computation after the other.
//!
//! The engine computes on threads of its own and waits for them, and whoever asks it waits in turn: for a small model the
//! two waits take as long as a tenth of the work. So a worker stands on the one thread of a pool of its own, where the
//! engine begins at once.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rten::ThreadPool;
use smartcms_app::ports::NeuralError;

/// As many as computed at once so far. They end with this value.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    idle: Mutex<Vec<Worker>>,
}

#[derive(Debug, Clone)]
struct Worker(Sender<Job>);

type Job = Box<dyn FnOnce(&Arc<ThreadPool>) + Send>;

impl Workers {
    /// Begins work on a worker that has none, or on a new one; what the work gives is done when the worker is free again.
    /// Neither may panic.
    pub(crate) fn begin<D: FnOnce()>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<ThreadPool>) -> D + Send + 'static,
    ) -> Result<(), NeuralError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = idle.map_or_else(Worker::start, Ok)?;
        let (workers, itself) = (Arc::clone(self), worker.clone());
        let job = move |alone: &Arc<ThreadPool>| {
            let done = work(alone);
            workers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(itself);
            done();
        };
        let begun = worker.0.send(Box::new(job));
        begun.map_err(|_| NeuralError::Failed("a thread of the engine has ended".to_owned()))
    }
}

impl Worker {
    fn start() -> Result<Self, NeuralError> {
        let (sender, jobs) = mpsc::channel();
        let started = thread::Builder::new().name("inference".to_owned()).spawn(|| work_on(jobs));
        started.map_err(|error| {
            NeuralError::Failed(format!("could not start a thread of the engine: {error}"))
        })?;
        Ok(Self(sender))
    }
}

/// Works until nobody has a job any more.
fn work_on(jobs: Receiver<Job>) {
    let alone = Arc::new(ThreadPool::with_num_threads(1));
    let pool = Arc::clone(&alone);
    pool.run(move || {
        while let Ok(job) = jobs.recv() {
            job(&alone);
        }
    });
}
