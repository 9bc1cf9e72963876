//! The page for addresses that lead nowhere: `not_found.html`.

use serde::Serialize;

use crate::head::PageContext;
use crate::site::SiteContext;

/// The context of `not_found.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotFoundPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
}

impl NotFoundPage {
    /// Says that nothing is at this path.
    pub fn new(site: SiteContext, path: &str) -> Self {
        let page = PageContext::new(&site, "Page not found", path).hidden();
        Self { site, page }
    }

    /// What `not_found.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let page = |site| Self::new(site, "/no/such<page>");
        vec![page(SiteContext::sample()), page(SiteContext::full_sample())]
    }
}
