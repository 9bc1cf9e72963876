//! The table of contents itself.

use smartcms_plugin::html::escape;

use crate::headings::{self, CLASS, Heading};
use crate::ids::{self, Ids};
use crate::options::Options;

/// The longest label of a link, in characters.
const LABEL_CHARACTERS_MAX: usize = 200;

/// An entry of the table, and what to change so that its link leads somewhere.
struct Entry<'a> {
    heading: Heading<'a>,
    /// The identifier to link to, fit for an attribute in double quotes.
    id: String,
    /// Whether the heading has to be given that identifier.
    id_is_new: bool,
}

/// The text with a table of contents before its first heading of the highest level that it has: none when it needs
/// none or has one.
pub(crate) fn with_contents(html: &str, options: &Options) -> Option<String> {
    let (headings, ids) = headings::read(html, options.deepest)?;
    if headings.len() < options.fewest {
        return None;
    }
    let entries = entries(headings, ids);
    let highest = entries.iter().map(|entry| entry.heading.level).min()?;
    let first = entries.iter().find(|entry| entry.heading.level == highest)?;
    let place = first.heading.opening.start;

    let table = table(&entries, &options.title);
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

fn entries(headings: Vec<Heading<'_>>, mut ids: Ids) -> Vec<Entry<'_>> {
    // Identifiers that authors chose come first: links from elsewhere lead to them.
    let keeps_id: Vec<bool> =
        headings.iter().map(|heading| heading.id.is_some_and(|id| ids.note(id))).collect();
    let all = headings.into_iter().zip(keeps_id);
    all.map(|(heading, keeps)| entry(heading, keeps, &mut ids)).collect()
}

fn entry<'a>(heading: Heading<'a>, keeps_id: bool, ids: &mut Ids) -> Entry<'a> {
    match heading.id {
        Some(id) if keeps_id => Entry { id: id.replace('"', "&quot;"), id_is_new: false, heading },
        _ => {
            let wish = ids::from_text(&heading.label);
            Entry { id: ids.unique(&wish), id_is_new: true, heading }
        }
    }
}

