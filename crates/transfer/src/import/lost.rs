//! What no text here can hold: told, so that nobody has to find out. Frames become links to what they show.

use std::collections::BTreeSet;

use crate::html::{Tag, attributes_of, decode_entities, tags};
use crate::wordpress::embedded;

/// Elements that never reach a reader.
const LOST: &[&str] = &[
    "applet",
    "audio-player",
    "button",
    "canvas",
    "embed",
    "form",
    "frame",
    "frameset",
    "input",
    "map",
    "math",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "textarea",
];

/// The names of the elements of a text that will not be there.
pub(super) fn elements(html: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for tag in tags(html).filter(|it| !it.is_closing) {
        let Some(name) = LOST.iter().find(|it| tag.is(it)) else { continue };
        // Boxes of task lists stay.
        let is_box = tag.is("input") && attributes_of(tag.rest, "type") == Some("checkbox");
        if !is_box {
            found.insert(*name);
        }
    }
    found
}

/// HTML whose frames are links to what they show.
pub(super) fn with_embeds(html: &str) -> String {
    if !html.contains("<iframe") && !html.contains("<IFRAME") {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    let mut open = false;
    for tag in tags(html).filter(|it| it.is("iframe")) {
        if tag.is_closing {
            if open {
                at = tag.end;
            }
            open = false;
            continue;
        }
        if let Some(url) = shown_by(&tag) {
            out.push_str(html.get(at..tag.start).unwrap_or_default());
            out.push_str(&embedded(&url));
            at = tag.end;
            open = !tag.rest.ends_with('/');
        }
    }
    out.push_str(html.get(at..).unwrap_or_default());
    out
}

/// The page that a frame shows; players of films lead to the page of the film.
fn shown_by(frame: &Tag<'_>) -> Option<String> {
    let src = attributes_of(frame.rest, "src").or_else(|| attributes_of(frame.rest, "data-src"))?;
    let src = decode_entities(src);
    let src = if src.starts_with("//") { format!("https:{src}") } else { src };
    if !src.starts_with("https://") && !src.starts_with("http://") {
        return None;
    }
    let id = |after: &str| {
        let (_, rest) = src.split_once(after)?;
        rest.split(['?', '/', '#', '&']).next().filter(|it| !it.is_empty()).map(str::to_owned)
    };
    if src.contains("youtube.com/embed/") || src.contains("youtube-nocookie.com/embed/") {
        return id("/embed/").map(|it| format!("https://www.youtube.com/watch?v={it}"));
    }
    if src.contains("player.vimeo.com/video/") {
        return id("/video/").map(|it| format!("https://vimeo.com/{it}"));
    }
    Some(src)
}

#[cfg(test)]
mod tests {
    use super::{elements, with_embeds};

    #[test]
    fn frames_become_links_to_what_they_show() {
        let got = with_embeds(
            "<p>a</p><iframe width=1 src=\"https://www.youtube.com/embed/abc?x=1\"></iframe><p>b</p>",
        );
        assert_eq!(
            got,
            "<p>a</p><figure class=\"embed\"><a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a></figure><p>b</p>"
        );
        assert_eq!(with_embeds("<iframe src=\"x\"></iframe>"), "<iframe src=\"x\"></iframe>");
    }

    #[test]
    fn what_will_not_be_there_is_named() {
        let found = elements(
            "<script>x</script><form><input type=\"text\"></form><input type=\"checkbox\">",
        );
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["form", "input", "script"]);
    }
}
