//! HTML to blocks: what people paste, and what other systems export.

use smartcms_domain::blocks::{
    Alignment, Block, BlockKind, Code, DEPTH_MAX, Document, Image, Inline, InlineKind, List,
    ListItem, ListStyle, NUMBER_MAX, Table, Tone, is_id, is_web_address,
};

use super::super::source::sanitise_html_piece;
use super::dom::{self, Handle, NodeData, Tag};
use super::from_html_run::Run;
use super::inline_tags;
use super::sanitise_blocks;

/// How deep elements are followed; below, only their text is taken.
pub(super) const ELEMENTS_DEEP_MAX: usize = 200;

/// Elements whose content is not text.
pub(super) const SKIPPED: [&str; 12] = [
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "object", "svg",
    "math", "input",
];

/// Elements without a block of their own kind, which stay as raw HTML.
const RAW: [&str; 3] = ["details", "dl", "ruby"];

/// Blocks from HTML, sanitised. Elements without a meaning of their own dissolve into what they hold.
pub fn html_to_blocks(html: &str) -> Document {
    let Some((_dom, root)) = dom::fragment(html) else { return Document::default() };
    let mut flow = Flow::default();
    flow.children(&root, Place { blocks: 1, elements: 0 });
    sanitise_blocks(Document::new(flow.finish()))
}

/// How deep a reader is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    blocks: usize,
    pub(super) elements: usize,
}

impl Place {
    fn element(self) -> Self {
        Self { elements: self.elements + 1, ..self }
    }

    fn block(self) -> Self {
        Self { blocks: self.blocks + 1, elements: self.elements + 1 }
    }
}

/// Blocks as they come, and the text between them that has no element of its own.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block>,
    run: Run,
    /// Whether any paragraph had its own element.
    has_paragraph: bool,
    notes: Vec<Block>,
}

