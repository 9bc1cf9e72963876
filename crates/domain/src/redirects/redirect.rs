//! A redirect, and how it stands to the others: none leads to another.

use std::fmt;

use uuid::Uuid;

use super::address::{ADDRESS_LEN_MAX, RedirectTarget, SiteAddress, elsewhere};
use super::path::SitePath;
use super::source::RedirectSource;
use super::status::RedirectStatus;
use crate::Timestamp;
use crate::entries::EntryId;

/// Names a redirect for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedirectId(Uuid);

/// Where an address leads at which nothing is any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Its id.
    pub id: RedirectId,
    /// What it answers; no two redirects have the same.
    pub source: RedirectSource,
    /// Where it leads.
    pub target: RedirectTarget,
    /// What it tells browsers.
    pub status: RedirectStatus,
    /// Whether it was made because an entry got another address.
    pub is_automatic: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Where a redirect leads on behalf of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// To the page of an entry.
    Entry(EntryId),
    /// To a path of the site, with a query and an anchor.
    Path(SitePath, String),
    /// To an address of another site, as it stands in a header.
    Elsewhere(String),
    /// Nowhere: it is gone for good.
    Gone,
}

/// It would lead back to where it began.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{from} would lead back to itself")]
pub struct RedirectLoop {
    /// The source of the redirect that would.
    pub from: RedirectSource,
}

