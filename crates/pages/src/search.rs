//! What was found: `search.html`.

use serde::Serialize;

use crate::head::PageContext;
use crate::site::SiteContext;
use crate::summary::EntrySummary;
use crate::urls;

/// The context of `search.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// The words that were looked for; may be empty.
    pub query: String,
    /// What was found, the best first.
    pub results: Vec<SearchResult>,
    /// Where the list goes on; `None` at its end.
    pub more: Option<String>,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchResult {
    /// The entry.
    pub entry: EntrySummary,
    /// Words of it around what was looked for, in pieces; empty where the excerpt has to do.
    pub snippet: Vec<SnippetPart>,
}

/// A piece of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnippetPart {
    /// Its text.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_match: bool,
}

impl SearchPage {
    /// What was found for these words; `more` is the address of the next part.
    pub fn new(
        site: SiteContext,
        query: &str,
        results: Vec<SearchResult>,
        more: Option<String>,
    ) -> Self {
        let title = if query.is_empty() { "Search".to_owned() } else { format!("Search: {query}") };
        let path = if query.is_empty() { urls::SEARCH.to_owned() } else { urls::search(query) };
        let page = PageContext::new(&site, title, path).hidden();
        Self { site, page, query: query.to_owned(), results, more }
    }

    /// What `search.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let part = |text: &str, is_match| SnippetPart { text: text.to_owned(), is_match };
        let snippet = vec![part("All about ", false), part("<soil>", true)];
        let [full, bare] = EntrySummary::samples();
        let results = vec![
            SearchResult { entry: full, snippet },
            SearchResult { entry: bare, snippet: Vec::new() },
        ];
        let site = || SiteContext::sample().with_search();
        vec![
            Self::new(site(), "", Vec::new(), None),
            Self::new(site(), "nothing \"<b>bold</b>\"", Vec::new(), None),
            Self::new(site(), "soil", results, Some("/search?q=soil&page=2".to_owned())),
        ]
    }
}
