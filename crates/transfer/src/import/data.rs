//! What an entry brings that has no meaning here: kept as data where the collection has a field for it.

use serde_json::{Map, Value, json};
use smartcms_domain::entries::Fields;

use super::shape::{COMMENTS, FEATURED, META, POSITION, Shape};
use crate::item::{Comment, ImportedEntry};
use crate::note::NoteKind;

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
            Some(field) => fields.set(field.name.as_str(), Value::Array(comments)),
            None => drop(kept.insert("comments".to_owned(), Value::Array(comments))),
        }
    }
    if !entry.meta.is_empty() {
        kept.insert("fields".to_owned(), Value::Object(std::mem::take(&mut entry.meta)));
    }
    if kept.is_empty() {
        return;
    }
    let names: Vec<String> = kept.keys().cloned().collect();
    match shape.field_of(META, &["json"]) {
        Some(field) => {
            fields.set(field.name.as_str(), Value::Object(kept));
            entry.note(
                NoteKind::FieldKept,
                format!("kept as data in `{}`: {}", field.name, names.join(", ")),
            );
        }
        None => {
            let message = format!(
                "the collection has no place for: {}; a field `imported` of the kind json would keep them",
                names.join(", ")
            );
            entry.note(NoteKind::FieldLeft, message);
        }
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
