//! Lexical documents as HTML.

use std::fmt::Write as _;

use serde_json::Value;

use super::cards::{card, value};
use crate::html::{escape_attribute, escape_text};
use crate::limits::DOCUMENT_DEPTH_MAX;
use crate::note::NoteKind;
use crate::wordpress::Converted;

/// How a run of text looks, as bits, the outermost first.
const FORMATS: &[(i64, &str)] = &[
    (16, "code"),
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
];

/// The HTML of a document.
pub(crate) fn to_html(document: &Value) -> Converted {
    let mut converted = Converted::default();
    if let Some(root) = document.get("root") {
        children(root, 0, &mut converted);
    }
    converted
}

fn children(node: &Value, depth: usize, converted: &mut Converted) {
    let list =
        node.get("children").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if depth >= DOCUMENT_DEPTH_MAX && !list.is_empty() {
        let message =
            format!("the text nests deeper than {DOCUMENT_DEPTH_MAX}; what is below is left");
        converted.notes.push((NoteKind::BlockLeft, message));
        return;
    }
    for child in list {
        node_html(child, depth, converted);
    }
}

fn wrapped(tag: &str, attributes: &str, node: &Value, depth: usize, converted: &mut Converted) {
    let _ = write!(converted.html, "<{tag}{attributes}>"); // Writing to a string cannot fail.
    children(node, depth + 1, converted);
    let _ = write!(converted.html, "</{tag}>");
}

fn node_html(node: &Value, depth: usize, converted: &mut Converted) {
    let kind = value(node, &["type"]);
    let block = |tag: &str, converted: &mut Converted| {
        wrapped(tag, "", node, depth, converted);
        converted.html.push('\n');
    };
    match kind {
        "text" | "extended-text" => text(node, &mut converted.html),
        "linebreak" => converted.html.push_str("<br>"),
        "tab" => converted.html.push('\t'),
        "link" | "autolink" | "at-link" => {
            let href = format!(" href=\"{}\"", escape_attribute(value(node, &["url"])));
            wrapped("a", &href, node, depth, converted);
        }
        "paragraph" => block("p", converted),
        "heading" | "extended-heading" => {
            let tag = value(node, &["tag"]);
            let known = matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
            block(if known { tag } else { "h2" }, converted);
        }
        "quote" | "extended-quote" | "aside" => {
            converted.html.push_str("<blockquote>");
            wrapped("p", "", node, depth, converted);
            converted.html.push_str("</blockquote>\n");
        }
        "zwnj" => {}
        "list" => list(node, depth, converted),
        "listitem" => block("li", converted),
        _ => card(kind, node, converted),
    }
}

/// A list below an item is an item of its own here, with nothing but that list in it: it belongs to the item before.
fn list(node: &Value, depth: usize, converted: &mut Converted) {
    let tag = if value(node, &["listType"]) == "number" { "ol" } else { "ul" };
    let start = node.get("start").and_then(Value::as_u64).filter(|it| tag == "ol" && *it > 1);
    let start = start.map(|it| format!(" start=\"{it}\"")).unwrap_or_default();
    let _ = write!(converted.html, "<{tag}{start}>"); // Writing to a string cannot fail.
    let begin = converted.html.len();
    let items = node.get("children").and_then(Value::as_array).map(Vec::as_slice);
    for item in items.unwrap_or_default() {
        let inner = item.get("children").and_then(Value::as_array).map(Vec::as_slice);
        let inner = inner.unwrap_or_default();
        let is_nested = !inner.is_empty() && inner.iter().all(|it| value(it, &["type"]) == "list");
        let open = converted.html.len() - "</li>\n".len().min(converted.html.len());
        if is_nested && open > begin && depth < DOCUMENT_DEPTH_MAX {
            converted.html.truncate(open);
            children(item, depth + 2, converted);
            converted.html.push_str("</li>\n");
        } else {
            node_html(item, depth + 1, converted);
        }
    }
    let _ = writeln!(converted.html, "</{tag}>");
}

fn text(node: &Value, html: &mut String) {
    let format = node.get("format").and_then(Value::as_i64).unwrap_or(0);
    let tags: Vec<&str> =
        FORMATS.iter().filter(|(bit, _)| format & bit != 0).map(|(_, tag)| *tag).collect();
    for tag in &tags {
        let _ = write!(html, "<{tag}>");
    }
    html.push_str(&escape_text(node.get("text").and_then(Value::as_str).unwrap_or_default()));
    for tag in tags.iter().rev() {
        let _ = write!(html, "</{tag}>");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_html;
    use crate::note::NoteKind;

    #[test]
    fn text_lists_and_cards_become_html() {
        let document = json!({"root": {"type": "root", "children": [
            {"type": "paragraph", "children": [
                {"type": "text", "text": "a < ", "format": 0},
                {"type": "text", "text": "b", "format": 3},
                {"type": "link", "url": "/x?a&b", "children": [{"type": "text", "text": "c"}]}]},
            {"type": "list", "listType": "number", "children": [{"type": "listitem", "children": [{"type": "text", "text": "d"}]}]},
            {"type": "codeblock", "code": "<e>", "language": "rust"},
            {"type": "horizontalrule"},
            {"type": "shiny", "shade": 3}]}});
        let got = to_html(&document);
        assert_eq!(
            got.html,
            "<p>a &lt; <strong><em>b</em></strong><a href=\"/x?a&amp;b\">c</a></p>\n\
             <ol><li>d</li>\n</ol>\n\
             <pre><code class=\"language-rust\">&lt;e&gt;</code></pre>\n<hr>\n"
        );
        assert_eq!(got.notes.first().map(|it| it.0), Some(NoteKind::BlockKept));
        assert_eq!(got.kept, ["shiny: {\"shade\":3,\"type\":\"shiny\"}"]);
    }

    #[test]
    fn lists_below_items_belong_to_them() {
        let item =
            |text: &str| json!({"type": "listitem", "children": [{"type": "text", "text": text}]});
        let inner = json!({"type": "list", "listType": "bullet", "children": [item("b")]});
        let nested = json!({"type": "listitem", "children": [inner]});
        let list = json!({"type": "list", "listType": "number", "start": 3, "children": [item("a"), nested, item("c")]});
        let got = to_html(&json!({"root": {"children": [list]}}));
        assert_eq!(
            got.html,
            "<ol start=\"3\"><li>a<ul><li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>\n"
        );
    }

    #[test]
    fn a_document_that_nests_without_end_is_cut_and_noted() {
        let mut node = json!({"type": "text", "text": "deep"});
        for _ in 0..100 {
            node = json!({"type": "quote", "children": [node]});
        }
        let got = to_html(&json!({"root": {"children": [node]}}));
        assert!(!got.html.contains("deep"));
        assert_eq!(got.notes.first().map(|it| it.0), Some(NoteKind::BlockLeft));
    }
}
