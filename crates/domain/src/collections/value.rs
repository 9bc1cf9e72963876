//! The rule for a value of each kind, and the one way in which each value is kept.

use serde_json::{Map, Value};

use super::field::FieldDefinition;
use super::kind::{Choice, FieldKind};
use crate::blocks::Document;
use crate::entries::{EntryId, Slug};
use crate::{Problem, Timestamp};

/// The deepest JSON of a field, counted in arrays and objects.
pub const JSON_DEPTH_MAX: usize = 32;
/// The most problems of one entry that are told.
pub const PROBLEMS_MAX: usize = 100;

/// What people are told that a value has to be, and the code of that problem.
type Refusal = (&'static str, String);

impl FieldDefinition {
    /// What is wrong with a value of this field; empty when nothing is.
    pub fn problems_of(&self, value: Option<&Value>) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check("", value, &mut problems);
        problems.truncate(PROBLEMS_MAX);
        problems
    }

    /// Checks a value whose field stands at this path: `seo.` or `faq[2].`, empty for a field of the collection.
    fn check(&self, before: &str, value: Option<&Value>, problems: &mut Vec<Problem>) {
        let path = format!("{before}{}", self.name);
        let value = value.filter(|it| !self.is_empty(it));
        if self.required && value.is_none_or(|it| self.is_blank(it)) {
            let message = format!("{} is required", self.label);
            problems.push(Problem::field(&path, "required", message));
            return;
        }
        let Some(value) = value else { return };
        let refusal = self.kind_refusal(value).or_else(|| self.bounds_refusal(value));
        if let Some((code, rest)) = refusal {
            problems.push(Problem::field(&path, code, format!("{} {rest}", self.label)));
            return;
        }
        match &self.kind {
            FieldKind::RichText => {
                for problem in Document::parse(value).err().unwrap_or_default() {
                    let place = format!("{path}.{}", problem.path);
                    problems.push(Problem::field(&place, problem.code, problem.message));
                }
            }
            FieldKind::Group(fields) => check_object(fields, &format!("{path}."), value, problems),
            FieldKind::Repeater(fields) => {
                for (at, item) in items(value).iter().enumerate() {
                    check_object(fields, &format!("{path}[{at}]."), item, problems);
                }
            }
            _ => {}
        }
    }

    fn kind_refusal(&self, value: &Value) -> Option<Refusal> {
        let wanted = |it: &str| Some(("kind", format!("has to be {it}")));
        let text = value.as_str();
        match &self.kind {
            FieldKind::Text if text.is_none_or(|it| it.contains(['\n', '\r'])) => {
                wanted("one line of text")
            }
            FieldKind::LongText | FieldKind::Markdown if text.is_none() => wanted("text"),
            FieldKind::RichText if !value.is_object() => wanted("a block tree, an object"),
            FieldKind::Integer if value.as_i64().is_none() => wanted("a whole number of 64 bits"),
            FieldKind::Number if value.as_f64().is_none_or(|it| !it.is_finite()) => {
                wanted("a number")
            }
            FieldKind::Boolean if !value.is_boolean() => wanted("true or false"),
            FieldKind::Date if !text.is_some_and(is_date) => wanted("a day like 2026-11-24"),
            FieldKind::DateTime if text.is_none_or(|it| Timestamp::parse(it).is_err()) => {
                wanted("a time like 2026-11-22T10:00:00Z")
            }
            FieldKind::Slug if text.is_none_or(|it| Slug::parse(it).is_err()) => {
                wanted("a name of a-z, 0-9 and inner hyphens")
            }
            FieldKind::Email if !text.is_some_and(is_email) => {
                wanted("an address like ada@example.com")
            }
            FieldKind::Url if !text.is_some_and(is_url) => {
                wanted("an address like https://example.com/")
            }
            FieldKind::Colour if !text.is_some_and(is_colour) => wanted("a colour like #1a2b3c"),
            FieldKind::Json if depth_of(value) > JSON_DEPTH_MAX => Some((
                "too-deep",
                format!("is nested more than {JSON_DEPTH_MAX} arrays and objects deep"),
            )),
            FieldKind::GeoPoint if !is_geo_point(value) => wanted(
                "an object with latitude from -90 to 90 and longitude from -180 to 180, in degrees",
            ),
            FieldKind::Asset if !is_id(value) => wanted("the id of an asset"),
            FieldKind::Group(_) if !value.is_object() => wanted("an object"),
            FieldKind::Repeater(_) if !all_items(value, Value::is_object) => {
                wanted("a list of objects")
            }
            FieldKind::Assets if !all_items(value, is_id) => wanted("a list of ids of assets"),
            FieldKind::Relation(it) if it.many && !all_items(value, is_id) => {
                wanted(&format!("a list of ids of entries of {}", it.to))
            }
            FieldKind::Relation(it) if !it.many && !is_id(value) => {
                wanted(&format!("the id of an entry of {}", it.to))
            }
            FieldKind::Select(choices) if !is_choice(choices, value) => {
                wanted(&format!("one of {}", names_of(choices)))
            }
            FieldKind::MultiSelect(choices)
                if !all_items(value, |it| is_choice(choices, it)) || has_twice(value) =>
            {
                wanted(&format!("a list of some of {}, each once", names_of(choices)))
            }
            FieldKind::Assets | FieldKind::Relation(_) if has_twice(value) => {
                Some(("twice", "holds an id twice".to_owned()))
            }
            _ => None,
        }
    }

    fn bounds_refusal(&self, value: &Value) -> Option<Refusal> {
        if let Some(number) = value.as_f64() {
            let least = self.bounds.min.as_ref().filter(|it| it.as_f64() > Some(number));
            let most = self.bounds.max.as_ref().filter(|it| it.as_f64() < Some(number));
            let low = least.map(|it| ("too-small", format!("is {value}; {it} is the least")));
            return low.or(most.map(|it| ("too-large", format!("is {value}; {it} is the most"))));
        }
        let (len, unit) = match value {
            Value::String(text) => (self.len_of(text), "characters"),
            Value::Array(items) => (items.len(), "items"),
            _ => return None,
        };
        let bound = |it: &serde_json::Number| usize::try_from(it.as_u64()?).ok();
        let most = self.bounds.max.as_ref().and_then(bound);
        let most = most.unwrap_or_else(|| self.kind.default_len_max());
        if len > most {
            return Some(("too-long", format!("has {len} {unit}; {most} is the limit")));
        }
        let least = self.bounds.min.as_ref().and_then(bound).filter(|it| len < *it);
        if let Some(least) = least {
            return Some(("too-short", format!("has {len} {unit}; {least} is the least")));
        }
        let pattern = self.pattern.as_ref().zip(value.as_str());
        pattern.filter(|(pattern, text)| !pattern.matches(text)).map(|(pattern, _)| {
            ("pattern", format!("does not look like the pattern {}", pattern.as_str()))
        })
    }

    /// The characters of a text. Bytes bound characters from above: a text that is short enough in bytes needs no count
    /// of its characters to be known as short enough.
    fn len_of(&self, text: &str) -> usize {
        let has_min = self.bounds.min.is_some();
        let max = self.bounds.max.as_ref().and_then(serde_json::Number::as_u64);
        let max = max.unwrap_or(self.kind.default_len_max() as u64);
        if !has_min && text.len() as u64 <= max { text.len() } else { text.chars().count() }
    }

    /// Whether a value is kept: nothing is not, nor is what is empty where the field's own rules would refuse it.
    pub(super) fn keeps(&self, value: &Value) -> bool {
        if !self.is_empty(value) {
            return true;
        }
        let has_rules = self.bounds.min.is_some() || self.pattern.is_some();
        let is_plain = matches!(
            self.kind,
            FieldKind::Text | FieldKind::LongText | FieldKind::Markdown | FieldKind::Json
        );
        !value.is_null() && !has_rules && (is_plain || value.is_array())
    }

    /// What a required field must not be, beside what is empty.
    fn is_blank(&self, value: &Value) -> bool {
        self.kind != FieldKind::Json && value.as_str().is_some_and(|it| it.trim().is_empty())
    }

    /// Nothing; for texts of any form also one without characters, for lists one without items: what takes a value away.
    fn is_empty(&self, value: &Value) -> bool {
        let is_list = matches!(
            &self.kind,
            FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Repeater(_)
        ) || matches!(&self.kind, FieldKind::Relation(it) if it.many);
        let is_text = (self.kind.is_scalar() || self.kind == FieldKind::Markdown)
            && !matches!(self.kind, FieldKind::Integer | FieldKind::Number | FieldKind::Boolean);
        match value {
            Value::Null => true,
            Value::String(text) => is_text && text.is_empty(),
            Value::Array(items) => is_list && items.is_empty(),
            _ => false,
        }
    }

    /// The value as it is kept: instants in UTC with milliseconds, colours and addresses of e-mail in small letters where
    /// that changes nothing, ids in their usual form. Only for values without problems.
    pub fn normalised(&self, value: Value) -> Value {
        match (&self.kind, value) {
            (FieldKind::DateTime, Value::String(text)) => {
                Value::String(Timestamp::parse(&text).map_or(text, Timestamp::sortable))
            }
            (FieldKind::RichText, value) => {
                Document::parse(&value).map_or(value, |document| document.to_json())
            }
            (FieldKind::Colour, Value::String(text)) => Value::String(text.to_ascii_lowercase()),
            (FieldKind::Email, Value::String(text)) => Value::String(text.trim().to_owned()),
            (FieldKind::Asset, value) => normal_id(value),
            (FieldKind::Relation(it), value) if !it.many => normal_id(value),
            (FieldKind::Assets | FieldKind::Relation(_), Value::Array(ids)) => {
                Value::Array(ids.into_iter().map(normal_id).collect())
            }
            (FieldKind::Group(fields), Value::Object(object)) => normal_object(fields, object),
            (FieldKind::Repeater(fields), Value::Array(items)) => {
                let normal = |item| match item {
                    Value::Object(object) => normal_object(fields, object),
                    other => other,
                };
                Value::Array(items.into_iter().map(normal).collect())
            }
            (_, value) => value,
        }
    }
}

