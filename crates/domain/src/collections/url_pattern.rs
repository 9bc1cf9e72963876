//! Where entries of a collection are on the site.

use std::fmt;

use crate::entries::Slug;

/// A pattern has to begin with `/` and hold `{slug}` once, at its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the url `{0}` has to begin with / and end with {{slug}}, like /posts/{{slug}}")]
pub struct UrlPatternError(String);

/// Where entries of a collection are on the site: a fixed prefix, then the slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPattern {
    prefix: String, // Invariant: begins and ends with `/`.
}

impl UrlPattern {
    /// Reads `/posts/{slug}`.
    pub fn parse(text: &str) -> Result<Self, UrlPatternError> {
        let wrong = || UrlPatternError(text.to_owned());
        let prefix = text.strip_suffix("{slug}").ok_or_else(wrong)?;
        let ends_well = prefix.starts_with('/') && prefix.ends_with('/') && !prefix.contains("//");
        let plain =
            prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'));
        if ends_well && plain { Ok(Self { prefix: prefix.to_owned() }) } else { Err(wrong()) }
    }

    /// The path of an entry.
    pub fn path(&self, slug: &Slug) -> String {
        format!("{}{slug}", self.prefix)
    }

    /// The path of the list of entries: the pattern without the slug; `None` for one at the root of the site.
    pub fn list(&self) -> Option<&str> {
        self.prefix.strip_suffix('/').filter(|it| !it.is_empty())
    }

    /// The slug in a path of this pattern.
    pub fn slug_of(&self, path: &str) -> Option<Slug> {
        Slug::parse(path.strip_prefix(&self.prefix)?).ok()
    }
}

/// The pattern as it was written.
impl fmt::Display for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{{slug}}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{UrlPattern, UrlPatternError};
    use crate::entries::Slug;

    #[test]
    fn a_pattern_gives_a_path_and_reads_it_back() {
        let pattern = UrlPattern::parse("/posts/{slug}").unwrap();
        let slug = Slug::parse("hello").unwrap();
        assert_eq!(pattern.to_string(), "/posts/{slug}");
        assert_eq!(pattern.path(&slug), "/posts/hello");
        assert_eq!(pattern.slug_of("/posts/hello"), Some(slug));
        assert_eq!(pattern.slug_of("/posts/a/b"), None);
        assert_eq!(pattern.slug_of("/hello"), None);
        assert_eq!(pattern.list(), Some("/posts"));
        assert_eq!(UrlPattern::parse("/{slug}").unwrap().list(), None);
    }

    #[test]
    fn a_pattern_without_a_slug_is_refused() {
        for bad in ["/posts", "posts/{slug}", "/posts//{slug}", "/{slug}/x", "/po sts/{slug}"] {
            assert_eq!(UrlPattern::parse(bad), Err(UrlPatternError(bad.to_owned())));
        }
    }
}
