//! What of the content goes to a model: text that the actor reads, and nothing else.

use std::sync::Arc;

use serde_json::Value;
use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::{Entry, EntryId};

use super::TEXT_CHARS_MAX;
use super::ask::AskHelp;
use super::error::AssistError;
use super::task::Task;
use crate::OpContext;
use crate::entries::{ContentError, View, get_entry, may_read};
use crate::rendering::blocks_to_markdown;

/// What is worked on.
pub(super) struct Material {
    pub(super) definition: Arc<CollectionDefinition>,
    pub(super) text: String,
}

/// Checks that the actor writes there, and gathers the text.
pub(super) async fn material(ctx: &OpContext<'_>, ask: &AskHelp) -> Result<Material, AssistError> {
    let name = ask.collection.clone().unwrap_or_default();
    let definition = ctx.app.collections.find(&name).filter(|it| may_read(ctx.actor, it));
    let definition = definition.ok_or(ContentError::UnknownCollection(name))?;
    let entry = match &ask.entry {
        Some(id) => Some(written_entry(ctx, &definition, id).await?),
        None => {
            ctx.actor
                .require_some(Permission::Create, &definition.name)
                .map_err(ContentError::from)?;
            None
        }
    };
    let text = match (&ask.text, &entry) {
        (Some(text), _) => text.clone(),
        (None, Some(entry)) => text_of(ask, &definition, entry)?,
        (None, None) => String::new(),
    };
    let len = text.chars().count();
    if len > TEXT_CHARS_MAX {
        return Err(AssistError::TooLong { len, max: TEXT_CHARS_MAX });
    }
    if text.trim().is_empty() && ask.task != Task::Draft {
        return Err(AssistError::field("text", "empty", "there is no text to work on"));
    }
    Ok(Material { definition, text })
}

/// An entry that the actor may change, without the fields that it does not see.
async fn written_entry(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    id: &str,
) -> Result<Entry, AssistError> {
    let collection = definition.name.as_str();
    if EntryId::parse(id).is_err() {
        let (collection, key) = (collection.to_owned(), id.to_owned());
        return Err(ContentError::UnknownEntry { collection, key }.into());
    }
    let entry = get_entry(ctx, collection, id, View::Newest).await?;
    ctx.actor.require_on(Permission::Update, Subject::of(&entry)).map_err(ContentError::from)?;
    Ok(entry)
}

/// The text of the field that is named, or else all text of the entry, its title first. What the actor does not see is not
/// in the entry any more.
fn text_of(
    ask: &AskHelp,
    definition: &CollectionDefinition,
    entry: &Entry,
) -> Result<String, AssistError> {
    // For tags, the field is the one that gets the terms.
    let Some(name) = ask.field.as_deref().filter(|_| ask.task != Task::Tags) else {
        return Ok(whole_text(definition, entry));
    };
    let field = definition.field(name).filter(|it| entry.fields.get(it.name.as_str()).is_some());
    let text = field.and_then(|it| text_in(it, entry));
    text.ok_or_else(|| {
        let message = format!("there is no text in `{name}` that you see");
        AssistError::field("field", "unknown-field", message)
    })
}

fn whole_text(definition: &CollectionDefinition, entry: &Entry) -> String {
    let title = definition.field(definition.title.as_str());
    let others = definition.fields.iter().filter(|it| it.name != definition.title);
    let texts = title.into_iter().chain(others).filter_map(|it| text_in(it, entry));
    texts.filter(|it| !it.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The text that a field holds; `None` for a field of another kind, or without a value.
fn text_in(field: &FieldDefinition, entry: &Entry) -> Option<String> {
    let value = entry.fields.get(field.name.as_str())?;
    match field.kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Markdown => {
            value.as_str().map(str::to_owned)
        }
        FieldKind::RichText => markdown_of(value),
        _ => None,
    }
}

fn markdown_of(value: &Value) -> Option<String> {
    Document::parse(value).ok().map(|it| blocks_to_markdown(&it))
}
