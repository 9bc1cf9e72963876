//! A definition as the file that says it.

use serde_json::{Map, Value};
use smartcms_domain::collections::{
    COLLECTION_KEYS, CollectionDefinition, FIELD_KEYS, usual_label,
};

/// The text of a definition's file, without the words that say nothing.
pub fn collection_file(definition: &CollectionDefinition) -> String {
    let document = definition.to_document();
    let mut text = String::new();
    members(&document, &COLLECTION_KEYS, &mut text);
    fields(&document, "fields", &mut text);
    text
}

fn fields(of: &Map<String, Value>, header: &str, text: &mut String) {
    for field in of.get("fields").and_then(Value::as_array).into_iter().flatten() {
        let Some(field) = field.as_object() else { continue };
        text.push_str(&format!("\n[[{header}]]\n"));
        members(field, &FIELD_KEYS, text);
        fields(field, &format!("{header}.fields"), text);
    }
}

fn members(of: &Map<String, Value>, keys: &[&str], text: &mut String) {
    // Fields are tables of their own, after everything else.
    for key in keys.iter().filter(|it| **it != "fields") {
        let Some(value) = of.get(*key).filter(|it| says_something(key, it, of)) else { continue };
        text.push_str(&format!("{key} = {}\n", written(key, value)));
    }
}

fn says_something(key: &str, value: &Value, of: &Map<String, Value>) -> bool {
    match (key, value) {
        (_, Value::Null) => false,
        ("default", _) => true,
        ("drafts", value) => *value == Value::Bool(false),
        ("on_delete", Value::String(rule)) => rule != "clear",
        // A field without a label is called by its name.
        ("label", Value::String(label)) => {
            let name = of.get("name").and_then(Value::as_str);
            name.is_none_or(|it| usual_label(it) != *label)
        }
        (_, value) => *value != Value::Bool(false),
    }
}

fn written(key: &str, value: &Value) -> String {
    match value.as_array().filter(|_| key == "choices") {
        Some(choices) => format!("[{}]", choices.iter().map(choice).collect::<Vec<_>>().join(", ")),
        None => inline(value),
    }
}

/// A choice whose label is its value is written as the value.
fn choice(choice: &Value) -> String {
    match (choice.get("value"), choice.get("label")) {
        (Some(value), Some(label)) if value != label => {
            format!("{{ value = {}, label = {} }}", inline(value), inline(label))
        }
        (value, _) => inline(value.unwrap_or(choice)),
    }
}

/// A value on one line. There is no null inside: the rules for definitions refuse it.
fn inline(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => toml::Value::Float(number.as_f64().unwrap_or_default()).to_string(),
        },
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{} = {}", inline(&Value::String(key.clone())), inline(value))
            };
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}
