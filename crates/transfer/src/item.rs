//! What every source is turned into: a stream of neutral items.

use serde_json::{Map, Value};
use smartcms_domain::Timestamp;

use crate::error::{Place, SourceError};
use crate::note::Note;

/// Something that content comes from: an export file or a folder.
///
/// A source is read twice: once to learn what there is, and once to take it. Both times it gives the same items in
/// the same order.
pub trait Source: Send + Sync {
    /// What the source is, the same for every later export of the same site: `wxr:https://example.com`.
    fn key(&self) -> String;

    /// The size in bytes that [`Sink::progress`] counts up to; 0 when it is not known.
    fn size(&self) -> u64;

    /// Gives every item to the sink, in the order of the source.
    fn read(&self, sink: &mut dyn Sink) -> Result<(), SourceError>;

    /// The file that an address in an entry names, when it came along with the source. It is always inside the folder
    /// that was given, or the one that an archive was unpacked to.
    fn local_media(&self, _url: &str, _entry_key: &str) -> Option<std::path::PathBuf> {
        None
    }
}

/// Who takes the items of a source.
pub trait Sink {
    /// Takes one item; [`SourceError::Stopped`] ends the reading.
    fn take(&mut self, item: Item) -> Result<(), SourceError>;

    /// Hears how many bytes of the source were read.
    fn progress(&mut self, _bytes: u64) {}
}

/// One thing of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// What the source says of its site.
    Site(SiteInfo),
    /// Somebody who wrote.
    Author(Author),
    /// A term of a taxonomy.
    Term(Term),
    /// A media file.
    Asset(Asset),
    /// A post, a page, or an entry of another collection.
    Entry(Box<ImportedEntry>),
    /// One item of a menu.
    MenuItem(MenuItem),
    /// An old address that leads elsewhere.
    Redirect(Redirect),
    /// A piece of text that entries show by its number.
    Fragment(Fragment),
    /// Something that was changed or left.
    Note(Note),
}

/// A piece of text that entries show by its number: a block that WordPress calls reusable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// Its number.
    pub key: String,
    /// Its text, as WordPress has it.
    pub text: String,
    /// Where it stands in the source.
    pub place: Place,
}

/// What a source says of its site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteInfo {
    /// Its name.
    pub title: String,
    /// Its address, without a slash at the end.
    pub base_url: Option<String>,
}

/// Somebody who wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// What entries call the author: a login, an id or a name.
    pub key: String,
    /// The wanted slug.
    pub slug: Option<String>,
    /// The name that readers see.
    pub name: String,
    /// The mail address.
    pub email: Option<String>,
    /// A text about the author, plain.
    pub bio: Option<String>,
    /// The author's own site.
    pub url: Option<String>,
    /// A picture of the author.
    pub picture: Option<String>,
    /// Addresses that led to what the author wrote.
    pub addresses: Vec<String>,
    /// Where the author stands in the source.
    pub place: Place,
}

/// A term of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// The taxonomy: `tags`, `categories`, or the source's own name.
    pub taxonomy: String,
    /// What entries call the term, unique in its taxonomy.
    pub key: String,
    /// Another key, by which menus name the term.
    pub id: Option<String>,
    /// The wanted slug.
    pub slug: Option<String>,
    /// The name that readers see.
    pub name: String,
    /// A text about the term.
    pub description: Option<String>,
    /// The key of the term above.
    pub parent: Option<String>,
    /// Addresses that led to what has the term.
    pub addresses: Vec<String>,
    /// Where the term stands in the source.
    pub place: Place,
}

/// A media file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asset {
    /// What entries call it: the source's id, or its path.
    pub key: String,
    /// Where it is: an address, or a path in the folder or the archive.
    pub location: String,
    /// The address or path under which bodies name it.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What stands for it where it cannot be seen.
    pub alt: Option<String>,
    /// The text beneath it.
    pub caption: Option<String>,
    /// The key of the entry it was uploaded to.
    pub parent: Option<String>,
    /// Where it stands in the source.
    pub place: Place,
}

/// The text of an entry, as its source has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// WordPress: block comments, shortcodes and blank lines for paragraphs.
    WordPress {
        /// The text.
        text: String,
        /// Its footnotes, which stand beside it: their ids and their HTML.
        footnotes: Vec<(String, String)>,
    },
    /// HTML.
    Html(String),
    /// Markdown.
    Markdown(String),
    /// Ghost's older document format.
    Mobiledoc(Value),
    /// Ghost's newer document format.
    Lexical(Value),
}

