//! Taking what is gone out of the entries that point to it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::{Entry, Fields};

use super::commit::{definition, side_write_of};
use super::error::ContentError;
use crate::OpContext;
use crate::ports::{EntryChanges, Referrer};

/// The ids of what is gone, as values have them.
pub(crate) type Gone = BTreeSet<String>;

/// The writes that take what is gone out of the fields that point to it, in the newest states and in the public ones.
/// Entries that stay as they are, are left out.
pub(crate) fn cleared(
    ctx: &OpContext<'_>,
    referrers: Vec<Referrer>,
    gone: &Gone,
    message: &str,
) -> Result<EntryChanges, ContentError> {
    let now = ctx.app.clock.now();
    let mut changes = EntryChanges::default();
    for Referrer { entry, fields } in referrers {
        let definition = definition(ctx, entry.collection.as_str())?;
        let next = without(&definition, entry.clone(), &fields, gone);
        if next != entry {
            let next = next.stepped(now);
            changes.writes.push(side_write_of(ctx, &entry, next, message.to_owned())?);
        }
    }
    Ok(changes)
}

fn without(
    definition: &CollectionDefinition,
    entry: Entry,
    names: &[String],
    gone: &Gone,
) -> Entry {
    let cleaned = |fields: &Fields| {
        let mut fields = fields.clone();
        for name in names {
            let Some(value) = fields.get(name).cloned() else { continue };
            let value = match definition.field(name) {
                Some(field) => of_field(field, value, gone),
                None => of_ids(value, gone),
            };
            fields.set(name, value);
        }
        fields
    };
    let live = entry.live.as_ref().map(|it| it.clone().with(cleaned(&it.fields), entry.revision));
    Entry { fields: cleaned(&entry.fields), live, ..entry }
}

/// The value of a field without what is gone. Texts stay as they were written, with the addresses in them.
fn of_field(field: &FieldDefinition, value: Value, gone: &Gone) -> Value {
    match (&field.kind, value) {
        (FieldKind::RichText, value) => {
            let value = of_blocks(value, gone);
            Document::parse(&value).map_or(value, |it| it.to_json())
        }
        (FieldKind::Group(fields), Value::Object(members)) => of_members(fields, members, gone),
        (FieldKind::Repeater(fields), Value::Array(rows)) => {
            let row = |it| match it {
                Value::Object(members) => of_members(fields, members, gone),
                other => other,
            };
            Value::Array(rows.into_iter().map(row).collect())
        }
        (FieldKind::Relation(_) | FieldKind::Asset | FieldKind::Assets, value) => {
            of_ids(value, gone)
        }
        (_, value) => value,
    }
}

fn of_members(fields: &[FieldDefinition], members: Map<String, Value>, gone: &Gone) -> Value {
    let member = |(name, value): (String, Value)| {
        let field = fields.iter().find(|it| it.name.as_str() == name);
        let value = field.map_or(value.clone(), |it| of_field(it, value, gone));
        (name, value)
    };
    Value::Object(members.into_iter().map(member).filter(|(_, it)| !it.is_null()).collect())
}

/// An id, or a list of them, without those that are gone.
fn of_ids(value: Value, gone: &Gone) -> Value {
    let is_gone = |it: &Value| it.as_str().is_some_and(|it| gone.contains(it));
    match value {
        Value::Array(items) => Value::Array(items.into_iter().filter(|it| !is_gone(it)).collect()),
        value if is_gone(&value) => Value::Null,
        other => other,
    }
}

/// A block tree without the images that are gone. Its depth is bounded by that of stored documents.
fn of_blocks(value: Value, gone: &Gone) -> Value {
    let is_gone = |it: &Value| {
        let asset = it.get("asset").and_then(Value::as_str);
        let is_image = it.get("type").and_then(Value::as_str) == Some("image");
        is_image && asset.is_some_and(|it| gone.contains(it))
    };
    match value {
        Value::Array(items) => {
            let left = items.into_iter().filter(|it| !is_gone(it));
            Value::Array(left.map(|it| of_blocks(it, gone)).collect())
        }
        Value::Object(members) => {
            let member = |(name, value)| (name, of_blocks(value, gone));
            Value::Object(members.into_iter().map(member).collect())
        }
        other => other,
    }
}
