//! Raw tags in text, and the marks that are tags.

use smartcms_domain::blocks::{Image, ImageSource, Inline, InlineKind, Mark};

use super::dom;

/// The marks that HTML has a tag for, with the tag that is written.
const TAGS: [(&str, Mark); 8] = [
    ("strong", Mark::Bold),
    ("em", Mark::Italic),
    ("del", Mark::Strike),
    ("u", Mark::Underline),
    ("mark", Mark::Highlight),
    ("sup", Mark::Superscript),
    ("sub", Mark::Subscript),
    ("code", Mark::Code),
];

/// The tag that is written for a mark; links have their own.
pub(super) fn tag_of(mark: &Mark) -> &'static str {
    TAGS.iter().find(|(_, it)| it == mark).map_or("a", |(tag, _)| tag)
}

/// The mark of a tag, other names of the same look included.
pub(super) fn mark_of(tag: &str) -> Option<Mark> {
    let tag = match tag {
        "b" => "strong",
        "i" => "em",
        "s" | "strike" => "del",
        "ins" => "u",
        "tt" => "code",
        other => other,
    };
    TAGS.into_iter().find(|(it, _)| *it == tag).map(|(_, mark)| mark)
}

/// Marks that raw tags opened while a run is read, innermost last.
#[derive(Default)]
pub(super) struct OpenTags(Vec<(String, Mark)>);

impl OpenTags {
    pub(super) fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.0.iter().map(|(_, mark)| mark)
    }

    /// What a raw tag is in text: nothing where it opens or closes a mark.
    pub(super) fn read(&mut self, html: &str) -> Option<InlineKind> {
        if html == "<!---->" {
            return None;
        }
        if let Some(name) = closed_name(html) {
            let Some(at) = self.0.iter().rposition(|(open, _)| *open == name) else {
                return Some(InlineKind::Html(html.to_owned()));
            };
            self.0.remove(at);
            return None;
        }
        let Some(tag) = dom::single_tag(html) else {
            return Some(InlineKind::Html(html.to_owned()));
        };
        if tag.attributes.is_empty()
            && let Some(mark) = mark_of(&tag.name)
        {
            self.0.push((tag.name, mark));
            return None;
        }
        match tag.name.as_str() {
            "br" => Some(InlineKind::Break),
            "img" if tag.only_has(&["src", "alt", "title", "data-asset"]) => Some(
                image(&tag).map_or_else(|| InlineKind::Html(html.to_owned()), InlineKind::Image),
            ),
            "a" if tag.only_has(&["href", "title", "rel"]) && tag.attribute("href").is_some() => {
                let href = tag.attribute("href").unwrap_or_default().to_owned();
                let title = tag.attribute("title").map(str::to_owned);
                self.0.push(("a".to_owned(), Mark::Link { href, title }));
                None
            }
            _ => Some(InlineKind::Html(html.to_owned())),
        }
    }
}

/// The image of an `<img>` tag.
pub(super) fn image(tag: &dom::Tag) -> Option<Image> {
    let source = match tag.attribute("data-asset").filter(|id| smartcms_domain::blocks::is_id(id)) {
        Some(id) => ImageSource::Asset(id.to_owned()),
        None => ImageSource::Url(tag.attribute("src")?.to_owned()),
    };
    let alt = tag.attribute("alt").unwrap_or_default().to_owned();
    Some(Image { source, alt, title: tag.attribute("title").map(str::to_owned) })
}

fn closed_name(html: &str) -> Option<String> {
    let name = html.strip_prefix("</")?.strip_suffix('>')?;
    Some(name.trim().to_ascii_lowercase())
}

/// The run with `marks` on each piece.
pub(super) fn piece(kind: InlineKind, marks: impl Iterator<Item = Mark>) -> Inline {
    Inline { kind, marks: marks.collect() }
}
