//! What a piece of code is, and the element that stands for it.
//!
//! Elements and not classes: the host takes classes out of what plugins return, and these mean something without a
//! style too, in feeds and in the reading modes of browsers.

use syntect::parsing::{Scope, ScopeStack};

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
    /// The element around it.
    pub(crate) fn element(self) -> &'static str {
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

/// Which names of grammars stand for which kind; the first that fits counts. None: nothing special.
const NAMES: &[(&str, Option<Kind>)] = &[
    ("comment", Some(Kind::Comment)),
    ("markup.inserted", Some(Kind::Inserted)),
    ("markup.deleted", Some(Kind::Deleted)),
    ("markup.heading", Some(Kind::Keyword)),
    ("markup.bold", Some(Kind::Keyword)),
    ("markup.raw", Some(Kind::Text)),
    ("keyword.operator", None),
    ("keyword", Some(Kind::Keyword)),
    ("storage", Some(Kind::Keyword)),
    ("entity.name.tag", Some(Kind::Keyword)),
    ("entity.name", Some(Kind::Definition)),
    ("entity.other.attribute-name", None),
    ("support.type.property-name", Some(Kind::Definition)),
    ("constant.character.escape", Some(Kind::Constant)),
    ("constant.other.placeholder", Some(Kind::Constant)),
    ("constant", Some(Kind::Constant)),
    ("variable.language", Some(Kind::Keyword)),
    ("string.unquoted", None),
    ("string", Some(Kind::Text)),
    // What is put into a text is code again.
    ("meta.interpolation", None),
    ("source", None),
    ("text", None),
];

/// The names above, as grammars have them.
pub(crate) struct Kinds(Vec<(Scope, Option<Kind>)>);

impl Kinds {
    pub(crate) fn new() -> Self {
        let known = NAMES.iter().filter_map(|(name, kind)| Some((Scope::new(name).ok()?, *kind)));
        Self(known.collect())
    }

    /// What stands under these names, of which the last is the narrowest.
    pub(crate) fn of(&self, stack: &ScopeStack) -> Option<Kind> {
        let narrowest_first = stack.as_slice().iter().rev();
        narrowest_first.copied().find_map(|scope| self.of_one(scope)).flatten()
    }

    fn of_one(&self, scope: Scope) -> Option<Option<Kind>> {
        self.0.iter().find(|(known, _)| known.is_prefix_of(scope)).map(|it| it.1)
    }
}
