//! What a definition file looks like, and what is wrong with it, by line.

use serde::Deserialize;
use serde_json::{Number, Value};
use smartcms_domain::actors::Role;
use smartcms_domain::collections::{
    Choice, CollectionDefinition, CollectionName, DefinitionError, FieldDefinition, FieldKind,
    FieldName, OnDelete, Pattern, Relation, Taxonomy, UrlPattern,
};
use toml::Spanned;

use crate::nearest::nearest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CollectionFile {
    label: String,
    label_one: String,
    url: Option<Spanned<String>>,
    #[serde(default)]
    listed: bool,
    title: Spanned<String>,
    body: Option<Spanned<String>>,
    image: Option<Spanned<String>>,
    taxonomy: Option<Spanned<String>>,
    #[serde(default = "yes")]
    drafts: bool,
    fields: Vec<FieldFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    name: Spanned<String>,
    kind: Spanned<String>,
    label: Option<String>,
    help: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    indexed: bool,
    #[serde(default)]
    localized: bool,
    default: Option<toml::Value>,
    min: Option<toml::Value>,
    max: Option<toml::Value>,
    pattern: Option<Spanned<String>>,
    choices: Option<Vec<ChoiceFile>>,
    to: Option<Spanned<String>>,
    #[serde(default)]
    many: bool,
    on_delete: Option<Spanned<String>>,
    fields: Option<Vec<FieldFile>>,
    read: Option<Spanned<String>>,
    write: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ChoiceFile {
    Value(String),
    Labelled { value: String, label: String },
}

/// Why a definition cannot be used: where, and what is wrong.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It is no TOML, or has a key that definitions have not; the message has the line.
    Syntax(toml::de::Error),
    /// It means nothing, at this byte of the file.
    Meaning(usize, String),
}

fn yes() -> bool {
    true
}

/// Reads a definition; its name is that of its file.
pub(super) fn parse(name: &str, text: &str) -> Result<CollectionDefinition, Wrong> {
    let file: CollectionFile = toml::from_str(text).map_err(Wrong::Syntax)?;
    let top = |error: &dyn std::fmt::Display| Wrong::Meaning(0, error.to_string());
    let name = CollectionName::parse(name)
        .map_err(|it| top(&format!("the file's name is the collection's: {it}")))?;
    let places = places(&file.fields);
    let url = file.url.as_ref().map(|it| at(it, UrlPattern::parse)).transpose()?;
    let title = at(&file.title, FieldName::parse)?;
    let body = file.body.as_ref().map(|it| at(it, FieldName::parse)).transpose()?;
    let image = file.image.as_ref().map(|it| at(it, FieldName::parse)).transpose()?;
    let taxonomy = file.taxonomy.as_ref().map(|it| at(it, taxonomy)).transpose()?;
    let start = |it: &Option<Spanned<String>>| it.as_ref().map_or(0, |it| it.span().start);
    let roles = (file.title.span().start, start(&file.body), start(&file.image));
    let fields = file.fields.into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let definition = CollectionDefinition {
        name,
        label: file.label,
        label_one: file.label_one,
        url,
        listed: file.listed,
        fields,
        title,
        body,
        image,
        taxonomy,
        drafts: file.drafts,
    };
    definition.check().map_err(|error| {
        let place = |name: &str| places.iter().find(|(it, _)| it == name).map_or(0, |it| it.1);
        let start = match &error {
            DefinitionError::UnknownField { role: "title", .. } => roles.0,
            DefinitionError::UnknownField { role: "image", .. }
            | DefinitionError::NoImage { .. } => roles.2,
            DefinitionError::UnknownField { .. } => roles.1,
            DefinitionError::TwiceDefined(name) => place(name.as_str()),
            DefinitionError::Field { field, .. } => {
                place(field.split('.').next().unwrap_or_default())
            }
            _ => 0,
        };
        Wrong::Meaning(start, error.to_string())
    })
}

/// Where each field of the collection stands; of two with one name, the last.
fn places(fields: &[FieldFile]) -> Vec<(String, usize)> {
    fields.iter().rev().map(|it| (it.name.get_ref().clone(), it.name.span().start)).collect()
}

