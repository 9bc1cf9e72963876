//! What becomes of the HTML of single blocks.

use std::fmt::Write as _;

use super::embedded;
use crate::html::{Tag, attributes_of, escape_attribute, escape_text, tags};

/// Galleries before WordPress 5.9 are lists of pictures.
pub(super) fn gallery(html: &str) -> String {
    without(html, &|tag| tag.is("ul") || tag.is("li"))
}

/// The button that loads the file leads where the name before it leads.
pub(super) fn file(html: &str) -> String {
    let button = |tag: &Tag<'_>| {
        let class = attributes_of(tag.rest, "class").unwrap_or_default();
        tag.is("a") && class.contains("wp-block-file__button")
    };
    match tags(html).find(button) {
        Some(opens) => {
            let rest = html.get(opens.end..).unwrap_or_default();
            let end = tags(rest).find(|it| it.is("a") && it.is_closing).map_or(0, |it| it.end);
            let before = html.get(..opens.start).unwrap_or_default();
            format!("{before}{}", rest.get(end..).unwrap_or_default())
        }
        None => html.to_owned(),
    }
}

/// A poem is no program: its lines are lines of a paragraph.
pub(super) fn verse(html: &str) -> String {
    let mut verse = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html).filter(|it| it.is("pre")) {
        verse.push_str(
            &html.get(at..tag.start).unwrap_or_default().trim_matches('\n').replace('\n', "<br>"),
        );
        verse.push_str(if tag.is_closing { "</p>" } else { "<p>" });
        at = tag.end;
    }
    verse.push_str(html.get(at..).unwrap_or_default());
    verse
}

/// An embed is its address; the words beneath it stay.
pub(super) fn embed(url: &str, html: &str) -> String {
    let caption = tags(html).find(|it| it.is("figcaption") && !it.is_closing).and_then(|opens| {
        let rest = html.get(opens.end..)?;
        let closes = tags(rest).find(|it| it.is("figcaption") && it.is_closing)?;
        rest.get(..closes.start).map(str::trim).filter(|it| !it.is_empty())
    });
    let caption = caption.map(|it| format!("\n<p>{it}</p>")).unwrap_or_default();
    format!("{}{caption}", embedded(url))
}

/// Footnotes as the text refers to them.
pub(super) fn footnotes(notes: &[(String, String)]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut html = String::from("<section class=\"footnotes\"><ol>");
    for (id, content) in notes {
        let id = escape_attribute(id);
        let _ = write!(html, "<li id=\"fn-{id}\"><p>{content}</p></li>"); // Writing to a string cannot fail.
    }
    html.push_str("</ol></section>\n");
    html
}

/// References to footnotes: `<sup data-fn="ID" class="fn"><a href="#ID" id="ID-link">1</a></sup>`.
pub(super) fn references(html: &str) -> String {
    if !html.contains("data-fn=") {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    let mut inside: Option<&str> = None;
    for tag in tags(html) {
        let id = attributes_of(tag.rest, "data-fn").filter(|_| tag.is("sup") && !tag.is_closing);
        let is_link = inside.is_some() && tag.is("a") && !tag.is_closing;
        let replaced = match (id, inside) {
            (Some(_), _) => "<sup class=\"footnote-ref\">".to_owned(),
            (None, Some(id)) if is_link => format!("<a href=\"#fn-{}\">", escape_attribute(id)),
            _ => continue,
        };
        out.push_str(html.get(at..tag.start).unwrap_or_default());
        out.push_str(&replaced);
        at = tag.end;
        inside = id;
    }
    out.push_str(html.get(at..).unwrap_or_default());
    out
}

/// One link of a list.
pub(super) fn link_item(url: &str, label: &str) -> String {
    format!("<li><a href=\"{}\">{}</a></li>", escape_attribute(url), escape_text(label))
}

fn without(html: &str, is_left: &dyn Fn(&Tag<'_>) -> bool) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html).filter(is_left) {
        out.push_str(html.get(at..tag.start).unwrap_or_default());
        at = tag.end;
    }
    out.push_str(html.get(at..).unwrap_or_default());
    out
}
