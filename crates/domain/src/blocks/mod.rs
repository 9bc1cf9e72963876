//! Rich text: a versioned tree of blocks.
//!
//! A [`Document`] is what a rich-text field holds. Its JSON form is what is stored, sent and exported; Markdown and
//! HTML are made from it, and it from them, by `smartcms_app::rendering`. Blocks and pieces of text of a type that
//! this version does not know are kept as they came, so that content outlives the software that wrote it.

mod address;
mod block;
mod document;
mod id;
mod inline;
mod json;
mod normal;
mod parse;
mod problem;
mod walk;

pub use address::{ADDRESS_BYTES_MAX, Address, is_web_address, safe_address};
pub use block::{
    Alignment, Block, BlockKind, Code, Image, ImageSource, List, ListItem, ListStyle, Table, Tone,
};
pub use document::{
    BLOCKS_MAX, CELLS_PER_ROW_MAX, DATA_DEPTH_MAX, DEPTH_MAX, Document, LEVEL_MAX, NUMBER_MAX,
    TEXT_BYTES_MAX, VERSION,
};
pub use id::{BlockId, ID_BYTES_MAX, PluginBlockName, is_id};
pub use inline::{Inline, InlineKind, Mark, plain_text};
pub use normal::{normalised_inlines, one_line};
pub use problem::{BlockProblem, PROBLEMS_MAX};
pub use walk::{Heading, Visit};
