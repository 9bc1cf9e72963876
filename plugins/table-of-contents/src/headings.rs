//! The headings of a text.

use std::ops::Range;

use smartcms_plugin::html::{Tag, Tags, unescape};

use crate::ids::Ids;

/// How many headings a table of contents lists at most.
const HEADINGS_MAX: usize = 200;
/// The class of a table of contents, for the theme, and to know that a text has one.
pub(crate) const CLASS: &str = "toc";

/// A heading as it stands in the text.
pub(crate) struct Heading<'a> {
    /// 2 to 6.
    pub(crate) level: u8,
    /// Where its opening tag lies.
    pub(crate) opening: Range<usize>,
    /// The identifier it brings along, as written.
    pub(crate) id: Option<&'a str>,
    /// What it says, without tags.
    pub(crate) label: String,
}

/// The headings of a text, and every identifier that something other than a heading has.
///
/// None when the text has a table of contents already.
pub(crate) fn read(html: &str, deepest: u8) -> Option<(Vec<Heading<'_>>, Ids)> {
    let mut headings = Vec::new();
    let mut ids = Ids::default();
    let mut open: Option<Heading<'_>> = None;
    let mut text_start = 0;
    for tag in Tags::of(html) {
        if let Some(heading) = &mut open {
            heading.label.push_str(&unescape(html.get(text_start..tag.start).unwrap_or_default()));
        }
        text_start = tag.end;
        match (level(&tag, deepest), tag.is_closing) {
            // A heading that is still open was never closed: it is not listed.
            (Some(level), false) => {
                let id = tag.attribute("id").filter(|id| !id.is_empty());
                open =
                    Some(Heading { level, opening: tag.start..tag.end, id, label: String::new() });
            }
            (Some(level), true) => {
                let closed = open.take().filter(|heading| heading.level == level);
                headings.extend(closed.filter(|_| headings.len() < HEADINGS_MAX));
            }
            (None, true) => {}
            (None, false) => {
                if tag.is("nav") && tag.has_class(CLASS) {
                    return None;
                }
                if let Some(id) = tag.attribute("id") {
                    ids.note(id);
                }
            }
        }
    }
    Some((headings, ids))
}

fn level(tag: &Tag<'_>, deepest: u8) -> Option<u8> {
    let [b'h' | b'H', digit @ b'2'..=b'6'] = tag.name.as_bytes() else { return None };
    let level = digit - b'0';
    (level <= deepest).then_some(level)
}
