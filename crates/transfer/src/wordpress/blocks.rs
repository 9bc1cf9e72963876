//! Block comments: `<!-- wp:name {json} -->`.

use serde_json::Value;

use super::{Converted, autop};
use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;

/// Blocks of WordPress itself whose stored HTML says everything that they show.
const STATIC: &[&str] = &[
    "audio",
    "button",
    "buttons",
    "classic",
    "code",
    "column",
    "columns",
    "cover",
    "details",
    "embed",
    "file",
    "footnotes",
    "freeform",
    "gallery",
    "group",
    "heading",
    "html",
    "image",
    "list",
    "list-item",
    "math",
    "media-text",
    "missing",
    "more",
    "nextpage",
    "paragraph",
    "preformatted",
    "pullquote",
    "quote",
    "separator",
    "shortcode",
    "social-links",
    "spacer",
    "subhead",
    "table",
    "text-columns",
    "verse",
    "video",
];

/// One comment that opens, closes or is a block.
struct Mark<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    attributes: &'a str,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Opens,
    Closes,
    Whole,
}

/// The text without its comments; what stands outside of blocks gets its paragraphs.
pub(super) fn to_html(text: &str, converted: &mut Converted) -> String {
    let mut html = String::with_capacity(text.len());
    let mut at = 0;
    let mut depth = 0_usize;
    let mut embed: Option<String> = None;
    for mark in marks(text) {
        let between = text.get(at..mark.start).unwrap_or_default();
        at = mark.end;
        if embed.is_none() {
            if depth == 0 {
                html.push_str(&autop::with_paragraphs(between));
            } else {
                html.push_str(between);
            }
        }
        match mark.kind {
            Kind::Opens => {
                depth += 1;
                note_block(&mark, false, text, converted);
                embed = embed.or_else(|| embed_url(&mark));
            }
            Kind::Closes => {
                depth = depth.saturating_sub(1);
                if is_embed(mark.name)
                    && let Some(url) = embed.take()
                {
                    html.push_str(&embedded(&url));
                }
            }
            Kind::Whole => note_block(&mark, true, text, converted),
        }
        if depth == 0 && !html.ends_with('\n') {
            html.push('\n');
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    html.push_str(&if depth == 0 { autop::with_paragraphs(rest) } else { rest.to_owned() });
    collapsed(&html)
}

fn is_embed(name: &str) -> bool {
    name == "embed" || name.starts_with("core-embed/")
}

fn embed_url(mark: &Mark<'_>) -> Option<String> {
    if !is_embed(mark.name) {
        return None;
    }
    let attributes: Value = serde_json::from_str(mark.attributes).ok()?;
    Some(attributes.get("url")?.as_str()?.to_owned())
}

/// A link: what the address shows is for the site to decide.
pub(super) fn embedded(url: &str) -> String {
    format!("<p><a href=\"{}\">{}</a></p>", escape_attribute(url), escape_text(url))
}

fn note_block(mark: &Mark<'_>, is_whole: bool, text: &str, converted: &mut Converted) {
    let name = mark.name.strip_prefix("core/").unwrap_or(mark.name);
    let known = STATIC.contains(&name) || is_embed(name);
    match (known, is_whole) {
        (true, _) => {}
        (false, false) => {
            let message = format!("the block `{}` is not known; its HTML is kept", mark.name);
            converted.notes.push((NoteKind::BlockKept, message));
        }
        (false, true) => {
            let source = text.get(mark.start..mark.end).unwrap_or_default().to_owned();
            let message = format!(
                "the block `{}` is made by WordPress when a page is shown; it is kept as data",
                mark.name
            );
            converted.notes.push((NoteKind::BlockKept, message));
            converted.kept.push(source);
        }
    }
}

fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|it| it.find("<!--")).map(|it| at + it) {
        let Some(len) = text.get(start + 4..).and_then(|it| it.find("-->")) else { break };
        let end = start + 4 + len + 3;
        let inner = text.get(start + 4..start + 4 + len).unwrap_or_default();
        if let Some(mark) = mark_of(inner, start, end) {
            found.push(mark);
        }
        at = end;
    }
    found
}

fn mark_of(inner: &str, start: usize, end: usize) -> Option<Mark<'_>> {
    let inner = inner.trim();
    if let Some(name) = inner.strip_prefix("/wp:") {
        return Some(Mark { start, end, name: name.trim(), attributes: "", kind: Kind::Closes });
    }
    let inner = inner.strip_prefix("wp:")?;
    let (inner, kind) = match inner.strip_suffix('/') {
        Some(inner) => (inner, Kind::Whole),
        None => (inner, Kind::Opens),
    };
    let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    Some(Mark { start, end, name, attributes: attributes.trim(), kind })
}

/// Comments leave empty lines behind.
fn collapsed(html: &str) -> String {
    let mut collapsed = String::with_capacity(html.len());
    let mut newlines = 0;
    for c in html.trim().chars() {
        newlines = if c == '\n' { newlines + 1 } else { 0 };
        if newlines < 3 {
            collapsed.push(c);
        }
    }
    collapsed
}
