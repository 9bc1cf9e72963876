//! Blocks to and from Markdown and HTML.

mod context;
mod dom;
mod fenced;
mod figure_text;
mod from_html;
mod from_html_run;
mod from_markdown;
mod inline_tags;
mod markdown_escape;
mod markdown_inlines;
mod reading;
mod runs;
mod sanitise;
mod to_html;
mod to_markdown;

pub use context::{BlockContext, ImageTag, PlainContext, PluginHtml};
pub use from_html::html_to_blocks;
pub use from_markdown::markdown_to_blocks;
pub use reading::blocks_to_reading;
pub use sanitise::sanitise_blocks;
pub use to_html::{blocks_to_html, blocks_to_html_in};
pub use to_markdown::blocks_to_markdown;

/// Markdown from HTML, for imports.
pub fn html_to_markdown(html: &str) -> String {
    blocks_to_markdown(&html_to_blocks(html))
}

/// Whether Markdown has what only blocks show: comments with a block's JSON, callouts, and blocks of plugins.
pub(crate) fn needs_blocks(markdown: &str) -> bool {
    markdown.contains(to_markdown::COMMENT_START)
        || markdown.contains("> [!")
        || fenced::may_be_in(markdown)
}

/// The plain text of Markdown, for search and for excerpts.
pub fn markdown_to_text(markdown: &str) -> String {
    markdown_to_blocks(markdown).text()
}
