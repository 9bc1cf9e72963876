//! The blocks of code in a text.

use smartcms_plugin::html::{Tags, unescape};

use crate::markup::Markup;

/// How much code of one text is marked up, in bytes: about 500 lines, which takes half the time that a filter has.
const CODE_BYTES_MAX: usize = 16 * 1024;

/// The prefix of the class that names a language.
const LANGUAGE: &str = "language-";

/// A block of code as it stands in the text.
struct Block<'a> {
    language: &'a str,
    /// Between the tags.
    start: usize,
    end: usize,
}

/// The text with its code marked up; none when there is nothing to do.
pub(crate) fn with_markup(html: &str) -> Option<String> {
    let blocks = blocks(html);
    if blocks.is_empty() {
        return None;
    }
    let markup = Markup::new();
    let mut out = String::with_capacity(html.len() * 2);
    let mut copied = 0;
    let mut left = CODE_BYTES_MAX;
    for block in blocks {
        let code = unescape(html.get(block.start..block.end)?);
        let Some(rest) = left.checked_sub(code.len()) else { continue };
        let Some(marked) = markup.of(block.language, &code) else { continue };
        left = rest;
        out.push_str(html.get(copied..block.start)?);
        out.push_str(&marked);
        copied = block.end;
    }
    out.push_str(html.get(copied..)?);
    Some(out)
}

/// Blocks of code whose language is named, and in which nothing is marked up yet.
fn blocks(html: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut tags = Tags::of(html).peekable();
    while let Some(tag) = tags.next() {
        if tag.is_closing || !tag.is("code") {
            continue;
        }
        let classes = tag.attribute("class").unwrap_or_default();
        let language = classes.split_ascii_whitespace().find_map(|it| it.strip_prefix(LANGUAGE));
        let closing = tags.peek().filter(|it| it.is_closing && it.is("code"));
        if let (Some(language), Some(closing)) = (language, closing) {
            blocks.push(Block { language, start: tag.end, end: closing.start });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{CODE_BYTES_MAX, with_markup};

    #[test]
    fn only_code_of_a_known_language_is_touched() {
        let html = "<p>a <code>let</code></p><pre><code class=\"language-rust\">let a = &amp;b;\n</code></pre><pre><code>let</code></pre>";
        let out = with_markup(html).unwrap();
        assert!(
            out.contains("<code class=\"language-rust\"><b>let</b> a = &amp;b;\n</code>"),
            "{out}"
        );
        assert!(
            out.starts_with("<p>a <code>let</code></p>") && out.ends_with("<code>let</code></pre>")
        );
        assert_eq!(with_markup("<p>a</p>"), None);
        assert_eq!(with_markup("<code class=\"language-rust\">let"), None);
    }

    #[test]
    fn what_is_marked_up_stays() {
        let html = "<pre><code class=\"language-rust\">let <b>a</b></code></pre>";
        assert_eq!(with_markup(html), None);
    }

    #[test]
    fn past_the_limit_code_is_shown_plain() {
        let long = "let a;\n".repeat(CODE_BYTES_MAX / 7 + 1);
        let html = format!(
            "<code class=\"language-rust\">{long}</code><code class=\"language-rust\">let b;</code>"
        );
        let out = with_markup(&html).unwrap();
        assert!(out.contains(&long) && out.contains("<b>let</b> b;"));
    }
}
