//! Markdown to blocks.

use std::sync::LazyLock;

use comrak::nodes::{
    AlertType, AstNode, ListType, NodeAlert, NodeCodeBlock, NodeList, NodeValue, TableAlignment,
};
use comrak::{Arena, Options, parse_document};
use smartcms_domain::blocks::{
    Alignment, Block, BlockKind, Code, DEPTH_MAX, Document, Image, ImageSource, Inline, InlineKind,
    List, ListItem, ListStyle, Mark, Table, Tone, is_id,
};

use super::super::markdown::OPTIONS;
use super::fenced;
use super::from_html::figure_of;
use super::inline_tags::{OpenTags, piece};
use super::sanitise_blocks;
use super::to_markdown::{COMMENT_END, COMMENT_START};

/// As Markdown fields are read, and callouts, and footnotes where they stand.
static BLOCK_OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = OPTIONS.clone();
    options.extension.alerts = true;
    options.parse.leave_footnote_definitions = true;
    options
});

type Node<'a> = &'a AstNode<'a>;

/// Blocks from Markdown, sanitised. What [`super::blocks_to_markdown`] wrote comes back as it was, but for ids.
pub fn markdown_to_blocks(markdown: &str) -> Document {
    sanitise_blocks(unsanitised(markdown))
}

/// The blocks as they are written.
pub(super) fn unsanitised(markdown: &str) -> Document {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &BLOCK_OPTIONS);
    Document::new(children(root, 1))
}

fn children(node: Node<'_>, depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for child in node.children() {
        block(child, depth, &mut blocks);
    }
    blocks
}

fn block(node: Node<'_>, depth: usize, blocks: &mut Vec<Block>) {
    let data = node.data.borrow();
    let inner = |depth: usize| children(node, depth + 1);
    let kind = match &data.value {
        // Deeper than a document may be, containers dissolve into their content, all at one level.
        NodeValue::BlockQuote | NodeValue::List(_) | NodeValue::Alert(_) if depth >= DEPTH_MAX => {
            return dissolve(node, depth, blocks);
        }
        NodeValue::Paragraph => BlockKind::Paragraph(inlines(node)),
        NodeValue::Heading(heading) => {
            BlockKind::Heading { level: heading.level.clamp(1, 6), content: inlines(node) }
        }
        NodeValue::ThematicBreak => BlockKind::Divider,
        NodeValue::CodeBlock(it) => match fenced::read(it, depth) {
            Some(block) => return blocks.push(block),
            None => BlockKind::Code(code(it)),
        },
        NodeValue::HtmlBlock(html) => return blocks.extend(html_block(&html.literal, depth)),
        NodeValue::BlockQuote => BlockKind::Quote(inner(depth)),
        NodeValue::List(it) => BlockKind::List(list(node, it, depth)),
        NodeValue::Alert(it) => callout(it, inner(depth)),
        NodeValue::FootnoteDefinition(it) => {
            BlockKind::Footnote { label: label(&it.name), blocks: inner(depth) }
        }
        NodeValue::Table(it) => BlockKind::Table(table(node, &it.alignments)),
        _ => return,
    };
    blocks.push(Block::new(kind));
}

fn dissolve(node: Node<'_>, depth: usize, blocks: &mut Vec<Block>) {
    for child in node.descendants().skip(1) {
        let is_leaf = matches!(
            child.data.borrow().value,
            NodeValue::Paragraph
                | NodeValue::Heading(_)
                | NodeValue::ThematicBreak
                | NodeValue::CodeBlock(_)
                | NodeValue::HtmlBlock(_)
                | NodeValue::Table(_)
        );
        if is_leaf {
            block(child, depth, blocks);
        }
    }
}

fn html_block(html: &str, depth: usize) -> Option<Block> {
    let html = html.trim_end_matches('\n');
    if let Some(json) =
        html.trim().strip_prefix(COMMENT_START).and_then(|it| it.strip_suffix(COMMENT_END))
        && let Ok(value) = serde_json::from_str(json)
        && let Ok(block) = Document::parse_block(&value, depth)
    {
        return Some(block);
    }
    if html.starts_with("<figure")
        && let Some(block) = figure_of(html)
    {
        return Some(block);
    }
    Some(Block::new(BlockKind::Html(html.to_owned())))
}

fn code(code: &NodeCodeBlock) -> Code {
    let text = code.literal.strip_suffix('\n').unwrap_or(&code.literal).to_owned();
    // The normal form takes language and info apart.
    Code { language: Some(code.info.clone()), info: None, text }
}

