//! Menus: named lists of links with lists below them.

mod json;
mod menu;
mod name;

pub use json::{items_of_json, items_to_json};
pub use menu::{
    MENU_ADDRESS_LEN_MAX, MENU_DEPTH_MAX, MENU_ITEMS_MAX, MENU_LABEL_LEN_MAX, Menu, MenuItem,
    MenuTarget,
};
pub use name::{MENU_NAME_LEN_MAX, MenuName};