/// The table: each heading below the last one before it that is of a higher level.
fn table(entries: &[Entry<'_>], title: &str) -> String {
    let mut html = format!("<nav class=\"{CLASS}\" aria-label=\"{}\">", escape(title));
    // The levels whose lists are open, the deepest last; the last item of each is open too.
    let mut open: Vec<u8> = Vec::new();
    for entry in entries {
        let level = entry.heading.level;
        let mut stays = false;
        while let Some(&deepest) = open.last() {
            if level > deepest {
                break;
            }
            html.push_str("</li>");
            // A heading between two levels goes on with the list that is there.
            let has_place_above = open.len() > 1;
            if level == deepest || !has_place_above {
                stays = true;
                break;
            }
            html.push_str("\n</ol>\n");
            open.pop();
        }
        if stays {
            if let Some(deepest) = open.last_mut() {
                *deepest = level;
            }
        } else {
            html.push_str("\n<ol>");
            open.push(level);
        }
        html.push_str(&format!("\n<li><a href=\"#{}\">{}</a>", entry.id, label(entry)));
    }
    for _ in &open {
        html.push_str("</li>\n</ol>\n");
    }
    html.push_str("</nav>\n");
    html
}

fn label(entry: &Entry<'_>) -> String {
    let label = entry.heading.label.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.is_empty() {
        return entry.id.clone();
    }
    escape(&label.chars().take(LABEL_CHARACTERS_MAX).collect::<String>())
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
    use smartcms_plugin::html::Tags;

    use super::*;

    fn shown(html: &str) -> Option<String> {
        with_contents(html, &Options::default())
    }

    fn is_balanced(html: &str) -> bool {
        let count = |text: &str| html.matches(text).count();
        count("<ol>") == count("</ol>") && count("<li>") == count("</li>")
    }

    #[test]
    fn a_table_stands_before_the_first_heading_and_links_to_every_one() {
        let html = "<p>Start</p><h2>One</h2><h3 id=\"x\">Two &amp; <code>three</code></h3><h2 class=a>Four</h2>";
        let expected = "<p>Start</p><nav class=\"toc\" aria-label=\"Contents\">\n<ol>\n\
            <li><a href=\"#one\">One</a>\n<ol>\n\
            <li><a href=\"#x\">Two &amp; three</a></li>\n</ol>\n</li>\n\
            <li><a href=\"#four\">Four</a></li>\n</ol>\n</nav>\n\
            <h2 id=\"one\">One</h2><h3 id=\"x\">Two &amp; <code>three</code></h3>\
            <h2 id=\"four\" class=a>Four</h2>";
        assert_eq!(shown(html).as_deref(), Some(expected));
    }

    #[test]
    fn a_text_with_one_heading_stays_as_it_is() {
        assert_eq!(shown("<h2>One</h2><p>two</p><h4>three</h4>"), None);
        assert_eq!(shown(""), None);
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let first = shown("<h2>One</h2><h2>Two</h2>").unwrap();
        assert_eq!(shown(&first), None);
    }

    #[test]
    fn every_heading_gets_an_identifier_of_its_own() {
        let html = "<p id=\"same\"></p><h2>Same</h2><h2>Same</h2><h2 id=\"same-2\">X</h2><h2 id=\"same\">Y</h2>";
        let output = shown(html).unwrap();
        let ids: Vec<_> = Tags::of(&output)
            .filter(|tag| !tag.is_closing)
            .filter_map(|tag| tag.attribute("id"))
            .collect();
        assert_eq!(ids, ["same", "same-3", "same-4", "same-2", "y"]);
    }

    #[test]
    fn a_label_cannot_break_out_of_its_link() {
        let html = "<h2>a &lt;script&gt; \"b\"</h2><h2 id='\"><b>'>it&#39;s</h2>";
        let output = shown(html).unwrap();
        assert!(
            output.contains("<a href=\"#a-script-b\">a &lt;script&gt; &quot;b&quot;</a>"),
            "{output}"
        );
        assert!(output.contains("<a href=\"#&quot;><b>\">it&#39;s</a>"), "{output}");
        let options = Options { title: "\"><script>".to_owned(), ..Options::default() };
        let output = with_contents("<h2>a</h2><h2>b</h2>", &options).unwrap();
        assert!(output.contains("aria-label=\"&quot;&gt;&lt;script&gt;\""), "{output}");
    }

    #[test]
    fn links_inside_headings_do_not_nest_in_the_table() {
        let output = shown("<h2><a href=\"/x\">One</a></h2><h2>Two</h2>").unwrap();
        assert!(output.contains("<li><a href=\"#one\">One</a></li>"), "{output}");
    }

    #[test]
    fn levels_may_be_left_out_and_begin_anywhere() {
        let output = shown("<h3>A</h3><h3>B</h3><h2>C</h2><h3>D</h3>").unwrap();
        assert!(output.starts_with("<h3 id=\"a\">A</h3><h3 id=\"b\">B</h3><nav"), "{output}");
        assert_eq!(output.matches("<ol>").count(), 2);
        assert!(is_balanced(&output), "{output}");
        let deep = Options { deepest: 6, ..Options::default() };
        for html in [
            "<h2>A</h2><h5>B</h5><h3>C</h3><h6>D</h6><h2>E</h2>",
            "<h6>A</h6><h5>B</h5><h4>C</h4><h3>D</h3><h2>E</h2>",
            "<h4>A</h4><h6>B</h6><h5>C</h5><h3>D</h3>",
        ] {
            let output = with_contents(html, &deep).unwrap();
            assert!(is_balanced(&output), "{output}");
            assert!(output.contains("</ol>\n</nav>"), "{output}");
        }
    }

    #[test]
    fn broken_html_is_passed_through_whole() {
        for html in ["<h2>One<h2>Two", "<h2>One</h3><h2>Two", "<h2", "</h2></h2>", "<h2>é</h2><h2"]
        {
            assert_eq!(shown(html), None, "{html}");
        }
        let output = shown("<h2>lost<h2>One</h2><h2>Two</h2>").unwrap();
        assert!(output.starts_with("<h2>lost<nav"), "{output}");
    }

    #[test]
    fn many_headings_take_time_in_proportion() {
        let output = shown(&"<h2>x</h2>".repeat(20_000)).unwrap();
        assert_eq!(output.matches("<li>").count(), 200);
    }
}
