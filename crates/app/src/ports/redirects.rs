//! Where redirects are kept.

use async_trait::async_trait;
use smartcms_domain::redirects::{Redirect, RedirectId, RedirectLoop, SitePath};

use super::StoreError;

/// How many old addresses of one entry are kept, the newest.
pub const OLD_PATHS_MAX: u32 = 20;

/// Redirects. No two have the same source, and none leads to the source of another: the store holds that in the
/// transaction of each change, by the rules of [`Redirect::leading_on`].
#[async_trait]
pub trait RedirectStore: Send + Sync {
    /// The redirect with this id.
    async fn find_redirect(&self, id: RedirectId) -> Result<Option<Redirect>, StoreError>;

    /// The redirect that answers a path: the exact one, else the one whose source is nearest above.
    async fn redirect_for(&self, path: &SitePath) -> Result<Option<Redirect>, StoreError>;

    /// One page of redirects, by their sources.
    async fn list_redirects(&self, query: &RedirectQuery) -> Result<Vec<Redirect>, StoreError>;

    /// How many redirects people made.
    async fn count_redirects(&self) -> Result<u64, StoreError>;

    /// Stores redirects, new ones or over what they were, one after the other in one transaction.
    ///
    /// Each is stored with the end of its way, and those that led to its source lead on with it. One that made itself
    /// makes room for one of people, and for nothing else. What is refused is not stored; with [`Together::All`] nothing
    /// is then.
    async fn save_redirects(
        &self,
        redirects: Vec<Redirect>,
        together: Together,
    ) -> Result<Vec<Result<SavedRedirect, RedirectConflict>>, StoreError>;

    /// Takes a redirect away; `false` when there is none.
    async fn remove_redirect(&self, id: RedirectId) -> Result<bool, StoreError>;
}

/// What becomes of many when one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// None is stored.
    All,
    /// The others are stored.
    Each,
}

/// What became of a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedRedirect {
    /// It is stored like this.
    Stored(Redirect),
    /// One with this source is there, which leads to the same: nothing was stored.
    Present(Redirect),
}

/// Why a redirect was not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectConflict {
    /// Another one with this source is there.
    Taken(Box<Redirect>),
    /// It, or one that leads to it, would lead back to itself.
    Loop(RedirectLoop),
}

/// One page of redirects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedirectQuery {
    /// A part of the source or of the address it leads to.
    pub search: Option<String>,
    /// Only those that made themselves, or only those of people.
    pub is_automatic: Option<bool>,
    /// Only those after this source.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// What a change of entries does to the addresses of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressChanges {
    /// Redirects from paths at which entries were: each is stored unless people made one there, and what led to its
    /// source leads to the entry.
    pub left: Vec<Redirect>,
    /// Paths at which entries are now: what made itself there goes.
    pub taken: Vec<SitePath>,
}
