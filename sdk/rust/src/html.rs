//! HTML as filters see it: the tags in a text, in one pass and without a tree, and texts as they may stand in it.

/// Elements whose content is text up to their closing tag, whatever it looks like.
const RAW_TEXT_ELEMENTS: [&str; 4] = ["script", "style", "textarea", "title"];

/// One opening or closing tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Where the tag begins: the offset of its `<`.
    pub start: usize,
    /// Where the tag ends: the offset after its `>`.
    pub end: usize,
    /// The element's name as written.
    pub name: &'a str,
    /// Whether this is a closing tag.
    pub is_closing: bool,
    /// What stands between the name and the `>`.
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Whether the element has this name, in any mixture of capitals.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute as written, without its quotes: [`unescape`] gives the text that it stands for.
    #[must_use]
    pub fn attribute(&self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let name_end = rest.find(|c: char| c.is_ascii_whitespace() || "=/".contains(c));
            let (name, after_name) = rest.split_at(name_end.unwrap_or(rest.len()));
            let after_space = after_name.trim_ascii_start();
            let (value, after_value) = match after_space.strip_prefix('=') {
                Some(after_equals) => split_value(after_equals.trim_ascii_start()),
                None => ("", after_space),
            };
            if !name.is_empty() && name.eq_ignore_ascii_case(wanted) {
                return Some(value);
            }
            if after_value.len() == rest.len() || after_value.is_empty() {
                return None;
            }
            rest = after_value;
        }
    }

    /// Whether the attribute `class` names this class.
    #[must_use]
    pub fn has_class(&self, wanted: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|class| class == wanted)
    }
}

/// The tags of a piece of HTML, in order. Comments and the content of scripts and the like are passed over.
///
/// ```
/// use smartcms_plugin::html::Tags;
///
/// let html = "<p>See <a href='/lake'>the lake</a>.</p>";
/// let links: Vec<_> = Tags::of(html).filter_map(|tag| tag.attribute("href")).collect();
/// assert_eq!(links, ["/lake"]);
/// ```
pub struct Tags<'a> {
    html: &'a str,
    position: usize,
}

impl<'a> Tags<'a> {
    /// Begins at the start of the HTML.
    #[must_use]
    pub fn of(html: &'a str) -> Self {
        Self { html, position: 0 }
    }

    fn skip_past(&mut self, from: usize, text: &str) {
        let found = self.html.get(from..).and_then(|rest| rest.find(text));
        self.position = found.map_or(self.html.len(), |offset| from + offset + text.len());
    }

    fn skip_raw_text(&mut self, name: &str) {
        let rest = self.html.get(self.position..).unwrap_or_default();
        let closing = rest.match_indices("</").find(|(offset, _)| {
            let after = rest.get(offset + 2..offset + 2 + name.len());
            after.is_some_and(|text| text.eq_ignore_ascii_case(name))
        });
        self.position = closing.map_or(self.html.len(), |(offset, _)| self.position + offset);
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let offset = self.html.get(self.position..)?.find('<')?;
            let start = self.position + offset;
            let inside = self.html.get(start + 1..)?;
            if inside.starts_with("!--") {
                self.skip_past(start + 2, "-->");
                continue;
            }
            let is_closing = inside.starts_with('/');
            let inside = inside.strip_prefix('/').unwrap_or(inside);
            if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
                // A lone `<`, a doctype or a processing instruction: no tag.
                self.position = start + 1;
                continue;
            }
            let body_start = start + 1 + usize::from(is_closing);
            let length = tag_length(inside)?;
            let body = inside.get(..length)?;
            let name_end = body.find(|c: char| c.is_ascii_whitespace() || c == '/');
            let (name, attributes) = body.split_at(name_end.unwrap_or(body.len()));
            self.position = body_start + length + 1;
            let tag = Tag { start, end: self.position, name, is_closing, attributes };
            if !is_closing && RAW_TEXT_ELEMENTS.iter().any(|element| tag.is(element)) {
                self.skip_raw_text(name);
            }
            return Some(tag);
        }
    }
}

/// How far it is to the `>` that ends a tag: one inside a quoted value does not.
fn tag_length(inside: &str) -> Option<usize> {
    let mut quote = None;
    let mut follows_equals = false;
    for (offset, byte) in inside.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(offset),
            (None, b'"' | b'\'') if follows_equals => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            follows_equals = byte == b'=';
        }
    }
    None
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()))
}

/// Text as it may stand in HTML, in attributes too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text that HTML without tags stands for. References that the host itself does not write stay as they are.
#[must_use]
pub fn unescape(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        match reference(after) {
            Some((character, behind)) => {
                text.push(character);
                rest = behind;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// The longest reference that is looked for, in bytes.
const REFERENCE_BYTES_MAX: usize = 10;

/// The character that a reference stands for, and what follows its semicolon.
fn reference(after: &str) -> Option<(char, &str)> {
    let end = after.bytes().take(REFERENCE_BYTES_MAX).position(|byte| byte == b';')?;
    let (name, behind) = (after.get(..end)?, after.get(end + 1..)?);
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<&str> {
        Tags::of(html).map(|tag| tag.name).collect()
    }

    #[test]
    fn a_quoted_bracket_does_not_end_a_tag() {
        let tags: Vec<_> = Tags::of(r#"<a title="1 > 0" href='x'>y</a>"#).collect();
        assert_eq!(tags.len(), 2);
        assert_eq!(tags[0].attribute("title"), Some("1 > 0"));
        assert_eq!(tags[0].attribute("HREF"), Some("x"));
        assert_eq!(tags[0].attribute("id"), None);
        assert!(tags[1].is_closing);
    }

    #[test]
    fn attributes_may_be_bare_empty_or_spaced() {
        let tag = Tags::of("<h2 hidden id = one class=\"two three\"/>").next().unwrap();
        assert_eq!(tag.attribute("hidden"), Some(""));
        assert_eq!(tag.attribute("id"), Some("one"));
        assert!(tag.has_class("three") && !tag.has_class("thre"));
        assert_eq!(Tags::of("<h2 data-id=x>").next().unwrap().attribute("id"), None);
    }

    #[test]
    fn what_only_looks_like_a_tag_is_passed_over() {
        assert_eq!(names("a < b <!-- <h2> --> <1> <p>c</p> <"), ["p", "p"]);
        assert_eq!(names("<script>'<h2>'</SCRIPT><p>"), ["script", "SCRIPT", "p"]);
        assert_eq!(names("<style><h2>"), ["style"]);
        assert_eq!(names("<p <h2"), Vec::<&str>::new());
        assert_eq!(names("<!-->x<p>"), ["p"]);
    }

    #[test]
    fn text_stays_text_there_and_back() {
        let text = "<a href='x'>&\" ä";
        assert_eq!(escape(text), "&lt;a href=&#39;x&#39;&gt;&amp;&quot; ä");
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(unescape("&amp;lt; &#65;&#x42; a & b &unknown; &"), "&lt; AB a & b &unknown; &");
        assert_eq!(unescape("&#1114112; &#xd800;"), "&#1114112; &#xd800;");
    }
}
