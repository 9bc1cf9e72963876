//! The one form of each content.
//!
//! Two documents that look the same are equal in their normal form, whichever editor, Markdown or HTML they came from.

use std::collections::HashSet;

use super::block::{Alignment, Block, BlockKind, Code, ImageSource, List, Table};
use super::document::Document;
use super::id::BlockId;
use super::inline::{Inline, InlineKind, Mark};

pub(super) fn normalise(document: &mut Document) {
    normalise_blocks(&mut document.blocks);
    let mut labels = HashSet::new();
    document.blocks.retain(|block| match &block.kind {
        // References lead to the first of a label.
        BlockKind::Footnote { label, .. } => labels.insert(label.clone()),
        _ => true,
    });
    give_ids(&mut document.blocks);
}

pub(super) fn normalise_blocks(blocks: &mut Vec<Block>) {
    for block in blocks.iter_mut() {
        normalise_block(&mut block.kind);
    }
    blocks.retain(|block| !matches!(&block.kind, BlockKind::List(list) if list.items.is_empty()));
}

fn normalise_block(kind: &mut BlockKind) {
    match kind {
        BlockKind::Paragraph(content) => {
            normalise_inlines(content);
            if let Some(image) = lone_image(content) {
                *kind = image;
            }
        }
        BlockKind::Heading { content, .. } => normalise_inlines(content),
        BlockKind::Image { image, caption } => {
            normalise_inlines(caption);
            normalise_image(image);
        }
        BlockKind::List(list) => normalise_list(list),
        BlockKind::Quote(blocks) | BlockKind::Footnote { blocks, .. } => normalise_blocks(blocks),
        BlockKind::Callout { title, blocks, .. } => {
            normalise_optional(title);
            normalise_blocks(blocks);
        }
        BlockKind::Code(code) => normalise_code(code),
        BlockKind::Table(table) => normalise_table(table),
        BlockKind::Embed { url } => *url = url.trim().to_owned(),
        BlockKind::Divider
        | BlockKind::Html(_)
        | BlockKind::Plugin { .. }
        | BlockKind::Unknown(_) => {}
    }
}

/// A paragraph of nothing but an image is an image block.
fn lone_image(content: &[Inline]) -> Option<BlockKind> {
    match content {
        [Inline { kind: InlineKind::Image(image), marks }] if marks.is_empty() => {
            Some(BlockKind::Image { image: image.clone(), caption: Vec::new() })
        }
        _ => None,
    }
}

/// A list is tight only where its items can follow one another without space: a paragraph begins an item, or is not
/// in it. Without paragraphs, or with one block in all, there is no space to speak of, and a list is tight.
fn normalise_list(list: &mut List) {
    for item in &mut list.items {
        normalise_blocks(&mut item.blocks);
    }
    let mut blocks = list.items.iter().flat_map(|item| item.blocks.iter().enumerate());
    let has_late = blocks.clone().any(|(index, block)| index > 0 && block.is_paragraph_like());
    let has_none = !blocks.any(|(_, block)| block.is_paragraph_like());
    let alone = matches!(list.items.as_slice(), [item] if item.blocks.len() < 2);
    list.tight = (list.tight || alone || has_none) && !has_late;
}

fn normalise_code(code: &mut Code) {
    code.text = without_controls(&code.text.replace("\r\n", "\n"), &['\n', '\t']);
    let language = code.language.take().map(|text| one_line(&text)).unwrap_or_default();
    let info = code.info.take().map(|text| one_line(&text)).unwrap_or_default();
    let both = format!("{} {}", language.trim(), info.trim());
    let both = both.trim();
    let (language, info) = both.split_once(' ').unwrap_or((both, ""));
    code.language = Some(language.to_owned()).filter(|it| !it.is_empty());
    code.info = Some(info.trim().to_owned()).filter(|it| !it.is_empty());
}

fn normalise_table(table: &mut Table) {
    let columns = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns = columns.max(table.header.len()).max(table.alignments.len());
    table.alignments.resize(columns, Alignment::Default);
    for row in std::iter::once(&mut table.header).chain(&mut table.rows) {
        row.resize(columns, Vec::new());
        for cell in row {
            normalise_inlines(cell);
        }
    }
}

/// Text in its normal form: marks sorted, neighbours with the same marks joined, line ends and control characters out.
pub fn normalised_inlines(mut content: Vec<Inline>) -> Vec<Inline> {
    normalise_inlines(&mut content);
    content
}

fn normalise_inlines(content: &mut Vec<Inline>) {
    let mut done: Vec<Inline> = Vec::with_capacity(content.len());
    for mut inline in std::mem::take(content) {
        normalise_marks(&mut inline.marks);
        match &mut inline.kind {
            InlineKind::Text(text) => {
                *text = one_line(text);
                if text.is_empty() {
                    continue;
                }
                if let Some(Inline { kind: InlineKind::Text(before), marks }) = done.last_mut()
                    && *marks == inline.marks
                {
                    before.push_str(text);
                    continue;
                }
            }
            InlineKind::Image(image) => normalise_image(image),
            _ => {}
        }
        done.push(inline);
    }
    *content = done;
}

fn normalise_image(image: &mut super::Image) {
    image.alt = one_line(&image.alt);
    normalise_optional(&mut image.title);
    if let ImageSource::Url(url) = &mut image.source {
        *url = url.trim().to_owned();
    }
}

fn normalise_marks(marks: &mut Vec<Mark>) {
    for mark in marks.iter_mut() {
        if let Mark::Link { href, title } = mark {
            *href = href.trim().to_owned();
            normalise_optional(title);
        }
    }
    crate::sorting::sort(marks);
    marks.dedup_by(|later, earlier| later.is_like(earlier));
}

fn normalise_optional(text: &mut Option<String>) {
    *text = text.take().map(|text| one_line(&text)).filter(|text| !text.trim().is_empty());
}

/// The text with its line ends and tabs as spaces, and without control characters.
pub fn one_line(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    without_controls(&text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " "), &[])
}

fn without_controls(text: &str, but: &[char]) -> String {
    text.chars().filter(|it| !it.is_control() || but.contains(it)).collect()
}

/// Keeps the ids that are given, but the second of two equal ones; gives the others by position.
fn give_ids(blocks: &mut [Block]) {
    let mut taken = HashSet::new();
    for_each_mut(blocks, &mut |block| {
        if !block.id.is_unset() && !taken.insert(block.id.clone()) {
            block.id = BlockId::unset();
        }
    });
    let mut number = 0;
    for_each_mut(blocks, &mut |block| {
        while block.id.is_unset() {
            number += 1;
            let id = BlockId::numbered(number);
            if taken.insert(id.clone()) {
                block.id = id;
            }
        }
    });
}

pub(super) fn remove_ids(blocks: &mut [Block]) {
    for_each_mut(blocks, &mut |block| block.id = BlockId::unset());
}

fn for_each_mut(blocks: &mut [Block], visit: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        visit(block);
        match &mut block.kind {
            BlockKind::List(list) => {
                for item in &mut list.items {
                    for_each_mut(&mut item.blocks, visit);
                }
            }
            BlockKind::Quote(blocks)
            | BlockKind::Callout { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => for_each_mut(blocks, visit),
            _ => {}
        }
    }
}
