//! Work for a thread that may wait.

use std::io;

use smartcms_app::ports::BlobError;

/// Files are read and written on a thread that may wait.
pub(crate) async fn blocking<T: Send + 'static>(
    action: &str,
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|cancelled| {
        Err(BlobError { action: action.to_owned(), source: io::Error::other(cancelled) })
    })
}
