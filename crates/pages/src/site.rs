//! What every page knows of its site.

use serde::Serialize;
use smartcms_app::SiteSettings;
use smartcms_app::menus::MenuLink;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Live;
use smartcms_domain::locales::{Locale, Locales};
use smartcms_domain::menus::MENU_ITEMS_MAX;

use crate::feed::FeedFormat;
use crate::urls;

/// The most links of one level of a menu.
pub const NAVIGATION_LEN_MAX: usize = MENU_ITEMS_MAX;

/// The site, in every template as `site`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteContext {
    /// What the site calls itself.
    pub title: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// A BCP 47 tag.
    pub language: String,
    /// How its language is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The address with scheme and host, without a slash at its end.
    pub base_url: String,
    /// The address of the list of entries.
    pub home: &'static str,
    /// The address of the Atom feed.
    pub feed: &'static str,
    /// The address of the list by date.
    pub archive: &'static str,
    /// The address of the search; `None` where the site has none.
    pub search: Option<String>,
    /// The address of the page on which readers ask; `None` where the site answers no questions.
    pub ask: Option<String>,
    /// Links for every page: the menu `main`.
    pub navigation: Vec<NavigationItem>,
    /// Links at the end of every page: the menu `footer`.
    pub footer: Vec<NavigationItem>,
}

/// An item of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavigationItem {
    /// What it says.
    pub label: String,
    /// Where it leads: a path, or an address elsewhere; `None` where it only groups what is below it.
    pub url: Option<String>,
    /// Whether it opens in a new tab.
    pub new_tab: bool,
    /// The items below it.
    pub items: Vec<NavigationItem>,
}

/// A title and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavigationLink {
    /// What it says.
    pub label: String,
    /// Where it leads: a path, or an address elsewhere.
    pub url: String,
}

/// A feed that a page refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// `Atom`, `RSS` or `JSON Feed`.
    pub label: &'static str,
    /// Its address: a path.
    pub url: String,
    /// Its media type.
    pub media_type: &'static str,
}

impl SiteContext {
    /// A site and its menu, which is cut at its limit.
    pub fn new(settings: &SiteSettings, mut navigation: Vec<NavigationItem>) -> Self {
        navigation.truncate(NAVIGATION_LEN_MAX);
        Self {
            title: settings.title.clone(),
            description: settings.description.clone(),
            language: settings.locales.default().to_string(),
            direction: direction(settings.locales.default()),
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            home: urls::HOME,
            feed: urls::FEED,
            archive: urls::ARCHIVE,
            search: None,
            ask: None,
            navigation,
            footer: Vec::new(),
        }
    }

    /// The same site, whose pages lead to its search at this path.
    #[must_use]
    pub fn with_search(self, path: impl Into<String>) -> Self {
        Self { search: Some(path.into()), ..self }
    }

    /// The same site, whose pages lead to where readers ask, at this path.
    #[must_use]
    pub fn with_ask(self, path: impl Into<String>) -> Self {
        Self { ask: Some(path.into()), ..self }
    }

    /// The same site with a menu at the end of its pages, which is cut at its limit.
    #[must_use]
    pub fn with_footer(self, mut footer: Vec<NavigationItem>) -> Self {
        footer.truncate(NAVIGATION_LEN_MAX);
        Self { footer, ..self }
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
        Self::new(&settings, vec![NavigationLink::new("About", "/about").into()])
    }

    /// A site for samples that has all that a site can have.
    pub(crate) fn full_sample() -> Self {
        let deep = NavigationItem {
            label: "Deep & <b>bold</b>".to_owned(),
            url: Some("https://deep.example/".to_owned()),
            new_tab: true,
            items: vec![NavigationLink::new("Deeper", "/deeper").into()],
        };
        let group = |url: Option<&str>| NavigationItem {
            label: "Group".to_owned(),
            url: url.map(str::to_owned),
            new_tab: false,
            items: vec![NavigationLink::new("One", "/one").into(), deep.clone()],
        };
        let sample = Self::sample();
        let mut navigation = sample.navigation.clone();
        navigation.extend([group(None), group(Some("/group"))]);
        let footer = vec![NavigationLink::new("Imprint", "/imprint").into(), group(None)];
        Self { navigation, ..sample }
            .with_search(urls::SEARCH)
            .with_ask(urls::ASK)
            .with_footer(footer)
    }
}

impl From<NavigationLink> for NavigationItem {
    fn from(link: NavigationLink) -> Self {
        Self { label: link.label, url: Some(link.url), new_tab: false, items: Vec::new() }
    }
}

impl From<MenuLink> for NavigationItem {
    fn from(link: MenuLink) -> Self {
        Self {
            label: link.label,
            url: link.url,
            new_tab: link.new_tab,
            items: link.links.into_iter().map(Self::from).collect(),
        }
    }
}

impl NavigationLink {
    /// A link.
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into() }
    }

    /// A link to the public state of an entry.
    pub fn to_entry(definition: &CollectionDefinition, live: &Live) -> Self {
        Self { label: title_of(definition, live), url: urls::entry(definition, &live.slug) }
    }
}

impl FeedLink {
    /// The feeds of the list at a path, the best first.
    pub fn of_list(list: &str) -> Vec<Self> {
        let link = |format: FeedFormat| Self {
            label: format.label(),
            url: urls::feed(list, format),
            media_type: format.media_type(),
        };
        FeedFormat::ALL.map(link).to_vec()
    }
}

/// The title of an entry, or its slug while it has none.
pub(crate) fn title_of(definition: &CollectionDefinition, live: &Live) -> String {
    let title = live.fields.text(definition.title.as_str()).map(str::trim);
    title.filter(|it| !it.is_empty()).unwrap_or(live.slug.as_str()).to_owned()
}

/// How a language is written: `ltr` or `rtl`.
pub fn direction(locale: &Locale) -> &'static str {
    if locale.is_right_to_left() { "rtl" } else { "ltr" }
}

/// What the speakers of a language call it; the tag itself where we do not know.
pub fn language_name(tag: &str) -> String {
    let name = match tag.split('-').next().unwrap_or_default() {
        "ar" => "العربية",
        "cs" => "Čeština",
        "da" => "Dansk",
        "de" => "Deutsch",
        "en" => "English",
        "es" => "Español",
        "fa" => "فارسی",
        "fi" => "Suomi",
        "fr" => "Français",
        "he" => "עברית",
        "it" => "Italiano",
        "ja" => "日本語",
        "ko" => "한국어",
        "nl" => "Nederlands",
        "nb" | "no" => "Norsk",
        "pl" => "Polski",
        "pt" => "Português",
        "ru" => "Русский",
        "sv" => "Svenska",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "zh" => "中文",
        _ => return tag.to_owned(),
    };
    // A region tells apart what has one name.
    if tag.contains('-') { format!("{name} ({tag})") } else { name.to_owned() }
}
