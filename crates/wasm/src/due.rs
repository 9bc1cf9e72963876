//! What is due by the clock. An instance runs while it answers and no longer, so it is looked for with requests.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use smartcms_app::App;
use smartcms_app::entries::run_schedules;
use smartcms_app::events::deliver_events;
use smartcms_app::meaning::measure_some;
use smartcms_app::people::forget_ended;
use smartcms_app::retention::{
    RETENTION_BATCH, RetentionSettings, drop_old_revisions, empty_trash, forget_audit,
    forget_events, forget_working_copies,
};
use smartcms_app::webhooks::{deliver, due_deliveries, fan_out, forget_old_deliveries};
use smartcms_domain::with_causes;

use crate::world::{chance, now_seconds};

/// After one of so many requests that change something, what was kept long enough is taken away.
const CLEAN_ONE_OF: u64 = 200;
/// How many waiting deliveries of each webhook are sent after one request.
const DELIVERIES_PER_WEBHOOK: u32 = 4;
/// How many of all webhooks.
const DELIVERIES_MAX: usize = 8;

/// When this instance looked last.
#[derive(Default)]
pub(crate) struct Due {
    looked_at: AtomicU64,
}

impl Due {
    /// Publishes and unpublishes what is due, before the request that would show it; once a second at most.
    pub(crate) async fn schedules(&self, app: &App) {
        let now = now_seconds();
        if self.looked_at.swap(now, Ordering::Relaxed) != now {
            note(Box::pin(run_schedules(app)).await, "look at the schedules");
        }
    }

    /// Whether this second's look was had.
    pub(crate) fn is_over(&self) -> bool {
        self.looked_at.load(Ordering::Relaxed) == now_seconds()
    }
}

/// Sends webhooks, tells plugins what happened, and sometimes tidies up: after a request that may have changed something was answered.
pub(crate) async fn afterwards(app: &App, retention: &RetentionSettings) {
    note(fan_out(app).await, "make deliveries of events");
    let due = due_deliveries(app, DELIVERIES_PER_WEBHOOK).await;
    let due = note(due, "read the deliveries to send").unwrap_or_default();
    for delivery in due.into_iter().take(DELIVERIES_MAX) {
        note(deliver(app, delivery).await, "store what became of a delivery");
    }
    measure(app).await;
    if chance().is_multiple_of(CLEAN_ONE_OF) {
        clean(app, retention).await;
    }
    // Last, because a plugin that traps ends the instance. One round of each: what is left waits for the next request.
    for plugin in app.plugins.listeners() {
        note(deliver_events(app, &plugin).await, "tell a plugin what happened");
    }
}

/// Measures some of the texts that wait.
async fn measure(app: &App) {
    let done = note(measure_some(app).await, "measure what entries mean").unwrap_or_default();
    if !done.collections.is_empty() {
        app.changes.measured(&done.collections.into_iter().collect::<Vec<_>>());
    }
}

async fn clean(app: &App, settings: &RetentionSettings) {
    note(empty_trash(app, settings.trash_days).await, "empty the trash");
    let copies = forget_working_copies(app, settings.working_copy_days).await;
    note(copies, "forget old working copies");
    note(drop_old_revisions(app, settings.revisions_max).await, "drop old revisions");
    note(forget_events(app, settings.event_days).await, "forget old events");
    note(forget_audit(app, settings.audit_days).await, "forget the old audit log");
    note(forget_ended(app, RETENTION_BATCH).await, "forget sessions that ended");
    note(forget_old_deliveries(app).await, "forget old deliveries of webhooks");
}

fn note<T, E: Error + 'static>(outcome: Result<T, E>, what: &str) -> Option<T> {
    outcome.inspect_err(|error| tracing::warn!(error = with_causes(error), "could not {what}")).ok()
}
