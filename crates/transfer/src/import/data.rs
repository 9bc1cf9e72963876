//! What an entry brings that has no meaning here: kept as data where the collection has a field for it.

use serde_json::{Map, Value, json};
use smartcms_domain::collections::FieldDefinition;
use smartcms_domain::entries::Fields;

use super::shape::{COMMENTS, FEATURED, META, POSITION, Shape};
use crate::item::{Comment, ImportedEntry};
use crate::note::NoteKind;

/// How much data an entry keeps, in bytes of JSON: the text has to have room beside it.
const DATA_BYTES_MAX: usize = 768 * 1024;

/// Sets what has no meaning here but may not be lost, where the collection has a field for data.
pub(super) fn set_data(
    shape: &Shape,
    entry: &mut ImportedEntry,
    mut kept: Map<String, Value>,
    fields: &mut Fields,
) {
    if entry.featured {
        match shape.field_of(FEATURED, &["boolean"]) {
            Some(field) => fields.set(field.name.as_str(), Value::Bool(true)),
            None => drop(kept.insert("featured".to_owned(), Value::Bool(true))),
        }
    }
    if let Some(position) = entry.position {
        match shape.field_of(POSITION, &["integer"]) {
            Some(field) => fields.set(field.name.as_str(), Value::from(position)),
            None => drop(kept.insert("position".to_owned(), Value::from(position))),
        }
    }
    if !entry.comments.is_empty() {
        let comments: Vec<Value> = entry.comments.iter().map(comment_json).collect();
        match shape.field_of(COMMENTS, &["json"]) {
            Some(field) if Value::Array(comments.clone()).to_string().len() <= DATA_BYTES_MAX => {
                fields.set(field.name.as_str(), Value::Array(comments));
            }
            _ => drop(kept.insert("comments".to_owned(), Value::Array(comments))),
        }
    }
    if !entry.meta.is_empty() {
        kept.insert("fields".to_owned(), Value::Object(std::mem::take(&mut entry.meta)));
    }
    if kept.is_empty() {
        return;
    }
    let Some(field) = shape.field_of(META, &["json"]) else {
        let message = format!(
            "the collection has no place for: {}; a field `imported` of the kind json would keep them",
            named(&kept)
        );
        entry.note(NoteKind::FieldLeft, message);
        return;
    };
    drop_what_does_not_fit(&mut kept, field, entry);
    if !kept.is_empty() {
        let message = format!("kept as data in `{}`: {}", field.name, named(&kept));
        entry.note(NoteKind::FieldKept, message);
        fields.set(field.name.as_str(), Value::Object(kept));
    }
}

/// What there is, in words: `3 comments`, `fields mood and servings`.
fn named(kept: &Map<String, Value>) -> String {
    let names = kept.iter().map(|(name, value)| match value {
        Value::Array(values) if name == "comments" => format!("{} comments", values.len()),
        Value::Object(map) if name == "fields" => {
            let names: Vec<&str> = map.keys().map(String::as_str).collect();
            format!("the custom fields {}", names.join(", "))
        }
        _ => name.clone(),
    });
    names.collect::<Vec<_>>().join("; ")
}

/// An entry whose data is too large or too deep would not be stored at all: its parts go one by one, the largest first.
fn drop_what_does_not_fit(
    kept: &mut Map<String, Value>,
    field: &FieldDefinition,
    entry: &mut ImportedEntry,
) {
    if let Some(Value::Object(values)) = kept.get_mut("fields") {
        let deep: Vec<String> = values
            .iter()
            .filter(|(_, value)| !field.problems_of(Some(*value)).is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        for name in deep {
            if let Some(value) = values.get_mut(&name) {
                *value = Value::String(value.to_string());
            }
            let message =
                format!("the value `{name}` nests too deep; it is kept as a text of JSON");
            entry.note(NoteKind::FieldKept, message);
        }
    }
    while Value::Object(kept.clone()).to_string().len() > DATA_BYTES_MAX {
        let sizes = kept.iter().map(|(name, value)| (value.to_string().len(), name.clone()));
        let Some((size, name)) = sizes.max() else { return };
        kept.remove(&name);
        let message = format!(
            "`{name}` has {size} bytes of data and was left; the limit is {DATA_BYTES_MAX}"
        );
        entry.note(NoteKind::FieldLeft, message);
    }
}

fn comment_json(comment: &Comment) -> Value {
    json!({
        "id": comment.key,
        "parent": comment.parent,
        "author": comment.author,
        "email": comment.email,
        "url": comment.url,
        "at": comment.at.map(|it| it.to_string()),
        "approved": comment.approved,
        "kind": comment.kind,
        "content": comment.content,
    })
}
