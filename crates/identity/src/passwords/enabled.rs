//! On which thread passwords are hashed.

use smartcms_app::ports::HashError;
use tokio::sync::OwnedSemaphorePermit;

#[cfg(not(target_family = "wasm"))]
#[derive(Debug, thiserror::Error)]
#[error("the thread that hashed ended")]
struct Ended(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Does it on a thread for work that blocks.
#[cfg(not(target_family = "wasm"))]
pub(super) async fn done<T: Send + 'static>(
    permits: [OwnedSemaphorePermit; 2],
    work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
) -> Result<T, HashError> {
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work is done, also when nobody waits for it any more.
        let _permits = permits;
        work()
    });
    done.await.map_err(|error| HashError::Failed(Box::new(Ended(error.into()))))?
}

/// Does it here: there is one thread, and one request in it.
#[cfg(target_family = "wasm")]
pub(super) async fn done<T: Send + 'static>(
    _permits: [OwnedSemaphorePermit; 2],
    work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
) -> Result<T, HashError> {
    work()
}
