//! Blocks to HTML for readers.

use std::collections::HashMap;
use std::fmt::Write as _;

use smartcms_domain::blocks::{
    Block, BlockKind, Code, Document, Heading, Image, ImageSource, Inline, InlineKind, List,
    ListItem, ListStyle, Mark, Table, Visit,
};

use super::super::sanitise_html;
use super::super::source::sanitise_html_whole;
use super::context::{BlockContext, ImageTag, PlainContext, PluginHtml};
use super::inline_tags::tag_of;
use super::runs::{Step, steps};

/// HTML that is safe to show, where no media library and no plugin answers.
pub fn blocks_to_html(document: &Document) -> String {
    blocks_to_html_in(document, &PlainContext)
}

/// HTML that is safe to show: whatever the document holds and the context answers, it is sanitised.
///
/// Headings carry the ids that [`Document::headings`] tells; footnotes stand at the end, in the order of their
/// first references.
pub fn blocks_to_html_in(document: &Document, context: &dyn BlockContext) -> String {
    let headings = document.headings();
    let mut writer = Writer {
        html: String::new(),
        context,
        headings: headings.iter(),
        numbers: footnote_numbers(document),
        references: HashMap::new(),
    };
    writer.blocks(&document.blocks, false);
    writer.footnotes(document);
    sanitise_html(&writer.html)
}

/// The number of each footnote that has a text and a reference.
fn footnote_numbers(document: &Document) -> HashMap<&str, usize> {
    let written: Vec<&str> = document.blocks.iter().filter_map(label_of).collect();
    let mut numbers = HashMap::new();
    document.walk(&mut |visit| {
        let Visit::Content(content) = visit else { return };
        for inline in content {
            if let InlineKind::FootnoteReference(label) = &inline.kind
                && written.contains(&label.as_str())
            {
                let next = numbers.len() + 1;
                numbers.entry(label.as_str()).or_insert(next);
            }
        }
    });
    numbers
}

fn label_of(block: &Block) -> Option<&str> {
    match &block.kind {
        BlockKind::Footnote { label, .. } => Some(label.as_str()),
        _ => None,
    }
}

struct Writer<'a> {
    html: String,
    context: &'a dyn BlockContext,
    headings: std::slice::Iter<'a, Heading>,
    numbers: HashMap<&'a str, usize>,
    /// How often each footnote was referred to so far.
    references: HashMap<String, usize>,
}

