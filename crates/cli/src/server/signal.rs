//! Waiting for the wish to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Ready on the first SIGTERM or SIGINT.
pub(crate) async fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
