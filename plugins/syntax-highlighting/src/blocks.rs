//! The blocks of code in a text.

use smartcms_plugin::html::{Tags, unescape};

use crate::pieces::Pieces;
use crate::special::{CHANGES, MARKUP, TERMINAL};
use crate::{languages, lexer, special};

/// How much code of one text is marked up, in bytes; what follows is shown plain.
const CODE_BYTES_MAX: usize = 256 * 1024;

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
    let mut out = String::with_capacity(html.len() * 2);
    let mut copied = 0;
    let mut left = CODE_BYTES_MAX;
    for block in blocks {
        let code = unescape(html.get(block.start..block.end)?);
        let Some(rest) = left.checked_sub(code.len()) else { continue };
        let Some(marked) = marked(block.language, &code) else { continue };
        left = rest;
        out.push_str(html.get(copied..block.start)?);
        out.push_str(&marked);
        copied = block.end;
    }
    out.push_str(html.get(copied..)?);
    Some(out)
}

/// Code with its parts marked up; none when its language is not known.
fn marked(language: &str, code: &str) -> Option<String> {
    let language = language.to_lowercase();
    let mut out = Pieces::default();
    match language.as_str() {
        name if MARKUP.contains(&name) => special::mark_markup(code, &mut out),
        name if CHANGES.contains(&name) => special::mark_changes(code, &mut out),
        name if TERMINAL.contains(&name) => special::mark_terminal(code, &mut out),
        name => lexer::mark(languages::find(name)?, code, &mut out),
    }
    Some(out.into_html())
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
mod tests;
