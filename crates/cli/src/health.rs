//! Tells other processes how the plugins of this one are, and hears whom an operator wants to be called again.

use std::time::{Duration, Instant};

use smartcms_app::App;
use smartcms_app::plugins::{follow_resumptions, report_health};
use smartcms_app::ports::{PluginReport, StoreError};
use smartcms_domain::with_causes;

/// How often a wish is looked for, and changed reports are stored.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long reports that changed may be older than what they tell of.
const REPORT_EVERY: Duration = Duration::from_secs(2);
/// How often reports are stored that did not change, so that it is seen that the process lives.
const LIVES_EVERY: Duration = Duration::from_secs(20);

/// Reports until the server ends.
pub(crate) async fn report_plugins(app: App) {
    let process = app.randomness.id(app.clock.now());
    let mut resumed = app.clock.now();
    let mut told: Option<(Instant, Vec<PluginReport>)> = None;
    loop {
        let reports = app.plugins.reports();
        let is_due = told.as_ref().is_none_or(|(at, known)| {
            let every = if *known == reports { LIVES_EVERY } else { REPORT_EVERY };
            at.elapsed() >= every
        });
        // A site without plugins has nothing to tell.
        if is_due && (told.is_some() || !reports.is_empty()) {
            note(report_health(&app, process, reports.clone()).await, "store how the plugins are");
            told = Some((Instant::now(), reports));
        }
        tokio::time::sleep(LOOK_EVERY).await;
        let heard = follow_resumptions(&app, resumed).await;
        resumed = note(heard, "look for plugins to resume").unwrap_or(resumed);
    }
}

fn note<T>(outcome: Result<T, StoreError>, what: &str) -> Option<T> {
    outcome.inspect_err(|error| tracing::warn!(error = with_causes(error), "could not {what}")).ok()
}
