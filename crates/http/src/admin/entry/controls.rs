//! From the fields of a collection and their values to the inputs of a form.

use serde_json::Value;
use smartcms_app::rendering::{blocks_to_markdown, blocks_to_reading};
use smartcms_domain::Timestamp;
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{Choice, FieldDefinition, FieldKind};
use smartcms_pages::admin::{FieldControl, FormField, Mistake, PickOption, RowForm, Zone};

use super::pick::{Labels, Look, target_of};
use super::values::{ROWS_MAX, input_name};

/// What inputs are made with.
pub(super) struct Controls<'a> {
    pub(super) labels: &'a Labels,
    pub(super) look: &'a Look,
    pub(super) mistakes: &'a [Mistake],
    pub(super) zone: &'a Zone,
    /// Whether the site has several languages, so that some values are shared.
    pub(super) several_languages: bool,
}

impl Controls<'_> {
    /// The input of a field of the collection.
    pub(super) fn field(&self, field: &FieldDefinition, value: Option<&Value>) -> FormField {
        let shared = self.several_languages && !field.localized;
        FormField { shared, ..self.inner(field, &input_name(field), value) }
    }

    fn inner(&self, field: &FieldDefinition, name: &str, value: Option<&Value>) -> FormField {
        let problem = self.mistakes.iter().find(|it| it.input == name);
        FormField {
            name: name.to_owned(),
            label: field.label.clone(),
            help: field.help.clone().unwrap_or_default(),
            help_tasks: Vec::new(),
            required: field.required,
            shared: false,
            problem: problem.map(|it| it.text.clone()).unwrap_or_default(),
            control: self.control(field, name, value),
        }
    }

    fn control(&self, field: &FieldDefinition, name: &str, value: Option<&Value>) -> FieldControl {
        if let Some(target) = target_of(&field.kind) {
            return FieldControl::Pick(self.labels.picker(target, name, value, self.look));
        }
        match &field.kind {
            FieldKind::Group(fields) => {
                FieldControl::Group { fields: self.object(fields, name, value) }
            }
            FieldKind::Repeater(fields) => self.repeater(field, fields, name, value),
            FieldKind::Boolean => {
                let checked = value.and_then(Value::as_bool);
                let usual = || field.default.as_ref().and_then(Value::as_bool);
                FieldControl::Check { checked: checked.or_else(usual).unwrap_or(false) }
            }
            FieldKind::Select(choices) => {
                let chosen = value.and_then(Value::as_str).unwrap_or_default();
                let mut options = options(choices, &[chosen]);
                if !field.required || chosen.is_empty() {
                    let selected = chosen.is_empty();
                    options.insert(0, PickOption { selected, ..PickOption::default() });
                }
                FieldControl::Select { options }
            }
            FieldKind::MultiSelect(choices) => {
                let chosen = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let chosen: Vec<&str> = chosen.iter().filter_map(Value::as_str).collect();
                FieldControl::Checks { options: options(choices, &chosen) }
            }
            FieldKind::GeoPoint => {
                let part = |name: &str| value.and_then(|it| it.get(name)).map(plain);
                FieldControl::Geo {
                    latitude: part("latitude").unwrap_or_default(),
                    longitude: part("longitude").unwrap_or_default(),
                }
            }
            FieldKind::RichText => rich(value),
            FieldKind::Markdown => {
                let value = value.map(plain).unwrap_or_default();
                FieldControl::Rich { value, blocks: String::new(), holds: "markdown" }
            }
            FieldKind::Json => json(value),
            FieldKind::LongText => FieldControl::Area {
                value: value.map(plain).unwrap_or_default(),
                rows: 3,
                len_max: len_max(field),
                is_code: false,
            },
            _ => self.line(field, value),
        }
    }

    fn line(&self, field: &FieldDefinition, value: Option<&Value>) -> FieldControl {
        let (input_type, step) = match &field.kind {
            FieldKind::Integer => ("number", "1"),
            FieldKind::Number => ("number", "any"),
            FieldKind::Date => ("date", ""),
            FieldKind::DateTime => ("datetime-local", ""),
            FieldKind::Email => ("email", ""),
            FieldKind::Url => ("url", ""),
            _ => ("text", ""),
        };
        let is_number = input_type == "number";
        let bound = |it: &Option<serde_json::Number>| {
            it.as_ref().filter(|_| is_number).map(ToString::to_string).unwrap_or_default()
        };
        let mut value = value.map(plain).unwrap_or_default();
        if field.kind == FieldKind::DateTime {
            let time = Timestamp::parse(&value);
            value = time.map_or(value, |it| self.zone.local(it.as_millis()));
        }
        FieldControl::Input {
            // What is no number is shown in a line of text: an input for numbers would hide it.
            input_type: if is_number && value.parse::<f64>().is_err() && !value.is_empty() {
                "text"
            } else {
                input_type
            },
            value,
            len_max: if input_type == "text" { len_max(field) } else { 0 },
            step,
            min: bound(&field.bounds.min),
            max: bound(&field.bounds.max),
        }
    }

    fn object(
        &self,
        fields: &[FieldDefinition],
        name: &str,
        value: Option<&Value>,
    ) -> Vec<FormField> {
        let inner = |field: &FieldDefinition| {
            let inner = field.name.as_str();
            self.inner(field, &format!("{name}.{inner}"), value.and_then(|it| it.get(inner)))
        };
        fields.iter().map(inner).collect()
    }

    fn repeater(
        &self,
        field: &FieldDefinition,
        fields: &[FieldDefinition],
        name: &str,
        value: Option<&Value>,
    ) -> FieldControl {
        let rows = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let row = |(at, row): (usize, &Value)| {
            let name = format!("{name}.{at}");
            let fields = self.object(fields, &name, Some(row));
            RowForm { name, number: at + 1, is_last: at + 1 == rows.len(), fields }
        };
        let most = field.bounds.max.as_ref().and_then(serde_json::Number::as_u64);
        let most = most.and_then(|it| usize::try_from(it).ok()).unwrap_or(ROWS_MAX).min(ROWS_MAX);
        let can_add = rows.len() < most;
        FieldControl::Repeater { rows: rows.iter().enumerate().map(row).collect(), can_add }
    }
}

