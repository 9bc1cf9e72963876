//! Paragraphs of classic text: blank lines part them, single line ends break lines.

use crate::html::{Tag, tags};

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
    let mut at = 0;
    let mut next = 0;
    while let Some(tag) = all.get(next) {
        next += 1;
        if tag.start < at || !stands_alone(tag) {
            continue;
        }
        paragraphs(text.get(at..tag.start).unwrap_or_default(), html);
        let (inner_end, end) = extent(&all, next - 1, text.len());
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
fn extent(all: &[Tag<'_>], opening: usize, text_len: usize) -> (usize, usize) {
    let Some(tag) = all.get(opening) else { return (text_len, text_len) };
    let is_alone = tag.is_closing || tag.name == "!--" || tag.is("hr") || tag.rest.ends_with('/');
    if is_alone {
        return (tag.end, tag.end);
    }
    let mut depth = 1_usize;
    for other in all.iter().skip(opening + 1).filter(|it| it.is(tag.name)) {
        if other.is_closing {
            depth -= 1;
        } else if !other.rest.ends_with('/') {
            depth += 1;
        }
        if depth == 0 {
            return (other.start, other.end);
        }
    }
    // A paragraph that was never closed ends with its tag: what follows is parted by blank lines as usual.
    if tag.is("p") { (tag.end, tag.end) } else { (text_len, text_len) }
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
    html.push_str("<p>");
    html.push_str(paragraph.join("<br>\n").trim_start());
    html.push_str("</p>\n");
    paragraph.clear();
}

fn separate(html: &mut String) {
    if !html.is_empty() && !html.ends_with('\n') {
        html.push('\n');
    }
}
