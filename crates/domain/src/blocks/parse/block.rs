//! Blocks by their type.

use serde_json::Value;

use super::super::block::{
    Alignment, Block, BlockKind, Code, List, ListItem, ListStyle, Table, Tone,
};
use super::super::document::{CELLS_PER_ROW_MAX, DATA_DEPTH_MAX, DEPTH_MAX, LEVEL_MAX, NUMBER_MAX};
use super::super::id::{BlockId, PluginBlockName};
use super::super::inline::Inline;
use super::reader::{Object, Reader};

impl Reader {
    pub(super) fn blocks(&mut self, object: &Object, depth: usize) -> Vec<Block> {
        self.list(object, "blocks", |it, value| it.block(value, depth))
    }

    pub(super) fn block(&mut self, value: &Value, depth: usize) -> Option<Block> {
        let object = self.object(value)?;
        self.count_block();
        if depth > DEPTH_MAX {
            let message = format!("blocks stand at most {DEPTH_MAX} deep inside one another");
            self.problem("too-deep", message);
            return None;
        }
        let id = self.id(object);
        let name = self.text(object, "type");
        let kind = if name.is_empty() {
            None
        } else if name.contains('/') {
            self.plugin(object, &name)
        } else {
            self.known_block(object, &name, depth).unwrap_or_else(|| self.unknown(value))
        };
        kind.map(|kind| Block { id, kind })
    }

    fn id(&mut self, object: &Object) -> BlockId {
        let Some(text) = self.optional_text(object, "id") else { return BlockId::unset() };
        BlockId::parse(&text).unwrap_or_else(|| {
            let message = "an id has 1 to 64 letters, digits, `-` and `_`";
            self.at(".id", |it| it.problem("bad-id", message));
            BlockId::unset()
        })
    }

    /// `None` for a type that is not known here.
    fn known_block(
        &mut self,
        object: &Object,
        name: &str,
        depth: usize,
    ) -> Option<Option<BlockKind>> {
        Some(match name {
            "paragraph" => {
                self.keys(object, &["content"]);
                Some(BlockKind::Paragraph(self.inlines(object, "content")))
            }
            "heading" => {
                self.keys(object, &["level", "content"]);
                Some(self.heading(object))
            }
            "list" => self.list_block(object, depth),
            "quote" => {
                self.keys(object, &["blocks"]);
                Some(BlockKind::Quote(self.blocks(object, depth + 1)))
            }
            "code" => Some(self.code(object)),
            "divider" => {
                self.keys(object, &[]);
                Some(BlockKind::Divider)
            }
            "image" => {
                self.keys(object, &["asset", "url", "alt", "title", "caption"]);
                let caption = self.inlines(object, "caption");
                self.image(object).map(|image| BlockKind::Image { image, caption })
            }
            "table" => self.table(object),
            "embed" => {
                self.keys(object, &["url"]);
                Some(BlockKind::Embed { url: self.address(object, "url") })
            }
            "html" => {
                self.keys(object, &["html"]);
                Some(BlockKind::Html(self.text(object, "html")))
            }
            "callout" => self.callout(object, depth),
            "footnote" => self.footnote(object, depth),
            _ => return None,
        })
    }

    fn keys(&mut self, object: &Object, own: &[&str]) {
        self.known_keys(object, &[&["id", "type"], own].concat());
    }

    fn heading(&mut self, object: &Object) -> BlockKind {
        let level = self.number(object, "level", (1, LEVEL_MAX.into()), 2);
        let level = u8::try_from(level).unwrap_or(LEVEL_MAX);
        BlockKind::Heading { level, content: self.inlines(object, "content") }
    }

    fn list_block(&mut self, object: &Object, depth: usize) -> Option<BlockKind> {
        self.keys(object, &["style", "start", "tight", "items"]);
        let start = self.number(object, "start", (0, NUMBER_MAX), 1);
        let style = self.word(object, "style", "bulleted, numbered", |word| match word {
            "bulleted" => Some(ListStyle::Bulleted),
            "numbered" => Some(ListStyle::Numbered { start }),
            _ => None,
        });
        let tight = self.optional_bool(object, "tight").unwrap_or(true);
        let items = self.list(object, "items", |it, value| it.item(value, depth));
        if items.is_empty() {
            self.problem("no-items", "a list has at least one item");
        }
        Some(BlockKind::List(List { style: style?, tight, items }))
    }