fn at<T, E: std::fmt::Display>(
    text: &Spanned<String>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Wrong> {
    read(text.get_ref()).map_err(|it| Wrong::Meaning(text.span().start, it.to_string()))
}

fn taxonomy(text: &str) -> Result<Taxonomy, String> {
    match text {
        "flat" => Ok(Taxonomy::Flat),
        "tree" => Ok(Taxonomy::Tree),
        _ => Err(format!("`taxonomy` is `flat` or `tree`, not `{text}`")),
    }
}

fn field(file: FieldFile) -> Result<FieldDefinition, Wrong> {
    let start = file.name.span().start;
    let wrong = |reason: &str| {
        Wrong::Meaning(start, format!("the field `{}` {reason}", file.name.get_ref()))
    };
    let name = at(&file.name, FieldName::parse)?;
    let mut field = FieldDefinition::new(name, FieldKind::Json);
    let bound = |value: &Option<toml::Value>, which: &str| match value {
        None => Ok(None),
        Some(toml::Value::Integer(number)) => Ok(Some(Number::from(*number))),
        Some(toml::Value::Float(number)) => Ok(Number::from_f64(*number)),
        Some(_) => Err(wrong(&format!("has a `{which}` that is no number"))),
    };
    field.bounds.min = bound(&file.min, "min")?;
    field.bounds.max = bound(&file.max, "max")?;
    field.default = file.default.as_ref().map(json).transpose().map_err(|it| wrong(&it))?;
    field.pattern = file.pattern.as_ref().map(|it| at(it, Pattern::parse)).transpose()?;
    field.access.read = file.read.as_ref().map(|it| at(it, str::parse::<Role>)).transpose()?;
    field.access.write = file.write.as_ref().map(|it| at(it, str::parse::<Role>)).transpose()?;
    field.label = file.label.clone().unwrap_or(field.label);
    field.help.clone_from(&file.help);
    field.required = file.required;
    field.unique = file.unique;
    field.indexed = file.indexed;
    field.localized = file.localized;
    field.kind = kind(file)?;
    Ok(field)
}

fn kind(file: FieldFile) -> Result<FieldKind, Wrong> {
    let (name, text) = (file.name.get_ref().clone(), file.kind.get_ref().clone());
    let start = file.kind.span().start;
    let wrong = |reason: String| Wrong::Meaning(start, format!("the field `{name}` {reason}"));
    let needs = |key: &str| wrong(format!("is of the kind `{text}`, which needs `{key}`"));
    let keys = [
        ("choices", file.choices.is_some(), ["select", "multi_select"].as_slice()),
        ("to", file.to.is_some(), ["relation"].as_slice()),
        ("many", file.many, ["relation"].as_slice()),
        ("on_delete", file.on_delete.is_some(), ["relation"].as_slice()),
        ("fields", file.fields.is_some(), ["group", "repeater"].as_slice()),
    ];
    if let Some((key, _, kinds)) =
        keys.iter().find(|(_, is_there, kinds)| *is_there && !kinds.contains(&text.as_str()))
    {
        return Err(wrong(format!(
            "has `{key}`, which only the kinds {} have",
            kinds.join(" and ")
        )));
    }
    match text.as_str() {
        "select" | "multi_select" => {
            let choices: Vec<Choice> =
                file.choices.ok_or_else(|| needs("choices"))?.into_iter().map(choice).collect();
            let is_one = text == "select";
            Ok(if is_one { FieldKind::Select(choices) } else { FieldKind::MultiSelect(choices) })
        }
        "relation" => {
            let to = at(file.to.as_ref().ok_or_else(|| needs("to"))?, CollectionName::parse)?;
            let rule = |it: &str| {
                OnDelete::from_name(it)
                    .ok_or_else(|| format!("`on_delete` is clear, restrict or cascade, not `{it}`"))
            };
            let on_delete = file.on_delete.as_ref().map(|it| at(it, rule)).transpose()?;
            let on_delete = on_delete.unwrap_or_default();
            Ok(FieldKind::Relation(Relation { to, many: file.many, on_delete }))
        }
        "group" | "repeater" => {
            let fields = file.fields.ok_or_else(|| needs("fields"))?;
            let fields = fields.into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
            let is_one = text == "group";
            Ok(if is_one { FieldKind::Group(fields) } else { FieldKind::Repeater(fields) })
        }
        other => FieldKind::plain(other).ok_or_else(|| {
            let meant =
                nearest(other, FieldKind::NAMES).map(|it| format!("; did you mean `{it}`?"));
            let names = FieldKind::NAMES.join(", ");
            let meant = meant.unwrap_or_default();
            wrong(format!("has the unknown kind `{other}`; kinds are {names}{meant}"))
        }),
    }
}

fn choice(file: ChoiceFile) -> Choice {
    match file {
        ChoiceFile::Value(value) => Choice { label: value.clone(), value },
        ChoiceFile::Labelled { value, label } => Choice { value, label },
    }
}

/// A default as JSON; a date of TOML is its text.
fn json(value: &toml::Value) -> Result<Value, String> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::Number(
            Number::from_f64(*number).ok_or("has a default that is no finite number")?,
        ),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => {
            Value::Array(items.iter().map(json).collect::<Result<_, _>>()?)
        }
        toml::Value::Table(members) => {
            let member = |(name, value): (&String, &toml::Value)| Ok((name.clone(), json(value)?));
            Value::Object(members.iter().map(member).collect::<Result<_, String>>()?)
        }
    })
}
