//! What an import changed or left, so that nobody has to find out.

use crate::error::Place;

/// The longest name of a subject in a note, in characters.
const SUBJECT_LEN_MAX: usize = 80;

/// One thing that is not as it was in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of change.
    pub kind: NoteKind,
    /// Where it stands in the source.
    pub place: Place,
    /// What it is about: a title or a key.
    pub subject: String,
    /// What was done, in a sentence.
    pub message: String,
}

impl Note {
    /// Notes a change.
    pub fn new(
        kind: NoteKind,
        place: &Place,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let subject: String = subject.into().chars().take(SUBJECT_LEN_MAX).collect();
        Self { kind, place: place.clone(), subject, message: message.into() }
    }
}

/// Kinds of changes. The names stand in reports and are never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// An entry could not be stored.
    EntryFailed,
    /// Something was not imported.
    Skipped,
    /// A kind of content that the site has no collection for.
    TypeUnknown,
    /// An entry is less public than it was.
    StatusLowered,
    /// A slug is not what it was.
    SlugChanged,
    /// An entry is in a language that the site does not have.
    LocaleChanged,
    /// A date was missing or wrong.
    DateChanged,
    /// A shortcode stays as text.
    ShortcodeKept,
    /// A block that is not known stays as HTML or as data.
    BlockKept,
    /// A block or a part of the text has no place.
    BlockLeft,
    /// A media file could not be copied.
    MediaFailed,
    /// A media file was not asked for.
    MediaLeft,
    /// A value stays as data, without meaning.
    FieldKept,
    /// A value has no place.
    FieldLeft,
    /// Text was shortened or repaired.
    TextRepaired,
    /// A link leads to something that was not imported.
    LinkLeft,
    /// A relation leads to something that is not there.
    RelationLeft,
    /// Comments that were not imported.
    CommentLeft,
    /// An item of a menu has no place.
    MenuLeft,
    /// An old address has no place among the redirects.
    RedirectLeft,
    /// People changed it since the last import, so it stays as it is.
    ChangedSince,
}

impl NoteKind {
    /// Every kind, the gravest first.
    pub const ALL: [Self; 21] = [
        Self::EntryFailed,
        Self::MediaFailed,
        Self::TypeUnknown,
        Self::Skipped,
        Self::StatusLowered,
        Self::SlugChanged,
        Self::LocaleChanged,
        Self::DateChanged,
        Self::ShortcodeKept,
        Self::BlockKept,
        Self::BlockLeft,
        Self::MediaLeft,
        Self::FieldKept,
        Self::FieldLeft,
        Self::TextRepaired,
        Self::LinkLeft,
        Self::RelationLeft,
        Self::CommentLeft,
        Self::MenuLeft,
        Self::RedirectLeft,
        Self::ChangedSince,
    ];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntryFailed => "entry-failed",
            Self::Skipped => "skipped",
            Self::TypeUnknown => "type-unknown",
            Self::StatusLowered => "status-lowered",
            Self::SlugChanged => "slug-changed",
            Self::LocaleChanged => "locale-changed",
            Self::DateChanged => "date-changed",
            Self::ShortcodeKept => "shortcode-kept",
            Self::BlockKept => "block-kept",
            Self::BlockLeft => "block-left",
            Self::MediaFailed => "media-failed",
            Self::MediaLeft => "media-left",
            Self::FieldKept => "field-kept",
            Self::FieldLeft => "field-left",
            Self::TextRepaired => "text-repaired",
            Self::LinkLeft => "link-left",
            Self::RelationLeft => "relation-left",
            Self::CommentLeft => "comment-left",
            Self::MenuLeft => "menu-left",
            Self::RedirectLeft => "redirect-left",
            Self::ChangedSince => "changed-since",
        }
    }

    /// What it means, for the summary.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::EntryFailed => "could not be stored",
            Self::Skipped => "not imported",
            Self::TypeUnknown => "of a type that this site has no collection for",
            Self::StatusLowered => "less public than before",
            Self::SlugChanged => "with another slug",
            Self::LocaleChanged => "in a language that this site does not have",
            Self::DateChanged => "with a date that was missing or wrong",
            Self::ShortcodeKept => "shortcodes kept as text",
            Self::BlockKept => "unknown blocks kept as HTML or data",
            Self::BlockLeft => "blocks without a place",
            Self::MediaFailed => "media that could not be copied",
            Self::MediaLeft => "media left where they are",
            Self::FieldKept => "values kept as data",
            Self::FieldLeft => "values without a place",
            Self::TextRepaired => "texts repaired or shortened",
            Self::LinkLeft => "links left as they were",
            Self::RelationLeft => "relations that lead to nothing",
            Self::CommentLeft => "comments without a place",
            Self::MenuLeft => "menu items without a place",
            Self::RedirectLeft => "old addresses without a redirect",
            Self::ChangedSince => "left alone, because people changed them here",
        }
    }
}
