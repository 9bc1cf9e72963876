//! Figures in Markdown: images with words beneath them, and what is shown from elsewhere. Markdown has no signs for
//! them, so they are HTML that every reader of Markdown shows.

use std::fmt::Write as _;

use smartcms_domain::blocks::{Image, ImageSource, Inline, InlineKind, Mark};

use super::inline_tags::tag_of;
use super::runs::{Step, steps};

/// An image with its caption, on one line; `None` when the caption holds what HTML does not.
pub(super) fn image(image: &Image, caption: &[Inline]) -> Option<String> {
    let mut html = String::from("<figure>");
    image_tag(image, &mut html);
    html.push_str("<figcaption>");
    for step in steps(caption) {
        match step {
            Step::Open(Mark::Link { href, title }) => {
                let _ = write!(html, "<a href=\"{}\"", escape(href)); // Writing to a string cannot fail.
                attribute(&mut html, "title", title.as_deref());
                html.push('>');
            }
            Step::Open(mark) => drop(write!(html, "<{}>", tag_of(mark))),
            Step::Close(mark) => drop(write!(html, "</{}>", tag_of(mark))),
            Step::Piece(index) => match &caption.get(index)?.kind {
                InlineKind::Text(text) => html.push_str(&escape(text)),
                InlineKind::Break => html.push_str("<br>"),
                InlineKind::Image(image) => image_tag(image, &mut html),
                InlineKind::Html(raw) => html.push_str(raw),
                InlineKind::FootnoteReference(_) | InlineKind::Unknown(_) => return None,
            },
        }
    }
    html.push_str("</figcaption></figure>");
    Some(html)
}

/// What stands at an address elsewhere.
pub(super) fn embed(url: &str) -> String {
    let url = escape(url);
    format!("<figure class=\"embed\"><a href=\"{url}\">{url}</a></figure>")
}

fn image_tag(image: &Image, html: &mut String) {
    html.push_str("<img");
    match &image.source {
        ImageSource::Asset(id) => attribute(html, "data-asset", Some(id)),
        ImageSource::Url(url) => attribute(html, "src", Some(url)),
    }
    attribute(html, "alt", Some(&image.alt).filter(|it| !it.is_empty()).map(String::as_str));
    attribute(html, "title", image.title.as_deref());
    html.push('>');
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
