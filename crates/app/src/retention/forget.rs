//! Forgetting what nobody needs any more.

use smartcms_domain::actors::Actor;

use super::days_ago;
use crate::audit::{self, Deed};
use crate::ports::StoreError;
use crate::{App, OpContext};

/// How much one step takes away at most.
pub const RETENTION_BATCH: u32 = 1_000;

/// Drops the oldest states of entries that have more than so many; the newest and the public one stay. How many went.
pub async fn drop_old_revisions(app: &App, most: u64) -> Result<u64, StoreError> {
    if most == 0 {
        return Ok(0);
    }
    app.entries.drop_revisions(most, RETENTION_BATCH).await
}

/// Forgets working copies that nobody has gone on with for so many days. How many went.
pub async fn forget_working_copies(app: &App, days: u32) -> Result<u64, StoreError> {
    let Some(before) = days_ago(app, days) else { return Ok(0) };
    app.working_copies.forget(before, RETENTION_BATCH).await
}

/// Forgets what the audit log says of so many days ago. How many records went; that they did is recorded.
pub async fn forget_audit(app: &App, days: u32) -> Result<u64, StoreError> {
    let Some(before) = days_ago(app, days) else { return Ok(0) };
    let gone = app.audit.forget_audit(before, RETENTION_BATCH).await?;
    if gone > 0 {
        let ctx = OpContext::new(app, &Actor::Schedule);
        let said = format!("{gone} records from before {before}");
        audit::record(&ctx, Deed::done("audit.forgotten").detail(said)).await;
    }
    Ok(gone)
}

/// Forgets events of so many days ago that the webhooks and every plugin that listens have heard. How many went.
pub async fn forget_events(app: &App, days: u32) -> Result<u64, StoreError> {
    let Some(before) = days_ago(app, days) else { return Ok(0) };
    app.outbox.forget(before, &app.plugins.listeners(), RETENTION_BATCH).await
}
