//! Fields whose value a function of a plugin computes from other fields when an entry is saved.

use super::definition::CollectionDefinition;
use super::field::{FieldDefinition, FieldName};
use super::kind::FieldKind;
use crate::Problem;
use crate::plugins::PluginId;

/// The most computed fields of one collection: each is a call in every save.
pub const COMPUTED_MAX: usize = 20;
/// The most fields that one value is computed from.
pub const ARGUMENTS_MAX: usize = 16;
/// The longest name of a function, in bytes.
pub const FUNCTION_LEN_MAX: usize = 64;

/// How a value is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// Whose function it is.
    pub plugin: PluginId,
    /// The function; it has to be deterministic.
    pub function: String,
    /// The fields whose values it gets, in order. None of them is computed itself, so that there are no cycles.
    pub arguments: Vec<FieldName>,
}

/// The text is not the name of a function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name of a function: 1 to {FUNCTION_LEN_MAX} of a-z, 0-9 and `_`, beginning with a letter"
)]
pub struct FunctionNameError(String);

impl Computed {
    /// Checks the name of a function.
    pub fn function_name(text: &str) -> Result<String, FunctionNameError> {
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        let begins = text.starts_with(|it: char| it.is_ascii_lowercase());
        if begins && text.len() <= FUNCTION_LEN_MAX && text.chars().all(plain) {
            Ok(text.to_owned())
        } else {
            Err(FunctionNameError(text.to_owned()))
        }
    }

    /// The same for people: "text.slugify(title)".
    pub fn told(&self) -> String {
        let arguments: Vec<&str> = self.arguments.iter().map(FieldName::as_str).collect();
        format!("{}.{}({})", self.plugin, self.function, arguments.join(", "))
    }
}

impl CollectionDefinition {
    /// The fields that are computed, each with how.
    pub fn computed(&self) -> impl Iterator<Item = (&FieldDefinition, &Computed)> {
        self.fields.iter().filter_map(|it| Some((it, it.computed.as_ref()?)))
    }

    /// Whether a field of this name is computed.
    pub fn is_computed(&self, name: &str) -> bool {
        self.field(name).is_some_and(|it| it.computed.is_some())
    }
}

/// What does not fit about computed fields, by its place in the definition.
pub(super) fn problems(definition: &CollectionDefinition) -> Vec<Problem> {
    let mut problems = Vec::new();
    if definition.computed().count() > COMPUTED_MAX {
        let message = format!("more than {COMPUTED_MAX} fields are computed, which is the limit");
        problems.push(Problem::field("fields", "too-many", message));
    }
    for (at, field) in definition.fields.iter().enumerate() {
        if let Some(computed) = &field.computed {
            let place = format!("fields[{at}].computed");
            let told = |(code, reason): (&str, String)| {
                let message = format!("the field `{}` {reason}", field.name);
                Problem::field(&place, code, message)
            };
            let own = of_field(definition, field).into_iter();
            let count = (computed.arguments.len() > ARGUMENTS_MAX).then(|| {
                ("too-many", format!("is computed from more than {ARGUMENTS_MAX} fields"))
            });
            let names = computed.arguments.iter();
            let arguments = names.filter_map(|it| of_argument(definition, field, it));
            problems.extend(own.chain(count).chain(arguments).map(told));
        }
    }
    problems
}

