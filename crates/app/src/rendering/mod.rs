//! From what editors write to what readers see.

mod blocks;
mod html;
mod markdown;
mod plugin_blocks;
mod source;

pub(crate) use blocks::needs_blocks;
pub use blocks::{
    BlockContext, ImageTag, PlainContext, PluginHtml, blocks_to_html, blocks_to_html_in,
    blocks_to_markdown, blocks_to_reading, html_to_blocks, html_to_markdown, markdown_to_blocks,
    markdown_to_text, sanitise_blocks,
};
pub use html::sanitise_html;
pub use markdown::markdown_to_html;
pub use plugin_blocks::PLUGIN_BLOCKS_MAX;
pub(crate) use plugin_blocks::plugin_blocks;
pub use source::sanitise_markdown;

use plugin_blocks::PluginBlocks;
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::FieldKind;
use smartcms_domain::entries::{Entry, Live};

use crate::App;
use crate::ports::FilterContext;

/// The body of an entry as HTML that is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedBody {
    /// The HTML.
    pub html: String,
    /// Whether the same HTML would come again for the same entry, so that it may be kept.
    pub repeatable: bool,
}

/// Renders the body of an entry's public state: Markdown or blocks to HTML, sanitised, then through the plugins' filters.
pub async fn render_body(app: &App, entry: &Entry, live: &Live) -> RenderedBody {
    let definition = app.collections.get(&entry.collection);
    let body = definition.as_ref().and_then(|it| it.field(it.body.as_ref()?.as_str()));
    let text = body.and_then(|it| live.fields.text(it.name.as_str())).unwrap_or_default();
    let value = body.and_then(|it| live.fields.get(it.name.as_str()));
    let document = match body.map(|it| &it.kind) {
        Some(FieldKind::Markdown) if needs_blocks(text) => Some(markdown_to_blocks(text)),
        // What is stored was checked when it was saved; what is no document all the same shows nothing.
        Some(FieldKind::RichText) => {
            Some(value.and_then(|it| Document::parse(it).ok()).unwrap_or_default())
        }
        _ => None,
    };
    let mut blocks = PluginBlocks::none();
    let html = match (document, body.map(|it| &it.kind)) {
        (Some(document), _) => {
            blocks = PluginBlocks::of(app, entry, live, &document).await;
            blocks_to_html_in(&document, &blocks)
        }
        (None, Some(FieldKind::Markdown)) => sanitise_html(&markdown_to_html(text)),
        (None, _) => format!("<p>{}</p>", ammonia::clean_text(text)),
    };
    let context = FilterContext {
        entry: entry.id,
        collection: &entry.collection,
        slug: &live.slug,
        locale: &entry.locale,
    };
    let filtered = app.plugins.filter_html(context, html).await;
    let repeatable = filtered.repeatable && blocks.repeatable;
    RenderedBody { html: blocks.fill(filtered.html), repeatable }
}

/// The HTML of Markdown, safe to show, without what plugins show in it.
pub fn markdown_to_safe_html(markdown: &str) -> String {
    if needs_blocks(markdown) {
        return blocks_to_html(&markdown_to_blocks(markdown));
    }
    sanitise_html(&markdown_to_html(markdown))
}
