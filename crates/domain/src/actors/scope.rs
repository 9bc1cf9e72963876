//! What a token may be used for, of all that its role allows.
//!
//! The text form, as people type it and as it is stored, is `content:OPERATION`, `content:OPERATION=COLLECTION`,
//! `assets:OPERATION`, `site:arrange` or `site:manage`; `*` is every operation.

use std::fmt;
use std::str::FromStr;

use super::asset_permission::AssetPermission;
use super::permission::Permission;
use super::role::SiteRight;
use crate::collections::CollectionName;

/// How many scopes a token can have.
pub const SCOPES_MAX: usize = 64;

/// One thing that a token may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Entries: an operation or all of them, in a collection or in all of them.
    Content {
        /// What; `None` for every operation.
        permission: Option<Permission>,
        /// Where; `None` for every collection.
        collection: Option<CollectionName>,
    },
    /// Assets: an operation, or all of them.
    Assets(Option<AssetPermission>),
    /// The site itself.
    Site(SiteRight),
}

/// The text is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a scope; scopes are content:OPERATION and content:OPERATION=COLLECTION with read_drafts, create, \
update, publish, delete or *, assets:OPERATION with list, upload, change, delete or *, site:arrange and site:manage"
)]
pub struct ScopeError(String);

impl Scope {
    pub(super) fn allows(
        &self,
        permission: Permission,
        collection: Option<&CollectionName>,
    ) -> bool {
        let Self::Content { permission: which, collection: place } = self else { return false };
        which.is_none_or(|it| it == permission)
            && place.as_ref().is_none_or(|it| Some(it) == collection)
    }

    pub(super) fn allows_with_assets(&self, permission: AssetPermission) -> bool {
        matches!(self, Self::Assets(which) if which.is_none_or(|it| it == permission))
    }

    pub(super) fn site(&self) -> SiteRight {
        if let Self::Site(right) = self { *right } else { SiteRight::None }
    }

    pub(super) fn collection(&self) -> Option<&CollectionName> {
        if let Self::Content { collection, .. } = self { collection.as_ref() } else { None }
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ScopeError(text.to_owned());
        let (area, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (operation, place) = match rest.split_once('=') {
            Some((operation, place)) => (operation, Some(place)),
            None => (rest, None),
        };
        match (area, place) {
            ("content", place) => {
                let permission = chosen(operation, Permission::ALL, Permission::name);
                let collection = place.map(CollectionName::parse).transpose();
                Ok(Self::Content {
                    permission: permission.ok_or_else(wrong)?,
                    collection: collection.map_err(|_| wrong())?,
                })
            }
            ("assets", None) => {
                let permission = chosen(operation, AssetPermission::ALL, AssetPermission::name);
                Ok(Self::Assets(permission.ok_or_else(wrong)?))
            }
            ("site", None) => {
                let rights = [SiteRight::Arrange, SiteRight::Manage];
                let found = rights.into_iter().find(|it| it.name() == operation);
                Ok(Self::Site(found.ok_or_else(wrong)?))
            }
            _ => Err(wrong()),
        }
    }
}

/// The operation with a name; all of them for `*`.
fn chosen<T: Copy, const N: usize>(
    text: &str,
    all: [T; N],
    name: impl Fn(T) -> &'static str,
) -> Option<Option<T>> {
    if text == "*" {
        return Some(None);
    }
    all.into_iter().find(|it| name(*it) == text).map(Some)
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { permission, collection } => {
                write!(f, "content:{}", permission.map_or("*", Permission::name))?;
                collection.as_ref().map_or(Ok(()), |it| write!(f, "={it}"))
            }
            Self::Assets(permission) => {
                write!(f, "assets:{}", permission.map_or("*", AssetPermission::name))
            }
            Self::Site(right) => write!(f, "site:{}", right.name()),
        }
    }
}