fn of_field(
    definition: &CollectionDefinition,
    field: &FieldDefinition,
) -> Vec<(&'static str, String)> {
    let points = matches!(field.kind, FieldKind::Asset | FieldKind::Relation(_));
    let says =
        |wrong: bool, code: &'static str, reason: &str| wrong.then(|| (code, reason.to_owned()));
    [
        says(
            points || !field.kind.is_scalar(),
            "not-here",
            "cannot be computed: only kinds that hold one text, number or flag can",
        ),
        says(field.default.is_some(), "not-here", "is computed and has a default"),
        says(
            field.access.write.is_some(),
            "not-here",
            "is computed and has `write`: nobody writes it",
        ),
        says(
            definition.title == field.name,
            "not-here",
            "is the title, which names an entry before anything is computed",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_argument(
    definition: &CollectionDefinition,
    field: &FieldDefinition,
    name: &FieldName,
) -> Option<(&'static str, String)> {
    let Some(argument) = definition.field(name.as_str()) else {
        let names = definition.fields.iter().map(|it| it.name.as_str());
        let meant = crate::meant(name.as_str(), names);
        return Some((
            "unknown-field",
            format!("is computed from `{name}`, which is no field{meant}"),
        ));
    };
    let wrong = |code, reason: &str| Some((code, format!("is computed from `{name}`, {reason}")));
    if argument.computed.is_some() {
        return wrong("cycle", "which is computed itself");
    }
    if !argument.kind.is_scalar() && argument.kind != FieldKind::Markdown {
        return wrong("kind", "which does not hold one text, number or flag");
    }
    if argument.localized && !field.localized {
        return wrong(
            "not-localized",
            "which each translation has for itself: say `localized` here too",
        );
    }
    // What is computed from a hidden value tells of it.
    let least = argument.access.read?;
    if field.access.read.is_some_and(|it| it.is_at_least(least)) {
        return None;
    }
    let reason = format!("which is hidden: say `read = \"{}\"` here too", least.name());
    wrong("hidden", &reason)
}

#[cfg(test)]
mod tests {
    use super::super::{CollectionDefinition, CollectionName};
    use serde_json::{Value, json};

    /// The codes of what is wrong with a computed field beside a title, a hidden price and fields of other kinds.
    #[track_caller]
    fn check(field: Value, expected: &[&str]) {
        let mut computed = json!({
            "name": "it", "kind": "text",
            "computed": { "plugin": "text", "function": "f", "arguments": ["title"] },
        });
        for (key, value) in field.as_object().unwrap() {
            computed[key] = value.clone();
        }
        let document = json!({
            "label": "Books", "label_one": "Book", "title": "title",
            "fields": [
                { "name": "title", "kind": "text" },
                { "name": "local", "kind": "text", "localized": true },
                { "name": "price", "kind": "number", "read": "editor" },
                { "name": "cover", "kind": "asset" },
                { "name": "seo", "kind": "group", "fields": [{ "name": "a", "kind": "text" }] },
                computed,
            ],
        });
        let name = CollectionName::parse("books").unwrap();
        let read = CollectionDefinition::read(name, &document);
        let codes: Vec<String> =
            read.err().unwrap_or_default().into_iter().map(|it| it.code).collect();
        assert_eq!(codes, expected, "{field}");
    }

    fn from(arguments: Value) -> Value {
        json!({ "plugin": "text", "function": "f", "arguments": arguments })
    }

    #[test]
    fn a_value_is_computed_from_what_people_write_and_tells_no_more_than_it() {
        check(json!({}), &[]);
        check(json!({ "kind": "integer", "indexed": true, "unique": true }), &[]);
        check(json!({ "computed": from(json!(["local"])) }), &["not-localized"]);
        check(json!({ "computed": from(json!(["local"])), "localized": true }), &[]);
        check(json!({ "computed": from(json!(["price"])) }), &["hidden"]);
        check(json!({ "computed": from(json!(["price"])), "read": "viewer" }), &["hidden"]);
        check(json!({ "computed": from(json!(["price"])), "read": "owner" }), &[]);
        check(json!({ "computed": from(json!(["it"])) }), &["cycle"]);
        check(json!({ "computed": from(json!(["seo"])) }), &["kind"]);
        check(json!({ "computed": from(json!(["titel"])) }), &["unknown-field"]);
    }

    #[test]
    fn what_nobody_writes_has_no_words_for_writers() {
        check(json!({ "kind": "json" }), &["not-here"]);
        check(json!({ "kind": "asset" }), &["not-here"]);
        check(json!({ "default": "a" }), &["not-here"]);
        check(json!({ "write": "editor" }), &["not-here"]);
        let bad = json!({ "plugin": "Text", "function": "F", "arguments": ["title"] });
        check(json!({ "computed": bad }), &["malformed", "malformed"]);
        let inner = json!([{ "name": "b", "kind": "text", "computed": from(json!([])) }]);
        let group = json!({ "kind": "group", "computed": null, "fields": inner });
        check(group, &["not-here"]);
    }
}
