//! Looks at the clock: for entries that are to be published or unpublished, and for what has been kept long enough.

use std::error::Error;
use std::time::Duration;

use smartcms_app::App;
use smartcms_app::entries::run_schedules;
use smartcms_app::people::forget_ended;
use smartcms_app::retention::{
    RETENTION_BATCH, RetentionSettings, drop_old_revisions, empty_trash, forget_audit,
    forget_events, forget_working_copies,
};
use smartcms_app::tasks::forget_runs;
use smartcms_domain::with_causes;
use tokio::time::MissedTickBehavior;

/// How often the clock is looked at: what is scheduled happens in the second that was set.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often it is looked for what has been kept long enough: that is counted in days.
const CLEAN_EVERY: Duration = Duration::from_secs(10 * 60);
/// The pause between two parts of one cleaning, in which others write.
const BETWEEN_PARTS: Duration = Duration::from_millis(100);

/// Does what is due until the server ends. A look that finds nothing is one indexed read.
pub(crate) async fn keep_schedules(app: App) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        note(run_schedules(&app).await, "look at the schedules");
    }
}

/// Takes away what has been kept long enough until the server ends: at its start, and every few minutes.
pub(crate) async fn clean_up(app: App, settings: RetentionSettings) {
    let mut look = tokio::time::interval(CLEAN_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        while clean_once(&app, &settings).await {
            tokio::time::sleep(BETWEEN_PARTS).await;
        }
    }
}

/// Takes a part of each away. Whether there may be more.
async fn clean_once(app: &App, settings: &RetentionSettings) -> bool {
    let trash = note(empty_trash(app, settings.trash_days).await, "empty the trash");
    let copies = forget_working_copies(app, settings.working_copy_days).await;
    let copies = note(copies, "forget old working copies");
    let revisions = drop_old_revisions(app, settings.revisions_max).await;
    let revisions = note(revisions, "drop old revisions");
    let events = note(forget_events(app, settings.event_days).await, "forget old events");
    let runs = note(forget_runs(app, RETENTION_BATCH).await, "forget old runs of tasks");
    let audit = note(forget_audit(app, settings.audit_days).await, "forget the old audit log");
    let sessions = note(forget_ended(app, RETENTION_BATCH).await, "forget sessions that ended");
    let gone = [trash, copies, revisions, events, runs, audit, sessions];
    let gone = gone.map(Option::unwrap_or_default);
    let [trash, copies, revisions, events, runs, audit, sessions] = gone;
    if gone.iter().any(|it| *it > 0) {
        tracing::info!(
            trash,
            copies,
            revisions,
            events,
            runs,
            audit,
            sessions,
            "took away what was kept long enough"
        );
    }
    gone.iter().any(|it| *it >= u64::from(RETENTION_BATCH))
}

fn note<T, E: Error + 'static>(outcome: Result<T, E>, what: &str) -> Option<T> {
    outcome.inspect_err(|error| tracing::warn!(error = with_causes(error), "could not {what}")).ok()
}
