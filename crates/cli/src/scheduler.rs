//! Looks at the clock for entries that are to be published or unpublished.

use std::time::Duration;

use smartcms_app::App;
use smartcms_app::entries::run_schedules;

/// How often the clock is looked at: what is scheduled happens in the second that was set.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Does what is due until the server ends. A look that finds nothing is one indexed read.
pub(crate) async fn keep_schedules(app: App) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if let Err(error) = run_schedules(&app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "could not look at the schedules"
            );
        }
    }
}
