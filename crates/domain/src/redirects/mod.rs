//! Redirects: where an address leads at which nothing is any more.

mod address;
mod draft;
mod path;
mod redirect;
mod source;
mod status;

pub use address::{ADDRESS_LEN_MAX, RedirectTarget, SiteAddress};
pub use draft::{CheckedRedirect, RedirectDraft};
pub use path::{PATH_LEN_MAX, PathError, SitePath, percent_encoded};
pub use redirect::{Destination, Redirect, RedirectId, RedirectLoop};
pub use source::RedirectSource;
pub use status::RedirectStatus;
