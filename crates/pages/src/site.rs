//! What every page knows of its site.

use serde::Serialize;
use serde_json::Value;
use smartcms_app::SiteSettings;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;
use smartcms_domain::locales::{Locale, Locales};

use crate::urls;

/// The most links of the navigation.
const NAVIGATION_LEN_MAX: usize = 12;

/// The site, in every template as `site`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteContext {
    /// What the site calls itself.
    pub title: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// A BCP 47 tag.
    pub language: String,
    /// The address with scheme and host, without a slash at its end.
    pub base_url: String,
    /// The address of the list of entries.
    pub home: &'static str,
    /// The address of the feed.
    pub feed: &'static str,
    /// Links for every page.
    pub navigation: Vec<NavigationLink>,
}

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavigationLink {
    /// What it says.
    pub label: String,
    /// Where it leads: a path.
    pub url: String,
}

/// What the head of a page says of it, in every template as `page`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageContext {
    /// The title without the site's.
    pub title: String,
    /// A sentence for those who find the page elsewhere.
    pub description: Option<String>,
    /// The path that was asked for.
    pub path: String,
    /// The one address of this page; `None` for pages that nobody should keep.
    pub canonical: Option<String>,
    /// What the page is about, as JSON-LD; null where there is nothing to say.
    pub linked_data: Value,
}

impl SiteContext {
    /// A site and its navigation, which is cut at its limit.
    pub fn new(settings: &SiteSettings, mut navigation: Vec<NavigationLink>) -> Self {
        navigation.truncate(NAVIGATION_LEN_MAX);
        Self {
            title: settings.title.clone(),
            description: settings.description.clone(),
            language: settings.locales.default().to_string(),
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            home: urls::HOME,
            feed: urls::FEED,
            navigation,
        }
    }

    /// A path of this site with scheme and host.
    pub fn absolute(&self, path: &str) -> String {
        urls::absolute(&self.base_url, path)
    }

    /// A site for samples.
    pub fn sample() -> Self {
        let settings = SiteSettings {
            title: "Field notes".to_owned(),
            description: "Notes on <soil> & weather".to_owned(),
            base_url: "https://site.example".to_owned(),
            locales: Locales::only(Locale::english()),
        };
        let about = NavigationLink { label: "About".to_owned(), url: "/about".to_owned() };
        Self::new(&settings, vec![about])
    }
}

impl NavigationLink {
    /// A link to the public state of an entry.
    pub fn to_entry(definition: &CollectionDefinition, live: &Live) -> Self {
        Self { label: title_of(definition, live), url: urls::entry(definition, &live.slug) }
    }
}

/// The title of an entry, or its slug while it has none.
pub(crate) fn title_of(definition: &CollectionDefinition, live: &Live) -> String {
    let title = live.fields.text(definition.title.as_str()).map(str::trim);
    title.filter(|it| !it.is_empty()).unwrap_or(live.slug.as_str()).to_owned()
}
