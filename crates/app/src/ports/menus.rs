//! Where menus are kept.

use async_trait::async_trait;
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{Menu, MenuName};

use super::StoreError;

/// Menus by their names.
#[async_trait]
pub trait MenuStore: Send + Sync {
    /// The menus with these names, by name; those that are not there are left out.
    async fn find_menus(&self, names: &[MenuName]) -> Result<Vec<Menu>, StoreError>;

    /// Every menu by name.
    async fn list_menus(&self) -> Result<Vec<Menu>, StoreError>;

    /// Stores a menu over the state that was `previous`; `None` for a new one. Nothing is written when another state is
    /// stored.
    async fn save_menu(
        &self,
        menu: Menu,
        previous: Option<Revision>,
    ) -> Result<MenuGeneration, MenuWriteError>;

    /// Takes a menu away whose state is `previous`.
    async fn remove_menu(
        &self,
        name: &MenuName,
        previous: Revision,
    ) -> Result<MenuGeneration, MenuWriteError>;

    /// How often menus changed.
    async fn menu_generation(&self) -> Result<MenuGeneration, StoreError>;
}

/// How often menus changed; each change makes the next number, also in other processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MenuGeneration(pub u64);

/// Why a menu was not stored.
#[derive(Debug, thiserror::Error)]
pub enum MenuWriteError {
    /// Another state is stored than the one that was seen.
    #[error("the menu changed while it was being saved")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
