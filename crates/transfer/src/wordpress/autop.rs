//! Paragraphs of classic text: blank lines part them, single line ends break lines.

use std::collections::HashMap;

use super::embedded;
use crate::html::{Tag, decode_entities, tags};

/// Elements that stand for themselves, outside of paragraphs.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "main",
    "math",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "svg",
    "table",
    "textarea",
    "ul",
    "video",
    "audio",
];
/// Blocks in which text has paragraphs of its own.
const CONTAINERS: &[&str] =
    &["article", "aside", "blockquote", "div", "footer", "header", "main", "section"];
/// How deep containers are looked into.
const DEPTH_MAX: usize = 16;

/// Text with its paragraphs marked.
pub(super) fn with_paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    fill(text, 0, &mut html);
    html
}

fn fill(text: &str, depth: usize, html: &mut String) {
    let all: Vec<Tag<'_>> = tags(text).collect();
    let closings = closings(&all);
    let mut at = 0;
    let mut next = 0;
    while let Some(tag) = all.get(next) {
        next += 1;
        if tag.start < at || !stands_alone(tag) {
            continue;
        }
        paragraphs(text.get(at..tag.start).unwrap_or_default(), html);
        let (inner_end, end) = extent(&all, &closings, next - 1, text.len());
        separate(html);
        html.push_str(text.get(tag.start..tag.end).unwrap_or_default());
        if end > tag.end {
            let inner = text.get(tag.end..inner_end).unwrap_or_default();
            let is_container = CONTAINERS.iter().any(|it| tag.is(it));
            if is_container && depth < DEPTH_MAX && inner.contains("\n\n") {
                let mut filled = String::new();
                fill(inner, depth + 1, &mut filled);
                html.push_str(filled.trim());
            } else {
                html.push_str(inner);
            }
            html.push_str(text.get(inner_end..end).unwrap_or_default());
        }
        html.push('\n');
        at = end.max(tag.end);
    }
    paragraphs(text.get(at..).unwrap_or_default(), html);
}

fn stands_alone(tag: &Tag<'_>) -> bool {
    let is_more = tag.name == "!--" && matches!(tag.rest.trim(), "more" | "nextpage" | "noteaser");
    is_more || BLOCKS.iter().any(|it| tag.is(it))
}

/// Where what the tag opens has its closing tag, and where that ends.
fn extent(
    all: &[Tag<'_>],
    closings: &[Option<usize>],
    opening: usize,
    text_len: usize,
) -> (usize, usize) {
    let Some(tag) = all.get(opening) else { return (text_len, text_len) };
    if is_alone(tag) {
        return (tag.end, tag.end);
    }
    let closing = closings.get(opening).copied().flatten().and_then(|it| all.get(it));
    match closing {
        Some(closing) => (closing.start, closing.end),
        // A paragraph that was never closed ends with its tag: what follows is parted by blank lines as usual.
        None if tag.is("p") => (tag.end, tag.end),
        None => (text_len, text_len),
    }
}

fn is_alone(tag: &Tag<'_>) -> bool {
    tag.is_closing || tag.name == "!--" || tag.is("hr") || tag.rest.ends_with('/')
}

/// For every tag that opens, which one closes it: found in one walk, however deep they nest.
fn closings(all: &[Tag<'_>]) -> Vec<Option<usize>> {
    let mut closings = vec![None; all.len()];
    let mut open: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, tag) in all.iter().enumerate() {
        let name = tag.name.to_ascii_lowercase();
        if tag.is_closing {
            let opened = open.get_mut(&name).and_then(Vec::pop);
            if let Some(place) = opened.and_then(|it| closings.get_mut(it)) {
                *place = Some(at);
            }
        } else if !is_alone(tag) {
            open.entry(name).or_default().push(at);
        }
    }
    closings
}

fn paragraphs(text: &str, html: &mut String) {
    let mut paragraph: Vec<&str> = Vec::new();
    for line in text.lines().chain(std::iter::once("")) {
        if line.trim().is_empty() {
            flush(&mut paragraph, html);
        } else {
            paragraph.push(line.trim_end());
        }
    }
}

fn flush(paragraph: &mut Vec<&str>, html: &mut String) {
    if paragraph.is_empty() {
        return;
    }
    separate(html);
    // An address alone in its paragraph is shown.
    if let [only] = paragraph.as_slice()
        && is_address(only.trim())
    {
        html.push_str(&embedded(&decode_entities(only)));
        html.push('\n');
        paragraph.clear();
        return;
    }
    html.push_str("<p>");
    html.push_str(paragraph.join("<br>\n").trim_start());
    html.push_str("</p>\n");
    paragraph.clear();
}

fn is_address(text: &str) -> bool {
    let is_of_web = text.starts_with("https://") || text.starts_with("http://");
    is_of_web && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '[' | '"'))
}

fn separate(html: &mut String) {
    if !html.is_empty() && !html.ends_with('\n') {
        html.push('\n');
    }
}
