//! Block comments: `<!-- wp:name {json} -->`.

use std::cell::Cell;

use serde_json::Value;

use super::finish;
use super::{Attachments, Converted, autop, embedded};
use crate::html::escape_attribute;
use crate::note::NoteKind;

/// How deep reusable blocks may show one another.
const REUSE_DEPTH_MAX: usize = 5;
/// How much text of reusable blocks one post may show, in bytes.
const REUSED_BYTES_MAX: usize = 4 * 1024 * 1024;

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
    "cover-image",
    "details",
    "embed",
    "file",
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
    "social-links",
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

impl Mark<'_> {
    /// The name, without what WordPress itself may put before it.
    fn short(&self) -> &str {
        self.name.strip_prefix("core/").unwrap_or(self.name)
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let attributes: Value = serde_json::from_str(self.attributes).ok()?;
        match attributes.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|it| !it.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Opens,
    Closes,
    Whole,
}

/// A block that is open.
struct Open<'a> {
    name: &'a str,
    /// Where its HTML begins.
    start: usize,
    /// What an embed shows.
    url: Option<String>,
}

/// From blocks to HTML.
pub(super) struct Blocks<'a> {
    pub(super) attachments: &'a dyn Attachments,
    pub(super) footnotes: &'a [(String, String)],
    /// How many reusable blocks this one is shown by.
    pub(super) depth: usize,
    /// How many bytes of reusable blocks the post shows.
    pub(super) reused_bytes: &'a Cell<usize>,
}

impl Blocks<'_> {
    /// The text without its comments; what stands outside of blocks gets its paragraphs.
    pub(super) fn to_html(&self, text: &str, converted: &mut Converted) -> String {
        let mut html = String::with_capacity(text.len());
        let mut at = 0;
        let mut open: Vec<Open<'_>> = Vec::new();
        for mark in marks(text) {
            let between = text.get(at..mark.start).unwrap_or_default();
            at = mark.end;
            if open.is_empty() {
                html.push_str(&autop::with_paragraphs(between));
            } else {
                html.push_str(between);
            }
            match mark.kind {
                Kind::Opens => {
                    note_opened(&mark, converted);
                    let (name, url) = (mark.name, embed_url(&mark));
                    open.push(Open { name, start: html.len(), url });
                    html.push_str(&cover_picture(&mark, text.get(at..).unwrap_or_default()));
                }
                Kind::Closes => close(mark.name, &mut open, &mut html),
                Kind::Whole => self.whole(&mark, text, &mut html, converted),
            }
            if open.is_empty() && !html.ends_with('\n') {
                html.push('\n');
            }
        }
        let rest = text.get(at..).unwrap_or_default();
        html.push_str(&if open.is_empty() {
            autop::with_paragraphs(rest)
        } else {
            rest.to_owned()
        });
        while let Some(unclosed) = open.pop() {
            finish_block(&unclosed, &mut html);
        }
        collapsed(&html)
    }

    /// A block without HTML of its own: what WordPress fills when it shows the page.
    fn whole(&self, mark: &Mark<'_>, text: &str, html: &mut String, converted: &mut Converted) {
        match mark.short() {
            "footnotes" => html.push_str(&finish::footnotes(self.footnotes)),
            "block" => match self.reused(mark, converted) {
                Some(shown) => html.push_str(&shown),
                None => keep(
                    mark,
                    text,
                    "the reusable block is not in the export, or shows itself",
                    converted,
                ),
            },
            "social-link" => match mark.attribute("url") {
                Some(url) => {
                    let label = mark.attribute("label").or_else(|| mark.attribute("service"));
                    html.push_str(&finish::link_item(&url, label.as_deref().unwrap_or(&url)));
                }
                None => keep(mark, text, "the link leads nowhere", converted),
            },
            name if STATIC.contains(&name) => {}
            name if is_embed(name) => {
                if let Some(url) = mark.attribute("url") {
                    html.push_str(&embedded(&url));
                }
            }
            _ => {
                let why = "it is made when WordPress shows the page, or by a plugin";
                keep(mark, text, why, converted);
            }
        }
    }

    fn reused(&self, mark: &Mark<'_>, converted: &mut Converted) -> Option<String> {
        let text = self.attachments.fragment(&mark.attribute("ref")?)?;
        let bytes = self.reused_bytes.get().saturating_add(text.len().max(64));
        let inner = Self { depth: self.depth + 1, ..*self };
        if inner.depth > REUSE_DEPTH_MAX || bytes > REUSED_BYTES_MAX {
            return None;
        }
        self.reused_bytes.set(bytes);
        Some(inner.to_html(&text, converted))
    }
}

/// A block that cannot be shown is kept as it was written.
fn keep(mark: &Mark<'_>, text: &str, why: &str, converted: &mut Converted) {
    let source = text.get(mark.start..mark.end).unwrap_or_default().to_owned();
    let message = format!("the block `{}` is kept as data: {why}", mark.name);
    converted.notes.push((NoteKind::BlockKept, message));
    converted.kept.push(source);
}

fn close(name: &str, open: &mut Vec<Open<'_>>, html: &mut String) {
    // A closing without an opening closes nothing.
    if !open.iter().any(|it| it.name == name) {
        return;
    }
    while let Some(block) = open.pop() {
        finish_block(&block, html);
        if block.name == name {
            return;
        }
    }
}

fn finish_block(block: &Open<'_>, html: &mut String) {
    let name = block.name.strip_prefix("core/").unwrap_or(block.name);
    let finish: fn(&str) -> String = match name {
        "freeform" | "classic" => autop::with_paragraphs,
        "gallery" => finish::gallery,
        "file" => finish::file,
        "verse" => finish::verse,
        name if is_embed(name) => {
            let Some(url) = &block.url else { return };
            let inner = html.split_off(block.start.min(html.len()));
            html.push_str(&finish::embed(url, &inner));
            return;
        }
        _ => return,
    };
    let inner = html.split_off(block.start.min(html.len()));
    html.push_str(&finish(&inner));
}

fn is_embed(name: &str) -> bool {
    name == "embed" || name.starts_with("core-embed/")
}

fn embed_url(mark: &Mark<'_>) -> Option<String> {
    if is_embed(mark.short()) { mark.attribute("url") } else { None }
}

/// Older covers have their picture in a style, where it would be lost.
fn cover_picture(mark: &Mark<'_>, after: &str) -> String {
    if mark.short() != "cover" && mark.short() != "cover-image" {
        return String::new();
    }
    let own = after.split("<!--").next().unwrap_or_default();
    match mark.attribute("url") {
        Some(url) if !own.contains("<img") && !own.contains("<video") => {
            format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape_attribute(&url))
        }
        _ => String::new(),
    }
}

fn note_opened(mark: &Mark<'_>, converted: &mut Converted) {
    let name = mark.short();
    if !STATIC.contains(&name) && !is_embed(name) {
        let message = format!("the block `{}` is not known; its HTML is kept", mark.name);
        converted.notes.push((NoteKind::BlockKept, message));
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
