//! What definitions and plans look like.

use axum::http::HeaderValue;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use smartcms_app::collections::{CollectionPlan, PlannedStep};
use smartcms_app::ports::{DefinitionRecord, Duplicate, Side};
use smartcms_domain::collections::{COLLECTION_KEYS, FIELD_KEYS};

use crate::preconditions::entity_tag;

/// What is known of a definition beside what it says. In a change it has to be what it is.
pub(super) const READ_ONLY: [&str; 4] = ["origin", "revision", "changed_at", "changed_by"];

/// A definition with the words of a file, and what is known of it.
pub(super) struct CollectionBody<'a>(pub(super) &'a DefinitionRecord);

/// The members of an object in this order; those of its fields in theirs.
struct Ordered<'a>(&'a Map<String, Value>, &'a [&'static str]);

struct OrderedFields<'a>(&'a [Value]);

impl Serialize for CollectionBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = self.0.definition.to_document();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.0.definition.name.as_str())?;
        members(&mut map, &document, &COLLECTION_KEYS)?;
        for name in READ_ONLY {
            map.serialize_entry(name, &read_only(self.0, name))?;
        }
        map.end()
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        members(&mut map, self.0, self.1)?;
        map.end()
    }
}

impl Serialize for OrderedFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let objects = self.0.iter().filter_map(Value::as_object);
        serializer.collect_seq(objects.map(|it| Ordered(it, &FIELD_KEYS)))
    }
}

fn members<M: SerializeMap>(
    map: &mut M,
    object: &Map<String, Value>,
    keys: &[&'static str],
) -> Result<(), M::Error> {
    for key in keys {
        match object.get(*key) {
            Some(Value::Array(fields)) if *key == "fields" => {
                map.serialize_entry(key, &OrderedFields(fields))?;
            }
            Some(value) => map.serialize_entry(key, value)?,
            None => {}
        }
    }
    Ok(())
}

/// What is known of a definition beside what it says.
pub(super) fn read_only(record: &DefinitionRecord, name: &str) -> Value {
    match name {
        "origin" => json!(record.origin.name()),
        "revision" => json!(record.revision.number()),
        "changed_at" => json!(record.changed_at.to_string()),
        _ => json!(record.changed_by),
    }
}

/// The tag of a definition's state.
pub(super) fn tag(record: &DefinitionRecord) -> HeaderValue {
    entity_tag(record.revision)
}

/// What a change does to the entries there are.
pub(crate) fn plan(plan: &CollectionPlan) -> Value {
    let steps: Vec<Value> = plan.steps.iter().map(step).collect();
    json!({ "collection": plan.collection.as_str(), "loses": plan.loses(), "steps": steps })
}

fn step(planned: &PlannedStep) -> Value {
    let examples: Vec<String> = planned.examples.iter().map(ToString::to_string).collect();
    let duplicates: Vec<Value> = planned.duplicates.iter().map(duplicate).collect();
    json!({
        "field": planned.step.field,
        "kind": planned.step.kind.name(),
        "message": planned.step.message,
        "entries": planned.entries,
        "public": planned.public,
        "lost": planned.lost,
        "invalid": planned.invalid,
        "examples": examples,
        "duplicates": duplicates,
    })
}

fn duplicate(duplicate: &Duplicate) -> Value {
    let entries: Vec<String> = duplicate.entries.iter().map(ToString::to_string).collect();
    json!({
        "side": if duplicate.side == Side::Live { "public" } else { "newest" },
        "locale": duplicate.locale.as_str(),
        "value": duplicate.value,
        "entries": entries,
    })
}
