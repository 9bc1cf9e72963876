//! Raw HTML inside Markdown, sanitised before it is stored.
//!
//! The page is sanitised again when it is shown; this keeps what could act out of the stored text too, for
//! everyone who reads it by other roads. The Markdown around the HTML is left as its author wrote it.

use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;
use comrak::nodes::{NodeValue, Sourcepos};
use comrak::{Arena, parse_document};

use super::html::builder;
use super::markdown::OPTIONS;

static STORED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder();
    builder.link_rel(None);
    builder
});

/// Block kinds of CommonMark 0.31 §4.6: 1 is script, style, pre and textarea; 2 to 5 are comments and
/// declarations, which never reach a reader.
const RAW_TEXT_BLOCK: u8 = 1;
const DECLARATION_BLOCKS: std::ops::RangeInclusive<u8> = 2..=5;

/// Markdown whose raw HTML holds nothing that could act.
pub fn sanitise_markdown(markdown: &str) -> String {
    // Without a `<` there is no raw HTML: most texts end here.
    if !markdown.contains('<') {
        return markdown.to_owned();
    }
    let mut replacements = replacements_in(markdown);
    smartcms_domain::sorting::sort_by_key(&mut replacements, |(range, _)| {
        std::cmp::Reverse(range.start)
    });
    let mut text = markdown.to_owned();
    for (range, replacement) in replacements {
        text.replace_range(range, &replacement);
    }
    text
}

fn replacements_in(markdown: &str) -> Vec<(Range<usize>, String)> {
    let arena = Arena::new();
    let lines = line_starts(markdown);
    let root = parse_document(&arena, markdown, &OPTIONS);
    let mut found = Vec::new();
    for node in root.descendants() {
        let data = node.data.borrow();
        let (literal, cleaned) = match &data.value {
            NodeValue::HtmlInline(literal) => (literal, clean_tags(literal)),
            NodeValue::HtmlBlock(block) if DECLARATION_BLOCKS.contains(&block.block_type) => {
                continue;
            }
            NodeValue::HtmlBlock(block) if block.block_type == RAW_TEXT_BLOCK => {
                (&block.literal, STORED.clean(&block.literal).to_string())
            }
            NodeValue::HtmlBlock(block) => (&block.literal, clean_tags(&block.literal)),
            _ => continue,
        };
        if *literal != cleaned {
            found.extend(replacement(markdown, &lines, data.sourcepos, literal, cleaned));
        }
    }
    found
}

/// Where the HTML stands in the source. Inside quotes and lists a block's source has prefixes that its literal has
/// not: there its `<` are escaped instead, which makes it text.
fn replacement(
    markdown: &str,
    lines: &[usize],
    position: Sourcepos,
    literal: &str,
    cleaned: String,
) -> Option<(Range<usize>, String)> {
    let start =
        lines.get(position.start.line.checked_sub(1)?)? + position.start.column.checked_sub(1)?;
    let exact = start..start + literal.len();
    if markdown.get(exact.clone()) == Some(literal) {
        return Some((exact, cleaned));
    }
    let end = lines.get(position.end.line).copied().unwrap_or(markdown.len());
    let source = markdown.get(start..end)?;
    Some((start..end, source.replace('<', "&lt;")))
}

fn line_starts(text: &str) -> Vec<usize> {
    let after_ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_ends).collect()
}

/// Raw HTML of a block, whose tags may open here and close in another. A comment alone stays: no reader sees it.
pub(super) fn sanitise_html_piece(html: &str) -> String {
    let trimmed = html.trim();
    let comment = trimmed.strip_prefix("<!--").and_then(|it| it.strip_suffix("-->"));
    if comment.is_some_and(|it| !it.contains("--") && !it.starts_with(['>', '-'])) {
        return html.to_owned();
    }
    let lower = html.to_ascii_lowercase();
    let has_raw_text = ["<script", "<style", "<textarea", "<pre", "<title", "<xmp"]
        .iter()
        .any(|it| lower.contains(it));
    if has_raw_text { sanitise_html_whole(html) } else { clean_tags(html) }
}

/// Raw tags in text, each cleaned for itself.
pub(super) fn sanitise_tags(html: &str) -> String {
    clean_tags(html)
}

/// HTML that is whole: what is open at its end is closed.
pub(super) fn sanitise_html_whole(html: &str) -> String {
    STORED.clean(html).to_string()
}

/// Cleans each tag for itself, so that a tag may open in one piece and close in another.
fn clean_tags(html: &str) -> String {
    let mut cleaned = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        cleaned.push_str(before);
        let len = tag_len(after);
        let (tag, next) = after.split_at(len);
        cleaned.push_str(&clean_tag(tag));
        rest = next;
    }
    cleaned.push_str(rest);
    cleaned
}

/// The length of a tag up to its `>`, which is included, whether or not the text begins with its `<`; all of the text
/// when it has none.
pub(super) fn tag_len(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// One tag, without its `<`: as it may be stored, or nothing.
fn clean_tag(tag: &str) -> String {
    let closing = tag.strip_prefix('/');
    let name = closing.unwrap_or(tag);
    let name: String =
        name.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    if closing.is_some() {
        let kept = STORED.clone_tags().contains(name.as_str());
        return if kept { format!("</{name}>") } else { String::new() };
    }
    let opened = STORED.clean(&format!("<{tag}")).to_string();
    // The parser wraps parts of tables and the like away from their place: those tags stay only without attributes.
    if opened.is_empty() && STORED.clone_tags().contains(name.as_str()) {
        return format!("<{name}>");
    }
    let close = format!("</{name}>");
    opened.strip_suffix(&close).unwrap_or(&opened).to_owned()
}

#[cfg(test)]
mod tests {
    use super::sanitise_markdown;
    use crate::rendering::{markdown_to_html, sanitise_html};

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        assert_eq!(sanitise_markdown(markdown), expected);
    }

    #[test]
    fn scripts_and_handlers_are_not_stored() {
        check("a\n\n<script>alert(1)</script>\n\nb", "a\n\n\n\nb");
        check("hi <img src=\"/a.png\" onerror=\"x()\"> you", "hi <img src=\"/a.png\"> you");
        check("<div onclick=\"x()\">a</div>\n", "<div>a</div>\n");
        check("a <script>x</script> b", "a x b");
    }

    #[test]
    fn markdown_and_harmless_html_stay_as_they_were_written() {
        for text in [
            "# A < B & C > D\n\n`<script>` in code\n\n```html\n<script>alert(1)</script>\n```\n",
            "<details>\n<summary>More</summary>\n\n*text*\n\n</details>\n",
            "a <b>bold</b> move, 1 < 2, <https://example.com>\n\n<!-- more -->\n",
            "| a | b |\n|---|---|\n| <b>x</b> | y |\n",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn html_inside_a_quote_becomes_text() {
        let stored = sanitise_markdown("> <script>\n> alert(1)\n> </script>\n");
        assert!(!stored.contains('<'), "{stored}");
    }

    #[test]
    fn what_is_stored_shows_no_script() {
        for text in [
            "<sc<script>ript>alert(1)</script>",
            "<img src=x onerror='a>b'>",
            "<a href=\"x\" \"<b onclick=y>",
        ] {
            let shown = sanitise_html(&markdown_to_html(&sanitise_markdown(text)));
            assert!(
                !shown.contains("<script")
                    && !shown.contains("onerror=")
                    && !shown.contains("onclick="),
                "{shown}"
            );
        }
    }
}