fn check_object(
    fields: &[FieldDefinition],
    before: &str,
    value: &Value,
    problems: &mut Vec<Problem>,
) {
    let Some(object) = value.as_object() else { return };
    for name in object.keys().filter(|name| fields.iter().all(|it| it.name.as_str() != *name)) {
        let message = format!("there is no field `{name}` here");
        problems.push(Problem::field(&format!("{before}{name}"), "unknown-field", message));
    }
    for field in fields {
        if problems.len() >= PROBLEMS_MAX {
            return;
        }
        field.check(before, object.get(field.name.as_str()), problems);
    }
}

fn normal_object(fields: &[FieldDefinition], object: Map<String, Value>) -> Value {
    let named = |name: &str| fields.iter().find(|it| it.name.as_str() == name);
    let kept =
        |name: &str, value: &Value| named(name).map_or(!value.is_null(), |it| it.keeps(value));
    let normal = |(name, value): (String, Value)| {
        let value = named(&name).map_or(value.clone(), |it| it.normalised(value));
        (name, value)
    };
    let members = object.into_iter().filter(|(name, value)| kept(name, value));
    Value::Object(members.map(normal).collect())
}

fn normal_id(value: Value) -> Value {
    let id = value.as_str().and_then(|it| EntryId::parse(it).ok());
    id.map_or(value, |it| Value::String(it.to_string()))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn all_items(value: &Value, rule: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(rule))
}

