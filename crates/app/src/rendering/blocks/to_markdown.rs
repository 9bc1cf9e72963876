//! Blocks to Markdown, without loss.
//!
//! Every block is written in Markdown's own signs, read back, and compared. What does not come back is written again
//! with HTML tags for marks, and what even they do not hold becomes a comment with the block's JSON, which
//! [`super::markdown_to_blocks`] reads. So a document comes back as it was, and most of it is Markdown as people
//! write it.

use smartcms_domain::blocks::{
    Alignment, Block, BlockKind, Code, Document, Inline, InlineKind, List, ListItem, ListStyle,
    Table,
};

use super::fenced;
use super::figure_text;
use super::from_markdown::unsanitised;
use super::markdown_escape::escape;
use super::markdown_inlines::{Manner, longest_run, write};

/// Before the JSON of a block.
pub(super) const COMMENT_START: &str = "<!-- smartcms:block ";
/// Behind it.
pub(super) const COMMENT_END: &str = " -->";

/// Markdown that holds the whole document but for the ids of blocks.
pub fn blocks_to_markdown(document: &Document) -> String {
    let mut document = document.clone();
    document.normalise();
    let markdown = joined(&document.blocks, &top_block);
    if reads_as(&markdown, &document.blocks) {
        return markdown;
    }
    // Neighbours changed one another's meaning: comments change none.
    let apart = apart(&document.blocks);
    let markdown = joined(&document.blocks, &|block, sign| {
        let stands = apart.iter().any(|it| std::ptr::eq(*it, block));
        if stands { comment(block) } else { top_block(block, sign) }
    });
    if reads_as(&markdown, &document.blocks) {
        return markdown;
    }
    joined(&document.blocks, &|block, _| comment(block))
}

/// Those of a document's blocks that mean something else behind the block before them.
fn apart(blocks: &[Block]) -> Vec<&Block> {
    let mut apart: Vec<&Block> = Vec::new();
    for pair in blocks.windows(2) {
        let [before, block] = pair else { continue };
        let is_comment = apart.last().is_some_and(|it| std::ptr::eq(*it, before));
        if !is_comment && !reads_as(&joined(pair, &top_block), pair) {
            apart.push(block);
        }
    }
    apart
}

fn reads_as(markdown: &str, blocks: &[Block]) -> bool {
    let expected = Document { blocks: blocks.to_vec() }.without_ids();
    unsanitised(markdown).without_ids() == expected
}

/// A block of the top level, checked.
fn top_block(block: &Block, sign: char) -> String {
    let markdown = written(block, sign);
    // A footnote's text is only read as such where something refers to it, which the check of the whole sees.
    if matches!(block.kind, BlockKind::Footnote { .. }) || holds(&markdown, block) {
        return markdown;
    }
    comment(block)
}

fn holds(markdown: &str, block: &Block) -> bool {
    let mut labels = Vec::new();
    let document = Document { blocks: vec![block.clone()] };
    document.walk(&mut |visit| {
        if let smartcms_domain::blocks::Visit::Content(content) = visit {
            labels.extend(content.iter().filter_map(|it| match &it.kind {
                InlineKind::FootnoteReference(label) => Some(label.clone()),
                _ => None,
            }));
        }
    });
    if labels.is_empty() {
        return reads_as(markdown, &document.blocks);
    }
    let mut with_notes = markdown.to_owned();
    for label in labels {
        with_notes.push_str(&format!("\n\n[^{label}]: x"));
    }
    let mut found = unsanitised(&with_notes).without_ids();
    found.blocks.retain(|it| !matches!(it.kind, BlockKind::Footnote { .. }));
    found == document.without_ids()
}

