//! The site's pages. Each is rendered for everyone alike, kept whole, and stale as soon as what it shows changes.

mod answer;
mod archive;
mod ask;
mod entry;
mod feed;
mod frame;
mod home;
mod images;
mod key;
mod list;
mod read;
mod redirect;
mod robots;
mod search;
mod sitemap;
mod surroundings;
mod terms;
mod theme_file;

pub(crate) use answer::Asked;
pub(crate) use archive::archive;
pub(crate) use ask::{ask, ask_in, ask_language, may_ask};
pub(crate) use entry::{draft, entry};
pub(crate) use feed::{feed, feed_at};
pub(crate) use home::home;
pub(crate) use key::PageKey;
pub(crate) use robots::robots;
pub(crate) use search::{opensearch, search, search_in, search_language};
pub(crate) use sitemap::{sitemap, sitemap_part};
pub(crate) use theme_file::theme_file;
