//! Between the domain and the records of `smartcms:portable/plugins`, which mean what those of the contract's version 0.1.0
//! mean.

use serde_json::Value as Json;
use smartcms_domain::Problem;
use smartcms_domain::entries::{Entry, Fields, Status};

use crate::host_interfaces::smartcms::portable::plugins as wit;

/// How much of a plugin's own reason is passed on, in characters.
const REASON_CHARS_MAX: usize = 500;

/// A plugin's own reason as it is passed on.
pub(super) fn quoted(reason: &str) -> String {
    reason.chars().filter(|it| !it.is_control()).take(REASON_CHARS_MAX).collect()
}

/// Every field that has a value.
pub(super) fn fields_out(fields: &Fields) -> Vec<wit::Field> {
    let field = |(name, value): (&str, &Json)| wit::Field {
        name: name.to_owned(),
        value: value_out(value),
    };
    fields.iter().map(field).collect()
}

/// Fields of a plugin: a value of `none` stays as null, which takes the field away.
pub(super) fn fields_in(fields: Vec<wit::Field>) -> Result<Fields, Vec<Problem>> {
    let (mut values, mut problems) = (Vec::with_capacity(fields.len()), Vec::new());
    for wit::Field { name, value } in fields {
        match value_in(value) {
            Ok(value) => values.push((name, value)),
            Err(message) => problems.push(Problem::field(&name, "value", message)),
        }
    }
    if problems.is_empty() { Ok(values.into_iter().collect()) } else { Err(problems) }
}

/// An entry in its newest state.
pub(super) fn entry_out(entry: &Entry) -> wit::Entry {
    wit::Entry {
        id: entry.id.to_string(),
        collection: entry.collection.to_string(),
        slug: entry.slug.to_string(),
        status: match entry.status() {
            Status::Draft => wit::Status::Draft,
            Status::Scheduled => wit::Status::Scheduled,
            Status::Archived => wit::Status::Archived,
            Status::Published => wit::Status::Published,
        },
        revision: entry.revision.number(),
        fields: fields_out(&entry.fields),
        created_at: entry.created_at.to_string(),
        updated_at: entry.updated_at.to_string(),
        published_at: entry.live.as_ref().map(|it| it.published_at.to_string()),
        locale: entry.locale.to_string(),
        translations: entry.group.to_string(),
    }
}

pub(super) fn problems_in(problems: Vec<wit::Problem>) -> Vec<Problem> {
    problems
        .into_iter()
        .map(|wit::Problem { field, code, message }| Problem { field, code, message })
        .collect()
}

fn value_out(value: &Json) -> wit::Value {
    match value {
        Json::Null => wit::Value::None,
        Json::Bool(it) => wit::Value::Boolean(*it),
        Json::Number(it) => match (it.as_i64(), it.as_f64()) {
            (Some(whole), _) => wit::Value::Integer(whole),
            (None, Some(number)) => wit::Value::Number(number),
            (None, None) => wit::Value::Json(it.to_string()),
        },
        Json::String(it) => wit::Value::Text(it.clone()),
        Json::Array(_) | Json::Object(_) => wit::Value::Json(value.to_string()),
    }
}

fn value_in(value: wit::Value) -> Result<Json, String> {
    Ok(match value {
        wit::Value::None => Json::Null,
        wit::Value::Boolean(it) => Json::Bool(it),
        wit::Value::Integer(it) => Json::from(it),
        wit::Value::Number(it) => {
            let number = serde_json::Number::from_f64(it);
            Json::Number(number.ok_or("a number must be finite")?)
        }
        wit::Value::Text(it) => Json::String(it),
        wit::Value::Json(it) => {
            serde_json::from_str(&it).map_err(|error| format!("not JSON: {error}"))?
        }
    })
}