impl Flow {
    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks.append(&mut self.notes);
        self.blocks
    }

    /// Ends the text that has no element of its own.
    fn flush(&mut self) {
        let content = std::mem::take(&mut self.run).finish();
        if !content.is_empty() {
            self.push(BlockKind::Paragraph(content));
        }
    }

    fn push(&mut self, kind: BlockKind) {
        self.blocks.push(Block::new(kind));
    }

    fn children(&mut self, node: &Handle, place: Place) {
        for child in node.children.borrow().iter() {
            self.node(child, place);
        }
    }

    fn node(&mut self, node: &Handle, place: Place) {
        if let NodeData::Text { contents } = &node.data {
            return self.run.text(&contents.borrow());
        }
        let Some(tag) = dom::tag(node) else {
            if matches!(node.data, NodeData::Document) {
                self.children(node, place.element());
            }
            return;
        };
        if SKIPPED.contains(&tag.name.as_str()) {
            return;
        }
        if place.elements >= ELEMENTS_DEEP_MAX {
            return self.run.text(&dom::text(node));
        }
        if !is_block(&tag.name) && !holds_block(node) {
            return self.run.element(node, &tag, place.element());
        }
        self.flush();
        self.block(node, &tag, place);
        self.flush();
    }

    fn block(&mut self, node: &Handle, tag: &Tag, place: Place) {
        let deep = place.blocks >= DEPTH_MAX;
        match tag.name.as_str() {
            "p" if tag.has_class("title") => self.push(paragraph(node, place)),
            "p" => {
                self.has_paragraph = true;
                // Browsers show nothing of an empty one; parsers make them where blocks stand in paragraphs.
                match paragraph(node, place) {
                    BlockKind::Paragraph(content) if content.is_empty() => {}
                    kind => self.push(kind),
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.name.bytes().last().map_or(2, |digit| digit - b'0');
                let content = content(node, place);
                self.push(BlockKind::Heading { level, content });
            }
            "hr" => self.push(BlockKind::Divider),
            "pre" => self.push(BlockKind::Code(code(node))),
            "ul" | "ol" | "menu" if !deep => self.extend_list(node, tag, place),
            "blockquote" if !deep => {
                self.push(BlockKind::Quote(inside(node, place.block()).blocks));
            }
            "aside" | "div" if !deep && tone(tag).is_some() => self.callout(node, tag, place),
            "figure" => self.figure(node, place),
            "iframe" => self.iframe(tag),
            "table" => match table(node, place) {
                Some(table) => self.push(BlockKind::Table(table)),
                None => self.push(raw(node)),
            },
            "section" if tag.has_class("footnotes") => self.footnotes(node, place),
            name if RAW.contains(&name) => self.push(raw(node)),
            _ => self.children(node, place.element()),
        }
    }

    fn extend_list(&mut self, node: &Handle, tag: &Tag, place: Place) {
        let style = if tag.name == "ol" {
            let start = tag.attribute("start").and_then(|it| it.trim().parse().ok());
            ListStyle::Numbered { start: start.filter(|it| *it <= NUMBER_MAX).unwrap_or(1) }
        } else {
            ListStyle::Bulleted
        };
        let mut tight = true;
        let mut items: Vec<ListItem> = Vec::new();
        for child in node.children.borrow().iter() {
            let Some(tag) = dom::tag(child) else { continue };
            let flow = inside_or_itself(child, &tag, place.block());
            tight &= !flow.has_paragraph;
            // A list that stands beside its items, not in one, belongs to the item before.
            match items.last_mut() {
                Some(last) if tag.name == "ul" || tag.name == "ol" => {
                    last.blocks.extend(flow.blocks);
                }
                _ => items.push(ListItem { checked: checked(child), blocks: flow.blocks }),
            }
        }
        self.push(BlockKind::List(List { style, tight, items }));
    }

    fn callout(&mut self, node: &Handle, tag: &Tag, place: Place) {
        let Some(tone) = tone(tag) else { return };
        let title = node.children.borrow().iter().find(|it| is_title(it)).map(dom::text);
        let mut flow = Flow::default();
        for child in node.children.borrow().iter().filter(|it| !is_title(it)) {
            flow.node(child, place.block());
        }
        self.push(BlockKind::Callout { tone, title, blocks: flow.finish() });
    }

    fn figure(&mut self, node: &Handle, place: Place) {
        let captions = find(node, "figcaption");
        let in_captions: Vec<_> = captions.iter().flat_map(|it| find(it, "img")).collect();
        let mut images = find(node, "img");
        images.retain(|it| !in_captions.iter().any(|other| std::rc::Rc::ptr_eq(it, other)));
        let link = find(node, "a").into_iter().next().and_then(|it| dom::tag(&it));
        if dom::tag(node).is_some_and(|it| it.has_class("embed"))
            && let Some(url) = link.as_ref().and_then(|it| it.attribute("href"))
            && is_web_address(url)
        {
            return self.push(BlockKind::Embed { url: url.to_owned() });
        }
        // An image has no address to lead to; a link to nothing but its file is no loss.
        let holds_image = |link: &Handle| {
            find(link, "img")
                .iter()
                .any(|it| images.iter().any(|image| std::rc::Rc::ptr_eq(image, it)))
        };
        let leads_on = find(node, "a").iter().any(|it| holds_image(it) && !is_of_file(it));
        let is_simple = !leads_on && ["table", "figure"].iter().all(|it| find(node, it).is_empty());
        match images.as_slice() {
            [only] if is_simple => {
                if let Some(image) = dom::tag(only).as_ref().and_then(image) {
                    let caption = captions.first().map(|it| content(it, place)).unwrap_or_default();
                    self.push(BlockKind::Image { image, caption });
                }
            }
            _ => self.children(node, place.element()),
        }
    }

    fn iframe(&mut self, tag: &Tag) {
        let url = tag.attribute("src").unwrap_or_default();
        let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
        if is_web_address(&url) {
            self.push(BlockKind::Embed { url });
        }
    }

    fn footnotes(&mut self, node: &Handle, place: Place) {
        for item in find(node, "li") {
            let Some(tag) = dom::tag(&item) else { continue };
            let label = tag.attribute("id").and_then(|id| id.strip_prefix("fn-"));
            let Some(label) = label.filter(|it| is_id(it)) else { continue };
            let blocks = inside(&item, place.block()).blocks;
            let kind = BlockKind::Footnote { label: label.to_owned(), blocks };
            self.notes.push(Block::new(kind));
        }
    }
}

fn image(tag: &Tag) -> Option<Image> {
    inline_tags::image(tag)
}

