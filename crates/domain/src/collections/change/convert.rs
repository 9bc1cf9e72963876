//! Values of one kind as values of another, where nothing is lost.

use serde_json::{Number, Value, json};

use crate::Timestamp;
use crate::collections::field::FieldDefinition;
use crate::collections::kind::FieldKind;

/// What text needs to become blocks, and back: parsers that the rules here do without.
#[derive(Clone, Copy)]
pub struct Converters {
    /// Markdown as the value of a `rich_text`.
    pub markdown_to_blocks: fn(&str) -> Option<Value>,
    /// The value of a `rich_text` as Markdown that gives the same blocks again; `None` when blocks are in it that
    /// Markdown has no way to write.
    pub blocks_to_markdown: fn(&Value) -> Option<String>,
}

/// What became of a value.
pub(super) struct Converted {
    /// What there is in the new kind; `None` when nothing is left.
    pub(super) value: Option<Value>,
    /// Whether a part of it, or all, is gone.
    pub(super) lost: bool,
}

impl Converted {
    fn whole(value: Value) -> Self {
        Self { value: Some(value), lost: false }
    }

    const NOTHING: Self = Self { value: None, lost: true };
}

/// A value of the old field as one of the new field. Bounds and patterns are not looked at: breaking them loses nothing.
pub(super) fn convert(
    old: &FieldDefinition,
    new: &FieldDefinition,
    value: Value,
    converters: &Converters,
) -> Converted {
    if let (true, false) = (is_list(&old.kind), is_list(&new.kind))
        && is_plural_of(&old.kind, &new.kind)
    {
        return first_of(new, value);
    }
    let candidate = match is_plural_of(&new.kind, &old.kind) {
        true => Some(json!([value])),
        false => candidate(&old.kind, &new.kind, value, converters),
    };
    let candidate = candidate.filter(|it| is_of(new, it)).map(|it| new.normalised(it));
    candidate.map_or(Converted::NOTHING, Converted::whole)
}

/// Whether a value is one of the field's kind, whatever rules it breaks.
fn is_of(field: &FieldDefinition, value: &Value) -> bool {
    let breaks_a_rule = |code: &str| {
        matches!(
            code,
            "required" | "pattern" | "too-small" | "too-large" | "too-short" | "too-long"
        )
    };
    field.problems_of(Some(value)).iter().all(|it| breaks_a_rule(&it.code))
}

/// A list as one value: its only item, or its first, and then the others are gone.
fn first_of(new: &FieldDefinition, value: Value) -> Converted {
    let Value::Array(items) = value else { return Converted::NOTHING };
    let many = items.len() > 1;
    let first = items.into_iter().next().filter(|it| is_of(new, it));
    Converted { lost: many || first.is_none(), value: first }
}

fn is_list(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Repeater(_) => true,
        FieldKind::Relation(relation) => relation.many,
        _ => false,
    }
}

/// Whether a list of this kind holds values of that one.
fn is_plural_of(many: &FieldKind, one: &FieldKind) -> bool {
    match (many, one) {
        (FieldKind::MultiSelect(_), FieldKind::Select(_))
        | (FieldKind::Assets, FieldKind::Asset) => true,
        (FieldKind::Relation(many), FieldKind::Relation(one)) => {
            many.to == one.to && many.many && !one.many
        }
        // Fields inside change by a change of their own, before or after this one.
        (FieldKind::Repeater(many), FieldKind::Group(one)) => many == one,
        _ => false,
    }
}

/// What a value could be in another kind; whether it is one of that kind is looked at afterwards.
fn candidate(
    old: &FieldKind,
    new: &FieldKind,
    value: Value,
    converters: &Converters,
) -> Option<Value> {
    match (old, new) {
        (_, FieldKind::Json) => Some(value),
        (FieldKind::Markdown, FieldKind::RichText) => {
            (converters.markdown_to_blocks)(value.as_str()?)
        }
        (FieldKind::RichText, FieldKind::Markdown) => {
            (converters.blocks_to_markdown)(&value).map(Value::String)
        }
        (FieldKind::Json, _) if !points_elsewhere(new) => Some(value),
        (FieldKind::Date, FieldKind::DateTime) => {
            Some(json!(format!("{}T00:00:00.000Z", value.as_str()?)))
        }
        (FieldKind::DateTime, FieldKind::Date) => {
            let text = Timestamp::parse(value.as_str()?).ok()?.sortable();
            text.strip_suffix("T00:00:00.000Z").map(|it| json!(it))
        }
        (from, to) if is_text(from) && is_text(to) => Some(value),
        (FieldKind::Integer | FieldKind::Number, FieldKind::Integer) => whole(&value),
        (FieldKind::Integer, FieldKind::Number) => Some(value),
        (FieldKind::Integer | FieldKind::Number | FieldKind::Boolean, to) if is_prose(to) => {
            Some(json!(value.to_string()))
        }
        // One line of text for each value: what would be another text when it is written again stays a text.
        (from, FieldKind::Integer | FieldKind::Number | FieldKind::Boolean) if is_prose(from) => {
            let text = value.as_str()?;
            let read: Value = serde_json::from_str(text).ok()?;
            let written = read.to_string();
            (written == text).then_some(read)
        }
        (FieldKind::Relation(_) | FieldKind::Asset, to) if is_prose(to) => {
            value.is_string().then_some(value)
        }
        (FieldKind::Select(_), FieldKind::Select(_))
        | (FieldKind::MultiSelect(_), FieldKind::MultiSelect(_)) => Some(value),
        _ => None,
    }
}

/// Whether an id of it says nothing about where it leads.
fn points_elsewhere(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Relation(_) | FieldKind::Asset | FieldKind::Assets)
}

/// A kind whose values are text that means something to people.
fn is_text(kind: &FieldKind) -> bool {
    is_prose(kind)
        || matches!(
            kind,
            FieldKind::Slug
                | FieldKind::Email
                | FieldKind::Url
                | FieldKind::Colour
                | FieldKind::Date
                | FieldKind::DateTime
                | FieldKind::Select(_)
        )
}

/// A kind that takes any text.
fn is_prose(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Text | FieldKind::LongText | FieldKind::Markdown)
}

/// The whole number that a number is.
fn whole(value: &Value) -> Option<Value> {
    if let Some(number) = value.as_i64() {
        return Some(json!(number));
    }
    // Beyond 2^53 a number of this kind stands for several whole ones.
    let number =
        value.as_f64().filter(|it| it.fract() == 0.0 && it.abs() <= 9_007_199_254_740_992.0)?;
    Some(Value::Number(Number::from(number as i64)))
}
