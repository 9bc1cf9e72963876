//! Languages that are not made of words and texts.

use crate::language::{DOUBLE, SINGLE};
use crate::languages::SHELL;
use crate::lexer;
use crate::pieces::{Kind, Pieces};

/// Names of HTML and what looks like it.
pub(crate) const MARKUP: &[&str] =
    &["html", "htm", "xhtml", "xml", "svg", "rss", "atom", "vue", "svelte", "jinja"];
/// Names of changes.
pub(crate) const CHANGES: &[&str] = &["diff", "patch"];
/// Names of what stands in a terminal.
pub(crate) const TERMINAL: &[&str] = &["console", "shell-session", "sh-session", "terminal"];

/// Marks up tags, the texts of their attributes, comments and references.
pub(crate) fn mark_markup(code: &str, out: &mut Pieces) {
    let mut rest = code;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, tag) = rest.split_at(at);
        out.push(before, None);
        rest = if tag.starts_with("<!--") {
            let end = tag.find("-->").map_or(tag.len(), |at| at + "-->".len());
            let (comment, after) = tag.split_at(end);
            out.push(comment, Some(Kind::Comment));
            after
        } else if tag.starts_with('&') {
            reference(tag, out)
        } else {
            one_tag(tag, out)
        };
    }
    out.push(rest, None);
}

/// Marks up a reference such as `&amp;`, and gives what follows.
fn reference<'a>(text: &'a str, out: &mut Pieces) -> &'a str {
    // A sign that follows begins another one.
    let name = text.get(1..).unwrap_or_default();
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).map(|at| at + 1);
    match end.filter(|at| *at > 1 && text.get(*at..).is_some_and(|it| it.starts_with(';'))) {
        Some(at) => {
            let (reference, after) = text.split_at(at + 1);
            out.push(reference, Some(Kind::Constant));
            after
        }
        None => {
            let (sign, after) = text.split_at(1);
            out.push(sign, None);
            after
        }
    }
}

/// Marks up a tag, and gives what follows.
fn one_tag<'a>(tag: &'a str, out: &mut Pieces) -> &'a str {
    let opening = tag.find(|c: char| !"<!/?".contains(c)).unwrap_or(tag.len());
    let (opening, rest) = tag.split_at(opening);
    out.push(opening, None);
    let end = rest.find(|c: char| !(c.is_alphanumeric() || "-_:.".contains(c)));
    let (name, mut rest) = rest.split_at(end.unwrap_or(rest.len()));
    if name.is_empty() {
        return rest;
    }
    out.push(name, Some(Kind::Keyword));
    while let Some(at) = rest.find(['"', '\'', '>', '<']) {
        let (before, after) = rest.split_at(at);
        out.push(before, None);
        let Some(sign) = [DOUBLE, SINGLE].iter().find(|it| after.starts_with(it.open)) else {
            return after;
        };
        let inside = after.get(1..).unwrap_or_default();
        let end = inside.find(sign.close).map_or(after.len(), |at| at + 2);
        let (text, behind) = after.split_at(end);
        out.push(text, Some(Kind::Text));
        rest = behind;
    }
    rest
}

/// Marks up lines that came and went.
pub(crate) fn mark_changes(code: &str, out: &mut Pieces) {
    for line in code.split_inclusive('\n') {
        let kind = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Some(Kind::Keyword),
            [b'+', ..] => Some(Kind::Inserted),
            [b'-', ..] => Some(Kind::Deleted),
            [b'@', b'@', ..] => Some(Kind::Comment),
            _ => None,
        };
        let text = line.strip_suffix('\n').unwrap_or(line);
        out.push(text, kind);
        out.push(line.get(text.len()..).unwrap_or_default(), None);
    }
}

/// Marks up what was typed, behind `$`; what came of it stays plain.
pub(crate) fn mark_terminal(code: &str, out: &mut Pieces) {
    let mut goes_on = false;
    for line in code.split_inclusive('\n') {
        let typed = if goes_on { Some(line) } else { line.strip_prefix("$ ") };
        match typed {
            Some(typed) => {
                out.push(line.get(..line.len() - typed.len()).unwrap_or_default(), None);
                lexer::mark(&SHELL, typed, out);
                goes_on = typed.trim_end().ends_with('\\');
            }
            None => out.push(line, None),
        }
    }
}
