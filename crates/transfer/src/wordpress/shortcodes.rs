//! Shortcodes: `[name a="b"]`, with or without `[/name]`.

use std::collections::HashMap;

use super::gallery;
use super::{Attachments, embedded};
use crate::html::{attributes_of, escape_attribute, escape_text};
use crate::note::NoteKind;

/// Shortcodes that hold a program's text.
const CODES: &[&str] = &["sourcecode", "code"];

/// One shortcode in a text.
struct Code<'a> {
    start: usize,
    /// Where the text goes on behind what opens it.
    end: usize,
    name: &'a str,
    attributes: &'a str,
    /// What stands between it and its closing, and where that ends.
    content: Option<(&'a str, usize)>,
    /// `[[name]]`: meant to be read.
    is_escaped: bool,
}

/// Text with the shortcodes of WordPress replaced by what they stand for; others stay, and are noted.
pub(super) fn replaced(
    text: &str,
    attachments: &dyn Attachments,
    notes: &mut Vec<(NoteKind, String)>,
) -> String {
    let closings = Closings::of(text);
    let mut html = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(code) = next_code(text, at, &closings) {
        html.push_str(text.get(at..code.start).unwrap_or_default());
        let source = text.get(code.start..code.end).unwrap_or_default();
        if code.is_escaped {
            at = code.end;
            html.push_str(source.get(1..source.len() - 1).unwrap_or_default());
        } else if let Some(replacement) = replacement(&code, attachments, notes) {
            let end = code.content.map_or(code.end, |(_, end)| end);
            at = place(&replacement, text, end, &mut html);
        } else {
            // Only what opens it: inside may stand others that are known.
            at = code.end;
            note_unknown(&code, notes);
            html.push_str(source);
        }
    }
    html.push_str(text.get(at..).unwrap_or_default());
    html
}

/// Text whose programs are in `<pre>`, where neither paragraphs nor shortcodes are looked for.
pub(super) fn with_code(text: &str) -> String {
    if !CODES.iter().any(|it| text.contains(&format!("[/{it}]"))) {
        return text.to_owned();
    }
    let closings = Closings::of(text);
    let mut html = String::with_capacity(text.len());
    let mut at = 0;
    let mut from = 0;
    while let Some(code) = next_code(text, from, &closings) {
        from = code.end;
        let Some((content, end)) = code.content.filter(|_| CODES.contains(&code.name)) else {
            continue;
        };
        html.push_str(text.get(at..code.start).unwrap_or_default());
        let language =
            ["language", "lang"].iter().find_map(|it| attributes_of(code.attributes, it));
        let class = language.map(|it| format!(" class=\"language-{}\"", escape_attribute(it)));
        // Most editors stored it with its signs escaped.
        let content = if content.contains('<') { escape_text(content) } else { content.to_owned() };
        let content = content.trim_matches('\n').replace('[', "&#91;");
        html.push_str(&format!("<pre><code{}>{content}</code></pre>", class.unwrap_or_default()));
        (at, from) = (end, end);
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
        "caption" | "wp_caption" => Some(caption(code.content?.0, attribute("caption"))),
        "gallery" => {
            let ids = attribute("ids").or_else(|| attribute("include"));
            gallery::of(ids, attachments, notes)
        }
        "playlist" => gallery::playlist(attribute("ids")?, attachments, notes),
        "embed" => Some(embedded(code.content?.0.trim())),
        "youtube" | "vimeo" | "dailymotion" | "soundcloud" | "tweet" | "gist" | "instagram" => {
            shown_elsewhere(code)
        }
        "audio" | "video" => {
            let names = ["src", "mp3", "mp4", "m4a", "m4v", "ogg", "ogv", "webm", "wav", "flac"];
            let url = names.into_iter().find_map(attribute)?;
            Some(player(code.name, url))
        }
        _ => None,
    }
}

/// What plays a file.
pub(super) fn player(element: &str, url: &str) -> String {
    format!("<figure><{element} controls src=\"{}\"></{element}></figure>", escape_attribute(url))
}

/// Only with a whole address: numbers mean something to the plugin alone.
fn shown_elsewhere(code: &Code<'_>) -> Option<String> {
    let words = code.attributes.split_whitespace().chain(code.content.map(|it| it.0.trim()));
    let mut urls = words.map(|it| {
        let value = it.split_once('=').filter(|(name, _)| *name == "url").map_or(it, |(_, it)| it);
        value.trim_start_matches('=').trim_matches(['"', '\''])
    });
    let url = urls.find(|it| it.starts_with("https://") || it.starts_with("http://"))?;
    Some(embedded(&url.replace("&amp;", "&")))
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
    let known = ["gallery", "playlist", "audio", "video", "caption", "embed", "youtube", "vimeo"];
    let certain = code.content.is_some()
        || code.attributes.contains('=')
        || code.name.contains(['-', '_'])
        || known.contains(&code.name);
    if certain {
        let message =
            format!("the shortcode `[{}]` is not known here; it stays as text", code.name);
        notes.push((NoteKind::ShortcodeKept, message));
    }
}

/// Where each name is closed, so that nothing is looked for twice.
struct Closings<'a>(HashMap<&'a str, Vec<usize>>);

impl<'a> Closings<'a> {
    fn of(text: &'a str) -> Self {
        let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, _) in text.match_indices("[/") {
            let rest = text.get(at + 2..).unwrap_or_default();
            let name = rest.get(..name_len(rest)).unwrap_or_default();
            if !name.is_empty() && rest.get(name.len()..).is_some_and(|it| it.starts_with(']')) {
                found.entry(name).or_default().push(at);
            }
        }
        Self(found)
    }

    fn after(&self, name: &str, from: usize) -> Option<usize> {
        let all = self.0.get(name)?;
        all.get(all.partition_point(|it| *it < from)).copied()
    }
}

fn name_len(text: &str) -> usize {
    let other = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    text.find(other).unwrap_or(text.len())
}

fn next_code<'a>(text: &'a str, from: usize, closings: &Closings<'_>) -> Option<Code<'a>> {
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
        let name = inner.get(..name_len(inner))?;
        let rest = inner.get(name.len()..)?;
        let Some(close) = end_of_code(rest) else { continue };
        let attributes = rest.get(..close)?;
        let boundary = attributes.is_empty() || attributes.starts_with([' ', '/', '\n', '=']);
        if !boundary || inner.get(name.len() + close + 1..)?.starts_with('(') {
            continue;
        }
        let end = name_start + name.len() + close + 1;
        if is_escaped {
            if !text.get(end..)?.starts_with(']') {
                continue;
            }
            return Some(Code { start, end: end + 1, name, attributes, content: None, is_escaped });
        }
        let content = closings.after(name, end);
        let content = content.and_then(|it| Some((text.get(end..it)?, it + name.len() + 3)));
        return Some(Code { start, end, name, attributes, content, is_escaped });
    }
}

/// The longest list of attributes, in bytes: what is longer is no shortcode.
const ATTRIBUTES_BYTES_MAX: usize = 16 * 1024;

/// Where the `]` stands that is not in quotes; brackets inside mean that this is something else.
fn end_of_code(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().enumerate().take(ATTRIBUTES_BYTES_MAX) {
        match (quote, byte) {
            (None, b']') => return Some(at),
            (None, b'[' | b'<') => return None,
            // An apostrophe in words opens nothing.
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = byte == b'=';
        }
    }
    None
}
