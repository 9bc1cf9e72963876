//! What a document says, and what it uses.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::block::{Block, BlockKind, Image, ImageSource};
use super::document::Document;
use super::inline::{Inline, InlineKind, Mark, plain_text};

/// A heading, for a table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without marks.
    pub text: String,
    /// Its id in HTML, unique in the document.
    pub anchor: String,
}

/// What a walk comes by, in the order of the document.
#[derive(Debug, Clone, Copy)]
pub enum Visit<'a> {
    /// A block, before what it holds.
    Block(&'a Block),
    /// A run of text: of a paragraph, a heading, a caption or a cell.
    Content(&'a [Inline]),
}

impl Document {
    /// Comes by every block and every run of text.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(Visit<'a>)) {
        walk(&self.blocks, visit);
    }

    /// The plain text, one line for each run of text: for search and for excerpts.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        self.walk(&mut |visit| match visit {
            Visit::Content(content) => lines.push(plain_text(content)),
            Visit::Block(block) => match &block.kind {
                BlockKind::Code(code) => lines.push(code.text.clone()),
                BlockKind::Image { image, .. } => lines.push(image.alt.clone()),
                BlockKind::Html(html) => lines.push(without_tags(html)),
                BlockKind::Callout { title: Some(title), .. } => lines.push(title.clone()),
                _ => {}
            },
        });
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }

    /// The headings in order.
    pub fn headings(&self) -> Vec<Heading> {
        let mut headings = Vec::new();
        let mut anchors = Anchors::default();
        self.walk(&mut |visit| {
            if let Visit::Block(Block { kind: BlockKind::Heading { level, content }, .. }) = visit {
                let text = plain_text(content);
                let anchor = anchors.next(&text);
                headings.push(Heading { level: *level, text, anchor });
            }
        });
        headings
    }

    /// The ids of all assets that are shown, each once.
    pub fn asset_ids(&self) -> BTreeSet<&str> {
        let mut ids = BTreeSet::new();
        self.images(&mut |image| {
            if let ImageSource::Asset(id) = &image.source {
                ids.insert(id.as_str());
            }
        });
        ids
    }

    /// Comes by every image, in blocks and in text.
    pub fn images<'a>(&'a self, found: &mut impl FnMut(&'a Image)) {
        self.walk(&mut |visit| match visit {
            Visit::Block(Block { kind: BlockKind::Image { image, .. }, .. }) => found(image),
            Visit::Block(_) => {}
            Visit::Content(content) => {
                for inline in content {
                    if let InlineKind::Image(image) = &inline.kind {
                        found(image);
                    }
                }
            }
        });
    }

    /// Where links and embeds lead, each address once.
    pub fn links(&self) -> BTreeSet<&str> {
        let mut links = BTreeSet::new();
        self.walk(&mut |visit| match visit {
            Visit::Block(Block { kind: BlockKind::Embed { url }, .. }) => {
                links.insert(url.as_str());
            }
            Visit::Block(_) => {}
            Visit::Content(content) => {
                links.extend(content.iter().flat_map(|it| &it.marks).filter_map(|it| match it {
                    Mark::Link { href, .. } => Some(href.as_str()),
                    _ => None,
                }));
            }
        });
        links
    }
}

fn walk<'a>(blocks: &'a [Block], visit: &mut impl FnMut(Visit<'a>)) {
    for block in blocks {
        visit(Visit::Block(block));
        match &block.kind {
            BlockKind::Paragraph(content)
            | BlockKind::Heading { content, .. }
            | BlockKind::Image { caption: content, .. } => visit(Visit::Content(content)),
            BlockKind::List(list) => {
                for item in &list.items {
                    walk(&item.blocks, visit);
                }
            }
            BlockKind::Quote(blocks)
            | BlockKind::Callout { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => walk(blocks, visit),
            BlockKind::Table(table) => {
                for cell in table.header.iter().chain(table.rows.iter().flatten()) {
                    visit(Visit::Content(cell));
                }
            }
            _ => {}
        }
    }
}

/// Gives anchors, each once.
#[derive(Default)]
struct Anchors {
    taken: HashSet<String>,
    /// How often a text came, so that many equal headings do not search from the beginning.
    counts: HashMap<String, usize>,
}

impl Anchors {
    fn next(&mut self, text: &str) -> String {
        let base = anchor(text);
        let count = self.counts.entry(base.clone()).or_insert(0);
        loop {
            *count += 1;
            let anchor = if *count == 1 { base.clone() } else { format!("{base}-{count}") };
            if self.taken.insert(anchor.clone()) {
                return anchor;
            }
        }
    }
}

/// Letters and digits of any script in lower case, hyphens for what is between.
fn anchor(text: &str) -> String {
    let mut anchor = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            anchor.push(character);
        } else if !anchor.is_empty() && !anchor.ends_with('-') {
            anchor.push('-');
        }
    }
    let anchor = anchor.trim_end_matches('-');
    if anchor.is_empty() { "section".to_owned() } else { anchor.to_owned() }
}

/// What is outside of `<` and `>`: good enough for search, not for showing.
fn without_tags(html: &str) -> String {
    let mut inside = false;
    let outside = |character: char| {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                return Some(' ');
            }
            _ => {}
        }
        (!inside).then_some(character)
    };
    let text: String = html.chars().filter_map(outside).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