fn has_twice(value: &Value) -> bool {
    let mut texts: Vec<&str> = items(value).iter().filter_map(Value::as_str).collect();
    crate::sorting::sort(&mut texts);
    texts.windows(2).any(|it| it.first() == it.last())
}

fn is_choice(choices: &[Choice], value: &Value) -> bool {
    value.as_str().is_some_and(|text| choices.iter().any(|it| it.value == text))
}

fn names_of(choices: &[Choice]) -> String {
    choices.iter().map(|it| it.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|it| EntryId::parse(it).is_ok())
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// What HTML's `<input type=email>` takes, in short: one `@`, no blanks, a host of labels.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.trim().split_once('@') else { return false };
    let label = |it: &str| {
        !it.is_empty()
            && !it.starts_with('-')
            && !it.ends_with('-')
            && it.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let named = !name.is_empty()
        && name
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control() && !"@,;:<>()[]\\\"".contains(c));
    named && text.len() <= 254 && host.split('.').all(label)
}

fn is_url(text: &str) -> bool {
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let rest =
        ["https://", "http://", "mailto:", "tel:"].iter().find_map(|it| text.strip_prefix(it));
    plain && rest.is_some_and(|it| !it.is_empty() && !it.starts_with('/'))
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 6 | 8) && digits.bytes().all(|it| it.is_ascii_hexdigit())
    })
}

