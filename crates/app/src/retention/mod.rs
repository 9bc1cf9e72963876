//! What is kept for a time and then goes by itself: the trash, long histories, working copies that nobody goes on with,
//! and events that all have heard. Each step does a bounded part and says how much went; the caller comes again.

mod forget;
mod settings;
mod trash;

pub use forget::{
    RETENTION_BATCH, drop_old_revisions, forget_audit, forget_events, forget_working_copies,
};
pub use settings::RetentionSettings;
pub use trash::empty_trash;

use smartcms_domain::Timestamp;

use crate::App;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The time this many days ago; `None` for 0 days, which stand for ever.
fn days_ago(app: &App, days: u32) -> Option<Timestamp> {
    let age = i64::from(days) * DAY_MS;
    // Nothing is older than the beginning of time.
    let time = Timestamp::from_millis(app.clock.now().as_millis().saturating_sub(age));
    (days > 0).then(|| time.unwrap_or(Timestamp::EPOCH))
}
