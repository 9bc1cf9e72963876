//! HTML that grows piece by piece, and the element that stands for each kind.
//!
//! Elements and not classes: the host takes classes out of what plugins return, and these mean something without a
//! style too, in feeds and in the reading modes of browsers.

use smartcms_plugin::html::escape;

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Comment,
    Keyword,
    Text,
    Constant,
    Definition,
    Inserted,
    Deleted,
}

impl Kind {
    fn element(self) -> &'static str {
        match self {
            Self::Comment => "i",
            Self::Keyword => "b",
            Self::Text => "bdi",
            Self::Constant => "data",
            Self::Definition => "dfn",
            Self::Inserted => "ins",
            Self::Deleted => "del",
        }
    }
}

/// Code as HTML.
#[derive(Default)]
pub(crate) struct Pieces(String);

impl Pieces {
    /// Adds a piece.
    pub(crate) fn push(&mut self, text: &str, kind: Option<Kind>) {
        if text.is_empty() {
            return;
        }
        let text = escape(text);
        match kind.map(Kind::element) {
            Some(element) => self.0.push_str(&format!("<{element}>{text}</{element}>")),
            None => self.0.push_str(&text),
        }
    }

    /// All of it.
    pub(crate) fn into_html(self) -> String {
        self.0
    }
}