fn is_geo_point(value: &Value) -> bool {
    let within = |name: &str, most: f64| {
        value.get(name).and_then(Value::as_f64).is_some_and(|it| (-most..=most).contains(&it))
    };
    let two = value.as_object().is_some_and(|it| it.len() == 2);
    two && within("latitude", 90.0) && within("longitude", 180.0)
}

/// Recursion is bounded by the parser of requests, which refuses JSON of more than 127 levels.
pub(super) fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
        Value::Object(object) => 1 + object.values().map(depth_of).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, Value, json};

    use super::super::{
        Choice, CollectionName, FieldDefinition, FieldKind, FieldName, OnDelete, Pattern, Relation,
    };

    const ID: &str = "01900000-0000-7000-8000-000000000001";

    fn field(kind: FieldKind) -> FieldDefinition {
        FieldDefinition { required: true, ..FieldDefinition::new(name("it"), kind) }
    }

    fn name(text: &str) -> FieldName {
        FieldName::parse(text).unwrap()
    }

    #[track_caller]
    fn check(field: &FieldDefinition, value: Value, expected: &[&str]) {
        let problems = field.problems_of(Some(&value));
        let found: Vec<String> = problems
            .iter()
            .map(|it| format!("{} {}", it.field.as_deref().unwrap_or_default(), it.code))
            .collect();
        assert_eq!(found, expected, "{} {value}", field.kind.name());
    }

    #[test]
    fn a_value_has_the_kind_of_its_field() {
        let choices =
            || ["a", "b"].map(|it| Choice { value: it.into(), label: it.into() }).to_vec();
        let relation = |many| {
            let to = CollectionName::parse("tags").unwrap();
            FieldKind::Relation(Relation { to, many, on_delete: OnDelete::Clear })
        };
        let geo = |lat: f64, lon: f64| json!({"latitude": lat, "longitude": lon});
        for (kind, good, bad) in [
            (FieldKind::Text, json!("abc"), json!("a\nb")),
            (FieldKind::Text, json!("3"), json!(3)),
            (FieldKind::LongText, json!("a\nb"), json!(["a"])),
            (FieldKind::RichText, json!({"version": 1, "blocks": []}), json!("text")),
            (FieldKind::Integer, json!(3), json!(3.5)),
            (FieldKind::Integer, json!(i64::MIN), json!(u64::MAX)),
            (FieldKind::Number, json!(3.5), json!("3.5")),
            (FieldKind::Boolean, json!(false), json!("true")),
            (FieldKind::Date, json!("2026-02-28"), json!("2026-02-30")),
            (FieldKind::Date, json!("2026-12-31"), json!("2026-1-1")),
            (FieldKind::DateTime, json!("2026-02-28T10:00:00+01:00"), json!("soon")),
            (FieldKind::Select(choices()), json!("a"), json!("c")),
            (FieldKind::MultiSelect(choices()), json!(["a", "b"]), json!(["a", "a"])),
            (FieldKind::Slug, json!("a-b"), json!("A b")),
            (FieldKind::Email, json!("ada@example.com"), json!("ada@")),
            (FieldKind::Email, json!("a+b@münchen.example"), json!("a b@example.com")),
            (FieldKind::Url, json!("https://example.com/?a=b"), json!("javascript:alert(1)")),
            (FieldKind::Url, json!("mailto:ada@example.com"), json!("https://")),
            (FieldKind::Colour, json!("#1A2b3c"), json!("red")),
            (FieldKind::Json, json!([1, {"a": null}]), (0..40).fold(json!(1), |it, _| json!([it]))),
            (FieldKind::GeoPoint, geo(48.2, 16.4), geo(91.0, 0.0)),
            (FieldKind::Asset, json!(ID), json!("1")),
            (FieldKind::Assets, json!([ID]), json!(["1"])),
            (relation(false), json!(ID), json!([ID])),
            (relation(true), json!([ID]), json!(ID)),
        ] {
            let field = field(kind);
            check(&field, good, &[]);
            let code = if field.kind == FieldKind::Json { "it too-deep" } else { "it kind" };
            check(&field, bad, &[code]);
        }
        check(&field(relation(true)), json!([ID, ID]), &["it twice"]);
    }

    #[test]
    fn a_required_value_is_more_than_blanks() {
        check(&field(FieldKind::Text), json!("  "), &["it required"]);
        check(&field(FieldKind::Text), json!(null), &["it required"]);
        check(&field(FieldKind::Assets), json!([]), &["it required"]);
        check(&field(FieldKind::Boolean), json!(false), &[]);
    }

    #[test]
    fn what_is_empty_takes_a_value_away_and_blanks_are_no_value_of_another_kind() {
        let optional = |kind| FieldDefinition { required: false, ..field(kind) };
        for value in [json!(null), json!("")] {
            check(&optional(FieldKind::Date), value.clone(), &[]);
            assert!(!optional(FieldKind::Date).keeps(&value));
        }
        check(&optional(FieldKind::Date), json!([]), &["it kind"]);
        check(&optional(FieldKind::Assets), json!(""), &["it kind"]);
        check(&optional(FieldKind::Integer), json!(""), &["it kind"]);
        check(&optional(FieldKind::Assets), json!([]), &[]);
        check(&optional(FieldKind::Date), json!(" "), &["it kind"]);
        check(&optional(FieldKind::Email), json!("\t"), &["it kind"]);
        check(&optional(FieldKind::Text), json!(" "), &[]);
        assert!(optional(FieldKind::Text).keeps(&json!("")));
        let mut short = optional(FieldKind::Text);
        short.bounds.min = Some(Number::from(2));
        check(&short, json!(" "), &["it too-short"]);
        assert!(!short.keeps(&json!("")), "its own rule would refuse it");
        let inner = FieldDefinition::new(name("on"), FieldKind::Date);
        let group = optional(FieldKind::Group(vec![inner]));
        assert_eq!(group.normalised(json!({"on": ""})), json!({}));
    }

    #[test]
    fn bounds_hold_at_their_edge() {
        let number = |it: i64| Some(Number::from(it));
        let mut text = field(FieldKind::Text);
        text.bounds.max = number(5);
        text.bounds.min = number(2);
        check(&text, json!("äöüß!"), &[]);
        check(&text, json!("äöüß!!"), &["it too-long"]);
        check(&text, json!("ä"), &["it too-short"]);
        let mut count = field(FieldKind::Integer);
        (count.bounds.min, count.bounds.max) = (number(-1), number(3));
        check(&count, json!(-1), &[]);
        check(&count, json!(3), &[]);
        check(&count, json!(-2), &["it too-small"]);
        check(&count, json!(4), &["it too-large"]);
        let mut pattern = field(FieldKind::Text);
        pattern.pattern = Some(Pattern::parse("[0-9]+").unwrap());
        check(&pattern, json!("12"), &[]);
        check(&pattern, json!("12a"), &["it pattern"]);
    }

    #[test]
    fn problems_inside_groups_and_repeaters_have_a_path() {
        let title = FieldDefinition {
            required: true,
            ..FieldDefinition::new(name("title"), FieldKind::Text)
        };
        let group = field(FieldKind::Group(vec![title.clone()]));
        check(&group, json!({"title": "a"}), &[]);
        check(&group, json!({"titel": "a"}), &["it.titel unknown-field", "it.title required"]);
        let repeater = field(FieldKind::Repeater(vec![title]));
        check(&repeater, json!([{"title": "a"}, {"title": 3}]), &["it[1].title kind"]);
        check(&repeater, json!([1]), &["it kind"]);
    }

    #[test]
    fn values_are_kept_in_one_way() {
        let kept = |kind, value| field(kind).normalised(value);
        let time = json!("2026-02-28T10:00:00.5+01:00");
        assert_eq!(kept(FieldKind::DateTime, time), json!("2026-02-28T09:00:00.500Z"));
        assert_eq!(kept(FieldKind::Colour, json!("#ABCDEF")), json!("#abcdef"));
        let id = json!(ID.to_uppercase().replace('-', ""));
        assert_eq!(kept(FieldKind::Asset, id), json!(ID));
    }
}
