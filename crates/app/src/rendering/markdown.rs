//! Markdown to HTML.

use std::sync::LazyLock;

use comrak::Options;

pub(super) static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.render.github_pre_lang = false;
    // Raw HTML passes here because the sanitiser stands behind: it keeps what is harmless.
    options.render.r#unsafe = true;
    options
});

/// CommonMark with tables, strikethrough, task lists, footnotes and autolinks. The HTML is not safe yet:
/// pass it through [`super::sanitise_html`].
pub fn markdown_to_html(markdown: &str) -> String {
    comrak::markdown_to_html(markdown, &OPTIONS)
}
