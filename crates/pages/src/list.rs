//! Lists of entries that have something in common: `collection.html`, `term.html` and `author.html`.

use serde::Serialize;

use crate::head::{PageContext, PageImage};
use crate::linked_data;
use crate::site::{FeedLink, NavigationLink, SiteContext};
use crate::summary::EntrySummary;
use crate::urls;

/// What the entries of a list have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// The collection: `collection.html`.
    Collection,
    /// A term of a taxonomy: `term.html`.
    Term,
    /// Who wrote them: `author.html`.
    Author,
}

/// What a list says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListHeading {
    /// The name of what the entries have in common.
    pub title: String,
    /// What it is: `Posts`, `Tag`, `Author`.
    pub label: String,
    /// A few words about it.
    pub description: Option<String>,
    /// A picture of it.
    pub image: Option<PageImage>,
    /// The same picture as others show it beside a link to the page, which has it as `page.image`.
    #[serde(skip)]
    pub card: Option<PageImage>,
    /// The body of the term or author as HTML that is safe to show; may be empty.
    pub body: String,
    /// Terms below this one.
    pub below: Vec<NavigationLink>,
}

/// The context of `collection.html`, `term.html` and `author.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// What the entries have in common.
    pub heading: ListHeading,
    /// Whether this is the beginning of the list.
    pub is_first: bool,
    /// The address of the list's beginning.
    pub first: String,
    /// The entries, the first published last.
    pub entries: Vec<EntrySummary>,
    /// Where the list goes on; `None` at its end.
    pub older: Option<String>,
}

/// A part of a list.
pub(crate) struct Paging {
    pub(crate) path: String,
    pub(crate) is_first: bool,
    pub(crate) older: Option<String>,
}

impl Paging {
    pub(crate) fn new(list: &str, after: Option<&str>, older: Option<&str>) -> Self {
        Self {
            path: after.map_or_else(|| list.to_owned(), |it| urls::after(list, it)),
            is_first: after.is_none(),
            older: older.map(|it| urls::after(list, it)),
        }
    }
}

impl ListKind {
    /// The name of its template.
    pub fn template(self) -> &'static str {
        match self {
            Self::Collection => "collection.html",
            Self::Term => "term.html",
            Self::Author => "author.html",
        }
    }
}

impl ListHeading {
    /// A list with a title alone.
    pub fn new(title: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            label: label.into(),
            description: None,
            image: None,
            card: None,
            body: String::new(),
            below: Vec::new(),
        }
    }
}

impl ListPage {
    /// The list at a path from its beginning, or after a cursor; `older` is the cursor of the next part.
    pub fn new(
        site: SiteContext,
        kind: ListKind,
        heading: ListHeading,
        list: &str,
        (after, older): (Option<&str>, Option<&str>),
        entries: Vec<EntrySummary>,
    ) -> Self {
        let paging = Paging::new(list, after, older);
        let mut page = PageContext::new(&site, heading.title.clone(), paging.path);
        page.description.clone_from(&heading.description);
        page.image.clone_from(&heading.card);
        page.next.clone_from(&paging.older);
        page.feeds = FeedLink::of_list(list);
        let url = site.absolute(list);
        page.linked_data =
            linked_data::of_list(&site, &heading.title, &url, kind == ListKind::Author);
        let first = list.to_owned();
        Self { site, page, heading, is_first: paging.is_first, first, entries, older: paging.older }
    }

    /// What a template of this kind must be able to show.
    pub fn samples(kind: ListKind) -> Vec<Self> {
        let bare = || ListHeading::new("Soil & <b>bold</b>", "Tag");
        let heading = ListHeading {
            description: Some("All about <soil>".to_owned()),
            image: Some(PageImage::sample(&SiteContext::sample())),
            card: Some(PageImage::sample(&SiteContext::sample())),
            body: "<p>More</p>".to_owned(),
            below: vec![NavigationLink::new("Clay", "/tags/clay")],
            ..bare()
        };
        let [full, least] = EntrySummary::samples();
        let (list, site) = ("/tags/soil", SiteContext::sample);
        let both = vec![full.clone(), least];
        vec![
            Self::new(SiteContext::full_sample(), kind, heading, list, (None, Some("p01")), both),
            Self::new(site(), kind, bare(), list, (Some("p01"), None), vec![full]),
            Self::new(site(), kind, bare(), list, (None, None), Vec::new()),
        ]
    }
}
