//! Publishing and unpublishing at a time that was set.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Permission};
use smartcms_domain::entries::{Entry, Schedule, Status};
use smartcms_domain::events::EventKind;

use super::commit::{commit, definition, find_seen};
use super::error::ContentError;
use super::{ChangeEntry, publish_entry, unpublish_entry};
use crate::{App, Fault, OpContext};

/// How many entries one look at the clock changes.
const DUE_LEN_MAX: u32 = 100;

/// When an entry is to change by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleEntry {
    /// Which entry, and the state that was seen.
    pub change: ChangeEntry,
    /// In the place of what was set before; empty takes it back.
    pub schedule: Schedule,
}

/// Sets when an entry is published and unpublished by itself.
pub async fn schedule_entry(
    ctx: &OpContext<'_>,
    command: ScheduleEntry,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, &command.change.collection)?;
    ctx.actor.require_some(Permission::Publish, &definition.name)?;
    let entry = find_seen(ctx, Permission::Publish, &command.change).await?;
    let previous = entry.revision;
    let entry = entry.scheduled(command.schedule, ctx.app.clock.now())?;
    commit(ctx, entry, Some(previous), EventKind::EntryScheduled, None).await
}

/// Does what is due: what was missed while nothing ran, too. The time is in the entries themselves, so nothing that was
/// set can be lost. How many entries changed.
pub async fn run_schedules(app: &App) -> Result<usize, ContentError> {
    let now = app.clock.now();
    let due = app.entries.due(now, DUE_LEN_MAX).await?;
    let ctx = OpContext::new(app, &Actor::Schedule);
    for entry in &due {
        if let Err(error) = run_one(&ctx, entry, now).await {
            tracing::warn!(entry.id = %entry.id, code = error.code(), %error, "could not do what was scheduled");
            take_back(&ctx, entry, &error).await;
        }
    }
    Ok(due.len())
}

async fn run_one(ctx: &OpContext<'_>, entry: &Entry, now: Timestamp) -> Result<(), ContentError> {
    let is_due = |at: Option<Timestamp>| at.is_some_and(|it| it <= now);
    let change = |entry: &Entry| ChangeEntry {
        collection: entry.collection.to_string(),
        id: entry.id,
        seen: Some(entry.revision),
    };
    let mut entry = entry.clone();
    let ends = is_due(entry.schedule.unpublish_at);
    // Both were missed: what would leave again at once is not shown at all.
    if is_due(entry.schedule.publish_at) && !ends {
        entry = publish_entry(ctx, change(&entry)).await?;
    }
    if ends && entry.status() == Status::Published {
        unpublish_entry(ctx, change(&entry)).await?;
    } else if ends {
        let previous = entry.revision;
        let entry = entry.scheduled(Schedule::default(), now)?;
        commit(ctx, entry, Some(previous), EventKind::EntryScheduled, None).await?;
    }
    Ok(())
}

/// What was refused is not tried again every second: the history says why it did not happen.
async fn take_back(ctx: &OpContext<'_>, entry: &Entry, error: &ContentError) {
    let now = ctx.app.clock.now();
    let previous = entry.revision;
    let Ok(entry) = entry.clone().scheduled(Schedule::default(), now) else { return };
    let reason: String = format!("the schedule was taken back: {error}");
    let message = Some(reason.chars().take(super::MESSAGE_LEN_MAX).collect());
    // A change by somebody else wins: their state is looked at next time.
    let _ = commit(ctx, entry, Some(previous), EventKind::EntryScheduled, message).await;
}
