//! A few words of an entry, for lists and previews.

use smartcms_app::rendering::markdown_to_safe_html;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::Fields;

/// The field in which an author writes an excerpt.
const EXCERPT_FIELD: &str = "excerpt";
/// The longest excerpt that is made from a body, in characters.
const EXCERPT_LEN_MAX: usize = 200;
/// How much of a body is looked at for it, in characters.
const BODY_LEN_LOOKED_AT: usize = 2_000;

/// What the author wrote as the excerpt.
pub(crate) fn written_excerpt(fields: &Fields) -> Option<String> {
    let text = fields.text(EXCERPT_FIELD)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The excerpt of an entry: the author's, or the beginning of the body.
pub(crate) fn excerpt(definition: &CollectionDefinition, fields: &Fields) -> Option<String> {
    written_excerpt(fields).or_else(|| beginning(definition, fields))
}

fn beginning(definition: &CollectionDefinition, fields: &Fields) -> Option<String> {
    let field = definition.field(definition.body.as_ref()?.as_str())?;
    let body: String = fields.text(field.name.as_str())?.chars().take(BODY_LEN_LOOKED_AT).collect();
    let text = match field.kind {
        FieldKind::Markdown => plain_text(&markdown_to_safe_html(&body)),
        _ => body,
    };
    shortened(&text)
}

/// The text of the paragraphs of sanitised HTML: lists, headings and code say little by their words alone.
fn plain_text(html: &str) -> String {
    let (body, _footnotes) = html.split_once("<section").unwrap_or((html, ""));
    let paragraphs = body.split("<p>").skip(1);
    let paragraphs = paragraphs.map(|it| it.split_once("</p>").map_or(it, |(text, _)| text));
    let text: Vec<String> = paragraphs.map(without_tags).collect();
    text.join(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else { return text };
        let name = tag.split_ascii_whitespace().next().unwrap_or_default();
        // The number of a footnote belongs to no sentence.
        rest = match name {
            "sup" => after.split_once("</sup>").map_or("", |(_, after)| after),
            _ => after,
        };
        text.push_str(if is_inline(name) { "" } else { " " });
    }
    text.push_str(rest);
    text
}

fn is_inline(name: &str) -> bool {
    matches!(
        name.trim_start_matches('/'),
        "a" | "b" | "strong" | "i" | "em" | "code" | "del" | "s" | "span" | "kbd" | "mark" | "sup"
    )
}

/// The beginning of a text, cut between words.
fn shortened(text: &str) -> Option<String> {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.chars().count() + word.chars().count() >= EXCERPT_LEN_MAX {
            let end = short.trim_end_matches([',', ';', ':', '–', '-']).len();
            short.truncate(end);
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    (!short.is_empty() && short != "…").then_some(short)
}

#[cfg(test)]
mod tests {
    use super::{EXCERPT_LEN_MAX, excerpt};
    use smartcms_testkit::builders::{fields, posts};

    #[track_caller]
    fn check(body: &str, expected: Option<&str>) {
        let fields = fields(serde_json::json!({ "title": "T", "body": body }));
        assert_eq!(excerpt(&posts(), &fields).as_deref(), expected);
    }

    #[test]
    fn an_excerpt_is_the_text_of_the_beginning() {
        check(
            "# Head\n\nSome *nice* [text](/a) & `code`[^1].\n\n[^1]: note",
            Some("Some nice text & code."),
        );
        check("<script>x</script>", None);
        check("", None);
        check("```\ncode\n```\n", None);
        check("- a\n- b\n\nAfter\nthe list\n\nand on", Some("After the list and on"));
    }

    #[test]
    fn a_long_beginning_is_cut_between_words() {
        let fields =
            fields(serde_json::json!({ "title": "T", "body": "some words, ".repeat(100) }));
        let excerpt = excerpt(&posts(), &fields).unwrap();
        assert!(excerpt.chars().count() <= EXCERPT_LEN_MAX, "{excerpt}");
        assert!(excerpt.ends_with("words…") || excerpt.ends_with("some…"), "{excerpt}");
    }
}
