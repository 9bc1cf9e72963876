//! What an entry points to.

use serde_json::Value;
use uuid::Uuid;

use super::definition::CollectionDefinition;
use super::field::FieldDefinition;
use super::kind::FieldKind;
use crate::entries::{EntryId, Fields};

/// One reference out of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field of the collection that holds it; the outermost one when it stands in a group or a repeater.
    pub field: String,
    /// What it points to.
    pub target: Target,
}

/// What a reference points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Another entry.
    Entry(EntryId),
    /// An asset.
    Asset(Uuid),
}

impl CollectionDefinition {
    /// What these values point to, in the order of the fields; each target once for each field.
    pub fn references_of(&self, fields: &Fields) -> Vec<Reference> {
        let mut found = Vec::new();
        for field in &self.fields {
            let mut targets = Vec::new();
            collect(field, fields.get(field.name.as_str()), &mut targets);
            let mut seen = std::collections::BTreeSet::new();
            targets.retain(|it| seen.insert(*it));
            let name = field.name.as_str();
            found.extend(
                targets.into_iter().map(|target| Reference { field: name.to_owned(), target }),
            );
        }
        found
    }
}

fn collect(field: &FieldDefinition, value: Option<&Value>, targets: &mut Vec<Target>) {
    let Some(value) = value else { return };
    let ids = || {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        items.iter().filter_map(|it| EntryId::parse(it.as_str()?).ok())
    };
    match &field.kind {
        FieldKind::Relation(_) => targets.extend(ids().map(Target::Entry)),
        FieldKind::Asset | FieldKind::Assets => {
            targets.extend(ids().map(|it| Target::Asset(*it.as_uuid())));
        }
        FieldKind::RichText => {
            // The blocks name their assets by the key `asset`.
            let mut open = vec![value];
            while let Some(value) = open.pop() {
                match value {
                    Value::Array(items) => open.extend(items),
                    Value::Object(object) => {
                        let asset = object.get("asset").and_then(Value::as_str);
                        let id = asset.and_then(|it| EntryId::parse(it).ok());
                        targets.extend(id.map(|it| Target::Asset(*it.as_uuid())));
                        open.extend(object.values());
                    }
                    _ => {}
                }
            }
        }
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            let objects = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for object in objects {
                for field in fields {
                    collect(field, object.get(field.name.as_str()), targets);
                }
            }
        }
        _ => {}
    }
}
