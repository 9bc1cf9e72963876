//! The headings of a body: each gets an id that links can name, and together they are the table of contents.

use std::collections::BTreeSet;

use serde::Serialize;

/// The most headings of a table of contents.
pub const HEADINGS_MAX: usize = 100;
/// The longest id that is made from a heading's words, in characters.
const ID_LEN_MAX: usize = 60;

/// A heading of the second or third level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// What a link to it names after `#`.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// HTML whose headings of the second to fourth level all have ids, and its outline.
pub(crate) fn outlined(html: &str) -> (String, Vec<Heading>) {
    let mut out = String::with_capacity(html.len() + 256);
    let mut taken: BTreeSet<String> = ids_in(html);
    let mut headings = Vec::new();
    let mut rest = html;
    while let Some((before, level, after)) = next_heading(rest) {
        let close = format!("</h{level}>");
        let parts = after.split_once('>').and_then(|(attributes, inner)| {
            let (inner, behind) = inner.split_once(&close)?;
            Some((attributes, inner, behind))
        });
        let Some((attributes, inner, behind)) = parts else { break };
        let text = words(inner);
        let given = attribute(attributes, "id").map(str::to_owned);
        let id = given.clone().unwrap_or_else(|| unique(&text, &mut taken));
        out.push_str(before);
        let attributes = if given.is_some() {
            attributes.to_owned()
        } else {
            format!(" id=\"{id}\"{attributes}")
        };
        out.push_str(&format!("<h{level}{attributes}>{inner}{close}"));
        if level < 4 && headings.len() < HEADINGS_MAX && !text.is_empty() {
            headings.push(Heading { level, id, text });
        }
        rest = behind;
    }
    out.push_str(rest);
    (out, headings)
}

/// What stands before the next heading, its level, and what follows its name.
fn next_heading(html: &str) -> Option<(&str, u8, &str)> {
    let mut from = 0;
    loop {
        let at = from + html.get(from..)?.find("<h")?;
        let (before, tag) = html.split_at_checked(at)?;
        let level = match tag.as_bytes().get(2)? {
            b'2' => 2,
            b'3' => 3,
            b'4' => 4,
            _ => 0,
        };
        let ends = matches!(tag.as_bytes().get(3), Some(b'>' | b' '));
        if level > 0 && ends {
            return Some((before, level, tag.get(3..)?));
        }
        from = at + 2;
    }
}

fn ids_in(html: &str) -> BTreeSet<String> {
    let ids = html.split(" id=\"").skip(1).filter_map(|it| it.split_once('"'));
    ids.map(|(id, _)| id.to_owned()).collect()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = attributes.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

/// The text of sanitised HTML without its tags.
fn words(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&nbsp;", " ").replace("&amp;", "&").trim().to_owned()
}

/// An id from words: letters and digits of any script, hyphens between.
fn unique(text: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
        if id.chars().count() >= ID_LEN_MAX {
            break;
        }
    }
    let base = match id.trim_end_matches('-') {
        "" => "section".to_owned(),
        // The page has an element of this name itself.
        "content" => "content-1".to_owned(),
        id => id.to_owned(),
    };
    let mut id = base.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::outlined;

    #[track_caller]
    fn check(html: &str, expected: &str, outline: &[(u8, &str, &str)]) {
        let (html, headings) = outlined(html);
        assert_eq!(html, expected);
        let found: Vec<_> =
            headings.iter().map(|it| (it.level, it.id.as_str(), it.text.as_str())).collect();
        assert_eq!(found, outline);
    }

    #[test]
    fn headings_get_ids_from_their_words() {
        check(
            "<p>a</p><h2>One &amp; <em>two</em></h2><hr><h3>One two</h3><h2>Über uns</h2>",
            "<p>a</p><h2 id=\"one-two\">One &amp; <em>two</em></h2><hr><h3 id=\"one-two-2\">One two</h3><h2 id=\"über-uns\">Über uns</h2>",
            &[
                (2, "one-two", "One & two"),
                (3, "one-two-2", "One two"),
                (2, "über-uns", "Über uns"),
            ],
        );
    }

    #[test]
    fn ids_that_are_there_stay_and_are_not_taken_again() {
        check(
            "<h2 id=\"mine\">A</h2><h2>Mine</h2>",
            "<h2 id=\"mine\">A</h2><h2 id=\"mine-2\">Mine</h2>",
            &[(2, "mine", "A"), (2, "mine-2", "Mine")],
        );
    }

    #[test]
    fn what_is_no_heading_stays() {
        for html in
            ["", "<p>x", "<hr><h5>a</h5>", "<h2", "<h2>never closed", "a < b <h", "<h2>é</h3>"]
        {
            check(html, html, &[]);
        }
        check("<h2>!!</h2>", "<h2 id=\"section\">!!</h2>", &[(2, "section", "!!")]);
    }
}
