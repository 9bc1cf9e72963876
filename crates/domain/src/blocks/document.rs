//! A document and its limits.

use serde_json::Value;

use super::block::Block;
use super::problem::BlockProblem;
use super::{json, normal, parse};

/// The version of the document format that is written.
pub const VERSION: u64 = 1;

/// How many blocks a document may have, those inside others included.
pub const BLOCKS_MAX: usize = 10_000;

/// How deep blocks may stand inside one another. JSON nests four levels for each, and readers of JSON stop at 128.
pub const DEPTH_MAX: usize = 20;

/// How deep the data of a plugin's or an unknown block may nest.
pub const DATA_DEPTH_MAX: usize = 24;

/// How many bytes all texts of a document may have together.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// How many columns a table may have.
pub const CELLS_PER_ROW_MAX: usize = 100;

/// The lowest level of headings.
pub const LEVEL_MAX: u8 = 6;

/// The highest number a list may begin with; Markdown has nine digits for it.
pub const NUMBER_MAX: u32 = 999_999_999;

/// The value of a rich-text field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document in its normal form, with an id for each block.
    pub fn new(blocks: Vec<Block>) -> Self {
        let mut document = Self { blocks };
        document.normalise();
        document
    }

    /// Reads the JSON form, and brings it into its normal form.
    ///
    /// # Errors
    /// What is wrong and where, for at most [`super::PROBLEMS_MAX`] places.
    pub fn parse(value: &Value) -> Result<Self, Vec<BlockProblem>> {
        parse::document(value)
    }

    /// Reads the JSON form of one block, which stands `depth` blocks deep; its id is kept.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_block(value: &Value, depth: usize) -> Result<Block, Vec<BlockProblem>> {
        parse::one_block(value, depth)
    }

    /// The JSON form.
    pub fn to_json(&self) -> Value {
        json::document(self)
    }

    /// Brings the document into the one form of its content, and gives every block an id of its own.
    ///
    /// Doing it again changes nothing.
    pub fn normalise(&mut self) {
        normal::normalise(self);
    }

    /// The same document without ids of blocks, for comparing content.
    pub fn without_ids(mut self) -> Self {
        normal::remove_ids(&mut self.blocks);
        self
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

impl Block {
    /// The JSON form of the block.
    pub fn to_json(&self) -> Value {
        json::block(self)
    }
}
