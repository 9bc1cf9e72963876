//! Cards: the parts of a Ghost document that are no text. Mobiledoc and Lexical name and fill them nearly alike.

use serde_json::Value;

use super::cards_embed::embedded;
use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;
use crate::wordpress::Converted;

/// A value of a card as text; the first name that has one.
pub(super) fn value<'a>(card: &'a Value, names: &[&str]) -> &'a str {
    names
        .iter()
        .find_map(|name| card.get(*name)?.as_str().filter(|it| !it.is_empty()))
        .unwrap_or_default()
}

/// Whether somebody who reads the site without being a member saw a card.
fn is_public(card: &Value) -> bool {
    let Some(visibility) = card.get("visibility") else { return true };
    let is = |path: &str| visibility.pointer(path).and_then(Value::as_bool);
    is("/web/nonMember").or_else(|| is("/showOnWeb")).unwrap_or(true)
}

/// The HTML of a card; unknown ones are noted, and keep what HTML they hold.
pub(super) fn card(name: &str, card: &Value, converted: &mut Converted) {
    if !is_public(card) {
        return leave(name, "only members or readers of mails saw it", converted);
    }
    let html = match name {
        "email" | "email-cta" => {
            return leave(name, "it was only in mails and never on the site", converted);
        }
        "signup" => return leave(name, "the site has no members who could sign up", converted),
        "image" => figure(card),
        "gallery" => gallery(card),
        "html" => value(card, &["html"]).to_owned(),
        "markdown" | "card-markdown" => markdown(card),
        "code" | "codeblock" => code(card),
        "hr" | "horizontalrule" => "<hr>".to_owned(),
        "callout" => callout(card),
        "toggle" => toggle(card),
        "button" => link_paragraph(value(card, &["buttonUrl"]), value(card, &["buttonText"])),
        "header" => header(card),
        "call-to-action" => call_to_action(card),
        "bookmark" | "embed" | "video" | "audio" | "file" | "product" => embedded(name, card),
        "paywall" => {
            let message = "the paywall went: everything below it is part of the text";
            converted.notes.push((NoteKind::BlockLeft, message.to_owned()));
            return;
        }
        _ => return unknown(name, card, converted),
    };
    converted.html.push_str(&html);
    converted.html.push('\n');
}

/// What must not be seen by everybody goes.
fn leave(name: &str, why: &str, converted: &mut Converted) {
    converted.notes.push((NoteKind::BlockLeft, format!("the card `{name}` was left: {why}")));
}

fn unknown(name: &str, card: &Value, converted: &mut Converted) {
    let html = value(card, &["html"]);
    if html.is_empty() {
        let message = format!("the card `{name}` is not known here; it is kept as data");
        converted.notes.push((NoteKind::BlockKept, message));
        converted.kept.push(format!("{name}: {card}"));
        return;
    }
    let message = format!("the card `{name}` is not known here; its HTML is kept");
    converted.notes.push((NoteKind::BlockKept, message));
    converted.html.push_str(html);
    converted.html.push('\n');
}

fn figure(card: &Value) -> String {
    let src = value(card, &["src"]);
    if src.is_empty() {
        return String::new();
    }
    let (src, alt) = (escape_attribute(src), escape_attribute(value(card, &["alt", "altText"])));
    let image = format!("<img src=\"{src}\" alt=\"{alt}\">");
    let image = match value(card, &["href"]) {
        "" => image,
        href => format!("<a href=\"{}\">{image}</a>", escape_attribute(href)),
    };
    format!("<figure>{image}{}</figure>", caption(card))
}

/// Captions are HTML of Ghost's editor.
pub(super) fn caption(card: &Value) -> String {
    match value(card, &["caption"]) {
        "" => String::new(),
        caption => format!("<figcaption>{caption}</figcaption>"),
    }
}

fn gallery(card: &Value) -> String {
    let images =
        card.get("images").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut figures: Vec<String> = images.iter().map(figure).collect();
    if let (Some(last), caption) = (figures.last_mut(), caption(card))
        && !caption.is_empty()
    {
        *last = last.replace("</figure>", &format!("{caption}</figure>"));
    }
    figures.join("\n")
}

fn markdown(card: &Value) -> String {
    smartcms_app::rendering::markdown_to_html(value(card, &["markdown"]))
}

fn code(card: &Value) -> String {
    let language = value(card, &["language"]);
    let class = match language {
        "" => String::new(),
        language => format!(" class=\"language-{}\"", escape_attribute(language)),
    };
    let pre = format!("<pre><code{class}>{}</code></pre>", escape_text(value(card, &["code"])));
    match caption(card).as_str() {
        "" => pre,
        caption => format!("<figure>{pre}{caption}</figure>"),
    }
}

fn callout(card: &Value) -> String {
    let emoji = value(card, &["calloutEmoji"]);
    let text = value(card, &["calloutText"]);
    let text = format!("{} {text}", escape_text(emoji));
    let text = text.trim();
    let wrapped = if text.starts_with('<') { text.to_owned() } else { format!("<p>{text}</p>") };
    format!("<div class=\"note\">{wrapped}</div>")
}

fn toggle(card: &Value) -> String {
    let (heading, content) = (value(card, &["heading"]), value(card, &["content"]));
    format!("<details><summary>{heading}</summary>{content}</details>")
}

fn call_to_action(card: &Value) -> String {
    let image = value(card, &["imageUrl"]);
    let image = if image.is_empty() {
        String::new()
    } else {
        format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape_attribute(image))
    };
    let button = link_paragraph(value(card, &["buttonUrl"]), value(card, &["buttonText"]));
    let text = value(card, &["textValue"]);
    let text = if text.is_empty() || text.starts_with("<p") {
        text.to_owned()
    } else {
        format!("<p>{text}</p>")
    };
    format!("{image}{text}{button}")
}

fn header(card: &Value) -> String {
    let image = value(card, &["backgroundImageSrc"]);
    let image = if image.is_empty() {
        String::new()
    } else {
        format!("<figure><img src=\"{}\" alt=\"\"></figure>\n", escape_attribute(image))
    };
    let heading = format!("<h2>{}</h2>", value(card, &["header", "heading"]));
    let below = value(card, &["subheader", "subheading"]);
    let below = if below.is_empty() { String::new() } else { format!("\n<p>{below}</p>") };
    let button = link_paragraph(value(card, &["buttonUrl"]), value(card, &["buttonText"]));
    format!("{image}{heading}{below}{button}")
}

pub(super) fn link_paragraph(url: &str, label: &str) -> String {
    if url.is_empty() {
        return String::new();
    }
    let label = if label.is_empty() { url } else { label };
    format!("<p><a href=\"{}\">{}</a></p>", escape_attribute(url), escape_text(label))
}
