//! How far a grant on content reaches: into which collection, which fields, which entries.
//!
//! The text form is `COLLECTION`, `COLLECTION.FIELD+FIELD…`, and words behind colons that widen or narrow it:
//! `posts`, `posts.title+excerpt:drafts`, `comments:own:drafts-only:as-itself`. It needs no quotes in a shell.

use std::collections::BTreeSet;
use std::fmt;

use crate::collections::{CollectionName, FieldName};

/// Which fields of entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldScope {
    /// Every field that everybody sees.
    All,
    /// These, and no others.
    Named(BTreeSet<FieldName>),
}

/// Which states of entries beside the public ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drafts {
    /// None.
    None,
    /// The newest states of entries that the plugin wrote.
    Own,
    /// The newest states of all.
    All,
}

/// What of a collection a plugin reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadScope {
    /// The collection.
    pub collection: CollectionName,
    /// Which fields.
    pub fields: FieldScope,
    /// What is included that is not public.
    pub drafts: Drafts,
    /// Whether it holds also where the plugin is called for somebody who may not do it.
    pub as_itself: bool,
}

/// What of a collection a plugin writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteScope {
    /// The collection.
    pub collection: CollectionName,
    /// Which fields. A list that names `slug` includes the slug.
    pub fields: FieldScope,
    /// Whether only entries that the plugin wrote may be changed.
    pub own: bool,
    /// Whether what is public stays as it is.
    pub drafts_only: bool,
    /// Whether it holds also where the plugin is called for somebody who may not do it.
    pub as_itself: bool,
}

const AS_ITSELF: &str = "as-itself";

impl FieldScope {
    /// Whether a field is among them.
    pub fn has(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|it| it.as_str() == field),
        }
    }

    /// "the fields a and b", for people; nothing for all of them.
    fn words(&self) -> Option<String> {
        let Self::Named(names) = self else { return None };
        let names: Vec<&str> = names.iter().map(FieldName::as_str).collect();
        Some(match names.as_slice() {
            [one] => format!("the field {one}"),
            [others @ .., last] => format!("the fields {} and {last}", others.join(", ")),
            [] => "no fields".to_owned(),
        })
    }
}

impl ReadScope {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (collection, fields, words) = parts(text)?;
        let mut scope = Self { collection, fields, drafts: Drafts::None, as_itself: false };
        for word in words {
            match word {
                "drafts" if scope.drafts == Drafts::None => scope.drafts = Drafts::All,
                "own-drafts" if scope.drafts == Drafts::None => scope.drafts = Drafts::Own,
                AS_ITSELF if !scope.as_itself => scope.as_itself = true,
                _ => return Err(odd(word, "drafts or own-drafts, and as-itself")),
            }
        }
        Ok(scope)
    }

    /// Whether newest states are included; `own`: of entries that the plugin wrote.
    pub(super) fn reaches_newest(&self, own: bool) -> bool {
        match self.drafts {
            Drafts::None => false,
            Drafts::Own => own,
            Drafts::All => true,
        }
    }

    /// What it allows, as in "this plugin can …".
    pub fn words(&self) -> String {
        let name = &self.collection;
        let mut words = match self.drafts {
            Drafts::None => format!("read published entries of {name}"),
            Drafts::Own => format!("read published entries of {name} and drafts that it wrote"),
            Drafts::All => format!("read entries of {name}, drafts too"),
        };
        if let Some(fields) = self.fields.words() {
            words.push_str(&format!(", of their fields only {fields}"));
        }
        words + asked_by(self.as_itself)
    }
}

