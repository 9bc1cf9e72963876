//! Writing a definition.

use serde_json::{Map, Value, json};

use crate::actors::Rank;
use crate::collections::definition::{CollectionDefinition, Taxonomy};
use crate::collections::field::{FieldDefinition, FieldName};
use crate::collections::kind::{Choice, FieldKind};

impl CollectionDefinition {
    /// The definition as the document that [`CollectionDefinition::read`] takes, with every word, also where it says
    /// nothing: null, false, or what would be there without it.
    pub fn to_document(&self) -> Map<String, Value> {
        let taxonomy = self.taxonomy.map(|it| match it {
            Taxonomy::Flat => "flat",
            Taxonomy::Tree => "tree",
        });
        let fields: Vec<Value> = self.fields.iter().map(field).collect();
        object([
            ("label", json!(self.label)),
            ("label_one", json!(self.label_one)),
            ("url", json!(self.url.as_ref().map(ToString::to_string))),
            ("listed", json!(self.listed)),
            ("title", json!(self.title.as_str())),
            ("body", json!(self.body.as_ref().map(FieldName::as_str))),
            ("image", json!(self.image.as_ref().map(FieldName::as_str))),
            ("taxonomy", json!(taxonomy)),
            ("drafts", json!(self.drafts)),
            ("fields", Value::Array(fields)),
        ])
    }
}

impl FieldDefinition {
    /// The field as an object of the document.
    pub fn to_document(&self) -> Map<String, Value> {
        let mut written = object([
            ("name", json!(self.name.as_str())),
            ("kind", json!(self.kind.name())),
            ("label", json!(self.label)),
            ("help", json!(self.help)),
            ("required", json!(self.required)),
            ("unique", json!(self.unique)),
            ("indexed", json!(self.indexed)),
            ("localized", json!(self.localized)),
            ("default", self.default.clone().unwrap_or_default()),
            ("min", json!(self.bounds.min)),
            ("max", json!(self.bounds.max)),
            ("pattern", json!(self.pattern.as_ref().map(super::super::field::Pattern::as_str))),
            ("read", json!(self.access.read.map(Rank::name))),
            ("write", json!(self.access.write.map(Rank::name))),
        ]);
        if let Some(computed) = &self.computed {
            let arguments: Vec<&str> = computed.arguments.iter().map(FieldName::as_str).collect();
            let table = object([
                ("plugin", json!(computed.plugin.as_str())),
                ("function", json!(computed.function)),
                ("arguments", json!(arguments)),
            ]);
            written.extend(object([("computed", Value::Object(table))]));
        }
        if let Some(from) = &self.renamed_from {
            written.extend(object([("renamed_from", json!(from.as_str()))]));
        }
        written.extend(of_kind(&self.kind));
        written
    }
}

fn field(definition: &FieldDefinition) -> Value {
    Value::Object(definition.to_document())
}

fn of_kind(kind: &FieldKind) -> Map<String, Value> {
    match kind {
        FieldKind::Select(choices) | FieldKind::MultiSelect(choices) => {
            object([("choices", choices.iter().map(choice).collect())])
        }
        FieldKind::Relation(relation) => object([
            ("to", json!(relation.to.as_str())),
            ("many", json!(relation.many)),
            ("on_delete", json!(relation.on_delete.name())),
        ]),
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            object([("fields", fields.iter().map(field).collect())])
        }
        _ => Map::new(),
    }
}

fn choice(choice: &Choice) -> Value {
    json!({ "value": choice.value, "label": choice.label })
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