/// Where an entry stood in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceStatus {
    /// Not public, or public under conditions that cannot be kept.
    #[default]
    Draft,
    /// Public.
    Published,
    /// Becomes public at its date.
    Scheduled,
}

/// A post, a page, or an entry of another collection.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedEntry {
    /// Unique in the source: `post:12`.
    pub key: String,
    /// The collection that it is for: `posts`, `pages`, or the source's own name.
    pub collection: String,
    /// Where it stood.
    pub status: SourceStatus,
    /// Its title, plain text.
    pub title: String,
    /// The wanted name in addresses.
    pub slug: Option<String>,
    /// Its text.
    pub body: Body,
    /// One or two sentences about it, plain text.
    pub excerpt: Option<String>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
    /// When it became public, or will.
    pub published_at: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// When it leaves the site, or left it.
    pub unpublished_at: Option<Timestamp>,
    /// Keys of its authors, the first first.
    pub authors: Vec<String>,
    /// Taxonomy and key of its terms.
    pub terms: Vec<(String, String)>,
    /// The key of the entry above.
    pub parent: Option<String>,
    /// The key of its picture among the assets, or an address.
    pub picture: Option<String>,
    /// What stands for the picture where it cannot be seen, and the text beneath it.
    pub picture_texts: (Option<String>, Option<String>),
    /// The part of the site that it stood in: a collection of that name takes it.
    pub section: Option<String>,
    /// Whether it stood before all others.
    pub featured: bool,
    /// The place among its neighbours.
    pub position: Option<i64>,
    /// Its address in the source.
    pub old_url: Option<String>,
    /// Other addresses that led to it.
    pub aliases: Vec<String>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// Values that have no place of their own: custom fields and front matter.
    pub meta: Map<String, Value>,
    /// The language, when the source names one.
    pub locale: Option<String>,
    /// The key of the entry that it translates, or what all translations have in common.
    pub translation_of: Option<String>,
    /// How many bytes it has in the source.
    pub size: u64,
    /// Where it stands in the source.
    pub place: Place,
    /// What was changed while it was read.
    pub notes: Vec<Note>,
}

/// What a reader said about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comment {
    /// Unique in the source.
    pub key: String,
    /// The key of the comment it answers.
    pub parent: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// The mail address.
    pub email: Option<String>,
    /// The author's site.
    pub url: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Whether readers saw it.
    pub approved: bool,
    /// `comment`, `pingback` or `trackback`.
    pub kind: String,
    /// What was said, as the source has it.
    pub content: String,
}

/// One item of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MenuItem {
    /// The menu's slug.
    pub menu: String,
    /// Unique in the source.
    pub key: String,
    /// The key of the item above.
    pub parent: Option<String>,
    /// What people read; empty takes the title of what it leads to.
    pub label: String,
    /// Where it leads.
    pub target: MenuTarget,
    /// Whether it opens in a new tab.
    pub new_tab: bool,
    /// The place among its neighbours.
    pub position: i64,
    /// Where it stands in the source.
    pub place: Place,
}

/// Where an item of a menu leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum MenuTarget {
    /// Nowhere: it only groups others.
    #[default]
    Nothing,
    /// An entry, by its key.
    Entry(String),
    /// A term, by taxonomy and key.
    Term(String, String),
    /// An address.
    Url(String),
}

/// An old address that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redirect {
    /// The old path.
    pub from: String,
    /// The new path or address.
    pub to: String,
    /// Whether it holds forever.
    pub permanent: bool,
    /// Where it stands in the source.
    pub place: Place,
}

impl ImportedEntry {
    /// An entry with nothing but its identity.
    pub fn new(key: impl Into<String>, collection: impl Into<String>, place: Place) -> Self {
        Self {
            key: key.into(),
            collection: collection.into(),
            status: SourceStatus::Draft,
            title: String::new(),
            slug: None,
            body: Body::Html(String::new()),
            excerpt: None,
            created_at: None,
            published_at: None,
            updated_at: None,
            unpublished_at: None,
            authors: Vec::new(),
            terms: Vec::new(),
            parent: None,
            picture: None,
            picture_texts: (None, None),
            section: None,
            featured: false,
            position: None,
            old_url: None,
            aliases: Vec::new(),
            comments: Vec::new(),
            meta: Map::new(),
            locale: None,
            translation_of: None,
            size: 0,
            place,
            notes: Vec::new(),
        }
    }

    /// Notes something about this entry.
    pub fn note(&mut self, kind: crate::note::NoteKind, message: impl Into<String>) {
        let name = if self.title.is_empty() { &self.key } else { &self.title };
        self.notes.push(Note::new(kind, &self.place, name, message));
    }
}