impl WriteScope {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (collection, fields, words) = parts(text)?;
        let mut scope =
            Self { collection, fields, own: false, drafts_only: false, as_itself: false };
        for word in words {
            let flag = match word {
                "own" => &mut scope.own,
                "drafts-only" => &mut scope.drafts_only,
                AS_ITSELF => &mut scope.as_itself,
                _ => return Err(odd(word, "own, drafts-only and as-itself")),
            };
            if std::mem::replace(flag, true) {
                return Err(format!("`{word}` stands there twice"));
            }
        }
        Ok(scope)
    }

    /// Whether an entry is included; `own`: one that the plugin wrote.
    pub(super) fn reaches(&self, own: bool) -> bool {
        own || !self.own
    }

    /// What it allows, as in "this plugin can …".
    pub fn words(&self) -> String {
        let name = &self.collection;
        let verbs =
            if self.drafts_only { "create and change" } else { "create, change and publish" };
        let mut words = format!("{verbs} entries of {name}");
        if self.own {
            words.push_str(", only those that it wrote");
        }
        if let Some(fields) = self.fields.words() {
            words.push_str(&format!(", in them only {fields}"));
        }
        if self.drafts_only {
            words.push_str(", and leave what is public as it is");
        }
        words + asked_by(self.as_itself)
    }
}

impl fmt::Display for FieldScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Named(names) = self else { return Ok(()) };
        let names: Vec<&str> = names.iter().map(FieldName::as_str).collect();
        write!(f, ".{}", names.join("+"))
    }
}

impl fmt::Display for ReadScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drafts = match self.drafts {
            Drafts::None => "",
            Drafts::Own => ":own-drafts",
            Drafts::All => ":drafts",
        };
        let itself = if self.as_itself { ":as-itself" } else { "" };
        write!(f, "{}{}{drafts}{itself}", self.collection, self.fields)
    }
}

impl fmt::Display for WriteScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.collection, self.fields)?;
        for (is_set, word) in
            [(self.own, ":own"), (self.drafts_only, ":drafts-only"), (self.as_itself, ":as-itself")]
        {
            f.write_str(if is_set { word } else { "" })?;
        }
        Ok(())
    }
}

type Parts<'a> = (CollectionName, FieldScope, std::str::Split<'a, char>);

fn parts(text: &str) -> Result<Parts<'_>, String> {
    let mut words = text.split(':');
    let head = words.next().unwrap_or_default();
    let (name, fields) = match head.split_once('.') {
        None => (head, FieldScope::All),
        Some((name, list)) => {
            let names = list.split('+').map(FieldName::parse).collect::<Result<_, _>>();
            (name, FieldScope::Named(names.map_err(|error| error.to_string())?))
        }
    };
    let collection = CollectionName::parse(name).map_err(|error| error.to_string())?;
    Ok((collection, fields, words))
}

fn odd(word: &str, known: &str) -> String {
    format!("`{word}` cannot stand there; behind a collection stand {known}, each once")
}

fn asked_by(as_itself: bool) -> &'static str {
    if as_itself { ", also when asked by people who may not" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::{ReadScope, WriteScope};

    #[track_caller]
    fn reads(text: &str, words: &str) {
        let scope = ReadScope::parse(text).unwrap();
        assert_eq!((scope.to_string().as_str(), scope.words().as_str()), (text, words));
    }

    #[track_caller]
    fn writes(text: &str, words: &str) {
        let scope = WriteScope::parse(text).unwrap();
        assert_eq!((scope.to_string().as_str(), scope.words().as_str()), (text, words));
    }

    #[test]
    fn a_scope_says_in_words_what_it_allows() {
        reads("posts", "read published entries of posts");
        reads("posts:drafts", "read entries of posts, drafts too");
        reads(
            "posts.excerpt+title:own-drafts",
            "read published entries of posts and drafts that it wrote, of their fields only the \
             fields excerpt and title",
        );
        writes("posts", "create, change and publish entries of posts");
        writes(
            "posts.title:own:drafts-only:as-itself",
            "create and change entries of posts, only those that it wrote, in them only the field \
             title, and leave what is public as it is, also when asked by people who may not",
        );
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        for text in ["", "posts.", "posts.a++b", "posts:", "posts:all", "posts:drafts:own-drafts"] {
            assert!(ReadScope::parse(text).is_err(), "{text}");
        }
        for text in ["posts:drafts", "posts:own:own", "Posts", "posts.Title", "posts:own "] {
            assert!(WriteScope::parse(text).is_err(), "{text}");
        }
    }
}
