//! From the pairs of a form to the values of fields. What cannot be read as its kind is kept as it was typed: the checks of
//! a save say what is wrong with it, and the form shows it again.

use serde_json::{Map, Number, Value};
use smartcms_app::rendering::{blocks_to_markdown, markdown_to_blocks};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Subject};
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::Fields;
use smartcms_pages::admin::Zone;

use super::super::form::Form;

/// The most rows of a repeater that a form can have.
pub(super) const ROWS_MAX: usize = 200;
/// What stands before the names of fields in a form.
pub(super) const PREFIX: &str = "f.";

/// Reads forms of entries.
pub(super) struct Reader<'a> {
    pub(super) form: &'a Form,
    pub(super) zone: &'a Zone,
}

/// The name of a field's input.
pub(super) fn input_name(field: &FieldDefinition) -> String {
    format!("{PREFIX}{}", field.name)
}

/// The fields that a person writes in a form.
pub(super) fn written<'a>(
    actor: &'a Actor,
    definition: &'a CollectionDefinition,
    author: Option<&'a str>,
) -> impl Iterator<Item = &'a FieldDefinition> {
    let subject = Subject { author, ..Subject::newest(&definition.name) };
    definition.fields.iter().filter(move |it| it.computed.is_none() && actor.changes(subject, it))
}

impl Reader<'_> {
    /// The values of these fields; null for those that are empty.
    pub(super) fn fields<'a>(
        &self,
        fields: impl Iterator<Item = &'a FieldDefinition>,
        before: &Fields,
    ) -> Fields {
        let read = |field: &FieldDefinition| {
            let name = field.name.as_str();
            (name.to_owned(), self.value(field, &input_name(field), before.get(name)))
        };
        fields.map(read).collect()
    }

    /// The value of one field.
    pub(super) fn value(
        &self,
        field: &FieldDefinition,
        name: &str,
        before: Option<&Value>,
    ) -> Value {
        let typed = self.form.get(name).replace("\r\n", "\n");
        match &field.kind {
            FieldKind::Boolean => self.flag(field, name, before),
            FieldKind::RichText => self.blocks(name, &typed, before),
            FieldKind::Group(fields) => object_or_null(self.object(fields, name, before)),
            FieldKind::Repeater(fields) => self.rows(fields, name, before),
            FieldKind::GeoPoint => self.geo_point(name),
            FieldKind::MultiSelect(_) | FieldKind::Assets => self.list(name),
            FieldKind::Relation(it) if it.many => self.list(name),
            _ if typed.is_empty() => Value::Null,
            FieldKind::Integer => typed.trim().parse::<i64>().map_or(text(typed), Value::from),
            FieldKind::Number => {
                let number = typed.trim().replace(',', ".").parse().ok().and_then(Number::from_f64);
                number.map_or(text(typed), Value::Number)
            }
            FieldKind::DateTime => self.time(&typed, before),
            FieldKind::Json => serde_json::from_str(&typed).unwrap_or(text(typed)),
            FieldKind::LongText | FieldKind::Markdown => text(typed),
            _ => text(typed.trim().to_owned()),
        }
    }

    /// Browsers send nothing of a box without its tick: that is "no" where there is a "yes" to take back.
    fn flag(&self, field: &FieldDefinition, name: &str, before: Option<&Value>) -> Value {
        if self.form.get(name) == "true" {
            return Value::Bool(true);
        }
        let answered = before.is_some() || field.default.is_some() || field.required;
        if answered { Value::Bool(false) } else { Value::Null }
    }

    /// A block tree of the editor, or Markdown. Markdown that nobody has touched leaves the tree as it is.
    fn blocks(&self, name: &str, typed: &str, before: Option<&Value>) -> Value {
        if self.form.get(&format!("{name}.form")) == "blocks" {
            return serde_json::from_str(typed).unwrap_or(text(typed.to_owned()));
        }
        let known = before.and_then(|it| Document::parse(it).ok());
        if let (Some(known), Some(before)) = (known, before)
            && blocks_to_markdown(&known).trim() == typed.trim()
        {
            return before.clone();
        }
        if typed.trim().is_empty() { Value::Null } else { markdown_to_blocks(typed).to_json() }
    }

    fn object(
        &self,
        fields: &[FieldDefinition],
        name: &str,
        before: Option<&Value>,
    ) -> Map<String, Value> {
        let read = |field: &FieldDefinition| {
            let inner = field.name.as_str();
            let before = before.and_then(|it| it.get(inner));
            (inner.to_owned(), self.value(field, &format!("{name}.{inner}"), before))
        };
        fields.iter().map(read).filter(|(_, value)| !value.is_null()).collect()
    }

    fn rows(&self, fields: &[FieldDefinition], name: &str, before: Option<&Value>) -> Value {
        let rows = self.row_numbers(name).into_iter().map(|number| {
            let before = before.and_then(|it| it.get(number));
            Value::Object(self.object(fields, &format!("{name}.{number}"), before))
        });
        let rows: Vec<Value> = rows.collect();
        if rows.is_empty() { Value::Null } else { Value::Array(rows) }
    }

    /// The rows of a repeater that the form has, in order.
    fn row_numbers(&self, name: &str) -> Vec<usize> {
        let marks = self.form.0.iter().filter_map(|(it, _)| {
            it.strip_prefix(name)?.strip_prefix('.')?.strip_suffix("._")?.parse().ok()
        });
        let mut numbers: Vec<usize> = marks.filter(|it| *it < ROWS_MAX).collect();
        smartcms_domain::sorting::sort(&mut numbers);
        numbers.dedup();
        numbers
    }

    fn list(&self, name: &str) -> Value {
        let mut values: Vec<Value> = Vec::new();
        for value in self.form.all(name).filter(|it| !it.is_empty()) {
            let value = text(value.to_owned());
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.is_empty() { Value::Null } else { Value::Array(values) }
    }

    fn geo_point(&self, name: &str) -> Value {
        let degrees = |part: &str| {
            let typed = self.form.get(&format!("{name}.{part}")).trim().replace(',', ".");
            let number = typed.parse().ok().and_then(Number::from_f64);
            number.map_or(text(typed), Value::Number)
        };
        let (latitude, longitude) = (degrees("latitude"), degrees("longitude"));
        if latitude == text(String::new()) && longitude == text(String::new()) {
            return Value::Null;
        }
        serde_json::json!({ "latitude": latitude, "longitude": longitude })
    }

    /// The form shows minutes: a time that nobody has touched keeps its seconds.
    fn time(&self, typed: &str, before: Option<&Value>) -> Value {
        let known = before.and_then(Value::as_str).and_then(|it| Timestamp::parse(it).ok());
        if let (Some(known), Some(before)) = (known, before)
            && self.zone.local(known.as_millis()) == typed
        {
            return before.clone();
        }
        let time = self.zone.parse_local(typed).and_then(|it| Timestamp::from_millis(it).ok());
        time.map_or(text(typed.to_owned()), |it| text(it.sortable()))
    }
}

fn text(text: String) -> Value {
    Value::String(text)
}

fn object_or_null(object: Map<String, Value>) -> Value {
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}
