//! Where people keep views of lists.

use async_trait::async_trait;
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::StoreError;

/// Views that people keep: addresses of lists under names of their own.
#[async_trait]
pub trait ViewStore: Send + Sync {
    /// The views of a person for one list, by name.
    async fn list_views(&self, owner: UserId, list: &str) -> Result<Vec<SavedView>, StoreError>;

    /// Every view of a person, by list and name.
    async fn all_views(&self, owner: UserId) -> Result<Vec<SavedView>, StoreError>;

    /// Stores a view, over the one of the person with the same list and name; `false` when the person has `most` others
    /// already.
    async fn save_view(&self, view: SavedView, most: u32) -> Result<bool, StoreError>;

    /// Takes a view of a person away; `false` when the person has none with this id.
    async fn remove_view(&self, owner: UserId, id: Uuid) -> Result<bool, StoreError>;
}

/// A view that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// Whose it is; nobody else sees it.
    pub owner: UserId,
    /// Of which list: `content/posts`.
    pub list: String,
    /// What its owner calls it; unique among their views of the list.
    pub name: String,
    /// What stands behind the `?` of its address.
    pub query: String,
}
