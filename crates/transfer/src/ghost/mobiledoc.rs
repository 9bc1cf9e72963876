//! Mobiledoc as HTML: sections of markers, whose formats open and close by number.

use std::fmt::Write as _;

use serde_json::Value;

use super::cards::card;
use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;
use crate::wordpress::Converted;

/// Elements that a section may be.
const SECTIONS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"];
/// Elements that a marker may open.
const MARKUPS: &[&str] =
    &["a", "b", "strong", "i", "em", "s", "del", "u", "sub", "sup", "code", "mark"];

struct Document<'a> {
    markups: &'a [Value],
    atoms: &'a [Value],
    cards: &'a [Value],
}

/// The HTML of a document.
pub(crate) fn to_html(document: &Value) -> Converted {
    let mut converted = Converted::default();
    let lists = Document {
        markups: list(document.get("markups")),
        atoms: list(document.get("atoms")),
        cards: list(document.get("cards")),
    };
    for section in list(document.get("sections")) {
        lists.section(section, &mut converted);
    }
    converted
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn at(value: &Value, index: usize) -> &Value {
    value.get(index).unwrap_or(&Value::Null)
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|it| usize::try_from(it).ok()).unwrap_or(usize::MAX)
}

impl Document<'_> {
    fn section(&self, section: &Value, converted: &mut Converted) {
        match at(section, 0).as_u64() {
            Some(1) => self.text(section, converted),
            Some(2) => {
                let src = escape_attribute(at(section, 1).as_str().unwrap_or_default());
                let _ = writeln!(converted.html, "<figure><img src=\"{src}\" alt=\"\"></figure>");
            }
            Some(3) => self.items(section, converted),
            Some(10) => match self.cards.get(number(at(section, 1))) {
                Some(found) => {
                    card(at(found, 0).as_str().unwrap_or_default(), at(found, 1), converted);
                }
                None => left(converted, "a card of the text is missing in the export"),
            },
            _ => left(converted, "a section of the text has a kind that is not known"),
        }
    }

    fn text(&self, section: &Value, converted: &mut Converted) {
        let named = at(section, 1).as_str().unwrap_or("p").to_ascii_lowercase();
        let tag = SECTIONS.iter().find(|it| **it == named).copied().unwrap_or("p");
        let _ = write!(converted.html, "<{tag}>");
        self.markers(list(section.get(2)), converted);
        let _ = writeln!(converted.html, "</{tag}>");
    }

    fn items(&self, section: &Value, converted: &mut Converted) {
        let tag = if at(section, 1).as_str() == Some("ol") { "ol" } else { "ul" };
        let _ = write!(converted.html, "<{tag}>");
        for item in list(section.get(2)) {
            converted.html.push_str("<li>");
            self.markers(list(Some(item)), converted);
            converted.html.push_str("</li>");
        }
        let _ = writeln!(converted.html, "</{tag}>");
    }

    /// `[kind, [opened…], closed, value]`.
    fn markers(&self, markers: &[Value], converted: &mut Converted) {
        let mut open: Vec<&str> = Vec::new();
        for marker in markers {
            for index in list(marker.get(1)) {
                open.push(self.open(number(index), &mut converted.html));
            }
            let value = at(marker, 3);
            if at(marker, 0).as_u64() == Some(1) {
                self.atom(number(value), converted);
            } else {
                converted.html.push_str(&escape_text(value.as_str().unwrap_or_default()));
            }
            for _ in 0..number(at(marker, 2)).min(open.len()) {
                close(open.pop(), &mut converted.html);
            }
        }
        while let Some(tag) = open.pop() {
            close(Some(tag), &mut converted.html);
        }
    }

    /// Opens a format and gives its element; one that is not known opens none.
    fn open(&self, index: usize, html: &mut String) -> &'static str {
        let Some(markup) = self.markups.get(index) else { return "" };
        let named = at(markup, 0).as_str().unwrap_or_default().to_ascii_lowercase();
        let Some(tag) = MARKUPS.iter().find(|it| **it == named) else { return "" };
        let href = list(markup.get(1))
            .chunks(2)
            .find(|it| it.first().and_then(Value::as_str) == Some("href"));
        match href.and_then(|it| it.get(1)?.as_str()) {
            Some(href) if *tag == "a" => {
                let _ = write!(html, "<a href=\"{}\">", escape_attribute(href));
            }
            _ => {
                let _ = write!(html, "<{tag}>");
            }
        }
        tag
    }

    fn atom(&self, index: usize, converted: &mut Converted) {
        let Some(atom) = self.atoms.get(index) else { return };
        match at(atom, 0).as_str() {
            Some("soft-return") => converted.html.push_str("<br>"),
            name => {
                let name = name.unwrap_or_default();
                converted.html.push_str(&escape_text(at(atom, 1).as_str().unwrap_or_default()));
                let message = format!("the atom `{name}` is not known here; its text is kept");
                converted.notes.push((NoteKind::BlockKept, message));
            }
        }
    }
}

fn left(converted: &mut Converted, message: &str) {
    converted.notes.push((NoteKind::BlockLeft, message.to_owned()));
}

fn close(tag: Option<&str>, html: &mut String) {
    if let Some(tag) = tag.filter(|it| !it.is_empty()) {
        let _ = write!(html, "</{tag}>");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_html;

    #[test]
    fn markers_open_and_close_their_formats() {
        let document = json!({
            "version": "0.3.1",
            "atoms": [["soft-return", "", {}]],
            "cards": [["image", {"src": "/a.jpg", "alt": "A", "caption": "<i>b</i>"}], ["hr", {}]],
            "markups": [["strong"], ["a", ["href", "https://x.example/?a&b"]]],
            "sections": [
                [1, "p", [[0, [0], 0, "a"], [0, [1], 2, "b"], [1, [], 0, 0], [0, [], 0, "<c>"]]],
                [10, 0], [10, 1], [10, 7],
                [3, "ol", [[[0, [], 0, "d"]]]]
            ]
        });
        let got = to_html(&document);
        assert_eq!(
            got.html,
            "<p><strong>a<a href=\"https://x.example/?a&amp;b\">b</a></strong><br>&lt;c&gt;</p>\n\
             <figure><img src=\"/a.jpg\" alt=\"A\"><figcaption><i>b</i></figcaption></figure>\n<hr>\n\
             <ol><li>d</li></ol>\n"
        );
        assert_eq!(got.notes.len(), 1);
    }
}
