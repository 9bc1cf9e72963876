//! The table of contents itself.

use std::ops::Range;

use crate::ids::{self, Ids};
use crate::tags::{Tag, Tags};

/// A text with fewer headings than this needs no table of contents.
const MIN_HEADINGS: usize = 2;
/// How many headings a table of contents lists at most.
const MAX_HEADINGS: usize = 200;
/// The class of the table of contents, for the theme, and to know that a text has one.
const CLASS: &str = "toc";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Two,
    Three,
}

impl Level {
    fn of(tag: &Tag<'_>) -> Option<Self> {
        if tag.is("h2") {
            Some(Self::Two)
        } else if tag.is("h3") {
            Some(Self::Three)
        } else {
            None
        }
    }
}

/// A heading as it stands in the text.
struct Heading<'a> {
    level: Level,
    /// Where its opening tag lies.
    opening: Range<usize>,
    /// The identifier it brings along, as written.
    id: Option<&'a str>,
    /// What it says, still HTML, without its tags.
    label: String,
}

/// An entry of the table, and what to change so that its link leads somewhere.
struct Entry<'a> {
    heading: Heading<'a>,
    /// The identifier to link to, fit for an attribute in double quotes.
    id: String,
    /// Whether the heading has to be given that identifier.
    id_is_new: bool,
}

/// The text with a table of contents before its first `h2`: none when it needs none or has one.
pub(crate) fn with_contents(html: &str) -> Option<String> {
    let (headings, ids) = read(html)?;
    if headings.len() < MIN_HEADINGS {
        return None;
    }
    let entries = entries(headings, ids);
    let first_h2 = entries.iter().find(|entry| entry.heading.level == Level::Two);
    let place = first_h2.or(entries.first())?.heading.opening.start;

    let table = table(&entries);
    let mut output = String::with_capacity(html.len() + table.len() + 16 * entries.len());
    let mut copied = 0;
    for entry in &entries {
        let opening = &entry.heading.opening;
        output.push_str(html.get(copied..opening.start)?);
        if opening.start == place {
            output.push_str(&table);
        }
        let tag = html.get(opening.clone())?;
        if entry.id_is_new {
            push_with_id(&mut output, tag, &entry.id);
        } else {
            output.push_str(tag);
        }
        copied = opening.end;
    }
    output.push_str(html.get(copied..)?);
    Some(output)
}

