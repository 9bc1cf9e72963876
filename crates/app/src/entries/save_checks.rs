//! What every save passes: rules of the collection, sanitising, plugins, and the rules again.

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::{EntryId, FIELDS_BYTES_MAX, Fields, Slug};

use super::error::ContentError;
use super::references::reference_problems;
use crate::OpContext;
use crate::ports::SaveDraft;
use crate::rendering::sanitise_markdown;

/// The fields to store, or why they cannot be stored.
pub(super) async fn checked_fields(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: Option<EntryId>,
    slug: &Slug,
    fields: Fields,
) -> Result<Fields, ContentError> {
    // A plugin may fill what is required, so only its absence waits for the check after the hooks.
    let missing = |problem: &Problem| problem.code == "required";
    refuse(definition.problems_of(&fields).into_iter().filter(|it| !missing(it)).collect())?;
    refuse(size_problem(&fields))?;
    let draft = SaveDraft { entry, collection: &definition.name, slug, fields };
    let fields = ctx.app.plugins.before_save(draft, ctx.chain).await?;
    refuse(definition.problems_of(&fields))?;
    refuse(size_problem(&fields))?;
    refuse(reference_problems(ctx, definition, &fields).await?)?;
    Ok(sanitised(definition, definition.normalised(fields)))
}

/// Refuses values for fields that the actor does not change: for one that it does not see, as if it were not there.
pub(super) fn refuse_hidden(
    actor: &Actor,
    definition: &CollectionDefinition,
    fields: &Fields,
) -> Result<(), ContentError> {
    let problem = |name: &str| {
        let field = definition.field(name)?;
        if !actor.sees(field) {
            let message = format!("{} has no field `{name}`", definition.label);
            return Some(Problem::field(name, "unknown-field", message));
        }
        let message = format!("{actor} may not change {}", field.label);
        (!actor.changes(field)).then(|| Problem::field(name, "denied", message))
    };
    refuse(fields.names().filter_map(problem).collect())
}

fn refuse(problems: Vec<Problem>) -> Result<(), ContentError> {
    if problems.is_empty() { Ok(()) } else { Err(ContentError::Invalid(problems)) }
}

fn size_problem(fields: &Fields) -> Vec<Problem> {
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

fn sanitised(definition: &CollectionDefinition, mut fields: Fields) -> Fields {
    for field in definition.fields.iter().filter(|it| it.kind == FieldKind::Markdown) {
        let name = field.name.as_str();
        if let Some(text) = fields.text(name) {
            let text = sanitise_markdown(text);
            fields.set(name, Value::String(text));
        }
    }
    fields
}
