//! The site's pages. Each is rendered for everyone alike, kept whole, and stale as soon as what it shows changes.

mod answer;
mod entry;
mod feed;
mod home;
mod key;
mod reading;
mod robots;
mod sitemap;
mod theme_file;

pub(crate) use answer::Asked;
pub(crate) use entry::entry;
pub(crate) use feed::feed;
pub(crate) use home::home;
pub(crate) use key::PageKey;
pub(crate) use robots::robots;
pub(crate) use sitemap::sitemap;
pub(crate) use theme_file::theme_file;
