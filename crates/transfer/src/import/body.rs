//! The text of an entry, as the field that takes it wants it.

use serde_json::Value;
use smartcms_app::rendering::{
    html_to_blocks, html_to_markdown, markdown_to_blocks, markdown_to_text,
};
use smartcms_domain::collections::{FieldDefinition, FieldKind};

use super::links::Markup;
use super::parts::Import;
use crate::ghost::{lexical_to_html, mobiledoc_to_html};
use crate::html::plain_text;
use crate::item::{Body, ImportedEntry};
use crate::report::Report;
use crate::wordpress::{Attachments, Converted, Picture, to_html};

/// A text, with what it keeps beside it.
pub(super) struct BodyValue {
    pub(super) value: Value,
    /// Blocks that have no text: for the field that keeps data.
    pub(super) kept: Vec<String>,
}

/// The pictures that a post may ask for.
struct Pictures<'i, 'a> {
    import: &'i Import<'a>,
    post: &'i str,
}

impl Pictures<'_, '_> {
    fn picture(&self, key: &str) -> Option<Picture> {
        let asset = self.import.survey.assets.get(key)?;
        let alt = asset.alt.clone().unwrap_or_default();
        Some(Picture { url: asset.url.clone(), alt, caption: asset.caption.clone() })
    }
}

impl Attachments for Pictures<'_, '_> {
    fn find(&self, id: &str) -> Option<Picture> {
        self.picture(id)
    }

    fn of_post(&self) -> Vec<Picture> {
        let keys = self.import.survey.assets_of.get(self.post);
        keys.into_iter().flatten().filter_map(|key| self.picture(key)).collect()
    }
}

impl Import<'_> {
    /// The text of an entry for a field; what was done to it is noted on the entry.
    pub(super) async fn body(
        &mut self,
        entry: &mut ImportedEntry,
        field: &FieldDefinition,
        report: &mut Report,
    ) -> BodyValue {
        let body = std::mem::replace(&mut entry.body, Body::Html(String::new()));
        let converted = match body {
            Body::Markdown(text) => {
                let text = self.relinked(&text, Markup::Markdown, entry, report).await;
                return BodyValue { value: of_markdown(text, field), kept: Vec::new() };
            }
            Body::Html(html) => Converted { html, ..Converted::default() },
            Body::WordPress(text) => to_html(&text, &Pictures { import: self, post: &entry.key }),
            Body::Lexical(document) => lexical_to_html(&document),
            Body::Mobiledoc(document) => mobiledoc_to_html(&document),
        };
        for (kind, message) in converted.notes {
            entry.note(kind, message);
        }
        let html = self.relinked(&converted.html, Markup::Html, entry, report).await;
        BodyValue { value: of_html(&html, field), kept: converted.kept }
    }
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
