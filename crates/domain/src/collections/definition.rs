//! The definition of a collection.

use std::fmt;

use super::field::{FieldDefinition, FieldName};
use super::name::CollectionName;
use crate::Problem;
use crate::entries::{Fields, Slug};

/// The most fields of one collection.
pub const FIELDS_MAX: usize = 200;

/// A type of content: its fields, labels and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionDefinition {
    /// The name in addresses, files and grants.
    pub name: CollectionName,
    /// What people call the whole: `Posts`.
    pub label: String,
    /// What people call one: `Post`.
    pub label_one: String,
    /// Where an entry is on the site.
    pub url: UrlPattern,
    /// Whether the newest entries show on the home page and in the feed.
    pub listed: bool,
    /// In the order editors see them.
    pub fields: Vec<FieldDefinition>,
    /// The field that names an entry and makes its slug.
    pub title: FieldName,
    /// The field that is rendered as the entry's page.
    pub body: FieldName,
}

/// Why a definition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// A pattern must begin with `/` and hold `{slug}` once, at its end.
    #[error("the url `{0}` has to begin with / and end with {{slug}}, like /posts/{{slug}}")]
    Url(String),
    /// Two fields have the same name.
    #[error("the field `{0}` is defined twice")]
    TwiceDefined(FieldName),
    /// The title or the body names a field that is not there.
    #[error("`{role} = \"{name}\"` names no field of the collection")]
    UnknownField {
        /// `title` or `body`.
        role: &'static str,
        /// What it names.
        name: FieldName,
    },
    /// There are more than [`FIELDS_MAX`] fields.
    #[error("the collection has {0} fields; {FIELDS_MAX} is the limit")]
    TooManyFields(usize),
}

/// Where entries of a collection are on the site: a fixed prefix, then the slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPattern {
    prefix: String, // Invariant: begins and ends with `/`.
}

impl UrlPattern {
    /// Reads `/posts/{slug}`.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        let wrong = || DefinitionError::Url(text.to_owned());
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

impl CollectionDefinition {
    /// Checks that the parts fit together.
    pub fn check(self) -> Result<Self, DefinitionError> {
        if self.fields.len() > FIELDS_MAX {
            return Err(DefinitionError::TooManyFields(self.fields.len()));
        }
        let mut names: Vec<&FieldName> = self.fields.iter().map(|it| &it.name).collect();
        names.sort_unstable();
        if let Some(twice) =
            names.windows(2).find(|it| it.first() == it.last()).and_then(|it| it.first())
        {
            return Err(DefinitionError::TwiceDefined((*twice).clone()));
        }
        for (role, name) in [("title", &self.title), ("body", &self.body)] {
            if self.field(name.as_str()).is_none() {
                return Err(DefinitionError::UnknownField { role, name: name.clone() });
            }
        }
        Ok(self)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&FieldDefinition> {
        self.fields.iter().find(|it| it.name.as_str() == name)
    }

    /// Everything wrong with an entry's fields; empty when they can be stored.
    pub fn problems_of(&self, fields: &Fields) -> Vec<Problem> {
        let unknown = fields.names().filter(|name| self.field(name).is_none());
        let unknown = unknown.map(|name| {
            Problem::field(name, "unknown-field", format!("{} has no field `{name}`", self.label))
        });
        let wrong = self.fields.iter().filter_map(|it| it.check(fields.get(it.name.as_str())));
        unknown.chain(wrong).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{DefinitionError, UrlPattern};
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
    }

    #[test]
    fn a_pattern_without_a_slug_is_refused() {
        for bad in ["/posts", "posts/{slug}", "/posts//{slug}", "/{slug}/x", "/po sts/{slug}"] {
            assert_eq!(UrlPattern::parse(bad), Err(DefinitionError::Url(bad.to_owned())));
        }
    }
}
