//! What every save passes: rules of the collection, sanitising, plugins, and the rules again.

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::{Actor, Subject};
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, PROBLEMS_MAX,
};
use smartcms_domain::entries::{EntryId, FIELDS_BYTES_MAX, Fields, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::sorting::set_of;

use super::block_checks::block_problems;
use super::computed::with_computed;
use super::error::ContentError;
use super::references::reference_problems;
use crate::OpContext;
use crate::ports::SaveDraft;
use crate::rendering::{sanitise_blocks, sanitise_markdown};

/// What an entry is called, and in which language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) slug: &'a Slug,
    pub(super) locale: &'a Locale,
}

/// The fields to store, or why they cannot be stored.
pub(super) async fn checked_fields(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    before: Option<(EntryId, &Fields)>,
    named: Named<'_>,
    fields: Fields,
) -> Result<Fields, ContentError> {
    let fields = unlinked_fields(ctx, definition, before, named, fields).await?;
    let none = Fields::default();
    let before = before.map_or(&none, |(_, it)| it);
    refuse(reference_problems(ctx, definition, before, &fields).await?)?;
    refuse(block_problems(ctx, definition, before, &fields).await)?;
    Ok(fields)
}

/// The same without a look at what the fields point to: what is imported comes in any order.
pub(super) async fn unlinked_fields(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    before: Option<(EntryId, &Fields)>,
    named: Named<'_>,
    fields: Fields,
) -> Result<Fields, ContentError> {
    // A plugin may fill what is required, so only its absence waits for the check after the hooks.
    let missing = |problem: &Problem| problem.code == "required";
    refuse(written_problems(definition, &fields).into_iter().filter(|it| !missing(it)).collect())?;
    refuse(size_problem(&fields))?;
    let id = before.map(|(id, _)| id);
    let fields = after_hooks(ctx, definition, id, named, fields).await?;
    refuse(written_problems(definition, &fields))?;
    let fields = sanitised(definition, definition.normalised(fields));
    let before = before.map(|(_, it)| it);
    let (fields, problems) = with_computed(ctx.app, definition, before, fields).await;
    refuse(problems)?;
    refuse(size_problem(&fields))?;
    Ok(fields)
}

/// What is wrong with what people and plugins write: what is computed will be another value.
fn written_problems(definition: &CollectionDefinition, fields: &Fields) -> Vec<Problem> {
    let mut problems = definition.problems_of(fields);
    problems.retain(|it| !it.field.as_deref().is_some_and(|it| definition.is_computed(it)));
    problems
}

/// Refuses values for fields that are computed, unless they are what is there: who sends back what was read changes nothing.
pub(super) fn refuse_computed(
    definition: &CollectionDefinition,
    before: &Fields,
    fields: &Fields,
) -> Result<(), ContentError> {
    let problem = |(name, value): (&str, &Value)| {
        let field = definition.field(name)?;
        let told = field.computed.as_ref()?.told();
        let is_there = before.get(name).unwrap_or(&Value::Null) == value;
        let message = format!("{} is computed by {told}; nobody writes it", field.label);
        (!is_there).then(|| Problem::field(name, "computed", message))
    };
    refuse(fields.iter().filter_map(problem).collect())
}

/// The fields as plugins leave them. Hooks see what everybody sees, whoever saves; what they do not see stays as it is.
async fn after_hooks(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: Option<EntryId>,
    named: Named<'_>,
    fields: Fields,
) -> Result<Fields, ContentError> {
    let is_hidden = |name: &str| definition.field(name).is_some_and(|it| it.access.read.is_some());
    let hidden = fields.iter().filter(|(name, _)| is_hidden(name));
    let hidden: Fields = hidden.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let mut shown = fields;
    for name in hidden.names() {
        shown.set(name, Value::Null);
    }
    let Named { slug, locale } = named;
    let draft = SaveDraft { entry, collection: &definition.name, slug, locale, fields: shown };
    let fields = ctx.app.plugins.before_save(draft, &ctx.calls()).await?;
    let guessed = fields.names().filter(|it| is_hidden(it)).map(|name| {
        let message = format!("a plugin changed `{name}`, which it does not see");
        Problem::field(name, "unknown-field", message)
    });
    refuse(guessed.collect())?;
    Ok(fields.with(hidden))
}

