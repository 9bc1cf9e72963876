//! The JSON form, read with everything checked.

mod block;
mod inline;
mod reader;

use serde_json::Value;

use self::reader::Reader;
use super::block::Block;
use super::document::{Document, VERSION};
use super::normal;
use super::problem::BlockProblem;

pub(super) fn document(value: &Value) -> Result<Document, Vec<BlockProblem>> {
    let mut reader = Reader::default();
    let mut document = Document::default();
    if let Some(object) = reader.object(value) {
        match object.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => reader.problem(
                "unsupported-version",
                format!("version {other} is not known here; this server knows version {VERSION}"),
            ),
            None => reader.problem(
                "version-missing",
                format!("a document says its version: {{\"version\": {VERSION}, \"blocks\": […]}}"),
            ),
        }
        reader.known_keys(object, &["version", "blocks"]);
        document.blocks = reader.blocks(object, 1);
    }
    reader.finish()?;
    document.normalise();
    Ok(document)
}

pub(super) fn one_block(value: &Value, depth: usize) -> Result<Block, Vec<BlockProblem>> {
    let mut reader = Reader::default();
    let block = reader.block(value, depth);
    reader.finish()?;
    let mut blocks = Vec::from_iter(block);
    normal::normalise_blocks(&mut blocks);
    blocks.pop().ok_or_else(Vec::new)
}

#[cfg(test)]
mod tests;
