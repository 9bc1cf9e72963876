//! Blocks of rich text that plugins bring.

use serde_json::Value;
use smartcms_domain::blocks::{BlockId, PluginBlockName};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Slug};
use smartcms_domain::locales::Locale;

/// Where a block is shown.
#[derive(Debug, Clone, Copy)]
pub struct BlockPlace<'a> {
    /// The entry.
    pub entry: EntryId,
    /// Its collection.
    pub collection: &'a CollectionName,
    /// Its public slug.
    pub slug: &'a Slug,
    /// Its language.
    pub locale: &'a Locale,
    /// The block in its text.
    pub block: &'a BlockId,
}

/// A block as its plugin shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownBlock {
    /// The HTML. That of a plugin without `html:trusted` was sanitised.
    pub html: String,
    /// Whether the HTML may be shown without being sanitised.
    pub trusted: bool,
    /// Whether the same HTML would come again for the same block.
    pub repeatable: bool,
}

/// A kind of block that there is.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginBlockKind {
    /// The type of its blocks.
    pub name: PluginBlockName,
    /// What people call it.
    pub title: String,
    /// A sentence for authors.
    pub description: String,
    /// The JSON Schema of its data.
    pub schema: Value,
}

/// What a plugin says of the data of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockCheck {
    /// It fits.
    Fits,
    /// It does not, and this is why.
    Misfits(Vec<String>),
    /// Nobody can say: there is no such plugin or kind now, or it does not answer. The text says which.
    Unknown(String),
}