impl Writer<'_> {
    /// `tight`: in a tight list, where paragraphs have no tags of their own.
    fn blocks(&mut self, blocks: &[Block], tight: bool) {
        for block in blocks {
            self.block(block, tight);
        }
    }

    fn block(&mut self, block: &Block, tight: bool) {
        match &block.kind {
            BlockKind::Paragraph(content) if tight => self.inlines(content),
            BlockKind::Paragraph(content) => {
                self.tagged("<p>", "</p>\n", |it| it.inlines(content));
            }
            BlockKind::Heading { level, content } => {
                let anchor = self.headings.next().map(|it| it.anchor.as_str()).unwrap_or_default();
                let start = format!("<h{level} id=\"{}\">", escape(anchor));
                self.tagged(&start, &format!("</h{level}>\n"), |it| it.inlines(content));
            }
            BlockKind::List(list) => self.list(list),
            BlockKind::Quote(blocks) => {
                self.tagged("<blockquote>\n", "</blockquote>\n", |it| it.blocks(blocks, false));
            }
            BlockKind::Code(it) => self.code(it),
            BlockKind::Divider => self.html.push_str("<hr>\n"),
            BlockKind::Image { image, caption } => self.image_block(image, caption, tight),
            BlockKind::Table(it) => self.table(it),
            BlockKind::Embed { url } => self.embed(url),
            BlockKind::Html(html) => {
                // Opened in one block and closed in another, tags are balanced by the sanitiser at the end.
                self.html.push_str(&super::super::source::sanitise_html_piece(html));
                self.html.push('\n');
            }
            BlockKind::Callout { tone, title, blocks } => {
                let start = format!("<aside class=\"{}\">\n", tone.name());
                self.tagged(&start, "</aside>\n", |it| {
                    if let Some(title) = title {
                        let _ = writeln!(it.html, "<p class=\"title\">{}</p>", escape(title));
                    }
                    it.blocks(blocks, false);
                });
            }
            BlockKind::Plugin { .. } => match self.context.plugin_block(&block.id) {
                Some(PluginHtml::Untrusted(html)) => self.html.push_str(&sanitise_html(&html)),
                Some(PluginHtml::Place(tag)) => self.html.push_str(&tag),
                None => {}
            },
            BlockKind::Footnote { .. } | BlockKind::Unknown(_) => {}
        }
    }

    fn tagged(&mut self, start: &str, end: &str, inner: impl FnOnce(&mut Self)) {
        self.html.push_str(start);
        inner(self);
        self.html.push_str(end);
    }

    fn list(&mut self, list: &List) {
        let (start, end) = match list.style {
            ListStyle::Bulleted => ("<ul>\n".to_owned(), "</ul>\n"),
            ListStyle::Numbered { start: 1 } => ("<ol>\n".to_owned(), "</ol>\n"),
            ListStyle::Numbered { start } => (format!("<ol start=\"{start}\">\n"), "</ol>\n"),
        };
        self.tagged(&start, end, |it| {
            for item in &list.items {
                it.item(item, list.tight);
            }
        });
    }

    fn item(&mut self, item: &ListItem, tight: bool) {
        self.html.push_str("<li>");
        if let Some(checked) = item.checked {
            let checked = if checked { " checked=\"\"" } else { "" };
            let _ = write!(self.html, "<input type=\"checkbox\"{checked} disabled=\"\"> ");
        }
        self.blocks(&item.blocks, tight);
        self.html.push_str("</li>\n");
    }

    fn code(&mut self, code: &Code) {
        let class =
            code.language.as_deref().map(|it| format!(" class=\"language-{}\"", escape(it)));
        let class = class.unwrap_or_default();
        let text = escape(&code.text);
        let end = if text.is_empty() { "" } else { "\n" };
        // The first line end in `pre` is not content, so one more is needed where content begins with one.
        let start = if text.starts_with('\n') { "\n" } else { "" };
        let _ = writeln!(self.html, "<pre>{start}<code{class}>{text}{end}</code></pre>");
    }

    fn image_block(&mut self, image: &Image, caption: &[Inline], tight: bool) {
        if caption.is_empty() {
            let (start, end) = if tight { ("", "") } else { ("<p>", "</p>\n") };
            return self.tagged(start, end, |it| it.image(image));
        }
        self.tagged("<figure>", "</figcaption></figure>\n", |it| {
            it.image(image);
            it.html.push_str("<figcaption>");
            it.inlines(caption);
        });
    }

    fn image(&mut self, image: &Image) {
        let Some(shown) = self.context.image(image) else {
            return self.html.push_str(&escape(&image.alt));
        };
        self.html.push_str(&image_tag(image, &shown));
    }

    fn table(&mut self, table: &Table) {
        self.html.push_str("<table>\n");
        if table.rows.is_empty() || table.header.iter().any(|cell| !cell.is_empty()) {
            self.tagged("<thead>\n", "</thead>\n", |it| it.row(&table.header, table, "th"));
        }
        if !table.rows.is_empty() {
            self.tagged("<tbody>\n", "</tbody>\n", |it| {
                for row in &table.rows {
                    it.row(row, table, "td");
                }
            });
        }
        self.html.push_str("</table>\n");
    }

    fn row(&mut self, cells: &[Vec<Inline>], table: &Table, tag: &str) {
        self.html.push_str("<tr>");
        for (cell, alignment) in cells.iter().zip(&table.alignments) {
            let align = alignment.name().map(|it| format!(" align=\"{it}\"")).unwrap_or_default();
            let start = format!("<{tag}{align}>");
            self.tagged(&start, &format!("</{tag}>"), |it| it.inlines(cell));
        }
        self.html.push_str("</tr>\n");
    }

    fn embed(&mut self, url: &str) {
        self.html.push_str("<figure class=\"embed\">");
        match self.context.embed(url) {
            Some(html) => self.html.push_str(&sanitise_html(&html)),
            None => {
                let url = escape(url);
                let _ = write!(self.html, "<a href=\"{url}\">{url}</a>");
            }
        }
        self.html.push_str("</figure>\n");
    }

    fn footnotes(&mut self, document: &Document) {
        let mut notes: Vec<_> = document
            .blocks
            .iter()
            .filter_map(|block| Some((*self.numbers.get(label_of(block)?)?, block)))
            .collect();
        if notes.is_empty() {
            return;
        }
        smartcms_domain::sorting::sort_by_key(&mut notes, |(number, _)| *number);
        self.html.push_str("<section class=\"footnotes\">\n<ol>\n");
        for (_, block) in notes {
            let BlockKind::Footnote { label, blocks } = &block.kind else { continue };
            let label = escape(label);
            let _ = write!(self.html, "<li id=\"fn-{label}\">");
            self.blocks(blocks, false);
            let _ = writeln!(
                self.html,
                "<a href=\"#fnref-{label}\" class=\"footnote-backref\" aria-label=\"Back to the text\">↩</a></li>"
            );
        }
        self.html.push_str("</ol>\n</section>\n");
    }

    fn inlines(&mut self, content: &[Inline]) {
        let begin = self.html.len();
        for step in steps(content) {
            match step {
                Step::Open(mark) => open(&mut self.html, mark),
                Step::Close(mark) => {
                    let _ = write!(self.html, "</{}>", tag_of(mark));
                }
                Step::Piece(index) => {
                    if let Some(inline) = content.get(index) {
                        self.piece(&inline.kind);
                    }
                }
            }
        }
        // A raw tag left open must not reach into the next block.
        if content.iter().any(|it| matches!(it.kind, InlineKind::Html(_))) {
            let run = self.html.split_off(begin);
            self.html.push_str(&sanitise_html_whole(&run));
        }
    }

    fn piece(&mut self, kind: &InlineKind) {
        match kind {
            InlineKind::Text(text) => self.html.push_str(&escape(text)),
            InlineKind::Break => self.html.push_str("<br>"),
            InlineKind::Image(image) => self.image(image),
            InlineKind::FootnoteReference(label) => self.reference(label),
            InlineKind::Html(html) => self.html.push_str(html),
            InlineKind::Unknown(_) => {}
        }
    }

    fn reference(&mut self, label: &str) {
        let Some(number) = self.numbers.get(label).copied() else { return };
        let count = self.references.entry(label.to_owned()).or_insert(0);
        *count += 1;
        let nth = if *count == 1 { String::new() } else { format!("-{count}") };
        let label = escape(label);
        let _ = write!(
            self.html,
            "<sup class=\"footnote-ref\"><a href=\"#fn-{label}\" id=\"fnref-{label}{nth}\">{number}</a></sup>"
        );
    }
}

