//! A path of the site, written in one way.

use std::fmt;

/// The longest path, in bytes after its percent signs were read.
pub const PATH_LEN_MAX: usize = 1_024;

/// A path of the site: it begins with `/`, has no `/` at its end (but for the root), and its percent signs are read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(String); // Invariant: 1..=PATH_LEN_MAX bytes, checked by `parse`.

/// Why a text is not a path of the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It begins with something else than one `/`.
    #[error("a path begins with one `/`, like /old")]
    NotAPath,
    /// It is longer than [`PATH_LEN_MAX`].
    #[error("the path has {0} bytes; {PATH_LEN_MAX} is the limit")]
    TooLong(usize),
    /// A query or an anchor follows it.
    #[error("a path ends before `?` and `#`")]
    HasQuery,
    /// Between two `/` stands nothing, `.` or `..`.
    #[error("between two `/` of a path there is a name, not nothing, `.` or `..`")]
    OddSegment,
    /// It has a character that no path has, or that browsers read as `/`.
    #[error("a path has no control characters, no `\\`, and no `/` that is hidden as %2F")]
    OddCharacter,
    /// Its percent signs stand for bytes that are no text.
    #[error("the percent signs of the path stand for bytes that are no UTF-8 text")]
    NotText,
}

impl SitePath {
    /// Reads a path as people write it, or as a request asks for it.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if !text.starts_with('/') || text.starts_with("//") {
            return Err(PathError::NotAPath);
        }
        if text.contains(['?', '#']) {
            return Err(PathError::HasQuery);
        }
        let mut path = String::with_capacity(text.len());
        for segment in text.split('/').skip(1) {
            let segment = decoded(segment)?;
            if segment.contains(['/', '\\']) || segment.chars().any(char::is_control) {
                return Err(PathError::OddCharacter);
            }
            path.push('/');
            path.push_str(&segment);
        }
        let path = path.strip_suffix('/').unwrap_or(&path);
        if path.len() > PATH_LEN_MAX {
            return Err(PathError::TooLong(path.len()));
        }
        if path.split('/').skip(1).any(|it| matches!(it, "" | "." | "..")) {
            return Err(PathError::OddSegment);
        }
        Ok(Self(if path.is_empty() { "/".to_owned() } else { path.to_owned() }))
    }

    /// Reads a path whose percent signs were read already.
    pub(super) fn of_stored(text: &str) -> Result<Self, PathError> {
        Self::parse(&percent_encoded(text, |byte| matches!(byte, b'?' | b'#' | b'%')))
    }

    /// The path with its percent signs read.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the home page's.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// The path as it stands in addresses.
    pub fn encoded(&self) -> String {
        percent_encoded(&self.0, |byte| matches!(byte, b'?' | b'#' | b'%'))
    }

    /// The path as people write it.
    pub(super) fn readable(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            match character {
                '%' => text.push_str("%25"),
                '?' => text.push_str("%3F"),
                '#' => text.push_str("%23"),
                other => text.push(other),
            }
        }
        text
    }

    /// What of this path stands below another: `/b` of `/a/b` below `/a`, nothing of `/a` itself.
    pub(super) fn below(&self, above: &Self) -> Option<&str> {
        if above.is_root() {
            return Some(if self.is_root() { "" } else { &self.0 });
        }
        let rest = self.0.strip_prefix(above.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// This path with what stood below another one.
    pub(super) fn with(&self, rest: &str) -> Result<Self, PathError> {
        let start = if self.is_root() { "" } else { self.as_str() };
        let len = start.len() + rest.len();
        if len > PATH_LEN_MAX {
            return Err(PathError::TooLong(len));
        }
        Ok(Self(if len == 0 { "/".to_owned() } else { format!("{start}{rest}") }))
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in which every byte that no address has, and each that `also` names, is percent-encoded.
pub fn percent_encoded(text: &str, also: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let odd = matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
        if !byte.is_ascii_graphic() || odd || also(byte) {
            encoded.push_str(&format!("%{byte:02X}"));
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

/// A part of a path with its percent signs read; one that stands for nothing stays.
fn decoded(segment: &str) -> Result<String, PathError> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.split_at_checked(2).filter(|_| *first == b'%');
        let byte = digits.and_then(|(digits, rest)| Some((hexadecimal(digits)?, rest)));
        let (byte, after) = byte.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| PathError::NotText)
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |it: u8| char::from(it).to_digit(16);
    match digits {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PATH_LEN_MAX, PathError, SitePath};

    #[track_caller]
    fn check(text: &str, expected: Result<&str, PathError>) {
        let got = SitePath::parse(text);
        assert_eq!(got.as_ref().map(SitePath::as_str), expected.as_ref().map(|it| *it), "{text}");
    }

    #[test]
    fn a_path_is_written_in_one_way() {
        check("/", Ok("/"));
        check("/a/b/", Ok("/a/b"));
        check("/caf%C3%A9/", Ok("/café"));
        check("/café", Ok("/café"));
        check("/50%", Ok("/50%"));
        check("/a%3Fb", Ok("/a?b"));
        check("/A", Ok("/A"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_path() {
        for text in ["", "a", "//evil.test", "https://evil.test", "\\evil"] {
            check(text, Err(PathError::NotAPath));
        }
        for text in ["/a//b", "/a//", "/./a", "/a/..", "/%2e%2e/a", "/a/%2E/b"] {
            check(text, Err(PathError::OddSegment));
        }
        for text in ["/a\\b", "/%5Cevil.test", "/a%2Fb", "/%2F%2Fevil.test", "/a%00", "/a\tb"] {
            check(text, Err(PathError::OddCharacter));
        }
        check("/a?b", Err(PathError::HasQuery));
        check("/%ff", Err(PathError::NotText));
        let long = format!("/{}", "a".repeat(PATH_LEN_MAX));
        check(&long, Err(PathError::TooLong(PATH_LEN_MAX + 1)));
    }

    #[test]
    fn an_encoded_path_is_read_back() {
        for text in ["/café", "/50%", "/a?b#c", "/a \"b\"", "/a+b&c=d;e,f'g(h)*!$@:~"] {
            let encoded =
                SitePath::parse(&text.replace('%', "%25").replace('?', "%3F").replace('#', "%23"));
            let path = encoded.unwrap();
            assert_eq!(path.as_str(), text);
            let encoded = path.encoded();
            assert!(encoded.bytes().all(|it| it.is_ascii_graphic()), "{encoded}");
            assert_eq!(SitePath::parse(&encoded), Ok(path));
        }
    }
}
