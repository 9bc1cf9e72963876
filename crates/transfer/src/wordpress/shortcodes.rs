//! Shortcodes: `[name a="b"]`, with or without `[/name]`.

use super::Attachments;
use super::blocks::embedded;
use super::gallery;
use crate::html::{attributes_of, escape_attribute};
use crate::note::NoteKind;

/// One shortcode in a text.
struct Code<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    attributes: &'a str,
    /// What stands between it and its closing.
    content: Option<&'a str>,
    /// `[[name]]`: meant to be read.
    is_escaped: bool,
}

/// Text with the shortcodes of WordPress replaced by what they stand for; others stay, and are noted.
pub(super) fn replaced(
    text: &str,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> String {
    let mut html = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(code) = next_code(text, at) {
        html.push_str(text.get(at..code.start).unwrap_or_default());
        at = code.end;
        let source = text.get(code.start..code.end).unwrap_or_default();
        if code.is_escaped {
            html.push_str(source.get(1..source.len() - 1).unwrap_or_default());
        } else if let Some(replacement) = replacement(&code, attachments, notes) {
            at = place(&replacement, text, at, &mut html);
        } else {
            note_unknown(&code, notes);
            html.push_str(source);
        }
    }
    html.push_str(text.get(at..).unwrap_or_default());
    html
}

/// A block that stood alone in its paragraph takes the paragraph's place. Gives where the text goes on.
fn place(replacement: &str, text: &str, at: usize, html: &mut String) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    if html.ends_with("<p>") && rest.starts_with("</p>") {
        html.truncate(html.len() - "<p>".len());
        html.push_str(replacement);
        return at + "</p>".len();
    }
    html.push_str(replacement);
    at
}

fn replacement(
    code: &Code<'_>,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> Option<String> {
    let attribute = |name: &str| attributes_of(code.attributes, name);
    match code.name {
        "caption" | "wp_caption" => Some(caption(code.content?, attribute("caption"))),
        "gallery" => {
            let ids = attribute("ids").or_else(|| attribute("include"));
            gallery::of(ids, attachments, notes)
        }
        "embed" => Some(embedded(code.content?.trim())),
        "audio" | "video" => {
            let names = ["src", "mp3", "mp4", "m4a", "m4v", "ogg", "ogv", "webm", "wav"];
            let url = names.into_iter().find_map(attribute)?;
            let name = code.name;
            Some(format!("<{name} controls src=\"{}\"></{name}>", escape_attribute(url)))
        }
        _ => None,
    }
}

/// The picture is in front, its words behind; older posts keep the words in an attribute.
fn caption(content: &str, old: Option<&str>) -> String {
    let image = crate::html::tags(content).find(|it| it.is("img"));
    let linked = crate::html::tags(content).find(|it| it.is("a") && it.is_closing);
    let end = match (image, linked) {
        (Some(image), Some(link)) if image.end <= link.start => {
            let between = content.get(image.end..link.start).unwrap_or_default();
            if between.trim().is_empty() { link.end } else { image.end }
        }
        (Some(image), _) => image.end,
        (None, _) => 0,
    };
    let (picture, words) = content.split_at(end);
    let words = Some(words.trim()).filter(|it| !it.is_empty()).or(old).unwrap_or_default();
    let words = words.replace("<br>\n", " ");
    if words.is_empty() {
        return format!("<figure>{}</figure>", picture.trim());
    }
    format!("<figure>{}<figcaption>{words}</figcaption></figure>", picture.trim())
}

/// Words in brackets are not always shortcodes: only what cannot be anything else is noted.
fn note_unknown(code: &Code<'_>, notes: &mut Vec<(NoteKind, String)>) {
    let certain = code.content.is_some()
        || code.attributes.contains('=')
        || code.name.contains(['-', '_'])
        || matches!(code.name, "gallery" | "playlist" | "audio" | "video" | "caption" | "embed");
    if certain {
        let message =
            format!("the shortcode `[{}]` is not known here; it stays as text", code.name);
        notes.push((NoteKind::ShortcodeKept, message));
    }
}

fn next_code(text: &str, from: usize) -> Option<Code<'_>> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find('[')?;
        at = start + 1;
        let is_escaped = text.get(at..)?.starts_with('[');
        let name_start = at + usize::from(is_escaped);
        let inner = text.get(name_start..)?;
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let len = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
        let name = inner.get(..len)?;
        let rest = inner.get(len..)?;
        let Some(close) = end_of_code(rest) else { continue };
        let attributes = rest.get(..close)?;
        let boundary = attributes.is_empty() || attributes.starts_with([' ', '/', '\n']);
        if !boundary || inner.get(len + close + 1..)?.starts_with('(') {
            continue;
        }
        let mut end = name_start + len + close + 1;
        if is_escaped {
            let closes = text.get(end..)?.starts_with(']');
            if !closes {
                continue;
            }
            return Some(Code { start, end: end + 1, name, attributes, content: None, is_escaped });
        }
        let closing = format!("[/{name}]");
        let content = text.get(end..)?.find(&closing).map(|len| end..end + len);
        if let Some(content) = &content {
            end = content.end + closing.len();
        }
        let content = content.and_then(|it| text.get(it));
        return Some(Code { start, end, name, attributes, content, is_escaped });
    }
}

/// Where the `]` stands that is not in quotes; brackets inside mean that this is something else.
fn end_of_code(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b']') => return Some(at),
            (None, b'[' | b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}
