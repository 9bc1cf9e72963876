//! Roles: the built-in ones, and those that a site makes itself.
//!
//! Of people and tokens the *name* of a role is stored. What it allows is looked up at each request, so that a changed
//! role holds at once, in every process.

mod error;
mod manage;
mod resolve;

pub use error::RoleError;
pub use manage::{
    RoleView, SeenRole, get_role, list_givable_roles, list_roles, remove_role, save_role,
};
pub use resolve::{person_role, resolve_role};
