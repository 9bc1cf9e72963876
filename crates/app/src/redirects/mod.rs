//! Redirects: making them, changing them, and where a path leads at which nothing is.
//!
//! Those that make themselves are stored with the change of the entry (`entries::addresses`); the store holds that none
//! leads to another.

mod create;
mod error;
mod follow;
mod import;
mod read;
mod restore;
mod update;

pub use create::{REDIRECTS_MAX, create_redirect};
pub use error::RedirectError;
pub use follow::{FollowedRedirect, follow_redirect};
pub use import::{
    IMPORT_LEN_MAX, ImportedRedirects, RedirectOutcome, import_redirects, offer_redirects,
};
pub use read::{ListRedirects, RedirectPage, RedirectView, get_redirect, list_redirects};
pub use restore::{RestoredRedirect, restore_redirects};
pub use update::{UpdateRedirect, remove_redirect, update_redirect};