/// The headings of a text, and every identifier that something other than a heading has.
///
/// None when the text has a table of contents already.
fn read(html: &str) -> Option<(Vec<Heading<'_>>, Ids)> {
    let mut headings = Vec::new();
    let mut ids = Ids::default();
    let mut open: Option<Heading<'_>> = None;
    let mut text_start = 0;
    for tag in Tags::of(html) {
        if let Some(heading) = &mut open {
            heading.label.push_str(html.get(text_start..tag.start).unwrap_or_default());
        }
        text_start = tag.end;
        match (Level::of(&tag), tag.is_closing) {
            // A heading that is still open was never closed: it is not listed.
            (Some(level), false) => {
                let id = tag.attribute("id").filter(|id| !id.is_empty());
                open =
                    Some(Heading { level, opening: tag.start..tag.end, id, label: String::new() });
            }
            (Some(level), true) => {
                let closed = open.take().filter(|heading| heading.level == level);
                headings.extend(closed.filter(|_| headings.len() < MAX_HEADINGS));
            }
            (None, true) => {}
            (None, false) => {
                if has_class(&tag, CLASS) {
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

fn has_class(tag: &Tag<'_>, wanted: &str) -> bool {
    let classes = tag.attribute("class").unwrap_or_default();
    tag.is("nav") && classes.split_ascii_whitespace().any(|class| class == wanted)
}

fn entries(headings: Vec<Heading<'_>>, mut ids: Ids) -> Vec<Entry<'_>> {
    // Identifiers that authors chose come first: links from elsewhere lead to them.
    let keeps_id: Vec<bool> =
        headings.iter().map(|heading| heading.id.is_some_and(|id| ids.note(id))).collect();
    headings
        .into_iter()
        .zip(keeps_id)
        .map(|(heading, keeps)| entry(heading, keeps, &mut ids))
        .collect()
}

fn entry<'a>(heading: Heading<'a>, keeps_id: bool, ids: &mut Ids) -> Entry<'a> {
    match heading.id {
        Some(id) if keeps_id => Entry { id: id.replace('"', "&quot;"), id_is_new: false, heading },
        _ => {
            let wish = ids::from_text(&without_entities(&heading.label));
            Entry { id: ids.unique(&wish), id_is_new: true, heading }
        }
    }
}

/// The label as a reader sees it, as far as an identifier cares: any other reference becomes a gap.
fn without_entities(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let is_reference = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
        rest = match after.split_once(';') {
            Some((name, after_reference)) if is_reference(name) => {
                text.push_str(if matches!(name, "apos" | "#39" | "rsquo" | "#8217") {
                    ""
                } else {
                    " "
                });
                after_reference
            }
            _ => after,
        };
    }
    text.push_str(rest);
    text
}

/// The table: `h3` below the `h2` they follow.
fn table(entries: &[Entry<'_>]) -> String {
    let mut html = format!("<nav class=\"{CLASS}\" aria-label=\"Contents\">\n<ol>\n");
    let mut is_nested = false;
    let mut has_item = false;
    for entry in entries {
        let nests =
            entry.heading.level == Level::Three && (is_nested || has_parent(entries, entry));
        match (is_nested, nests) {
            (false, true) => html.push_str("\n<ol>\n"),
            (true, false) => html.push_str("</li>\n</ol>\n</li>\n"),
            (_, _) if has_item => html.push_str("</li>\n"),
            (_, _) => {}
        }
        is_nested = nests;
        has_item = true;
        // The label comes from between the tags of HTML, so it is escaped as it has to be here.
        let label = entry.heading.label.trim();
        let label = if label.is_empty() { &entry.id } else { label };
        html.push_str(&format!("<li><a href=\"#{}\">{label}</a>", entry.id));
    }
    html.push_str(if is_nested { "</li>\n</ol>\n</li>\n" } else { "</li>\n" });
    html.push_str("</ol>\n</nav>\n");
    html
}

/// Whether any `h2` comes before this heading.
fn has_parent(entries: &[Entry<'_>], entry: &Entry<'_>) -> bool {
    let first_h2 = entries.iter().find(|entry| entry.heading.level == Level::Two);
    first_h2.is_some_and(|first| first.heading.opening.start < entry.heading.opening.start)
}

/// The opening tag of a heading with an identifier of ours, in place of any other.
fn push_with_id(output: &mut String, tag: &str, id: &str) {
    let (name, attributes) = tag.split_at_checked("<h2".len()).unwrap_or((tag, ""));
    output.push_str(name);
    output.push_str(" id=\"");
    output.push_str(id);
    output.push('"');
    // Of two attributes of one name browsers take the first, which is ours.
    output.push_str(attributes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_stands_before_the_first_h2_and_links_to_every_heading() {
        let html = "<p>Start</p><h2>One</h2><h3 id=\"x\">Two &amp; <code>three</code></h3><h2 class=a>Four</h2>";
        let expected = "<p>Start</p><nav class=\"toc\" aria-label=\"Contents\">\n<ol>\n\
            <li><a href=\"#one\">One</a>\n<ol>\n\
            <li><a href=\"#x\">Two &amp; three</a></li>\n</ol>\n</li>\n\
            <li><a href=\"#four\">Four</a></li>\n</ol>\n</nav>\n\
            <h2 id=\"one\">One</h2><h3 id=\"x\">Two &amp; <code>three</code></h3>\
            <h2 id=\"four\" class=a>Four</h2>";
        assert_eq!(with_contents(html).as_deref(), Some(expected));
    }

    #[test]
    fn a_text_with_one_heading_stays_as_it_is() {
        assert_eq!(with_contents("<h2>One</h2><p>two</p><h4>three</h4>"), None);
        assert_eq!(with_contents(""), None);
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let first = with_contents("<h2>One</h2><h2>Two</h2>").unwrap();
        assert_eq!(with_contents(&first), None);
    }

    #[test]
    fn every_heading_gets_an_identifier_of_its_own() {
        let html = "<p id=\"same\"></p><h2>Same</h2><h2>Same</h2><h2 id=\"same-2\">X</h2><h2 id=\"same\">Y</h2>";
        let output = with_contents(html).unwrap();
        let ids: Vec<_> = Tags::of(&output)
            .filter(|tag| !tag.is_closing)
            .filter_map(|tag| tag.attribute("id"))
            .collect();
        assert_eq!(ids, ["same", "same-3", "same-4", "same-2", "y"]);
    }

    #[test]
    fn a_label_cannot_break_out_of_its_link() {
        let html = "<h2>a &lt;script&gt; \"b\"</h2><h2 id='\"><b>'>it&#39;s</h2>";
        let output = with_contents(html).unwrap();
        assert!(output.contains("<a href=\"#a-script-b\">a &lt;script&gt; \"b\"</a>"), "{output}");
        assert!(output.contains("<a href=\"#&quot;><b>\">it&#39;s</a>"), "{output}");
    }

    #[test]
    fn links_inside_headings_do_not_nest_in_the_table() {
        let output = with_contents("<h2><a href=\"/x\">One</a></h2><h2>Two</h2>").unwrap();
        assert!(output.contains("<li><a href=\"#one\">One</a></li>"), "{output}");
    }

    #[test]
    fn headings_below_no_other_stand_at_the_top() {
        let output = with_contents("<h3>A</h3><h3>B</h3><h2>C</h2><h3>D</h3>").unwrap();
        assert!(output.starts_with("<h3 id=\"a\">A</h3><h3 id=\"b\">B</h3><nav"), "{output}");
        assert_eq!(output.matches("<ol>").count(), 2);
        assert_eq!(output.matches("<ol>").count(), output.matches("</ol>").count());
        assert_eq!(output.matches("<li>").count(), output.matches("</li>").count());
    }

    #[test]
    fn broken_html_is_passed_through_whole() {
        for html in ["<h2>One<h2>Two", "<h2>One</h3><h2>Two", "<h2", "</h2></h2>", "<h2>é</h2><h2"]
        {
            assert_eq!(with_contents(html), None, "{html}");
        }
        let output = with_contents("<h2>lost<h2>One</h2><h2>Two</h2>").unwrap();
        assert!(output.starts_with("<h2>lost<nav"), "{output}");
    }

    #[test]
    fn many_headings_take_time_in_proportion() {
        let html = "<h2>x</h2>".repeat(20_000);
        let output = with_contents(&html).unwrap();
        assert_eq!(output.matches("<li>").count(), MAX_HEADINGS);
    }
}
