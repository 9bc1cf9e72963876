//! Finds tags in HTML.

/// One tag or comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Where its `<` stands.
    pub(crate) start: usize,
    /// The place after its `>`.
    pub(crate) end: usize,
    /// Its name as written; `!--` for a comment.
    pub(crate) name: &'a str,
    /// Whether it closes an element.
    pub(crate) is_closing: bool,
    /// What stands between the name and the `>`.
    pub(crate) rest: &'a str,
}

impl<'a> Tag<'a> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Every attribute: its name, and where its value stands in [`Tag::rest`].
    pub(crate) fn attributes(&self) -> Vec<(&'a str, std::ops::Range<usize>)> {
        attributes(self.rest)
    }
}

/// How many tags may begin and never end: each is looked for up to the end of the text.
const UNENDED_MAX: usize = 100;

/// Every tag and comment of a piece of HTML, in order.
pub(crate) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    let mut unended = 0;
    let mut comments_end = true;
    std::iter::from_fn(move || {
        loop {
            let start = at + html.get(at..)?.find('<')?;
            at = start + 1;
            if unended > UNENDED_MAX {
                return None;
            }
            match tag_at(html, start, comments_end) {
                Found::Tag(tag) => {
                    at = tag.end;
                    return Some(tag);
                }
                Found::Nothing => {}
                Found::Unended { is_comment } => {
                    comments_end &= !is_comment;
                    unended += usize::from(!is_comment);
                }
            }
        }
    })
}

/// What begins at a `<`.
enum Found<'a> {
    Tag(Tag<'a>),
    Nothing,
    Unended { is_comment: bool },
}

fn tag_at(html: &str, start: usize, comments_end: bool) -> Found<'_> {
    let after = html.get(start + 1..).unwrap_or_default();
    if let Some(comment) = after.strip_prefix("!--") {
        let len = if comments_end { comment.find("-->") } else { None };
        let Some(len) = len else { return Found::Unended { is_comment: true } };
        let end = start + 4 + len + 3;
        let rest = comment.get(..len).unwrap_or_default();
        return Found::Tag(Tag { start, end, name: "!--", is_closing: false, rest });
    }
    let is_closing = after.starts_with('/');
    let name_start = start + 1 + usize::from(is_closing);
    let text = html.get(name_start..).unwrap_or_default();
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Found::Nothing;
    }
    let len = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':');
    let name = text.get(..len.unwrap_or(text.len())).unwrap_or_default();
    let rest_start = name_start + name.len();
    let text = html.get(rest_start..).unwrap_or_default();
    let Some(rest_len) = end_of_tag(text) else { return Found::Unended { is_comment: false } };
    let rest = text.get(..rest_len).unwrap_or_default();
    Found::Tag(Tag { start, end: rest_start + rest_len + 1, name, is_closing, rest })
}

/// Where the `>` stands that is not in quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            // Quotes open a value only after an equals sign: a stray one in a tag would swallow the page.
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = byte == b'=';
        }
    }
    None
}

/// The value of an attribute in a list of them.
pub(crate) fn attributes_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let found = attributes(text).into_iter().find(|(it, _)| it.eq_ignore_ascii_case(name))?;
    text.get(found.1)
}

/// Names of attributes, and where their values stand.
fn attributes(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let skip = |mut at: usize, test: fn(u8) -> bool| {
        while byte(at).is_some_and(test) {
            at += 1;
        }
        at
    };
    let is_space = |it: u8| it.is_ascii_whitespace() || it == b'/';
    let mut found = Vec::new();
    let mut at = skip(0, is_space);
    while at < bytes.len() {
        let name_end =
            skip(at, |it| !it.is_ascii_whitespace() && !matches!(it, b'=' | b'/' | b'>'));
        let name = text.get(at..name_end).unwrap_or_default();
        let after = skip(name_end, |it| it.is_ascii_whitespace());
        let (value, next) = if byte(after) == Some(b'=') {
            let start = skip(after + 1, |it| it.is_ascii_whitespace());
            value_at(text, start)
        } else {
            (name_end..name_end, name_end)
        };
        if !name.is_empty() {
            found.push((name, value));
        }
        at = skip(next.max(at + 1), is_space);
    }
    found
}

/// Where the value that begins here stands, and where the text goes on.
fn value_at(text: &str, start: usize) -> (std::ops::Range<usize>, usize) {
    let bytes = text.as_bytes();
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = rest.get(1..).unwrap_or_default();
            let len = inner.iter().position(|it| it == quote).unwrap_or(inner.len());
            (start + 1..start + 1 + len, (start + len + 2).min(text.len()))
        }
        _ => {
            let len = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
            (start..start + len, start + len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{attributes_of, tags};

    #[test]
    fn tags_are_found_with_their_attributes() {
        let html = "a <img src='x>y' alt=b data-x> <!-- <p> --> 1 < 2 <br/></p>";
        let names: Vec<_> = tags(html).map(|it| (it.name, it.is_closing)).collect();
        assert_eq!(names, [("img", false), ("!--", false), ("br", false), ("p", true)]);
        let image = tags(html).next().unwrap();
        assert_eq!(attributes_of(image.rest, "src"), Some("x>y"));
        assert_eq!(attributes_of(image.rest, "alt"), Some("b"));
        assert_eq!(attributes_of(image.rest, "data-x"), Some(""));
        assert_eq!(attributes_of(image.rest, "none"), None);
    }

    #[test]
    fn a_tag_that_never_ends_is_text() {
        assert_eq!(tags("<a href=\"x").count(), 0);
        assert_eq!(tags("<!-- x").count(), 0);
        assert_eq!(tags("<é> <").count(), 0);
    }
}
