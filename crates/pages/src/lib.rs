//! What readers see: themes, the typed context of each template with samples of it, typed addresses, and the
//! XML documents of the site.
//!
//! Nothing here reads the store: callers bring entries, and get text.
#![deny(missing_docs)]

mod dates;
mod entry;
mod excerpt;
mod feed;
mod home;
mod linked_data;
mod not_found;
mod site;
mod sitemap;
mod theme;
mod theme_files;
pub mod urls;
mod xml;

pub use dates::Date;
pub use entry::{EntryContent, EntryPage};
pub use feed::{FEED_CONTENT_BYTES_MAX, FeedEntry, feed_xml};
pub use home::{EntrySummary, HomePage};
pub use not_found::NotFoundPage;
pub use site::{NavigationLink, PageContext, SiteContext};
pub use sitemap::{SITEMAP_URLS_MAX, SitemapEntry, sitemap_xml};
pub use theme::{RenderError, TEMPLATE_FUEL_MAX, Theme, ThemeError};
pub use theme_files::{THEME_BYTES_MAX, THEME_FILES_MAX, ThemeFile};
