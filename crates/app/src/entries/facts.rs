//! What a store keeps beside an entry so that it is found.

use serde_json::Value;
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::{Entry, Fields};

use crate::ports::{EntryFacts, SideFacts};
use crate::rendering::markdown_to_text;

/// The most text of one entry that is searched, in bytes.
const TEXT_LEN_MAX: usize = 1 << 20;

/// The facts of an entry's states.
pub(crate) fn facts_of(definition: &CollectionDefinition, entry: &Entry) -> EntryFacts {
    let newest = entry.trashed_at.is_none().then(|| side(definition, &entry.fields));
    let live = entry.live.as_ref().map(|live| match &newest {
        // Documents that are equal are shared: comparing them is comparing addresses.
        Some(newest) if live.fields == entry.fields => newest.clone(),
        _ => side(definition, &live.fields),
    });
    EntryFacts { newest, live }
}

fn side(definition: &CollectionDefinition, fields: &Fields) -> SideFacts {
    let title_name = definition.title.as_str();
    let title = definition.field(title_name).filter(|it| it.is_public());
    let title = title.and_then(|_| fields.text(title_name)).unwrap_or_default().to_owned();
    let mut text = String::new();
    // Only what everybody may read is searched: a hit must not tell what a hidden field holds.
    let others =
        definition.fields.iter().filter(|it| it.is_public() && it.name != definition.title);
    for field in others {
        collect(field, fields.get(field.name.as_str()), &mut text);
    }
    SideFacts { references: definition.references_of(fields), title, text }
}

fn collect(field: &FieldDefinition, value: Option<&Value>, text: &mut String) {
    let Some(value) = value else { return };
    match &field.kind {
        FieldKind::Text | FieldKind::LongText => push(text, value.as_str().unwrap_or_default()),
        FieldKind::Markdown => push(text, &markdown_to_text(value.as_str().unwrap_or_default())),
        FieldKind::RichText => {
            push(text, &Document::parse(value).map(|it| it.text()).unwrap_or_default());
        }
        FieldKind::Group(fields) | FieldKind::Repeater(fields) => {
            let objects = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for object in objects {
                for field in fields {
                    collect(field, object.get(field.name.as_str()), text);
                }
            }
        }
        _ => {}
    }
}

fn push(text: &mut String, more: &str) {
    let room = TEXT_LEN_MAX.saturating_sub(text.len() + 1);
    let end = more.floor_char_boundary(room.min(more.len()));
    if let Some(part) = more.get(..end).filter(|it| !it.is_empty()) {
        text.push_str(part);
        text.push('\n');
    }
}
