//! Names inside a document: ids of blocks, labels of footnotes, types of plugin blocks.

use std::fmt;

/// The longest id, label, or part of a plugin block's type, in bytes.
pub const ID_BYTES_MAX: usize = 64;

/// A name of one block, unique in its document and stable while the block is edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(String); // Invariant: empty (not given yet), or passes `is_id`.

/// The type of a block that a plugin brings: `plugin/block`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PluginBlockName(String); // Invariant: two parts that pass `is_id`, with one slash between them.

/// Whether `text` may be an id or a label: 1 to [`ID_BYTES_MAX`] of `A-Z`, `a-z`, `0-9`, `-` and `_`.
pub fn is_id(text: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl BlockId {
    /// An id that was not given yet; [`super::Document::normalise`] gives it.
    pub const fn unset() -> Self {
        Self(String::new())
    }

    /// The id, where `text` may be one.
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text).then(|| Self(text.to_owned()))
    }

    /// The id by position.
    pub(super) fn numbered(number: usize) -> Self {
        Self(format!("b{number}"))
    }

    /// The text of the id; empty when unset.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was not given yet.
    pub fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl PluginBlockName {
    /// The name, where `text` is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (plugin, block) = text.split_once('/')?;
        (is_id(plugin) && is_id(block)).then(|| Self(text.to_owned()))
    }

    /// Both parts, with the slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plugin's part.
    pub fn plugin(&self) -> &str {
        self.0.split_once('/').map_or("", |(plugin, _)| plugin)
    }

    /// The block's part.
    pub fn block(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, block)| block)
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PluginBlockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_plain() {
        assert!(BlockId::parse("a-B_9").is_some());
        for bad in ["", "a b", "ä", "a/b", "a.b", &"x".repeat(ID_BYTES_MAX + 1)] {
            assert!(BlockId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_plugin_block_has_two_names() {
        let name = PluginBlockName::parse("forms/contact").unwrap();
        assert_eq!((name.plugin(), name.block()), ("forms", "contact"));
        for bad in ["forms", "forms/", "/x", "a/b/c", "a b/c"] {
            assert!(PluginBlockName::parse(bad).is_none(), "{bad}");
        }
    }
}
