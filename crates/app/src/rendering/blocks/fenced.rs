//! Blocks of plugins in Markdown: fenced code with the info `block PLUGIN/KIND`, and their data as JSON inside.

use comrak::nodes::NodeCodeBlock;
use serde_json::{Map, Value, json};
use smartcms_domain::blocks::{Block, Document, PluginBlockName};

use super::markdown_inlines::longest_run;

const INFO: &str = "block ";

/// Whether Markdown may hold such a block.
pub(super) fn may_be_in(markdown: &str) -> bool {
    ['`', '~'].into_iter().any(|sign| {
        let fence = String::from_iter([sign; 3]);
        let mut found = markdown.match_indices(&fence);
        found.any(|(at, _)| {
            let behind = markdown.get(at..).unwrap_or_default().trim_start_matches(sign);
            behind.trim_start().starts_with(INFO)
        })
    })
}

/// The block that fenced code stands for. What is no JSON stays code, so that its author sees it.
pub(super) fn read(code: &NodeCodeBlock, depth: usize) -> Option<Block> {
    let name = code.info.strip_prefix(INFO).filter(|_| code.fenced)?;
    let name = PluginBlockName::parse(name.trim())?;
    let data = match code.literal.trim() {
        "" => Value::Object(Map::new()),
        text => serde_json::from_str(text).ok()?,
    };
    Document::parse_block(&json!({ "type": name.as_str(), "data": data }), depth).ok()
}

/// A block as fenced code.
pub(super) fn write(name: &PluginBlockName, data: &Value) -> String {
    let data = format!("{data:#}");
    let fence = "`".repeat(longest_run(&data).max(2) + 1);
    format!("{fence}{INFO}{}\n{data}\n{fence}", name.as_str())
}
