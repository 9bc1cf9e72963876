//! What a document may hold: the same rules on every way in.

use smartcms_domain::blocks::{
    Block, BlockKind, Document, Image, ImageSource, Inline, InlineKind, Mark, is_web_address,
    safe_address,
};

use super::super::source::{sanitise_html_piece, sanitise_tags};

/// A document that holds nothing that could act: raw HTML is sanitised, links that lead to other schemes than web,
/// mail and telephone become text, and images and embeds of such addresses become their text.
///
/// Data of plugins' and of unknown blocks is kept as it is: it is never shown without passing the sanitiser.
pub fn sanitise_blocks(mut document: Document) -> Document {
    blocks(&mut document.blocks);
    document.normalise();
    document
}

fn blocks(list: &mut [Block]) {
    for block in list {
        kind(&mut block.kind);
    }
}

fn kind(kind: &mut BlockKind) {
    match kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => inlines(content),
        BlockKind::List(list) => {
            for item in &mut list.items {
                blocks(&mut item.blocks);
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Callout { blocks: inner, .. }
        | BlockKind::Footnote { blocks: inner, .. } => blocks(inner),
        BlockKind::Image { image, caption } => {
            inlines(caption);
            if !is_safe(image) {
                let mut content = vec![Inline::text(std::mem::take(&mut image.alt))];
                content.extend((!caption.is_empty()).then(|| Inline::plain(InlineKind::Break)));
                content.append(caption);
                *kind = BlockKind::Paragraph(content);
            }
        }
        BlockKind::Table(table) => {
            for cell in table.header.iter_mut().chain(table.rows.iter_mut().flatten()) {
                inlines(cell);
            }
        }
        BlockKind::Embed { url } => {
            if !is_web_address(url) {
                *kind = BlockKind::Paragraph(vec![Inline::text(std::mem::take(url))]);
            }
        }
        BlockKind::Html(html) => *html = sanitise_html_piece(html),
        BlockKind::Code(_) | BlockKind::Divider | BlockKind::Plugin { .. } => {}
        BlockKind::Unknown(_) => {}
    }
}

fn inlines(content: &mut Vec<Inline>) {
    content.retain_mut(|inline| {
        inline.marks.retain(|mark| match mark {
            Mark::Link { href, .. } => safe_address(href).is_some(),
            _ => true,
        });
        match &mut inline.kind {
            InlineKind::Html(html) => {
                *html = sanitise_tags(html);
                !html.is_empty()
            }
            InlineKind::Image(image) if !is_safe(image) => {
                inline.kind = InlineKind::Text(std::mem::take(&mut image.alt));
                true
            }
            _ => true,
        }
    });
}

fn is_safe(image: &Image) -> bool {
    match &image.source {
        ImageSource::Asset(_) => true,
        ImageSource::Url(url) => safe_address(url).is_some(),
    }
}
