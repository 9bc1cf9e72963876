//! The text of an entry, as the field that takes it wants it.

use serde_json::Value;
use smartcms_app::rendering::{
    html_to_blocks, html_to_markdown, markdown_to_blocks, markdown_to_text,
};
use smartcms_domain::collections::{FieldDefinition, FieldKind};

use super::links::Markup;
use super::lost;
use super::parts::Import;
use super::tally::Tally;
use crate::ghost::{lexical_to_html, mobiledoc_to_html};
use crate::html::plain_text;
use crate::item::{Asset, Body, ImportedEntry};
use crate::limits::TEXT_BYTES_MAX;
use crate::markdown_links::outside_of_code;
use crate::note::NoteKind;
use crate::wordpress::{Attachments, Converted, Picture, to_html};

/// A text, with what it keeps beside it.
pub(super) struct BodyValue {
    pub(super) value: Value,
    /// Blocks that have no text: for the field that keeps data.
    pub(super) kept: Vec<String>,
}

/// The pictures that a post may ask for.
struct Pictures<'i> {
    import: &'i Import,
    post: &'i str,
}

fn picture(asset: &Asset) -> Picture {
    let alt = asset.alt.clone().unwrap_or_default();
    Picture { url: asset.url.clone(), alt, caption: asset.caption.clone() }
}

impl Attachments for Pictures<'_> {
    fn find(&self, id: &str) -> Option<Picture> {
        self.import.survey.asset_of_key(id).map(picture)
    }

    fn of_post(&self) -> Vec<Picture> {
        self.import.survey.assets_of(self.post).map(picture).collect()
    }

    fn fragment(&self, id: &str) -> Option<String> {
        self.import.survey.fragment_of(id).map(str::to_owned)
    }
}

impl Import {
    /// The text of an entry for a field; what was done to it is noted on the entry.
    pub(super) async fn body(
        &self,
        entry: &mut ImportedEntry,
        field: &FieldDefinition,
        tally: &mut Tally,
    ) -> BodyValue {
        let body = std::mem::replace(&mut entry.body, Body::Html(String::new()));
        let converted = match body {
            Body::Markdown(text) => {
                note_lost(&text, entry);
                let text = outside_of_code(&text, &|it| lost::with_embeds(it));
                let text = self.relinked(&text, Markup::Markdown, entry, tally).await;
                let text = within_limit(text, entry);
                return BodyValue { value: of_markdown(text, field), kept: Vec::new() };
            }
            Body::Html(html) => Converted { html, ..Converted::default() },
            Body::WordPress { text, footnotes } => {
                to_html(&text, &footnotes, &Pictures { import: self, post: &entry.key })
            }
            Body::Lexical(document) => lexical_to_html(&document),
            Body::Mobiledoc(document) => mobiledoc_to_html(&document),
        };
        for (kind, message) in converted.notes {
            entry.note(kind, message);
        }
        note_lost(&converted.html, entry);
        let html = lost::with_embeds(&converted.html);
        let html = self.relinked(&html, Markup::Html, entry, tally).await;
        let html = within_limit(html, entry);
        BodyValue { value: of_html(&html, field), kept: converted.kept }
    }
}

fn note_lost(html: &str, entry: &mut ImportedEntry) {
    for name in lost::elements(html) {
        let message = format!("the element <{name}> of its text is never stored, and went");
        entry.note(NoteKind::BlockLeft, message);
    }
}

/// A text past its limit is cut here, before anything works on it: the entry could not be stored as a whole.
fn within_limit(text: String, entry: &mut ImportedEntry) -> String {
    if text.len() <= TEXT_BYTES_MAX {
        return text;
    }
    let message = format!(
        "its text has {} bytes, of which {TEXT_BYTES_MAX}, the limit, are read",
        text.len()
    );
    entry.note(NoteKind::TextRepaired, message);
    let end = text.floor_char_boundary(TEXT_BYTES_MAX);
    text.get(..end).unwrap_or_default().to_owned()
}

fn of_markdown(text: String, field: &FieldDefinition) -> Value {
    match field.kind {
        FieldKind::Markdown => Value::String(text),
        FieldKind::RichText => markdown_to_blocks(&text).to_json(),
        _ => Value::String(markdown_to_text(&text)),
    }
}

fn of_html(html: &str, field: &FieldDefinition) -> Value {
    match field.kind {
        FieldKind::Markdown => Value::String(html_to_markdown(html)),
        FieldKind::RichText => html_to_blocks(html).to_json(),
        _ => Value::String(plain_text(html)),
    }
}
