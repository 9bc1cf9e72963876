//! Where a redirect leads.

use std::fmt;

use super::path::{SitePath, percent_encoded};
use super::source::code_of;
use crate::Problem;
use crate::entries::EntryId;

/// The longest address, in bytes.
pub const ADDRESS_LEN_MAX: usize = 2_048;

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectTarget {
    /// To the page of an entry, wherever it is.
    Entry(EntryId),
    /// To a path of the site.
    Path(SiteAddress),
    /// To an address of another site; with `/*` at its end what stood below the source follows.
    Elsewhere(String),
    /// Nowhere: what was there is gone for good.
    Gone,
}

/// A path of the site with what may follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress {
    /// The path.
    pub path: SitePath,
    /// Whether what stood below the source follows.
    pub is_wide: bool,
    /// A query and an anchor: `?page=2#end`; empty for a wide one.
    pub suffix: String,
}

impl SiteAddress {
    /// A path alone.
    pub fn plain(path: SitePath) -> Self {
        Self { path, is_wide: false, suffix: String::new() }
    }
}

impl RedirectTarget {
    /// Reads a path of the site, or an address of another one.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let too_long = |len: usize| {
            let message = format!("the address has {len} bytes; {ADDRESS_LEN_MAX} is the limit");
            Err(Problem::field("to", "too-long", message))
        };
        if text.len() > ADDRESS_LEN_MAX {
            return too_long(text.len());
        }
        let target = Self::read(text)?;
        // As it is written, other letters than ASCII take three times their room.
        match target.len() {
            len if len > ADDRESS_LEN_MAX => too_long(len),
            _ => Ok(target),
        }
    }

    /// The length of its text.
    pub(super) fn len(&self) -> usize {
        self.text().map_or(0, |it| it.len())
    }

    fn read(text: &str) -> Result<Self, Problem> {
        let problem = |code: &str, message: String| Problem::field("to", code, message);
        if !text.starts_with('/') {
            return match elsewhere_problem(text) {
                Some(message) => Err(problem("address", message.to_owned())),
                None => Ok(Self::Elsewhere(text.to_owned())),
            };
        }
        let (start, suffix) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
        if suffix.chars().any(|it| it.is_whitespace() || it.is_control()) {
            return Err(problem("address", "an address has no spaces".to_owned()));
        }
        let (path, is_wide) = match start.strip_suffix("/*").filter(|_| suffix.is_empty()) {
            Some("") => ("/", true),
            Some(path) => (path, true),
            None => (start, false),
        };
        let path =
            SitePath::parse(path).map_err(|error| problem(code_of(&error), error.to_string()))?;
        Ok(Self::Path(SiteAddress { path, is_wide, suffix: suffix.to_owned() }))
    }

    /// The path of the site that it leads to.
    pub fn path(&self) -> Option<&SitePath> {
        match self {
            Self::Path(address) => Some(&address.path),
            _ => None,
        }
    }

    /// Whether what stood below the source follows.
    pub fn is_wide(&self) -> bool {
        match self {
            Self::Path(address) => address.is_wide,
            Self::Elsewhere(address) => address.ends_with("/*"),
            Self::Entry(_) | Self::Gone => false,
        }
    }

    /// As people write it; `None` for an entry and for what is gone.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Path(address) => Some(address.to_string()),
            Self::Elsewhere(address) => Some(address.clone()),
            Self::Entry(_) | Self::Gone => None,
        }
    }
}

impl fmt::Display for SiteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.is_wide && self.path.is_root() { "" } else { &self.path.encoded() };
        write!(f, "{path}{}{}", if self.is_wide { "/*" } else { "" }, self.suffix)
    }
}

/// An address of another site with what stood below the source, as it stands in a header.
pub(super) fn elsewhere(address: &str, rest: &str) -> String {
    let whole = match address.strip_suffix("/*") {
        Some(start) => format!("{start}{}", percent_encoded(rest, |it| b"?#%".contains(&it))),
        None => address.to_owned(),
    };
    percent_encoded(&whole, |_| false)
}

fn elsewhere_problem(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Some(
            "this is neither a path of the site, like /new, nor an address like https://example.com/new",
        );
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') {
        return Some("the address names no host");
    }
    if host.contains('@') {
        return Some("the address has a user name, which hides where it leads");
    }
    if !host.is_ascii() {
        return Some("the host has other letters than ASCII; write it as its xn-- form");
    }
    let odd = |it: char| it.is_whitespace() || it.is_control() || it == '\\';
    if text.chars().any(odd) || host.contains('*') {
        return Some("the address has a space, `\\`, or `*` in its host");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::RedirectTarget;

    #[test]
    fn a_target_is_read_back_from_its_text() {
        for text in [
            "/new",
            "/new/*",
            "/*",
            "/",
            "/new?a=b#c",
            "/caf%C3%A9",
            "https://example.com",
            "http://example.com/a/*",
            "HTTPS://example.com/ü?x#y",
        ] {
            let target = RedirectTarget::parse(text).unwrap();
            assert_eq!(target.text().as_deref(), Some(text));
            assert_eq!(target.is_wide(), text.ends_with("/*"));
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        for text in [
            "",
            "new",
            "//evil.test/a",
            "javascript:alert(1)",
            "https://",
            "https://:80/",
            "https://me@evil.test/",
            "https://bücher.example/",
            "https://evil.test/a b",
            "https://evil.test\\a",
            "https://*",
            "/a b?c d",
            "/a//b",
            "/a?b\nc",
        ] {
            let problem = RedirectTarget::parse(text).map_err(|it| it.field).unwrap_err();
            assert_eq!(problem.as_deref(), Some("to"), "{text}");
        }
        assert_eq!(
            RedirectTarget::parse(&format!("/{}", "a".repeat(3_000))).unwrap_err().code,
            "too-long"
        );
    }
}
