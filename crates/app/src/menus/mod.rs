//! Menus: arranging them, and what readers see of them.

mod error;
mod read;
mod resolve;
mod write;

pub use error::MenuError;
pub use read::{get_menu, list_menu_views, list_menus};
pub use resolve::{MenuLink, MenuView, menu_views, menus_in};
pub use write::{MENUS_MAX, SaveMenu, SeenMenu, import_menu, remove_menu, save_menu};