/// Blocks with a blank line between; lists beside lists change their sign, which keeps them apart.
fn joined(blocks: &[Block], write: &dyn Fn(&Block, char) -> String) -> String {
    let mut text = String::new();
    let mut sign = '-';
    let mut before: Option<&Block> = None;
    for block in blocks {
        if before.is_some() {
            text.push_str("\n\n");
        }
        let changes = before.is_some_and(|it| would_join(it, block)) && sign == '-';
        sign = if changes { '*' } else { '-' };
        text.push_str(&write(block, sign));
        before = Some(block);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Whether Markdown reads both lists as one.
fn would_join(before: &Block, after: &Block) -> bool {
    let (BlockKind::List(before), BlockKind::List(after)) = (&before.kind, &after.kind) else {
        return false;
    };
    std::mem::discriminant(&before.style) == std::mem::discriminant(&after.style)
}

/// `sign` is the bullet of a list; `*` also gives numbers the other sign.
fn written(block: &Block, sign: char) -> String {
    let inner = |blocks: &[Block]| joined(blocks, &written).trim_end().to_owned();
    match &block.kind {
        BlockKind::Paragraph(content) => leaf(block, content, "", true),
        BlockKind::Heading { level, content } => {
            let signs = format!("{} ", "#".repeat(usize::from(*level)));
            leaf(block, content, &signs, false)
        }
        BlockKind::Image { image, caption } if caption.is_empty() => {
            let content = [Inline::plain(InlineKind::Image(image.clone()))];
            leaf(block, &content, "", true)
        }
        BlockKind::Image { image, caption } => {
            figure_text::image(image, caption).unwrap_or_else(|| comment(block))
        }
        BlockKind::Embed { url } => figure_text::embed(url),
        BlockKind::List(list) => list_text(list, sign),
        BlockKind::Quote(blocks) if !blocks.is_empty() => prefixed(&inner(blocks), "> ", "> "),
        BlockKind::Code(code) => code_text(code),
        BlockKind::Divider => "___".to_owned(),
        BlockKind::Table(table) => table_block(block, table),
        BlockKind::Html(html) => {
            let holds = !html.contains("\n\n") && holds(html, block);
            if holds { html.clone() } else { comment(block) }
        }
        BlockKind::Callout { tone, title, blocks } => {
            let title = title.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
            let head = format!("[!{}]{title}", tone.name().to_uppercase());
            prefixed(&format!("{head}\n{}", inner(blocks)), "> ", "> ")
        }
        BlockKind::Footnote { label, blocks } => {
            prefixed(&inner(blocks), &format!("[^{label}]: "), "    ")
        }
        BlockKind::Plugin { name, data } => fenced::write(name, data),
        _ => comment(block),
    }
}

/// A block that is one run of text, in the first manner that holds it.
fn leaf(block: &Block, content: &[Inline], start: &str, lines: bool) -> String {
    for manner in [Manner::Signs, Manner::Tags] {
        let text = write(content, manner, lines);
        let text = format!("{start}{text}");
        if !text.trim().is_empty() && holds(&text, block) {
            return text;
        }
    }
    comment(block)
}

fn comment(block: &Block) -> String {
    let json = block.to_json().to_string();
    // Inside JSON these signs stand in texts only, and a comment must not end early.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace("--", "-\\u002d");
    format!("{COMMENT_START}{json}{COMMENT_END}")
}

fn prefixed(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(index, line)| {
        let prefix = if index == 0 { first } else { others };
        format!("{prefix}{line}").trim_end().to_owned()
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    if text.is_empty() { first.trim_end().to_owned() } else { text }
}

fn list_text(list: &List, sign: char) -> String {
    let item = |(index, item): (usize, &ListItem)| {
        let marker = match list.style {
            ListStyle::Bulleted => format!("{sign} "),
            ListStyle::Numbered { start } => {
                let number = u64::from(start) + u64::try_from(index).unwrap_or(0);
                format!("{}{} ", number.min(999_999_999), if sign == '*' { ')' } else { '.' })
            }
        };
        item_text(item, &marker, list.tight)
    };
    let items: Vec<_> = list.items.iter().enumerate().map(item).collect();
    items.join(if list.tight { "\n" } else { "\n\n" })
}

fn item_text(item: &ListItem, marker: &str, tight: bool) -> String {
    let box_text = match item.checked {
        Some(true) => "[x] ",
        Some(false) => "[ ] ",
        None => "",
    };
    // Without paragraphs there is no difference between tight and loose, and blank lines keep blocks apart.
    let has_paragraph = item.blocks.iter().any(Block::is_paragraph_like);
    let text = if tight && has_paragraph {
        joined_tightly(&item.blocks)
    } else {
        joined(&item.blocks, &written)
    };
    let text = format!("{box_text}{}", text.trim_end_matches('\n'));
    prefixed_item(&text, marker)
}

fn joined_tightly(blocks: &[Block]) -> String {
    blocks.iter().map(|it| written(it, '-')).collect::<Vec<_>>().join("\n")
}

/// Lines of code may end in spaces, so these are not trimmed.
fn prefixed_item(text: &str, marker: &str) -> String {
    let indent = " ".repeat(marker.len());
    let mut lines = text.split('\n').enumerate().map(|(index, line)| match (index, line) {
        (0, "") => marker.trim_end().to_owned(),
        (0, line) => format!("{marker}{line}"),
        (_, "") => String::new(),
        (_, line) => format!("{indent}{line}"),
    });
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |text, line| text + "\n" + &line)
}

fn code_text(code: &Code) -> String {
    let fence = "`".repeat(longest_run(&code.text).max(2) + 1);
    let language = code.language.as_deref().unwrap_or_default();
    let info = code.info.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
    let head = escape(&format!("{language}{info}"), false);
    let end = if code.text.is_empty() { "" } else { "\n" };
    format!("{fence}{head}\n{}{end}{fence}", code.text)
}

fn table_block(block: &Block, table: &Table) -> String {
    for manner in [Manner::Signs, Manner::Tags] {
        let text = table_text(table, manner);
        if holds(&text, block) {
            return text;
        }
    }
    comment(block)
}

fn table_text(table: &Table, manner: Manner) -> String {
    let row = |cells: &Vec<Vec<Inline>>| {
        let cells: Vec<_> = cells.iter().map(|cell| write_cell(cell, manner)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let line = |alignment: &Alignment| match alignment {
        Alignment::Default => "---",
        Alignment::Left => ":--",
        Alignment::Center => ":-:",
        Alignment::Right => "--:",
    };
    let line: Vec<_> = table.alignments.iter().map(line).collect();
    let head = [row(&table.header), format!("| {} |", line.join(" | "))];
    head.into_iter().chain(table.rows.iter().map(row)).collect::<Vec<_>>().join("\n")
}

fn write_cell(cell: &[Inline], manner: Manner) -> String {
    let text = write(cell, manner, false);
    // Code has its bars unescaped.
    if manner == Manner::Signs && cell.iter().any(|it| matches!(&it.kind, InlineKind::Text(text) if it.marks.contains(&smartcms_domain::blocks::Mark::Code) && text.contains('|'))) {
        return write(cell, Manner::Tags, false);
    }
    text
}
