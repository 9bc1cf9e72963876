//! The page for addresses that lead nowhere: `not_found.html`.

use serde::Serialize;
use serde_json::Value;

use crate::site::{PageContext, SiteContext};

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
        let page = PageContext {
            title: "Page not found".to_owned(),
            description: None,
            path: path.to_owned(),
            canonical: None,
            linked_data: Value::Null,
        };
        Self { site, page }
    }

    /// What `not_found.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        vec![Self::new(SiteContext::sample(), "/no/such<page>")]
    }
}
