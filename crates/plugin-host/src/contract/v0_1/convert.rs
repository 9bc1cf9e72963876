//! Between the domain and the records of version 0.1.0.

use serde_json::Value as Json;
use smartcms_domain::entries::{Entry, Fields, Live, Revision, Slug, Status};
use smartcms_domain::{Problem, Timestamp};

use super::bindings::content::types;

/// Every field that has a value.
pub(super) fn fields_out(fields: &Fields) -> Vec<types::Field> {
    fields
        .iter()
        .map(|(name, value)| types::Field { name: name.to_owned(), value: value_out(value) })
        .collect()
}

/// Fields of a guest: a value of `none` stays as null, which takes the field away.
pub(super) fn fields_in(fields: Vec<types::Field>) -> Result<Fields, Vec<Problem>> {
    let (mut values, mut problems) = (Vec::with_capacity(fields.len()), Vec::new());
    for types::Field { name, value } in fields {
        match value_in(value) {
            Ok(value) => values.push((name, value)),
            Err(message) => problems.push(Problem::field(&name, "value", message)),
        }
    }
    if problems.is_empty() { Ok(values.into_iter().collect()) } else { Err(problems) }
}

/// An entry in its newest state.
pub(super) fn newest_out(entry: &Entry) -> types::Entry {
    state_out(entry, &entry.slug, entry.revision, &entry.fields, entry.updated_at)
}

/// An entry as readers see it: nothing of a newer draft, not even when it was saved.
pub(super) fn live_out(entry: &Entry, live: &Live) -> types::Entry {
    state_out(entry, &live.slug, live.revision, &live.fields, live.published_at)
}

fn state_out(
    entry: &Entry,
    slug: &Slug,
    revision: Revision,
    fields: &Fields,
    at: Timestamp,
) -> types::Entry {
    types::Entry {
        id: entry.id.to_string(),
        collection: entry.collection.to_string(),
        slug: slug.to_string(),
        status: match entry.status() {
            Status::Draft => types::Status::Draft,
            Status::Scheduled => types::Status::Scheduled,
            Status::Archived => types::Status::Archived,
            Status::Published => types::Status::Published,
        },
        revision: revision.number(),
        fields: fields_out(fields),
        created_at: entry.created_at.to_string(),
        updated_at: at.to_string(),
        published_at: entry.live.as_ref().map(|it| it.published_at.to_string()),
        locale: entry.locale.to_string(),
        translations: entry.group.to_string(),
    }
}

pub(super) fn problems_in(problems: Vec<types::Problem>) -> Vec<Problem> {
    problems
        .into_iter()
        .map(|types::Problem { field, code, message }| Problem { field, code, message })
        .collect()
}

pub(super) fn problems_out(problems: &[Problem]) -> Vec<types::Problem> {
    let one = |it: &Problem| types::Problem {
        field: it.field.clone(),
        code: it.code.clone(),
        message: it.message.clone(),
    };
    problems.iter().map(one).collect()
}

fn value_out(value: &Json) -> types::Value {
    match value {
        Json::Null => types::Value::None,
        Json::Bool(it) => types::Value::Boolean(*it),
        Json::Number(it) => match (it.as_i64(), it.as_f64()) {
            (Some(whole), _) => types::Value::Integer(whole),
            (None, Some(number)) => types::Value::Number(number),
            (None, None) => types::Value::Json(it.to_string()),
        },
        Json::String(it) => types::Value::Text(it.clone()),
        Json::Array(_) | Json::Object(_) => types::Value::Json(value.to_string()),
    }
}

fn value_in(value: types::Value) -> Result<Json, String> {
    Ok(match value {
        types::Value::None => Json::Null,
        types::Value::Boolean(it) => Json::Bool(it),
        types::Value::Integer(it) => Json::from(it),
        types::Value::Number(it) => {
            let number = serde_json::Number::from_f64(it);
            Json::Number(number.ok_or("a number must be finite")?)
        }
        types::Value::Text(it) => Json::String(it),
        types::Value::Json(it) => {
            serde_json::from_str(&it).map_err(|error| format!("not JSON: {error}"))?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Json, fields_in, fields_out, types, value_in, value_out};
    use serde_json::json;
    use smartcms_domain::entries::Fields;

    #[test]
    fn every_json_value_comes_back_as_it_was() {
        for value in [
            json!(true),
            json!(-3),
            json!(1.5),
            json!("text"),
            json!([1, "two"]),
            json!({"a": {"b": null}}),
            json!(null),
        ] {
            assert_eq!(value_in(value_out(&value)), Ok(value));
        }
    }

    #[test]
    fn none_takes_a_field_away() {
        let removal = types::Field { name: "a".into(), value: types::Value::None };
        let before: Fields =
            [("a".to_owned(), json!(1)), ("b".to_owned(), json!(2))].into_iter().collect();
        let after = before.with(fields_in(vec![removal]).unwrap());
        assert_eq!(fields_out(&after).len(), 1);
    }

    #[test]
    fn what_is_no_value_is_a_problem_of_its_field() {
        let bad = |value| fields_in(vec![types::Field { name: "a".into(), value }]).unwrap_err();
        for value in [types::Value::Number(f64::NAN), types::Value::Json("{".into())] {
            assert_eq!(bad(value)[0].field.as_deref(), Some("a"));
        }
        assert_eq!(value_in(types::Value::Number(2.0)), Ok(Json::from(2.0)));
    }
}
