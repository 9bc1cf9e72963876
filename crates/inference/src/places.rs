//! The places for computations: how many run at once, and how long one may take.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rten::ThreadPool;
use smartcms_app::ports::NeuralError;
use tokio::sync::{Semaphore, oneshot};

use crate::workers::Workers;

/// Shared by all models of a process.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    workers: Arc<Workers>,
    time_max: Duration,
}

impl Places {
    pub(crate) fn new(count: usize, time_max: Duration) -> Self {
        let free = Arc::new(Semaphore::new(count.max(1)));
        Self { free, workers: Arc::default(), time_max }
    }

    /// Computes on a thread of its own, which the engine may use by itself as it is given. Past its time, or when nobody
    /// waits any more, the work goes on to its end and keeps its place until then: engines cannot be stopped, and so the
    /// work that nobody wants is bounded too.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, NeuralError>
    where
        F: FnOnce(&Arc<ThreadPool>) -> Result<T, NeuralError> + Send + 'static,
        T: Send + 'static,
    {
        let computed = async {
            let place = Arc::clone(&self.free).acquire_owned().await;
            let place = place.map_err(|error| NeuralError::Failed(error.to_string()))?;
            let (tell, told) = oneshot::channel();
            self.workers.begin(move |alone| {
                let done = catch_unwind(AssertUnwindSafe(|| work(alone)));
                move || {
                    drop(place);
                    // Whoever asked may be gone.
                    let _ = tell.send(done.unwrap_or_else(|_| Err(broken())));
                }
            })?;
            told.await.unwrap_or_else(|_| Err(broken()))
        };
        let in_time = tokio::time::timeout(self.time_max, computed).await;
        in_time.unwrap_or(Err(NeuralError::TimedOut(self.time_max)))
    }
}

fn broken() -> NeuralError {
    NeuralError::Failed("the engine broke down".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use smartcms_app::ports::NeuralError;

    use super::Places;

    #[tokio::test]
    async fn work_past_its_time_is_left_alone_and_keeps_its_place() {
        let places = Places::new(1, Duration::from_millis(40));
        let (go_on, wait) = mpsc::channel::<()>();
        let first = places.run(move |_| {
            let _ = wait.recv();
            Ok(1)
        });
        assert_eq!(first.await, Err(NeuralError::TimedOut(Duration::from_millis(40))));
        // Its place is still taken, so that nothing else begins.
        assert!(matches!(places.run(|_| Ok(2)).await, Err(NeuralError::TimedOut(_))));
        go_on.send(()).unwrap();
        let freed = async {
            loop {
                if let Ok(number) = places.run(|_| Ok(3)).await {
                    return number;
                }
            }
        };
        assert_eq!(tokio::time::timeout(Duration::from_secs(10), freed).await, Ok(3));
    }

    #[tokio::test]
    async fn an_engine_that_panics_is_an_error() {
        let places = Places::new(1, Duration::from_secs(10));
        let broken: Result<(), _> = places.run(|_| panic!("as a test")).await;
        assert!(matches!(broken, Err(NeuralError::Failed(_))));
        assert_eq!(places.run(|_| Ok(1)).await, Ok(1));
    }
}
