//! HTML as text: enough of it to find tags, addresses and words. What is stored is parsed and sanitised elsewhere.

mod entities;
mod scan;
mod urls;

pub(crate) use entities::{decode_entities, decode_percent, escape_attribute, escape_text};
pub(crate) use scan::{Tag, attributes_of, tags};
pub(crate) use urls::rewrite_urls;

/// The words of a piece of HTML, with single spaces.
pub(crate) fn plain_text(html: &str) -> String {
    if !html.contains(['<', '&', '\n', '\t']) && !html.contains("  ") {
        return html.trim().to_owned();
    }
    let mut text = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html) {
        text.push_str(html.get(at..tag.start).unwrap_or_default());
        if !is_inline(tag.name) {
            text.push(' ');
        }
        at = tag.end;
    }
    text.push_str(html.get(at..).unwrap_or_default());
    let text = decode_entities(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_inline(name: &str) -> bool {
    ["a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u"]
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn plain_text_has_no_tags_and_no_entities() {
        assert_eq!(plain_text("Tom &amp; <em>Jerry</em>&#8217;s"), "Tom & Jerry’s");
        assert_eq!(plain_text("<p>a</p>\n<p>b</p>"), "a b");
        assert_eq!(plain_text("1 < 2 and a<b"), "1 < 2 and a<b");
        assert_eq!(plain_text("a<!-- x > y -->b"), "a b");
    }
}