fn options(choices: &[Choice], chosen: &[&str]) -> Vec<PickOption> {
    let option = |it: &Choice| PickOption {
        value: it.value.clone(),
        label: it.label.clone(),
        selected: chosen.contains(&it.value.as_str()),
        ..PickOption::default()
    };
    choices.iter().map(option).collect()
}

/// A value as somebody would type it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value of a field as a text that people can compare.
pub(super) fn readable(field: &FieldDefinition, value: Option<&Value>) -> String {
    let Some(value) = value.filter(|it| !it.is_null()) else { return String::new() };
    if field.kind == FieldKind::RichText
        && let Ok(document) = Document::parse(value)
    {
        return blocks_to_reading(&document);
    }
    match value {
        Value::Array(_) | Value::Object(_) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        other => plain(other),
    }
}

fn rich(value: Option<&Value>) -> FieldControl {
    let document = value.and_then(|it| Document::parse(it).ok());
    let text = match (&document, value) {
        (Some(document), _) => blocks_to_markdown(document),
        (None, Some(value)) => plain(value),
        (None, None) => String::new(),
    };
    let blocks = value.filter(|_| document.is_some()).map(ToString::to_string).unwrap_or_default();
    FieldControl::Rich { value: text, blocks, holds: "blocks" }
}

fn json(value: Option<&Value>) -> FieldControl {
    let shown = value.filter(|it| !it.is_null());
    let shown = shown.and_then(|it| serde_json::to_string_pretty(it).ok());
    let (rows, len_max) = (4, 0);
    FieldControl::Area { value: shown.unwrap_or_default(), rows, len_max, is_code: true }
}

/// The most characters; browsers count differently beyond the first plane, so that only what is far off is held back.
fn len_max(field: &FieldDefinition) -> u64 {
    let most = field.bounds.max.as_ref().and_then(serde_json::Number::as_u64);
    most.map_or(0, |it| it.saturating_mul(2))
}
