//! Cards that show something from elsewhere, as links and players.

use serde_json::Value;

use super::cards::{caption, link_paragraph, value};
use crate::html::{escape_attribute, escape_text};

pub(super) fn embedded(name: &str, card: &Value) -> String {
    match name {
        "bookmark" => bookmark(card),
        "embed" => {
            let shown = match value(card, &["url"]) {
                // Old embeds have nothing but their frame, of which a link is made later.
                "" => value(card, &["html"]).to_owned(),
                url => crate::wordpress::embedded(url),
            };
            format!("{shown}{}", caption_paragraph(card))
        }
        "video" => player("video", card),
        "audio" => player("audio", card),
        "file" => {
            let link =
                link_paragraph(value(card, &["src"]), value(card, &["fileTitle", "fileName"]));
            match value(card, &["fileCaption"]) {
                "" => link,
                words => format!("{link}\n<p>{words}</p>"),
            }
        }
        _ => product(card),
    }
}

fn bookmark(card: &Value) -> String {
    let empty = Value::Null;
    let about = card.get("metadata").unwrap_or(&empty);
    let title = Some(value(about, &["title"])).filter(|it| !it.is_empty());
    let link = link_paragraph(value(card, &["url"]), title.unwrap_or(value(card, &["title"])));
    let words = value(about, &["description"]);
    let words =
        if words.is_empty() { String::new() } else { format!("<p>{}</p>", escape_text(words)) };
    if words.is_empty() {
        return format!("{link}{}", caption_paragraph(card));
    }
    format!("<blockquote>{link}{words}</blockquote>{}", caption_paragraph(card))
}

fn caption_paragraph(card: &Value) -> String {
    match value(card, &["caption"]) {
        "" => String::new(),
        words => format!("\n<p>{words}</p>"),
    }
}

fn player(element: &str, card: &Value) -> String {
    let src = value(card, &["src"]);
    if src.is_empty() {
        return String::new();
    }
    let src = escape_attribute(src);
    format!("<figure><{element} controls src=\"{src}\"></{element}>{}</figure>", caption(card))
}

fn product(card: &Value) -> String {
    let title = format!("<h3>{}</h3>", value(card, &["productTitle"]));
    let image = value(card, &["productImageSrc"]);
    let image = if image.is_empty() {
        String::new()
    } else {
        format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape_attribute(image))
    };
    let button = link_paragraph(value(card, &["productUrl"]), value(card, &["productButton"]));
    format!("{image}{title}{}{button}", value(card, &["productDescription"]))
}