/// Refuses values for fields that the actor does not change, of an entry by this author.
pub(super) fn refuse_hidden(
    actor: &Actor,
    definition: &CollectionDefinition,
    author: &str,
    fields: &Fields,
) -> Result<(), ContentError> {
    let hidden = hidden_problems(actor, definition, author, fields);
    if hidden.is_empty() {
        return Ok(());
    }
    let others = definition.problems_of(fields).into_iter().filter(|it| it.code != "required");
    refuse(joined(hidden, others))
}

/// Problems, and those among others that are of other fields.
pub(super) fn joined(
    mut problems: Vec<Problem>,
    others: impl IntoIterator<Item = Problem>,
) -> Vec<Problem> {
    let told = set_of(problems.iter().filter_map(|it| it.field.clone()));
    // `seo.title` and `faq[2].answer` are problems of `seo` and of `faq`.
    let outermost = |it: &str| it.split(['.', '[']).next().unwrap_or_default().to_owned();
    let is_told =
        |it: &Problem| it.field.as_deref().is_some_and(|it| told.contains(&outermost(it)));
    problems.extend(others.into_iter().filter(|it| !is_told(it)));
    problems
}

/// The values for fields that the actor does not change. One that it does not see and one that is not there are told in
/// the same words and together, so that nobody learns which is which.
pub(super) fn hidden_problems(
    actor: &Actor,
    definition: &CollectionDefinition,
    author: &str,
    fields: &Fields,
) -> Vec<Problem> {
    let subject = Subject::newest(&definition.name).by(author);
    let problem = |name: &str| {
        let Some(field) = definition.field(name).filter(|it| actor.sees(subject, it)) else {
            let message = format!("{} has no field `{name}`", definition.label);
            return Some(Problem::field(name, "unknown-field", message));
        };
        let message = format!("{actor} may not change {}", field.label);
        (!actor.changes(subject, field)).then(|| Problem::field(name, "denied", message))
    };
    fields.names().filter_map(problem).take(PROBLEMS_MAX).collect()
}

pub(super) fn refuse(problems: Vec<Problem>) -> Result<(), ContentError> {
    if problems.is_empty() { Ok(()) } else { Err(ContentError::Invalid(problems)) }
}

pub(super) fn size_problem(fields: &Fields) -> Vec<Problem> {
    let len: usize = fields.iter().map(|(name, value)| name.len() + size_of_value(value)).sum();
    if len <= FIELDS_BYTES_MAX {
        return Vec::new();
    }
    let message = format!("the entry has {len} bytes; {FIELDS_BYTES_MAX} is the limit");
    vec![Problem { field: None, code: "too-large".to_owned(), message }]
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        other => other.to_string().len(),
    }
}

/// What people and plugins write, without what could act, wherever it stands in the entry.
fn sanitised(definition: &CollectionDefinition, mut fields: Fields) -> Fields {
    for field in &definition.fields {
        let name = field.name.as_str();
        let Some(value) = fields.get(name).filter(|_| holds_markup(field)) else { continue };
        let value = sanitised_value(field, value.clone());
        fields.set(name, value);
    }
    fields
}

pub(super) fn holds_markup(field: &FieldDefinition) -> bool {
    matches!(field.kind, FieldKind::Markdown | FieldKind::RichText)
        || field.kind.inner_fields().iter().any(holds_markup)
}

fn sanitised_value(field: &FieldDefinition, value: Value) -> Value {
    match (&field.kind, value) {
        (FieldKind::Markdown, Value::String(text)) => Value::String(sanitise_markdown(&text)),
        (FieldKind::RichText, value) => match Document::parse(&value) {
            Ok(document) => sanitise_blocks(document).to_json(),
            Err(_) => Value::Null, // Was checked before: a document that is none is not stored.
        },
        (FieldKind::Group(fields), Value::Object(members)) => {
            let inner = |(name, value): (String, Value)| {
                let field = fields.iter().find(|it| it.name.as_str() == name);
                let value = field.map_or(value.clone(), |it| sanitised_value(it, value));
                (name, value)
            };
            Value::Object(members.into_iter().map(inner).collect())
        }
        (FieldKind::Repeater(fields), Value::Array(items)) => {
            let group = FieldDefinition {
                kind: FieldKind::Group(fields.clone()),
                ..FieldDefinition::new(field.name.clone(), FieldKind::Json)
            };
            Value::Array(items.into_iter().map(|it| sanitised_value(&group, it)).collect())
        }
        (_, value) => value,
    }
}
