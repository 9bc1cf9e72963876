//! The addresses that a redirect answers.

use std::fmt;

use super::path::{PathError, SitePath};
use crate::Problem;

/// Below these, answers are for programs or for those who work on the site.
const RESERVED: [&str; 3] = ["/api", "/ext", "/admin"];
/// The most patterns that are looked for on behalf of one path: those of deeper ones are not found.
const CANDIDATES_MAX: usize = 32;

/// The addresses that a redirect answers: one path, or with `/*` at its end, it and everything below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedirectSource {
    pub(super) path: SitePath,
    pub(super) is_wide: bool,
}

impl RedirectSource {
    /// Reads `/old` or `/old/*`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let problem = |code: &str, message: String| Err(Problem::field("from", code, message));
        let (start, is_wide) = match text.strip_suffix("/*") {
            Some(start) => (start, true),
            None => (text, false),
        };
        let path = match SitePath::parse(start) {
            Ok(path) => path,
            Err(_) if start.is_empty() && is_wide => {
                let message = "`/*` would hide every mistake; name a part of the site, like /old/*";
                return problem("reserved", message.to_owned());
            }
            Err(error) => return problem(code_of(&error), error.to_string()),
        };
        if path.as_str().contains('*') {
            return problem("path", "`*` stands at the end alone, after a `/`".to_owned());
        }
        if let Some(reserved) = RESERVED.into_iter().find(|it| is_at_or_below(&path, it)) {
            return problem("reserved", format!("{reserved} is no place for redirects"));
        }
        if path.is_root() {
            return problem("reserved", "at / is always the home page".to_owned());
        }
        Ok(Self { path, is_wide })
    }

    /// Reads what was stored: the path of an entry may be where people can make no redirect.
    pub fn stored(text: &str) -> Result<Self, PathError> {
        let start = text.strip_suffix("/*");
        // Percent signs were read before it was stored.
        let path = SitePath::of_stored(start.unwrap_or(text))?;
        Ok(Self { path, is_wide: start.is_some() })
    }

    /// One path alone, at which an entry was.
    pub fn exact(path: SitePath) -> Self {
        Self { path, is_wide: false }
    }

    /// What stores know it by: its percent signs are read.
    pub fn key(&self) -> String {
        format!("{}{}", self.path, if self.is_wide { "/*" } else { "" })
    }

    /// The path, without what follows it.
    pub fn path(&self) -> &SitePath {
        &self.path
    }

    /// Whether everything below the path is meant too.
    pub fn is_wide(&self) -> bool {
        self.is_wide
    }

    /// What of a path stands below the source's; `None` for a path that it does not answer.
    pub fn rest_of<'a>(&self, path: &'a SitePath) -> Option<&'a str> {
        path.below(&self.path).filter(|rest| self.is_wide || rest.is_empty())
    }

    /// The sources that can answer a path, as their keys, the one that does if it is there first.
    pub fn candidates(path: &SitePath) -> Vec<String> {
        let mut found = vec![path.to_string()];
        let mut above = path.as_str();
        while found.len() < CANDIDATES_MAX && !matches!(above, "" | "/") {
            found.push(format!("{above}/*"));
            above = above.rsplit_once('/').map_or("", |(above, _)| above);
        }
        found
    }
}

fn is_at_or_below(path: &SitePath, prefix: &str) -> bool {
    let rest = path.as_str().strip_prefix(prefix);
    rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

pub(super) fn code_of(error: &PathError) -> &'static str {
    if matches!(error, PathError::TooLong(_)) { "too-long" } else { "path" }
}

/// As people write it: other letters than ASCII as they are, and a percent sign only where it has to be.
impl fmt::Display for RedirectSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path.readable(), if self.is_wide { "/*" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::{RedirectSource, SitePath};

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    #[test]
    fn a_source_answers_its_path_and_a_wide_one_what_is_below() {
        let exact = RedirectSource::parse("/old/").unwrap();
        assert_eq!(exact.rest_of(&path("/old")), Some(""));
        assert_eq!(exact.rest_of(&path("/old/a")), None);
        let wide = RedirectSource::parse("/old/*").unwrap();
        assert_eq!(wide.to_string(), "/old/*");
        assert_eq!(wide.rest_of(&path("/old")), Some(""));
        assert_eq!(wide.rest_of(&path("/old/a/b")), Some("/a/b"));
        assert_eq!(wide.rest_of(&path("/older")), None);
    }

    #[test]
    fn a_source_is_read_back_from_what_people_see_and_from_what_is_stored() {
        for text in ["/a", "/café/*", "/50%25", "/a%3Fb%23c", "/a b"] {
            let source = RedirectSource::parse(text).unwrap();
            assert_eq!(source.to_string(), text);
            assert_eq!(RedirectSource::stored(&source.key()), Ok(source));
        }
    }

    #[test]
    fn places_that_always_answer_are_no_sources() {
        for (text, code) in [
            ("/", "reserved"),
            ("/*", "reserved"),
            ("/api/v1", "reserved"),
            ("/ext", "reserved"),
            ("/admin/*", "reserved"),
            ("old", "path"),
            ("/a*b", "path"),
            ("/%2A", "path"),
            ("/*/a", "path"),
            ("/a?b=1", "path"),
        ] {
            let problem = RedirectSource::parse(text).unwrap_err();
            assert_eq!(
                (problem.field.as_deref(), problem.code.as_str()),
                (Some("from"), code),
                "{text}"
            );
        }
        assert!(RedirectSource::parse("/apiary").is_ok());
    }

    #[test]
    fn the_nearest_source_is_looked_for_first() {
        let found = RedirectSource::candidates(&path("/a/b"));
        assert_eq!(found, ["/a/b", "/a/b/*", "/a/*"]);
        assert_eq!(RedirectSource::candidates(&path("/")), ["/"]);
        let deep = "/a".repeat(100);
        assert_eq!(RedirectSource::candidates(&path(&deep)).len(), 32);
    }
}
