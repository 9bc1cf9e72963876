//! A definition as somebody writes it in a form: nothing of it is checked yet.

use serde_json::{Map, Value, json};
use smartcms_domain::collections::{
    Choice, CollectionDefinition, FieldDefinition, FieldKind, FieldName, Taxonomy, usual_label,
};

use super::nested::Nested;

/// A collection in a form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DefinitionDraft {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) label_one: String,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) image: String,
    pub(super) taxonomy: String,
    pub(super) listed: bool,
    pub(super) drafts: bool,
    pub(super) fields: Vec<FieldDraft>,
}

/// A field in a form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct FieldDraft {
    /// What it is called in the definition that is stored; empty for a new one.
    pub(super) was: String,
    /// What it was called when the form was shown.
    pub(super) shown: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) to: String,
    pub(super) many: bool,
    pub(super) on_delete: String,
    pub(super) required: bool,
    pub(super) unique: bool,
    pub(super) indexed: bool,
    pub(super) localized: bool,
    pub(super) choices: String,
    pub(super) min: String,
    pub(super) max: String,
    pub(super) pattern: String,
    pub(super) default: String,
    pub(super) read: String,
    pub(super) write: String,
    /// The function that computes it, `plugin.function`; empty for what people write.
    pub(super) computed: String,
    /// The fields that it is computed from, with commas between them.
    pub(super) arguments: String,
    pub(super) fields: Vec<Self>,
}

impl Nested for FieldDraft {
    fn below(&mut self) -> &mut Vec<Self> {
        &mut self.fields
    }
}

impl DefinitionDraft {
    /// What a new collection begins with: a title and a text.
    pub(super) fn new() -> Self {
        let field = |name: &str, kind: &str, required| FieldDraft {
            name: name.to_owned(),
            kind: kind.to_owned(),
            label: usual_label(name),
            required,
            localized: true,
            ..FieldDraft::default()
        };
        Self {
            title: "title".to_owned(),
            body: "body".to_owned(),
            drafts: true,
            fields: vec![field("title", "text", true), field("body", "rich_text", false)],
            ..Self::default()
        }
    }

    /// A definition, whose fields are those of another one that is stored, where they have the same names.
    pub(super) fn of(definition: &CollectionDefinition, stored: &[FieldDefinition]) -> Self {
        let name =
            |it: &Option<FieldName>| it.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            name: definition.name.to_string(),
            label: definition.label.clone(),
            label_one: definition.label_one.clone(),
            url: definition.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            title: definition.title.to_string(),
            body: name(&definition.body),
            image: name(&definition.image),
            taxonomy: match definition.taxonomy {
                Some(Taxonomy::Flat) => "flat".to_owned(),
                Some(Taxonomy::Tree) => "tree".to_owned(),
                None => String::new(),
            },
            listed: definition.listed,
            drafts: definition.drafts,
            fields: fields_of(&definition.fields, stored),
        }
    }

    /// The document that operations take.
    pub(super) fn document(&self) -> Value {
        let mut document = Map::new();
        for (key, text) in [
            ("label", &self.label),
            ("label_one", &self.label_one),
            ("url", &self.url),
            ("title", &self.title),
            ("body", &self.body),
            ("image", &self.image),
            ("taxonomy", &self.taxonomy),
        ] {
            set_text(&mut document, key, text);
        }
        document.insert("listed".to_owned(), self.listed.into());
        document.insert("drafts".to_owned(), self.drafts.into());
        document.insert("fields".to_owned(), documents(&self.fields));
        Value::Object(document)
    }
}