fn list(node: Node<'_>, list: &NodeList, depth: usize) -> List {
    let style = match list.list_type {
        ListType::Bullet => ListStyle::Bulleted,
        ListType::Ordered => ListStyle::Numbered { start: u32::try_from(list.start).unwrap_or(1) },
    };
    let item = |item: Node<'_>| {
        let checked = match &item.data.borrow().value {
            NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
            _ => None,
        };
        ListItem { checked, blocks: children(item, depth + 1) }
    };
    List { style, tight: list.tight, items: node.children().map(item).collect() }
}

fn callout(alert: &NodeAlert, blocks: Vec<Block>) -> BlockKind {
    let tone = match alert.alert_type {
        AlertType::Note => Tone::Note,
        AlertType::Tip => Tone::Tip,
        AlertType::Important => Tone::Important,
        AlertType::Warning => Tone::Warning,
        AlertType::Caution => Tone::Caution,
    };
    BlockKind::Callout { tone, title: alert.title.clone(), blocks }
}

/// Labels of other characters become ones that ids allow; equal ones stay equal.
fn label(name: &str) -> String {
    if is_id(name) {
        return name.to_owned();
    }
    let digest = blake3::hash(name.as_bytes()).to_hex();
    format!("fn-{}", digest.get(..12).unwrap_or_default())
}

fn table(node: Node<'_>, alignments: &[TableAlignment]) -> Table {
    let alignment = |alignment: &TableAlignment| match alignment {
        TableAlignment::None => Alignment::Default,
        TableAlignment::Left => Alignment::Left,
        TableAlignment::Center => Alignment::Center,
        TableAlignment::Right => Alignment::Right,
    };
    let row = |row: Node<'_>| row.children().map(inlines).collect::<Vec<_>>();
    let mut rows = node.children().map(row);
    Table {
        alignments: alignments.iter().map(alignment).collect(),
        header: rows.next().unwrap_or_default(),
        rows: rows.collect(),
    }
}

/// The text below a node. Marks nest as deep as an author likes, so this does not recurse.
fn inlines(node: Node<'_>) -> Vec<Inline> {
    use comrak::arena_tree::NodeEdge;
    let mut run = Run::default();
    for edge in node.traverse() {
        match edge {
            NodeEdge::Start(it) if !std::ptr::eq(it, node) => run.start(it),
            NodeEdge::End(it) if !std::ptr::eq(it, node) => run.end(it),
            _ => {}
        }
    }
    run.content
}

#[derive(Default)]
struct Run {
    content: Vec<Inline>,
    marks: Vec<Mark>,
    tags: OpenTags,
    /// How many images are open: what stands in them is their alternative text.
    images: usize,
    alt: String,
}

impl Run {
    fn start(&mut self, node: Node<'_>) {
        match &node.data.borrow().value {
            NodeValue::Text(text) => self.text(text),
            NodeValue::SoftBreak => self.text(" "),
            NodeValue::LineBreak if self.images > 0 => self.text(" "),
            NodeValue::LineBreak => self.push(InlineKind::Break),
            NodeValue::Code(code) if self.images > 0 => self.alt.push_str(&code.literal),
            NodeValue::Code(code) => {
                self.marks.push(Mark::Code);
                self.text(&code.literal);
                self.marks.pop();
            }
            NodeValue::HtmlInline(html) if self.images == 0 => {
                if let Some(kind) = self.tags.read(html) {
                    self.push(kind);
                }
            }
            NodeValue::FootnoteReference(it) if self.images == 0 => {
                self.push(InlineKind::FootnoteReference(label(&it.name)));
            }
            NodeValue::Image(_) => self.images += 1,
            value => self.marks.extend(mark(value)),
        }
    }

    fn end(&mut self, node: Node<'_>) {
        match &node.data.borrow().value {
            NodeValue::Image(link) => {
                self.images = self.images.saturating_sub(1);
                if self.images == 0 {
                    let alt = std::mem::take(&mut self.alt);
                    let source = ImageSource::Url(link.url.clone());
                    let title = Some(link.title.clone());
                    self.push(InlineKind::Image(Image { source, alt, title }));
                }
            }
            value if mark(value).is_some() => {
                self.marks.pop();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.images > 0 {
            self.alt.push_str(text);
        } else {
            self.push(InlineKind::Text(text.to_owned()));
        }
    }

    fn push(&mut self, kind: InlineKind) {
        let marks = self.marks.iter().chain(self.tags.marks()).cloned();
        self.content.push(piece(kind, marks));
    }
}

fn mark(value: &NodeValue) -> Option<Mark> {
    Some(match value {
        NodeValue::Strong => Mark::Bold,
        NodeValue::Emph => Mark::Italic,
        NodeValue::Strikethrough => Mark::Strike,
        NodeValue::Link(link) => {
            Mark::Link { href: link.url.clone(), title: Some(link.title.clone()) }
        }
        _ => return None,
    })
}
