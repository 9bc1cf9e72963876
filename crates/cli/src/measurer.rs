//! Measures what entries mean, beside the requests.

use std::sync::Arc;
use std::time::Duration;

use smartcms_app::App;
use smartcms_app::meaning::measure_some;
use smartcms_domain::with_causes;
use tokio::sync::Notify;

/// How soon an entry that another process published is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The pause between two steps, in which others have their turn.
const BETWEEN_STEPS: Duration = Duration::from_millis(5);
/// The pause after a failure, which doubles with each that follows, up to the second.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(5 * 60);

/// Measures until the server ends. What is under way then is measured after the next start. Pages that show what is related
/// hear of it by the watcher, as those of other processes do.
pub(crate) struct Measurer {
    pub(crate) app: App,
    /// Notified of every event of this process.
    pub(crate) committed: Arc<Notify>,
}

impl Measurer {
    pub(crate) async fn run(self) {
        let mut pause = PAUSE_MIN;
        while let Err(error) = self.app.meaning.store.measure_by(&self.app.meaning.model.name).await
        {
            tracing::warn!(error = with_causes(&error), "could not prepare the search by meaning");
            tokio::time::sleep(pause).await;
            pause = longer(pause);
        }
        pause = PAUSE_MIN;
        loop {
            match measure_some(&self.app).await {
                Ok(done) if done.is_idle() => {
                    pause = PAUSE_MIN;
                    let _ = tokio::time::timeout(LOOK_EVERY, self.committed.notified()).await;
                }
                Ok(_) => {
                    pause = PAUSE_MIN;
                    tokio::time::sleep(BETWEEN_STEPS).await;
                }
                Err(error) => {
                    let again_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                    tracing::warn!(
                        error = with_causes(&error),
                        again_ms,
                        "could not measure what entries mean"
                    );
                    tokio::time::sleep(pause).await;
                    pause = longer(pause);
                }
            }
        }
    }
}

fn longer(pause: Duration) -> Duration {
    (pause * 2).min(PAUSE_MAX)
}
