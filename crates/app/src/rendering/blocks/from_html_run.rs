//! Text of HTML, with its white space as browsers show it.

use smartcms_domain::blocks::{Inline, InlineKind, Mark, normalised_inlines};

use super::super::source::sanitise_tags;
use super::dom::{self, Handle, NodeData, Tag};
use super::from_html::{ELEMENTS_DEEP_MAX, Place, SKIPPED, is_way_back, reference};
use super::inline_tags::{image, mark_of};

/// Elements in text that stay as raw tags, because no mark is the same.
const RAW: [&str; 17] = [
    "abbr", "bdi", "bdo", "cite", "dfn", "kbd", "q", "samp", "small", "time", "var", "wbr", "data",
    "audio", "video", "source", "track",
];
/// Those of them that hold nothing.
const EMPTY: [&str; 3] = ["wbr", "source", "track"];

#[derive(Default)]
pub(super) struct Run {
    content: Vec<Inline>,
    marks: Vec<Mark>,
}

impl Run {
    pub(super) fn children(&mut self, node: &Handle, place: Place) {
        for child in node.children.borrow().iter() {
            match &child.data {
                NodeData::Text { contents } => self.text(&contents.borrow()),
                NodeData::Element { .. } => {
                    let tag = dom::tag(child).unwrap_or_default();
                    self.element(child, &tag, place);
                }
                _ => {}
            }
        }
    }

    /// White space collapses to one space, also over elements' borders.
    pub(super) fn text(&mut self, text: &str) {
        let mut collapsed = String::with_capacity(text.len());
        let mut after_space = self.ends_in_space();
        for character in text.chars() {
            let is_space = matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}');
            match (is_space, after_space) {
                (true, true) => {}
                (true, false) => collapsed.push(' '),
                (false, _) => collapsed.push(character),
            }
            after_space = is_space;
        }
        if !collapsed.is_empty() {
            self.push(InlineKind::Text(collapsed));
        }
    }

    fn ends_in_space(&self) -> bool {
        match self.content.last().map(|it| &it.kind) {
            None | Some(InlineKind::Break) => true,
            Some(InlineKind::Text(text)) => text.ends_with(' '),
            Some(_) => false,
        }
    }

    fn push(&mut self, kind: InlineKind) {
        self.content.push(Inline { kind, marks: self.marks.clone() });
    }

    pub(super) fn element(&mut self, node: &Handle, tag: &Tag, mut place: Place) {
        if SKIPPED.contains(&tag.name.as_str()) || is_way_back(tag) {
            return;
        }
        if place.elements >= ELEMENTS_DEEP_MAX {
            return self.text(&dom::text(node));
        }
        place.elements += 1;
        if let Some(kind) = reference(node, tag) {
            return self.push(kind);
        }
        if let Some(mark) = mark(tag) {
            self.marks.push(mark);
            self.children(node, place);
            self.marks.pop();
            return;
        }
        match tag.name.as_str() {
            "br" => self.line_break(),
            "img" => {
                if let Some(image) = image(tag) {
                    self.push(InlineKind::Image(image));
                }
            }
            name if RAW.contains(&name) => self.raw(node, tag, place),
            _ => self.children(node, place),
        }
    }

    fn line_break(&mut self) {
        trim_end(&mut self.content);
        self.push(InlineKind::Break);
    }

    fn raw(&mut self, node: &Handle, tag: &Tag, place: Place) {
        let attributes = tag.attributes.iter().map(|(name, value)| {
            format!(" {name}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;"))
        });
        let opened = format!("<{}{}>", tag.name, attributes.collect::<String>());
        self.push(InlineKind::Html(sanitise_tags(&opened)));
        if !EMPTY.contains(&tag.name.as_str()) {
            self.children(node, place);
            self.push(InlineKind::Html(format!("</{}>", tag.name)));
        }
    }

    /// The run without space around it.
    pub(super) fn finish(mut self) -> Vec<Inline> {
        trim_end(&mut self.content);
        normalised_inlines(self.content)
    }
}

fn trim_end(content: &mut Vec<Inline>) {
    while let Some(Inline { kind: InlineKind::Text(text), .. }) = content.last_mut() {
        text.truncate(text.trim_end_matches(' ').len());
        if !text.is_empty() {
            return;
        }
        content.pop();
    }
}

fn mark(tag: &Tag) -> Option<Mark> {
    if tag.name == "a" {
        let href = tag.attribute("href")?.to_owned();
        return Some(Mark::Link { href, title: tag.attribute("title").map(str::to_owned) });
    }
    mark_of(&tag.name)
}
