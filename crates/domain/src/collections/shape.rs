//! The shape of values that are not whole yet: the right type of JSON, whatever else a save would ask for.

use serde_json::Value;

use super::definition::CollectionDefinition;
use super::field::FieldDefinition;
use super::kind::FieldKind;
use super::value::{JSON_DEPTH_MAX, PROBLEMS_MAX, depth_of};
use crate::Problem;
use crate::blocks::Document;
use crate::entries::Fields;

impl CollectionDefinition {
    /// What is wrong with the shape of values: fields that are not there, and values of another type of JSON than theirs.
    /// Nothing at all, too little, too much or half an address is no problem here.
    pub fn shape_problems_of(&self, fields: &Fields) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, value) in fields.iter() {
            match self.field(name) {
                Some(field) => check(field, "", value, &mut problems),
                None => {
                    let message = format!("{} has no field `{name}`", self.label);
                    problems.push(Problem::field(name, "unknown-field", message));
                }
            }
        }
        problems.truncate(PROBLEMS_MAX);
        problems
    }
}

/// Checks a value whose field stands at this path: `seo.` or `faq[2].`, empty for a field of the collection.
fn check(field: &FieldDefinition, before: &str, value: &Value, problems: &mut Vec<Problem>) {
    if value.is_null() || problems.len() >= PROBLEMS_MAX {
        return;
    }
    let path = format!("{before}{}", field.name);
    if let Some((code, rest)) = refusal(&field.kind, value) {
        problems.push(Problem::field(&path, code, format!("{} {rest}", field.label)));
        return;
    }
    match &field.kind {
        FieldKind::RichText => {
            for problem in Document::parse(value).err().unwrap_or_default() {
                let inside = !problem.path.is_empty();
                let place = if inside { format!("{path}.{}", problem.path) } else { path.clone() };
                problems.push(Problem::field(&place, problem.code, problem.message));
            }
        }
        FieldKind::Group(fields) => check_members(fields, &format!("{path}."), value, problems),
        FieldKind::Repeater(fields) => {
            for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                check_members(fields, &format!("{path}[{at}]."), item, problems);
            }
        }
        _ => {}
    }
}

fn check_members(
    fields: &[FieldDefinition],
    before: &str,
    value: &Value,
    problems: &mut Vec<Problem>,
) {
    for (name, value) in value.as_object().into_iter().flatten() {
        match fields.iter().find(|it| it.name.as_str() == name) {
            Some(field) => check(field, before, value, problems),
            None if problems.len() < PROBLEMS_MAX => {
                let message = format!("there is no field `{name}` here");
                problems.push(Problem::field(&format!("{before}{name}"), "unknown-field", message));
            }
            None => return,
        }
    }
}

fn refusal(kind: &FieldKind, value: &Value) -> Option<(&'static str, String)> {
    let wanted = |fits: bool, it: &str| (!fits).then(|| ("kind", format!("has to be {it}")));
    let list_of = |rule: fn(&Value) -> bool| value.as_array().is_some_and(|it| it.iter().all(rule));
    match kind {
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Markdown
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Select(_)
        | FieldKind::Slug
        | FieldKind::Email
        | FieldKind::Url
        | FieldKind::Colour
        | FieldKind::Asset => wanted(value.is_string(), "text"),
        FieldKind::Integer | FieldKind::Number => wanted(value.is_number(), "a number"),
        FieldKind::Boolean => wanted(value.is_boolean(), "true or false"),
        FieldKind::RichText | FieldKind::GeoPoint | FieldKind::Group(_) => {
            wanted(value.is_object(), "an object")
        }
        FieldKind::Repeater(_) => wanted(list_of(Value::is_object), "a list of objects"),
        FieldKind::Relation(it) if !it.many => wanted(value.is_string(), "text"),
        FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Relation(_) => {
            wanted(list_of(Value::is_string), "a list of texts")
        }
        FieldKind::Json => (depth_of(value) > JSON_DEPTH_MAX).then(|| {
            let told = format!("is nested more than {JSON_DEPTH_MAX} arrays and objects deep");
            ("too-deep", told)
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{
        CollectionDefinition, CollectionName, FieldDefinition, FieldKind, FieldName,
    };
    use crate::entries::Fields;

    fn field(name: &str, kind: FieldKind) -> FieldDefinition {
        let name = FieldName::parse(name).unwrap();
        FieldDefinition { required: true, ..FieldDefinition::new(name, kind) }
    }

    #[track_caller]
    fn check(values: Value, expected: &[&str]) {
        let definition = CollectionDefinition {
            name: CollectionName::parse("posts").unwrap(),
            label: "Posts".to_owned(),
            label_one: "Post".to_owned(),
            url: None,
            listed: false,
            fields: vec![
                field("title", FieldKind::Text),
                field("mail", FieldKind::Email),
                field("count", FieldKind::Integer),
                field("text", FieldKind::RichText),
                field("tags", FieldKind::Assets),
                field("parts", FieldKind::Repeater(vec![field("name", FieldKind::Text)])),
            ],
            title: FieldName::parse("title").unwrap(),
            body: None,
            image: None,
            taxonomy: None,
            drafts: true,
        };
        let fields: Fields = serde_json::from_value(values).unwrap();
        let problems = definition.shape_problems_of(&fields);
        let found: Vec<String> = problems
            .iter()
            .map(|it| format!("{} {}", it.field.as_deref().unwrap_or_default(), it.code))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_whole_yet_has_its_shape() {
        check(json!({}), &[]);
        check(json!({ "title": "", "mail": "ada@", "count": null, "tags": ["not an id"] }), &[]);
        check(
            json!({ "parts": [{}, { "name": "" }], "text": { "version": 1, "blocks": [] } }),
            &[],
        );
    }

    #[test]
    fn what_is_of_another_type_is_told_with_its_place() {
        check(json!({ "title": 1, "nothing": 2 }), &["nothing unknown-field", "title kind"]);
        check(json!({ "parts": [{}, { "nam": "" }] }), &["parts[1].nam unknown-field"]);
        check(json!({ "parts": [1] }), &["parts kind"]);
        check(
            json!({ "text": { "version": 9, "blocks": [] }, "count": "1" }),
            &["count kind", "text unsupported-version"],
        );
    }
}