fn open(html: &mut String, mark: &Mark) {
    let Mark::Link { href, title } = mark else {
        let _ = write!(html, "<{}>", tag_of(mark));
        return;
    };
    let _ = write!(html, "<a href=\"{}\"", escape(href));
    attribute(html, "title", title.as_deref());
    html.push('>');
}

fn image_tag(image: &Image, shown: &ImageTag) -> String {
    let mut html = format!("<img src=\"{}\"", escape(&shown.src));
    let alt = if image.alt.is_empty() { shown.alt.as_deref() } else { None };
    attribute(&mut html, "alt", Some(alt.unwrap_or(&image.alt)));
    attribute(&mut html, "title", image.title.as_deref());
    attribute(&mut html, "srcset", shown.srcset.as_deref());
    attribute(&mut html, "sizes", shown.sizes.as_deref());
    attribute(&mut html, "width", shown.width.map(|it| it.to_string()).as_deref());
    attribute(&mut html, "height", shown.height.map(|it| it.to_string()).as_deref());
    if shown.width.is_some() {
        attribute(&mut html, "loading", Some("lazy"));
    }
    if let ImageSource::Asset(id) = &image.source {
        attribute(&mut html, "data-asset", Some(id));
    }
    html.push('>');
    html
}

fn attribute(html: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(html, " {name}=\"{}\"", escape(value));
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
