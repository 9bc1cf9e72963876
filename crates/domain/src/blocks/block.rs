//! The kinds of blocks.

use serde_json::{Map, Value};

use super::address::Address;
use super::id::{BlockId, PluginBlockName};
use super::inline::Inline;

/// One block of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its name in the document.
    pub id: BlockId,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to [`super::LEVEL_MAX`].
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A list.
    List(List),
    /// A quotation.
    Quote(Vec<Block>),
    /// Code over several lines.
    Code(Code),
    /// A break between topics.
    Divider,
    /// An image that stands for itself.
    Image {
        /// The image.
        image: Image,
        /// What stands below it; empty for none.
        caption: Vec<Inline>,
    },
    /// A table.
    Table(Table),
    /// Something of another site, by its address.
    Embed {
        /// A complete address of the web.
        url: Address,
    },
    /// Raw HTML; it is sanitised when stored and when shown.
    Html(String),
    /// A note that stands out of the text.
    Callout {
        /// What kind of note.
        tone: Tone,
        /// A title in place of the tone's own.
        title: Option<String>,
        /// What it says.
        blocks: Vec<Block>,
    },
    /// A footnote, shown at the end of the document.
    Footnote {
        /// What references name.
        label: String,
        /// What it says.
        blocks: Vec<Block>,
    },
    /// A block that a plugin brings.
    Plugin {
        /// Its type.
        name: PluginBlockName,
        /// The plugin's data, not looked into.
        data: Value,
    },
    /// A block of a type this version does not know, as it came, without its `id`.
    Unknown(Map<String, Value>),
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Bullets or numbers.
    pub style: ListStyle,
    /// Whether items follow one another without the space of paragraphs.
    pub tight: bool,
    /// Its items.
    pub items: Vec<ListItem>,
}

/// What stands before the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListStyle {
    /// Bullets.
    Bulleted,
    /// Numbers.
    Numbered {
        /// The number of the first item, at most [`super::NUMBER_MAX`].
        start: u32,
    },
}

/// One item of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListItem {
    /// For a task, whether it is done.
    pub checked: Option<bool>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Code over several lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The language's name, without spaces.
    pub language: Option<String>,
    /// What else Markdown has behind the language.
    pub info: Option<String>,
    /// The code, without its last line end.
    pub text: String,
}

/// An image in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it comes from.
    pub source: ImageSource,
    /// What those who do not see it are told; empty for an ornament.
    pub alt: String,
    /// What browsers show beside the pointer.
    pub title: Option<String>,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// An asset of the media library, by its id.
    Asset(String),
    /// An address.
    Url(Address),
}

/// A table. Every row has as many cells as there are alignments.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header's cells; all empty for a table without a header.
    pub header: Vec<Vec<Inline>>,
    /// The cells of the other rows.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How the text of a column is aligned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Alignment {
    /// As the theme likes.
    #[default]
    Default,
    /// To the left.
    Left,
    /// To the middle.
    Center,
    /// To the right.
    Right,
}

/// What kind of note a callout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Worth knowing.
    Note,
    /// Makes things easier.
    Tip,
    /// Needed to succeed.
    Important,
    /// Needs attention now.
    Warning,
    /// May do harm.
    Caution,
}

impl Block {
    /// A block whose id is given later, by [`super::Document::normalise`].
    pub fn new(kind: BlockKind) -> Self {
        Self { id: BlockId::unset(), kind }
    }

    /// Whether it is written without tags of its own in a tight list: a paragraph, or an image without a caption.
    pub fn is_paragraph_like(&self) -> bool {
        match &self.kind {
            BlockKind::Paragraph(_) => true,
            BlockKind::Image { caption, .. } => caption.is_empty(),
            _ => false,
        }
    }
}

impl Alignment {
    /// Every alignment that has a name in JSON and HTML.
    const NAMED: [Self; 3] = [Self::Left, Self::Center, Self::Right];

    /// The name in JSON and HTML.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Left => Some("left"),
            Self::Center => Some("center"),
            Self::Right => Some("right"),
        }
    }

    /// The alignment of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|it| it.name() == Some(name))
    }
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 5] =
        [Self::Note, Self::Tip, Self::Important, Self::Warning, Self::Caution];

    /// The name in JSON, and the class in HTML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
        }
    }

    /// The tone of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
