//! A document as JSON: values that are the usual ones are left out.

use serde_json::{Map, Value, json};

use super::block::{Block, BlockKind, Code, Image, ImageSource, List, ListItem, ListStyle, Table};
use super::document::{Document, VERSION};
use super::inline::{Inline, InlineKind, Mark, SIMPLE_MARKS};

type Object = Map<String, Value>;

pub(super) fn document(document: &Document) -> Value {
    json!({ "version": VERSION, "blocks": blocks(&document.blocks) })
}

fn blocks(list: &[Block]) -> Value {
    list.iter().map(block).collect()
}

pub(super) fn block(block: &Block) -> Value {
    let mut object = match &block.kind {
        BlockKind::Unknown(map) => map.clone(),
        kind => known(kind),
    };
    if !block.id.is_unset() {
        object.insert("id".to_owned(), block.id.as_str().into());
    }
    Value::Object(object)
}

fn known(kind: &BlockKind) -> Object {
    match kind {
        BlockKind::Paragraph(content) => object("paragraph", [("content", inlines(content))]),
        BlockKind::Heading { level, content } => {
            object("heading", [("level", (*level).into()), ("content", inlines(content))])
        }
        BlockKind::List(it) => list(it),
        BlockKind::Quote(inner) => object("quote", [("blocks", blocks(inner))]),
        BlockKind::Code(it) => code(it),
        BlockKind::Divider => object("divider", []),
        BlockKind::Image { image: it, caption } => {
            let mut object = image(it);
            if !caption.is_empty() {
                object.insert("caption".to_owned(), inlines(caption));
            }
            object
        }
        BlockKind::Table(it) => table(it),
        BlockKind::Embed { url } => object("embed", [("url", url.as_str().into())]),
        BlockKind::Html(html) => object("html", [("html", html.as_str().into())]),
        BlockKind::Callout { tone, title, blocks: inner } => {
            let mut object =
                object("callout", [("tone", tone.name().into()), ("blocks", blocks(inner))]);
            insert_text(&mut object, "title", title.as_deref());
            object
        }
        BlockKind::Footnote { label, blocks: inner } => {
            object("footnote", [("label", label.as_str().into()), ("blocks", blocks(inner))])
        }
        BlockKind::Plugin { name, data } => object(name.as_str(), [("data", data.clone())]),
        BlockKind::Unknown(map) => map.clone(),
    }
}

fn object<const N: usize>(name: &str, members: [(&str, Value); N]) -> Object {
    let named = std::iter::once(("type", Value::from(name)));
    named.chain(members).map(|(key, value)| (key.to_owned(), value)).collect()
}

fn insert_text(object: &mut Object, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), text.into());
    }
}

fn list(list: &List) -> Object {
    let style = match list.style {
        ListStyle::Bulleted => "bulleted",
        ListStyle::Numbered { .. } => "numbered",
    };
    let items = list.items.iter().map(item).collect();
    let mut object = object("list", [("style", style.into()), ("items", items)]);
    if let ListStyle::Numbered { start } = list.style
        && start != 1
    {
        object.insert("start".to_owned(), start.into());
    }
    if !list.tight {
        object.insert("tight".to_owned(), false.into());
    }
    object
}

fn item(item: &ListItem) -> Value {
    let mut object = Object::new();
    if let Some(checked) = item.checked {
        object.insert("checked".to_owned(), checked.into());
    }
    object.insert("blocks".to_owned(), blocks(&item.blocks));
    Value::Object(object)
}

fn code(code: &Code) -> Object {
    let mut object = object("code", [("text", code.text.as_str().into())]);
    insert_text(&mut object, "language", code.language.as_deref());
    insert_text(&mut object, "info", code.info.as_deref());
    object
}

fn image(image: &Image) -> Object {
    let mut object = object("image", []);
    match &image.source {
        ImageSource::Asset(id) => object.insert("asset".to_owned(), id.as_str().into()),
        ImageSource::Url(url) => object.insert("url".to_owned(), url.as_str().into()),
    };
    object.insert("alt".to_owned(), image.alt.as_str().into());
    insert_text(&mut object, "title", image.title.as_deref());
    object
}

fn table(table: &Table) -> Object {
    let alignments = table.alignments.iter().map(|it| Value::from(it.name())).collect();
    let row = |cells: &Vec<Vec<Inline>>| cells.iter().map(|cell| inlines(cell)).collect::<Value>();
    let rows = table.rows.iter().map(row).collect();
    object("table", [("alignments", alignments), ("header", row(&table.header)), ("rows", rows)])
}

fn inlines(content: &[Inline]) -> Value {
    content.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> Value {
    let mut object = match &inline.kind {
        InlineKind::Text(text) => object("text", [("text", text.as_str().into())]),
        InlineKind::Break => object("break", []),
        InlineKind::Image(it) => image(it),
        InlineKind::FootnoteReference(label) => {
            object("footnote_reference", [("label", label.as_str().into())])
        }
        InlineKind::Html(html) => object("html", [("html", html.as_str().into())]),
        InlineKind::Unknown(map) => map.clone(),
    };
    if !inline.marks.is_empty() {
        object.insert("marks".to_owned(), inline.marks.iter().map(mark).collect());
    }
    Value::Object(object)
}

fn mark(mark: &Mark) -> Value {
    if let Mark::Link { href, title } = mark {
        let mut object = object("link", [("href", href.as_str().into())]);
        insert_text(&mut object, "title", title.as_deref());
        return Value::Object(object);
    }
    let name = SIMPLE_MARKS.iter().find(|(_, it)| it == mark).map_or("", |(name, _)| *name);
    Value::Object(object(name, []))
}