impl FieldDraft {
    fn document(&self, neighbours: &[Self]) -> Value {
        let mut document = Map::new();
        for (key, text) in [
            ("name", &self.name),
            ("kind", &self.kind),
            ("label", &self.label),
            ("help", &self.help),
            ("pattern", &self.pattern),
            ("read", &self.read),
            ("write", &self.write),
        ] {
            set_text(&mut document, key, text);
        }
        for (key, flag) in [
            ("required", self.required),
            ("unique", self.unique),
            ("indexed", self.indexed),
            ("localized", self.localized),
        ] {
            document.insert(key.to_owned(), flag.into());
        }
        for (key, text) in [("min", &self.min), ("max", &self.max)] {
            if !text.is_empty() {
                document.insert(key.to_owned(), number_or_text(text));
            }
        }
        if !self.default.is_empty() {
            document.insert("default".to_owned(), self.default_value());
        }
        if let Some((plugin, function)) = self.computed.split_once('.') {
            let names = self.arguments.split([',', ' ']).map(str::trim);
            let arguments: Vec<&str> = names.filter(|it| !it.is_empty()).collect();
            let computed =
                json!({ "plugin": plugin, "function": function, "arguments": arguments });
            document.insert("computed".to_owned(), computed);
        }
        let moved = !self.was.is_empty() && self.was != self.name;
        if moved && neighbours.iter().all(|it| it.name != self.was) {
            set_text(&mut document, "renamed_from", &self.was);
        }
        self.add_of_kind(&mut document);
        Value::Object(document)
    }

    fn add_of_kind(&self, document: &mut Map<String, Value>) {
        match self.kind.as_str() {
            "select" | "multi_select" => {
                let choices = self.choices.lines().map(str::trim).filter(|it| !it.is_empty());
                document.insert("choices".to_owned(), choices.map(choice).collect());
            }
            "relation" => {
                set_text(document, "to", &self.to);
                set_text(document, "on_delete", &self.on_delete);
                document.insert("many".to_owned(), self.many.into());
            }
            "group" | "repeater" => {
                document.insert("fields".to_owned(), documents(&self.fields));
            }
            _ => {}
        }
    }

    /// What cannot be read as its kind stays text: the check of the definition says what is wrong with it.
    fn default_value(&self) -> Value {
        let text = self.default.as_str();
        match self.kind.as_str() {
            "boolean" => text.parse::<bool>().map_or(json!(text), Value::Bool),
            "integer" | "number" => number_or_text(text),
            "multi_select" => {
                text.lines().map(str::trim).filter(|it| !it.is_empty()).map(Value::from).collect()
            }
            _ if is_structured(&self.kind, self.many) => {
                serde_json::from_str(text).unwrap_or_else(|_| json!(text))
            }
            _ => json!(text),
        }
    }
}

/// Whether a default of this kind is written as JSON.
pub(super) fn is_structured(kind: &str, many: bool) -> bool {
    let kinds = ["rich_text", "json", "geo_point", "assets", "group", "repeater"];
    kinds.contains(&kind) || (kind == "relation" && many)
}

fn documents(fields: &[FieldDraft]) -> Value {
    fields.iter().map(|it| it.document(fields)).collect()
}

fn set_text(document: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        document.insert(key.to_owned(), text.into());
    }
}

fn number_or_text(text: &str) -> Value {
    let number = text.parse::<i64>().ok().map(Value::from);
    let number = number.or_else(|| text.replace(',', ".").parse::<f64>().ok().map(Value::from));
    number.filter(|it| !it.is_null()).unwrap_or_else(|| text.into())
}

/// A line of choices: `scifi | Science fiction`.
fn choice(line: &str) -> Value {
    match line.split_once(" | ") {
        Some((value, label)) => json!({ "value": value.trim(), "label": label.trim() }),
        None => line.into(),
    }
}

fn line_of(choice: &Choice) -> String {
    let Choice { value, label } = choice;
    if value == label { value.clone() } else { format!("{value} | {label}") }
}

fn fields_of(fields: &[FieldDefinition], stored: &[FieldDefinition]) -> Vec<FieldDraft> {
    fields.iter().map(|it| field_of(it, stored)).collect()
}