    fn item(&mut self, value: &Value, depth: usize) -> Option<ListItem> {
        let object = self.object(value)?;
        // Items count as blocks: a list of empty items is as long as one of full ones.
        self.count_block();
        self.known_keys(object, &["checked", "blocks"]);
        let checked = self.optional_bool(object, "checked");
        Some(ListItem { checked, blocks: self.blocks(object, depth + 1) })
    }

    fn code(&mut self, object: &Object) -> BlockKind {
        self.keys(object, &["language", "info", "text"]);
        BlockKind::Code(Code {
            language: self.optional_text(object, "language"),
            info: self.optional_text(object, "info"),
            text: self.text(object, "text"),
        })
    }

    fn table(&mut self, object: &Object) -> Option<BlockKind> {
        self.keys(object, &["alignments", "header", "rows"]);
        let alignments = self.list(object, "alignments", Self::alignment);
        let header = self.list(object, "header", Self::cell);
        let rows = self.list(object, "rows", |it, value| {
            it.count_block();
            Some(it.elements(value, &mut Self::cell))
        });
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let columns = columns.max(header.len()).max(alignments.len());
        if !(1..=CELLS_PER_ROW_MAX).contains(&columns) {
            let message = format!("a table has 1 to {CELLS_PER_ROW_MAX} columns");
            self.problem("bad-columns", message);
            return None;
        }
        Some(BlockKind::Table(Table { alignments, header, rows }))
    }

    fn alignment(&mut self, value: &Value) -> Option<Alignment> {
        let found = match value {
            Value::Null => Some(Alignment::Default),
            other => other.as_str().and_then(Alignment::named),
        };
        if found.is_none() {
            self.problem("unknown-word", "this must be null, or one of: left, center, right");
        }
        found
    }

    fn cell(&mut self, value: &Value) -> Option<Vec<Inline>> {
        Some(self.elements(value, &mut Self::inline))
    }

    fn callout(&mut self, object: &Object, depth: usize) -> Option<BlockKind> {
        self.keys(object, &["tone", "title", "blocks"]);
        let words = Tone::ALL.map(Tone::name).join(", ");
        let tone = self.word(object, "tone", &words, Tone::named);
        let title = self.optional_text(object, "title");
        let blocks = self.blocks(object, depth + 1);
        Some(BlockKind::Callout { tone: tone?, title, blocks })
    }

    fn footnote(&mut self, object: &Object, depth: usize) -> Option<BlockKind> {
        self.keys(object, &["label", "blocks"]);
        if depth > 1 {
            self.problem("footnote-inside", "footnotes stand at the document's top level");
        }
        let label = self.label(object);
        Some(BlockKind::Footnote { label, blocks: self.blocks(object, depth + 1) })
    }

    fn plugin(&mut self, object: &Object, name: &str) -> Option<BlockKind> {
        self.keys(object, &["data"]);
        let data = object.get("data").cloned().unwrap_or_default();
        self.at(".data", |it| it.unread(&data));
        let found = PluginBlockName::parse(name);
        if found.is_none() {
            let message = "the type of a plugin's block is `plugin/block`";
            self.at(".type", |it| it.problem("bad-type", message));
        }
        Some(BlockKind::Plugin { name: found?, data })
    }

    fn unknown(&mut self, value: &Value) -> Option<BlockKind> {
        self.unread(value);
        let mut object = value.as_object()?.clone();
        object.remove("id");
        Some(BlockKind::Unknown(object))
    }

    /// Counts what is kept without being understood.
    pub(super) fn unread(&mut self, value: &Value) {
        let mut open = vec![(value, 1)];
        while let Some((value, depth)) = open.pop() {
            if depth > DATA_DEPTH_MAX {
                let message = format!("data nests at most {DATA_DEPTH_MAX} deep");
                return self.problem("data-too-deep", message);
            }
            match value {
                Value::String(text) => self.count_text(text.len()),
                Value::Array(list) => open.extend(list.iter().map(|it| (it, depth + 1))),
                Value::Object(map) => {
                    self.count_text(map.keys().map(String::len).sum());
                    open.extend(map.values().map(|it| (it, depth + 1)));
                }
                _ => self.count_text(1),
            }
        }
    }
}