/// Whether a link leads to the file of an image.
fn is_of_file(link: &Handle) -> bool {
    const ENDINGS: [&str; 7] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg"];
    let tag = dom::tag(link).unwrap_or_default();
    let path =
        tag.attribute("href").unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    path.is_empty() || ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it))
}

/// The block of a piece of HTML that is one figure with a caption, or one embed, and nothing else.
pub(super) fn figure_of(html: &str) -> Option<Block> {
    let (_dom, root) = dom::fragment(html)?;
    let children = root.children.borrow();
    let mut solid = children.iter().filter(|it| !is_space(it));
    let figure = solid.next().filter(|it| dom::tag(it).is_some_and(|it| it.name == "figure"))?;
    if solid.next().is_some() {
        return None;
    }
    let mut flow = Flow::default();
    flow.figure(figure, Place { blocks: 1, elements: 0 });
    let mut blocks = flow.finish();
    let block = blocks.pop().filter(|_| blocks.is_empty())?;
    let is_whole = match &block.kind {
        BlockKind::Image { caption, .. } => !caption.is_empty(),
        BlockKind::Embed { .. } => true,
        _ => false,
    };
    is_whole.then_some(block)
}

/// Raw HTML without blank lines: in Markdown they would end it.
fn raw(node: &Handle) -> BlockKind {
    let html = sanitise_html_piece(&dom::html(node));
    if !html.contains("\n\n") {
        return BlockKind::Html(html);
    }
    let is_text_kept = html.contains("<pre");
    let mut one_run = String::with_capacity(html.len());
    for (number, line) in html.split('\n').enumerate() {
        match line.trim().is_empty() {
            true if is_text_kept => one_run.push_str("&#10;"),
            true => {}
            false => {
                one_run.push_str(if number > 0 { "\n" } else { "" });
                one_run.push_str(line);
            }
        }
    }
    BlockKind::Html(one_run)
}

fn paragraph(node: &Handle, place: Place) -> BlockKind {
    BlockKind::Paragraph(content(node, place))
}

fn content(node: &Handle, place: Place) -> Vec<Inline> {
    let mut run = Run::default();
    run.children(node, place.element());
    run.finish()
}

struct Inside {
    blocks: Vec<Block>,
    has_paragraph: bool,
}

fn inside(node: &Handle, place: Place) -> Inside {
    let mut flow = Flow::default();
    flow.children(node, place);
    let has_paragraph = flow.has_paragraph;
    Inside { has_paragraph, blocks: flow.finish() }
}

fn inside_or_itself(node: &Handle, tag: &Tag, place: Place) -> Inside {
    if tag.name == "li" {
        return inside(node, place);
    }
    let mut flow = Flow::default();
    flow.node(node, place);
    Inside { has_paragraph: false, blocks: flow.finish() }
}

fn is_title(node: &Handle) -> bool {
    dom::tag(node).is_some_and(|it| it.name == "p" && it.has_class("title"))
}

fn tone(tag: &Tag) -> Option<Tone> {
    Tone::ALL.into_iter().find(|tone| tag.has_class(tone.name()))
}

/// For a task, whether it is done: its first element is a box, perhaps within a paragraph.
fn checked(item: &Handle) -> Option<bool> {
    let mut node = item.clone();
    for _ in 0..3 {
        let first = node.children.borrow().iter().find(|it| !is_space(it)).cloned()?;
        let tag = dom::tag(&first)?;
        if tag.name == "input" {
            let is_box = tag.attribute("type") == Some("checkbox");
            return is_box.then(|| tag.attribute("checked").is_some());
        }
        if tag.name != "p" {
            return None;
        }
        node = first;
    }
    None
}

fn is_space(node: &Handle) -> bool {
    matches!(&node.data, NodeData::Text { contents } if contents.borrow().trim().is_empty())
}

fn code(node: &Handle) -> Code {
    let inner = find(node, "code").into_iter().next();
    let language = [Some(node.clone()), inner].into_iter().flatten().find_map(|it| {
        let tag = dom::tag(&it)?;
        let class = tag.attribute("class")?.to_owned();
        class.split_whitespace().find_map(|it| it.strip_prefix("language-").map(str::to_owned))
    });
    let text = dom::text(node);
    let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
    Code { language, info: None, text }
}

