//! The HTML of a body, made good for everyone who reads it.

use crate::headings::{Heading, outlined};

/// From this many headings on, a page has a table of contents.
const CONTENTS_FROM_HEADINGS: usize = 3;

/// A body as a page shows it.
pub(crate) struct Body {
    pub(crate) html: String,
    /// Empty where a table of contents would not help.
    pub(crate) contents: Vec<Heading>,
}

/// Markdown's own HTML, for everyone: code and tables that are wider than the screen can be scrolled by those who use
/// no mouse, boxes of task lists say what they mean to those who do not see them, images wait until they are near.
/// All of them do where another one stands before the body.
pub(crate) fn readable(html: &str, has_image_before: bool) -> Body {
    // An author or a plugin who made a table of contents gets no second one.
    let has_contents = html.contains("<nav class=\"toc\"");
    let (html, mut contents) = outlined(html);
    if has_contents || contents.len() < CONTENTS_FROM_HEADINGS {
        contents.clear();
    }
    let html = replaced(html, "<pre>", "<pre tabindex=\"0\">");
    let html = replaced(
        html,
        "<table>",
        "<div class=\"table\" role=\"region\" aria-label=\"Table\" tabindex=\"0\"><table>",
    );
    let html = replaced(html, "</table>", "</table></div>");
    let html = boxes(html);
    Body { html: images(&html, has_image_before), contents }
}

/// Most bodies have no tables and no tasks: those are not copied.
fn replaced(html: String, from: &str, to: &str) -> String {
    if html.contains(from) { html.replace(from, to) } else { html }
}

fn boxes(html: String) -> String {
    let checkbox = "<input type=\"checkbox\" ";
    let html = replaced(
        html,
        &format!("{checkbox}checked"),
        &format!("{checkbox}aria-label=\"Done\" checked"),
    );
    replaced(
        html,
        &format!("{checkbox}disabled"),
        &format!("{checkbox}aria-label=\"Not done\" disabled"),
    )
}

/// The first image may be what the reader sees first; the others load when they come near.
fn images(html: &str, has_image_before: bool) -> String {
    let mut parts = html.split("<img ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
        let lazy = (number > 0 || has_image_before) && !tag.contains("loading=");
        out.push_str(if lazy { "<img loading=\"lazy\" decoding=\"async\" " } else { "<img " });
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn wide_things_can_be_scrolled_with_the_keyboard() {
        let html =
            readable("<pre><code>x</code></pre><table><tr><td>1</td></tr></table>", false).html;
        assert_eq!(html.matches("tabindex=\"0\"").count(), 2, "{html}");
        assert!(html.ends_with("</table></div>"), "{html}");
    }

    #[test]
    fn all_images_but_the_first_wait() {
        let three = "<img src=\"/a\"><img src=\"/b\"><img src=\"/c\" loading=\"eager\">";
        for (has_image_before, lazy) in [(false, 1), (true, 2)] {
            let html = readable(three, has_image_before).html;
            assert_eq!(html.matches("lazy").count(), lazy, "{html}");
        }
    }

    #[test]
    fn a_short_text_has_no_table_of_contents_nor_one_that_has_its_own() {
        let long = "<h2>A</h2><h2>B</h2><h3>C</h3>";
        assert_eq!(readable(long, false).contents.len(), 3);
        assert!(readable("<h2>A</h2><h2>B</h2>", false).contents.is_empty());
        assert!(readable(&format!("<nav class=\"toc\"></nav>{long}"), false).contents.is_empty());
    }
}
