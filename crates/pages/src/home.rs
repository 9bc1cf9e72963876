//! The list of the newest entries: `home.html`.

use serde::Serialize;

use crate::head::PageContext;
use crate::linked_data;
use crate::list::Paging;
use crate::site::SiteContext;
use crate::summary::EntrySummary;
use crate::urls;

/// The context of `home.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HomePage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// Whether this is the beginning of the list.
    pub is_first: bool,
    /// The entries, the first published last.
    pub entries: Vec<EntrySummary>,
    /// Where the list goes on; `None` at its end.
    pub older: Option<String>,
}

impl HomePage {
    /// The list from its beginning, or after a cursor; `older` is the cursor of the next part.
    pub fn new(
        site: SiteContext,
        entries: Vec<EntrySummary>,
        after: Option<&str>,
        older: Option<&str>,
    ) -> Self {
        let paging = Paging::new(urls::HOME, after, older);
        let mut page = PageContext::new(&site, site.title.clone(), paging.path);
        page.description = Some(site.description.clone()).filter(|it| !it.is_empty());
        page.next.clone_from(&paging.older);
        if paging.is_first {
            page.linked_data = linked_data::of_site(&site);
        }
        Self { site, page, is_first: paging.is_first, entries, older: paging.older }
    }

    /// What `home.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let site = SiteContext::sample;
        let [full, bare] = EntrySummary::samples();
        vec![
            Self::new(site(), Vec::new(), None, None),
            Self::new(SiteContext::full_sample(), vec![full.clone(), bare], None, Some("p01")),
            Self::new(site(), vec![full], Some("p01"), None),
        ]
    }
}