/// `None` for what rows of text cannot hold: cells over several places, tables in cells.
fn table(node: &Handle, place: Place) -> Option<Table> {
    let simple = |cell: &Handle| {
        let tag = dom::tag(cell).unwrap_or_default();
        ["colspan", "rowspan"].iter().all(|it| matches!(tag.attribute(it), None | Some("1")))
            && ["table", "ul", "ol", "pre", "blockquote"].iter().all(|it| find(cell, it).is_empty())
    };
    let rows: Vec<Vec<Handle>> = find(node, "tr").iter().map(cells).collect();
    if !rows.iter().flatten().all(simple) || !find(node, "caption").is_empty() {
        return None;
    }
    let columns = rows.iter().map(Vec::len).max().filter(|it| *it > 0)?;
    let is_head =
        |row: &Vec<Handle>| row.iter().all(|it| dom::tag(it).is_some_and(|it| it.name == "th"));
    let mut alignments = vec![Alignment::Default; columns];
    if let Some(row) = rows.first() {
        for (alignment, cell) in alignments.iter_mut().zip(row) {
            let tag = dom::tag(cell).unwrap_or_default();
            let named = tag.attribute("align").or_else(|| tag.attribute("data-align"));
            *alignment = named.and_then(Alignment::named).unwrap_or_default();
        }
    }
    let read = |row: &Vec<Handle>| row.iter().map(|cell| content(cell, place)).collect::<Vec<_>>();
    let heads = usize::from(rows.first().is_some_and(is_head));
    let header = rows.iter().take(heads).map(read).next().unwrap_or_default();
    Some(Table { alignments, header, rows: rows.iter().skip(heads).map(read).collect() })
}

fn cells(row: &Handle) -> Vec<Handle> {
    let children = row.children.borrow();
    let is_cell = |it: &&Handle| dom::tag(it).is_some_and(|it| it.name == "td" || it.name == "th");
    children.iter().filter(is_cell).cloned().collect()
}

/// The elements of that name below a node, those inside others of the name left out.
fn find(node: &Handle, name: &str) -> Vec<Handle> {
    let mut found = Vec::new();
    let mut open: Vec<Handle> = node.children.borrow().iter().rev().cloned().collect();
    while let Some(node) = open.pop() {
        if dom::tag(&node).is_some_and(|it| it.name == name) {
            found.push(node);
        } else {
            open.extend(node.children.borrow().iter().rev().cloned());
        }
    }
    found
}

/// How many nodes below an element are looked at for blocks.
const LOOKED_AT_MAX: usize = 50;

/// Whether blocks stand in an element that is not one itself, such as a link around a heading.
fn holds_block(node: &Handle) -> bool {
    let mut open: Vec<Handle> =
        node.children.borrow().iter().take(LOOKED_AT_MAX).cloned().collect();
    let mut looked_at = 0;
    while let Some(node) = open.pop() {
        looked_at += 1;
        if looked_at > LOOKED_AT_MAX {
            return false;
        }
        if dom::tag(&node).is_some_and(|it| is_block(&it.name)) {
            return true;
        }
        open.extend(node.children.borrow().iter().take(LOOKED_AT_MAX).cloned());
    }
    false
}

fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 34] = [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "ul",
        "ol",
        "menu",
        "li",
        "blockquote",
        "aside",
        "div",
        "figure",
        "figcaption",
        "iframe",
        "table",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "address",
        "center",
        "details",
        "dl",
        "form",
        "fieldset",
        "body",
        "tbody",
    ];
    BLOCKS.contains(&name)
}

/// What a footnote's way back to the text is not part of.
pub(super) fn is_way_back(tag: &Tag) -> bool {
    tag.name == "a" && tag.has_class("footnote-backref")
}

/// The reference that `<sup class="footnote-ref">` is.
pub(super) fn reference(node: &Handle, tag: &Tag) -> Option<InlineKind> {
    if tag.name != "sup" || !tag.has_class("footnote-ref") {
        return None;
    }
    let link = find(node, "a").into_iter().next()?;
    let tag = dom::tag(&link)?;
    let label = tag.attribute("href")?.strip_prefix("#fn-")?;
    is_id(label).then(|| InlineKind::FootnoteReference(label.to_owned()))
}
