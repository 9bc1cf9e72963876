//! What readers see: themes, the typed context of each template with samples of it, typed addresses, and the
//! XML documents of the site.
//!
//! Nothing here reads the store: callers bring entries, and get text.
#![deny(missing_docs)]

pub mod admin;
mod archive;
mod ask;
mod body;
mod dates;
mod engine;
mod entry;
mod excerpt;
mod feed;
mod head;
mod headings;
mod home;
mod linked_data;
mod list;
mod mistake;
mod not_found;
mod packed;
mod search;
mod site;
mod sitemap;
mod summary;
mod theme;
mod theme_files;
pub mod urls;
mod xml;

pub use archive::{ArchivePage, MonthGroup, Period, YearLink};
pub use ask::{AskAnswer, AskPage, AskPart};
pub use dates::Date;
pub use entry::{EntryContent, EntryPage, EntryPlace, EntrySurroundings, RELATED_LEN_MAX};
pub use feed::{FEED_CONTENT_BYTES_MAX, FeedChannel, FeedEntry, FeedFormat, FeedImage, feed_text};
pub use head::{Alternate, PageContext, PageImage};
pub use headings::{HEADINGS_MAX, Heading};
pub use home::HomePage;
pub use list::{ListHeading, ListKind, ListPage};
pub use mistake::TemplateMistake;
pub use not_found::NotFoundPage;
pub use search::{SearchPage, SearchPart, SearchResult, SnippetPart, opensearch_xml};
pub use site::{
    FeedLink, NAVIGATION_LEN_MAX, NavigationItem, NavigationLink, SiteContext, direction,
    language_name,
};
pub use sitemap::{SITEMAP_URLS_MAX, SitemapEntry, own_pages, sitemap_index_xml, sitemap_xml};
pub use summary::EntrySummary;
pub use theme::{RenderError, TEMPLATE_FUEL_MAX, Theme, ThemeError};
pub use theme_files::{THEME_BYTES_MAX, THEME_FILES_MAX, ThemeFile, default_theme_files};