impl RedirectId {
    /// Takes an id.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    /// The id as a UUID.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for RedirectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl Redirect {
    /// The redirect from a path at which an entry was.
    pub fn from_old_path(id: RedirectId, path: SitePath, entry: EntryId, now: Timestamp) -> Self {
        Self {
            id,
            source: RedirectSource::exact(path),
            target: RedirectTarget::Entry(entry),
            status: RedirectStatus::Moved,
            is_automatic: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// Where it leads on behalf of a path; `None` for one that it does not answer, and for one that would grow too long.
    pub fn destination(&self, path: &SitePath) -> Option<Destination> {
        let rest = self.source.rest_of(path)?;
        Some(match &self.target {
            RedirectTarget::Entry(id) => Destination::Entry(*id),
            RedirectTarget::Path(address) if address.is_wide => {
                Destination::Path(address.path.with(rest).ok()?, String::new())
            }
            RedirectTarget::Path(address) => {
                Destination::Path(address.path.clone(), address.suffix.clone())
            }
            RedirectTarget::Elsewhere(address) => Destination::Elsewhere(elsewhere(address, rest)),
            RedirectTarget::Gone => Destination::Gone,
        })
    }

    /// Whether it leads to the same in the same way.
    pub fn leads_as(&self, other: &Self) -> bool {
        self.target == other.target && self.status == other.status
    }

    /// This redirect with the end of its way, where `onward` is the one that answers its target. What leads back to its
    /// own source is refused.
    pub fn leading_on(self, onward: Option<&Self>) -> Result<Self, RedirectLoop> {
        self.require_no_loop()?;
        let (Some(onward), RedirectTarget::Path(address)) = (onward, &self.target) else {
            return Ok(self);
        };
        if onward.id == self.id {
            return Ok(self);
        }
        let joined = joined(address, onward).filter(|it| it.len() <= ADDRESS_LEN_MAX);
        let Some(target) = joined else { return Ok(self) };
        let is_gone = target == RedirectTarget::Gone;
        let status = if is_gone { RedirectStatus::Gone } else { self.status };
        let joined = Self { target, status, ..self };
        joined.require_no_loop()?;
        Ok(joined)
    }

    fn require_no_loop(&self) -> Result<(), RedirectLoop> {
        let answers = |it: &SitePath| self.source.rest_of(it).is_some();
        match self.target.path().is_some_and(answers) {
            true => Err(RedirectLoop { from: self.source.clone() }),
            false => Ok(()),
        }
    }
}

/// The target of an address that another redirect answers; `None` where it does not answer all of it.
fn joined(address: &SiteAddress, onward: &Redirect) -> Option<RedirectTarget> {
    let rest = onward.source.rest_of(&address.path)?;
    if address.is_wide {
        return match &onward.target {
            _ if !onward.source.is_wide() => None,
            RedirectTarget::Path(next) if next.is_wide => {
                let path = next.path.with(rest).ok()?;
                Some(RedirectTarget::Path(SiteAddress { path, ..next.clone() }))
            }
            RedirectTarget::Elsewhere(next) if next.ends_with("/*") => {
                let start = elsewhere(next, rest);
                Some(RedirectTarget::Elsewhere(format!("{start}/*")))
            }
            other => Some(other.clone()),
        };
    }
    Some(match onward.destination(&address.path)? {
        Destination::Entry(id) => RedirectTarget::Entry(id),
        Destination::Path(path, suffix) => {
            let suffix = if suffix.is_empty() { address.suffix.clone() } else { suffix };
            RedirectTarget::Path(SiteAddress { path, is_wide: false, suffix })
        }
        Destination::Elsewhere(url) => RedirectTarget::Elsewhere(url),
        Destination::Gone => RedirectTarget::Gone,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Destination, Redirect, RedirectId};
    use crate::Timestamp;
    use crate::redirects::{RedirectSource, RedirectStatus, RedirectTarget, SitePath};

    fn redirect(number: u128, from: &str, to: &str) -> Redirect {
        Redirect {
            id: RedirectId::new(Uuid::from_u128(number)),
            source: RedirectSource::parse(from).unwrap(),
            target: RedirectTarget::parse(to).unwrap(),
            status: RedirectStatus::Moved,
            is_automatic: false,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    fn leads(from: &str, to: &str, path: &str) -> Option<String> {
        let path = SitePath::parse(path).unwrap();
        match redirect(1, from, to).destination(&path)? {
            Destination::Path(path, suffix) => Some(format!("{}{suffix}", path.encoded())),
            Destination::Elsewhere(url) => Some(url),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_stood_for_the_star_follows() {
        for (from, to, path, expected) in [
            ("/old", "/new?a=b#c", "/old/", Some("/new?a=b#c")),
            ("/old/*", "/new/*", "/old/a/b", Some("/new/a/b")),
            ("/old/*", "/new/*", "/old", Some("/new")),
            ("/old/*", "/new", "/old/a", Some("/new")),
            ("/old/*", "/*", "/old/é", Some("/%C3%A9")),
            ("/old/*", "/*", "/old", Some("/")),
            ("/old/*", "https://a.test/x/*", "/old/a%3Fb", Some("https://a.test/x/a%3Fb")),
            ("/old/*", "https://a.test/*", "/old", Some("https://a.test")),
            ("/old", "/new", "/old/a", None),
        ] {
            assert_eq!(leads(from, to, path).as_deref(), expected, "{from} {to} {path}");
        }
    }

    #[track_caller]
    fn joined(own: (&str, &str), onward: (&str, &str), expected: Option<&str>) {
        let onward = redirect(2, onward.0, onward.1);
        let found = redirect(1, own.0, own.1).leading_on(Some(&onward));
        let text = found.ok().and_then(|it| it.target.text());
        assert_eq!(text.as_deref(), expected, "{own:?} {onward:?}");
    }

    #[test]
    fn a_way_in_two_steps_becomes_one() {
        joined(("/a", "/b"), ("/b", "/c"), Some("/c"));
        joined(("/a", "/b?x=1"), ("/b", "/c"), Some("/c?x=1"));
        joined(("/a", "/b/q"), ("/b/*", "/c/*"), Some("/c/q"));
        joined(("/a", "/b"), ("/b", "https://c.test/"), Some("https://c.test/"));
        joined(("/a/*", "/b/*"), ("/b/*", "/c/*"), Some("/c/*"));
        joined(("/a/*", "/b/x/*"), ("/b/*", "https://c.test/y/*"), Some("https://c.test/y/x/*"));
        joined(("/a/*", "/b/*"), ("/b/*", "/c"), Some("/c"));
        // Of what is below, only one page leads on: that is found when it is asked for.
        joined(("/a/*", "/b/*"), ("/b", "/c"), Some("/b/*"));
    }

    #[test]
    fn what_leads_back_is_refused() {
        joined(("/a", "/b"), ("/b", "/a"), None);
        joined(("/a/*", "/b/*"), ("/b/*", "/a/x/*"), None);
        for (from, to) in [("/a", "/a"), ("/a", "/a/?x=1"), ("/a/*", "/a"), ("/a/*", "/a/b/*")] {
            assert!(redirect(1, from, to).leading_on(None).is_err(), "{from} {to}");
        }
        assert!(redirect(1, "/a", "/a/b").leading_on(None).is_ok());
    }

    #[test]
    fn what_leads_to_something_gone_says_so() {
        let gone = Redirect {
            target: RedirectTarget::Gone,
            status: RedirectStatus::Gone,
            ..redirect(2, "/b", "/c")
        };
        let joined = redirect(1, "/a", "/b").leading_on(Some(&gone)).unwrap();
        assert_eq!((joined.target, joined.status), (RedirectTarget::Gone, RedirectStatus::Gone));
    }
}
