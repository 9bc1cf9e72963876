//! Deleting an entry for good.

use serde_json::Value;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::Target;
use smartcms_domain::entries::{Entry, EntryId, Fields, Live};
use smartcms_domain::events::EventKind;

use super::ChangeEntry;
use super::commit::{commit_all, definition, event_of, find_seen, write_of};
use super::error::ContentError;
use super::references::{REFERRERS_MAX, too_many};
use crate::OpContext;
use crate::ports::{EntryChanges, EntryPurge};

/// Deletes an entry that is in the trash, with its history, and takes it out of the fields that point to it.
pub async fn purge_entry(ctx: &OpContext<'_>, command: ChangeEntry) -> Result<(), ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require(Permission::Delete, &definition.name)?;
    let entry = find_seen(ctx, &command).await?;
    if entry.trashed_at.is_none() {
        return Err(ContentError::NotInTrash(entry.id.to_string()));
    }
    let referrers = ctx.app.entries.referrers(Target::Entry(entry.id), REFERRERS_MAX + 1).await?;
    if referrers.len() > REFERRERS_MAX as usize {
        return Err(too_many(&entry));
    }
    let now = ctx.app.clock.now();
    let mut changes = EntryChanges::default();
    for referrer in referrers {
        let previous = referrer.entry.revision;
        let without = without(referrer.entry, &referrer.fields, entry.id);
        let next = without.stepped(now);
        let message = Some(format!("{} was deleted", entry.slug));
        let write = write_of(ctx, next, Some(previous), EventKind::EntryUpdated, message)?;
        changes.writes.push(write);
    }
    let event = event_of(ctx, &entry, EventKind::EntryPurged);
    changes.purges.push(EntryPurge { id: entry.id, previous: entry.revision, event });
    commit_all(ctx, changes).await
}

fn without(entry: Entry, names: &[String], gone: EntryId) -> Entry {
    let cleaned = |fields: &Fields| {
        let mut fields = fields.clone();
        for name in names {
            let value = fields.get(name).cloned().unwrap_or_default();
            fields.set(name, cleared(value, &gone.to_string()));
        }
        fields
    };
    let live = entry.live.as_ref().map(|it| Live { fields: cleaned(&it.fields), ..it.clone() });
    Entry { fields: cleaned(&entry.fields), live, ..entry }
}

/// A value without an id, wherever it stands in it.
fn cleared(value: Value, gone: &str) -> Value {
    match value {
        Value::String(text) if text == gone => Value::Null,
        Value::Array(items) => {
            let kept = items.into_iter().filter(|it| it.as_str() != Some(gone));
            Value::Array(kept.map(|it| cleared(it, gone)).collect())
        }
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, cleared(value, gone)));
            Value::Object(members.filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}
