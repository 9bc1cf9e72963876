//! Rich text: block by block, by the ids that blocks keep while they are edited.

use std::collections::HashMap;

use serde_json::Value;
use smartcms_domain::blocks::{Block, Document};

use super::Change;
use super::budget::Budget;
use super::order::moved;
use super::text::{self, TextDiff};

/// A block that came, went, is another or stands elsewhere. Blocks inside of others belong to the outermost one.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockDiff {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub change: Change,
    /// Whether it also stands elsewhere.
    pub moved: bool,
    /// Where it stood, from 0.
    pub from: Option<usize>,
    /// Where it stands, from 0.
    pub to: Option<usize>,
    /// The block as it was; not of one that only moved.
    pub before: Option<Value>,
    /// The block as it is.
    pub after: Option<Value>,
    /// What differs in its text, where it is another.
    pub text: Option<TextDiff>,
}

/// What differs between two documents: what went, in the old order, then the others in the new one. `None` when one of
/// them cannot be read, or there are too many blocks.
pub(super) fn diff(
    from: Option<&Value>,
    to: Option<&Value>,
    budget: &mut Budget,
) -> Option<Vec<BlockDiff>> {
    let parse =
        |it: Option<&Value>| it.map_or(Some(Document::default()), |it| Document::parse(it).ok());
    let (from, to) = (parse(from)?, parse(to)?);
    if !budget.takes_lines(from.blocks.len(), to.blocks.len()) {
        return None;
    }
    let old = places(&from);
    let new = places(&to);
    let gone = from.blocks.iter().enumerate().filter(|(_, it)| !new.contains_key(it.id.as_str()));
    let mut found: Vec<BlockDiff> = gone.map(|(at, block)| removed(block, at)).collect();
    let stayed = to.blocks.iter().filter_map(|it| old.get(it.id.as_str()).map(|(at, _)| *at));
    let mut moves = moved(&stayed.collect::<Vec<_>>()).into_iter();
    for (at, block) in to.blocks.iter().enumerate() {
        match old.get(block.id.as_str()) {
            None => found.push(added(block, at)),
            Some((from, before)) => {
                let moved = moves.next().unwrap_or_default();
                found.extend(kept(before, block, (*from, at), moved, budget));
            }
        }
    }
    Some(found)
}

fn places(document: &Document) -> HashMap<&str, (usize, &Block)> {
    document.blocks.iter().enumerate().map(|(at, it)| (it.id.as_str(), (at, it))).collect()
}

fn removed(block: &Block, at: usize) -> BlockDiff {
    BlockDiff { before: Some(block.to_json()), from: Some(at), ..empty(block, Change::Removed) }
}

fn added(block: &Block, at: usize) -> BlockDiff {
    BlockDiff { after: Some(block.to_json()), to: Some(at), ..empty(block, Change::Added) }
}

/// What became of a block that is in both; `None` for nothing.
fn kept(
    before: &Block,
    block: &Block,
    (from, to): (usize, usize),
    moved: bool,
    budget: &mut Budget,
) -> Option<BlockDiff> {
    let place = BlockDiff { from: Some(from), to: Some(to), moved, ..empty(block, Change::Moved) };
    if before == block {
        return moved.then_some(place);
    }
    Some(BlockDiff {
        change: Change::Changed,
        before: Some(before.to_json()),
        after: Some(block.to_json()),
        text: Some(text::diff(&text_of(before), &text_of(block), budget)),
        ..place
    })
}

fn empty(block: &Block, change: Change) -> BlockDiff {
    BlockDiff {
        id: block.id.as_str().to_owned(),
        change,
        moved: false,
        from: None,
        to: None,
        before: None,
        after: None,
        text: None,
    }
}

fn text_of(block: &Block) -> String {
    Document { blocks: vec![block.clone()] }.text()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::budget::Budget;
    use super::super::text::{TextDiff, TextPart};
    use super::{BlockDiff, diff};

    fn document(blocks: &[(&str, &str)]) -> Value {
        let block = |(id, text): &(&str, &str)| json!({ "id": id, "type": "paragraph", "content": [{ "type": "text", "text": text }] });
        json!({ "version": 1, "blocks": blocks.iter().map(block).collect::<Vec<_>>() })
    }

    fn compared(from: &[(&str, &str)], to: &[(&str, &str)]) -> Vec<BlockDiff> {
        diff(Some(&document(from)), Some(&document(to)), &mut Budget::default()).unwrap()
    }

    #[test]
    fn blocks_are_known_by_their_ids() {
        let from = [("a", "one"), ("b", "two"), ("c", "three"), ("d", "four")];
        let to = [("c", "three"), ("a", "one"), ("b", "two, and"), ("e", "five")];
        let found = compared(&from, &to);
        let told: Vec<_> =
            found.iter().map(|it| (it.id.as_str(), it.change.name(), it.from, it.to)).collect();
        assert_eq!(
            told,
            [
                ("d", "removed", Some(3), None),
                ("c", "moved", Some(2), Some(0)),
                ("b", "changed", Some(1), Some(2)),
                ("e", "added", None, Some(3)),
            ]
        );
        let text = found.iter().find(|it| it.id == "b").unwrap().text.clone();
        let parts = [TextPart::Equal("two".to_owned()), TextPart::Added(", and".to_owned())];
        assert_eq!(text, Some(TextDiff::Parts(parts.to_vec())));
        assert!(compared(&from, &from).is_empty());
    }

    #[test]
    fn a_document_that_cannot_be_read_is_not_compared_by_blocks() {
        let other = json!({ "version": 99, "blocks": [] });
        assert!(diff(Some(&other), None, &mut Budget::default()).is_none());
        assert_eq!(diff(None, None, &mut Budget::default()), Some(Vec::new()));
    }
}