fn field_of(field: &FieldDefinition, stored: &[FieldDefinition]) -> FieldDraft {
    let old = field.renamed_from.as_ref().unwrap_or(&field.name);
    let old = stored.iter().find(|it| it.name == *old);
    let inner = old.map(|it| it.kind.inner_fields()).unwrap_or_default();
    let rank = |it: Option<smartcms_domain::actors::Rank>| {
        it.map(|it| it.name().to_owned()).unwrap_or_default()
    };
    let number =
        |it: &Option<serde_json::Number>| it.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = field.name.to_string();
    let computed = field.computed.as_ref();
    let arguments = computed.map(|it| it.arguments.as_slice()).unwrap_or_default();
    let arguments: Vec<&str> = arguments.iter().map(FieldName::as_str).collect();
    let draft = FieldDraft {
        was: old.map(|it| it.name.to_string()).unwrap_or_default(),
        shown: name.clone(),
        kind: field.kind.name().to_owned(),
        label: field.label.clone(),
        help: field.help.clone().unwrap_or_default(),
        required: field.required,
        unique: field.unique,
        indexed: field.indexed,
        localized: field.localized,
        min: number(&field.bounds.min),
        max: number(&field.bounds.max),
        pattern: field.pattern.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default(),
        default: field.default.as_ref().map(|it| default_text(&field.kind, it)).unwrap_or_default(),
        read: rank(field.access.read),
        write: rank(field.access.write),
        computed: computed.map(|it| format!("{}.{}", it.plugin, it.function)).unwrap_or_default(),
        arguments: arguments.join(", "),
        name,
        ..FieldDraft::default()
    };
    with_kind(draft, &field.kind, inner)
}

fn with_kind(draft: FieldDraft, kind: &FieldKind, stored: &[FieldDefinition]) -> FieldDraft {
    match kind {
        FieldKind::Select(choices) | FieldKind::MultiSelect(choices) => {
            let lines: Vec<String> = choices.iter().map(line_of).collect();
            FieldDraft { choices: lines.join("\n"), ..draft }
        }
        FieldKind::Relation(relation) => FieldDraft {
            to: relation.to.to_string(),
            many: relation.many,
            on_delete: relation.on_delete.name().to_owned(),
            ..draft
        },
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            FieldDraft { fields: fields_of(fields, stored), ..draft }
        }
        _ => draft,
    }
}

fn default_text(kind: &FieldKind, value: &Value) -> String {
    match (kind, value) {
        (FieldKind::MultiSelect(_), Value::Array(values)) => {
            values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use smartcms_domain::collections::{
        CollectionDefinition, CollectionName, Computed, FieldDefinition, FieldKind, FieldName,
    };
    use smartcms_domain::plugins::PluginId;
    use smartcms_testkit::builders::posts;

    use super::DefinitionDraft;

    #[test]
    fn a_definition_that_nobody_touched_comes_back_as_it_is() {
        let stored = posts();
        let draft = DefinitionDraft::of(&stored, &stored.fields);
        let read = CollectionDefinition::read(stored.name.clone(), &draft.document());
        assert_eq!(read.unwrap(), stored);
    }

    #[test]
    fn how_a_field_is_computed_comes_back_as_it_is() {
        let mut stored = posts();
        let name = |it: &str| FieldName::parse(it).unwrap();
        let mut field = FieldDefinition::new(name("shouted"), FieldKind::Text);
        field.localized = true;
        field.computed = Some(Computed {
            plugin: PluginId::parse("text-tools").unwrap(),
            function: "shout".to_owned(),
            arguments: vec![name("title"), name("excerpt")],
        });
        stored.fields.push(field);
        let draft = DefinitionDraft::of(&stored, &stored.fields);
        let read = CollectionDefinition::read(stored.name.clone(), &draft.document());
        assert_eq!(read.unwrap(), stored);
    }

    #[test]
    fn a_field_with_another_name_takes_its_values_along() {
        let stored = posts();
        let mut draft = DefinitionDraft::of(&stored, &stored.fields);
        draft.fields.last_mut().unwrap().name = "another".to_owned();
        let name = CollectionName::parse("posts").unwrap();
        let read = CollectionDefinition::read(name, &draft.document()).unwrap();
        let old = &stored.fields.last().unwrap().name;
        assert_eq!(read.fields.last().unwrap().renamed_from.as_ref(), Some(old));
    }
}
