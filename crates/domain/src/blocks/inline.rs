//! Text inside blocks: a flat run of pieces, each with its marks.
//!
//! Flat runs with sets of marks have one form for one look, which makes them comparable, and are what browser
//! editors work with.

use serde_json::{Map, Value};

use super::address::Address;
use super::block::Image;

/// A piece of text, or something that stands in text, with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// How it looks and where it leads; sorted, each kind at most once.
    pub marks: Vec<Mark>,
}

/// What can stand in text.
#[derive(Debug, Clone, PartialEq)]
pub enum InlineKind {
    /// Text without line ends or control characters.
    Text(String),
    /// A line break that the author wants.
    Break,
    /// An image in the flow of text.
    Image(Image),
    /// A reference to the footnote with this label.
    FootnoteReference(String),
    /// A raw tag, such as `<kbd>` or `</kbd>`; it may open in one piece and close in another.
    Html(String),
    /// A piece of a type this version does not know, as it came.
    Unknown(Map<String, Value>),
}

/// How a piece of text looks, or where it leads. The order is that of nesting, from outside in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A link.
    Link {
        /// Where it leads.
        href: Address,
        /// What browsers show beside the pointer.
        title: Option<String>,
    },
    /// Strong importance.
    Bold,
    /// Stress.
    Italic,
    /// No longer true.
    Strike,
    /// Underlined.
    Underline,
    /// Marked as with a pen.
    Highlight,
    /// Raised.
    Superscript,
    /// Lowered.
    Subscript,
    /// Code.
    Code,
}

/// Marks without data, with their names in JSON.
pub(super) const SIMPLE_MARKS: [(&str, Mark); 8] = [
    ("bold", Mark::Bold),
    ("italic", Mark::Italic),
    ("strike", Mark::Strike),
    ("underline", Mark::Underline),
    ("highlight", Mark::Highlight),
    ("superscript", Mark::Superscript),
    ("subscript", Mark::Subscript),
    ("code", Mark::Code),
];

impl Inline {
    /// Something without marks.
    pub fn plain(kind: InlineKind) -> Self {
        Self { kind, marks: Vec::new() }
    }

    /// Text without marks.
    pub fn text(text: impl Into<String>) -> Self {
        Self::plain(InlineKind::Text(text.into()))
    }

    /// Text with marks.
    pub fn marked(text: impl Into<String>, marks: Vec<Mark>) -> Self {
        Self { kind: InlineKind::Text(text.into()), marks }
    }
}

impl Mark {
    /// Whether both are the same kind of mark: a piece has at most one of each kind.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// The text of a run without its marks; line breaks become spaces, images their alternative text.
pub fn plain_text(content: &[Inline]) -> String {
    let mut text = String::new();
    for inline in content {
        match &inline.kind {
            InlineKind::Text(part) => text.push_str(part),
            InlineKind::Break => text.push(' '),
            InlineKind::Image(image) => text.push_str(&image.alt),
            InlineKind::FootnoteReference(_) | InlineKind::Html(_) | InlineKind::Unknown(_) => {}
        }
    }
    text
}
