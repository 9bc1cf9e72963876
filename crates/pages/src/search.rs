//! What was found: `search.html`; and how browsers ask.

use serde::Serialize;

use crate::head::{Alternate, PageContext};
use crate::site::SiteContext;
use crate::summary::EntrySummary;
use crate::urls;
use crate::xml::Escaped;

/// The longest name that a browser takes for a search, in characters, by OpenSearch 1.1.
const SHORT_NAME_LEN_MAX: usize = 16;

/// The context of `search.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchPage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// Where the form leads.
    pub action: String,
    /// The words that were looked for; may be empty.
    pub query: String,
    /// Why they could not be looked for.
    pub problem: Option<String>,
    /// What was found, the best first.
    pub results: Vec<SearchResult>,
    /// Which page of it this is, from 1.
    pub number: u32,
    /// The page before; `None` on the first.
    pub before: Option<String>,
    /// Where the list goes on; `None` at its end.
    pub more: Option<String>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPart {
    /// In which language: a BCP 47 tag.
    pub language: String,
    /// How it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The same search in every language of the site; empty where there is one.
    pub alternates: Vec<Alternate>,
    /// The words that were looked for; may be empty.
    pub query: String,
    /// Why they could not be looked for.
    pub problem: Option<String>,
    /// What was found, the best first.
    pub results: Vec<SearchResult>,
    /// Which page of it this is, from 1.
    pub number: u32,
    /// Whether there is another.
    pub has_more: bool,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchResult {
    /// What it is: `Post`.
    pub label: String,
    /// The entry.
    pub entry: EntrySummary,
    /// Its title in pieces; may be empty.
    pub title: Vec<SnippetPart>,
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
    /// A page of the search at `action`.
    pub fn new(site: SiteContext, action: &str, part: SearchPart) -> Self {
        let query = part.query;
        let title = if query.is_empty() { "Search".to_owned() } else { format!("Search: {query}") };
        let at = |number: u32| urls::search(action, &query, number);
        let site = site.with_search(action);
        let mut page = PageContext::new(&site, title, at(part.number)).hidden();
        page.language = part.language;
        page.direction = part.direction;
        page.alternates = part.alternates;
        page.previous = (part.number > 1).then(|| at(part.number - 1));
        page.next = part.has_more.then(|| at(part.number + 1));
        Self {
            before: page.previous.clone(),
            more: page.next.clone(),
            site,
            page,
            action: action.to_owned(),
            problem: part.problem,
            results: part.results,
            number: part.number,
            query,
        }
    }

    /// What `search.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let piece = |text: &str, is_match| SnippetPart { text: text.to_owned(), is_match };
        let [full, bare] = EntrySummary::samples();
        let result = |entry, title, snippet| SearchResult {
            label: "Post".to_owned(),
            entry,
            title,
            snippet,
        };
        let results = vec![
            result(
                full,
                vec![piece("A ", false), piece("<b>bold</b>", true)],
                vec![piece("All about ", false), piece("<soil>", true)],
            ),
            result(bare, Vec::new(), Vec::new()),
        ];
        let part = |query: &str, results| SearchPart {
            language: "en".to_owned(),
            direction: "ltr",
            alternates: Vec::new(),
            query: query.to_owned(),
            problem: None,
            results,
            number: 1,
            has_more: false,
        };
        let long = SearchPart {
            problem: Some("The text is <b>too long</b>.".to_owned()),
            ..part("x x x", Vec::new())
        };
        let site = SiteContext::sample;
        let second = SearchPart {
            alternates: Alternate::samples(&site()),
            number: 2,
            has_more: true,
            ..part("soil", results)
        };
        let nothing = "nothing \"<b>bold</b>\"";
        let all = [part("", Vec::new()), part(nothing, Vec::new()), long, second];
        all.into_iter().map(|it| Self::new(site(), urls::SEARCH, it)).collect()
    }
}

/// What browsers read to offer the search of the site, by OpenSearch 1.1.
pub fn opensearch_xml(site: &SiteContext) -> String {
    let name: String = site.title.chars().take(SHORT_NAME_LEN_MAX).collect();
    let description = format!("Search {}", site.title);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n<Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Url type=\"text/html\" template=\"{}?{}={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n",
        Escaped(name.trim_end()),
        Escaped(&description),
        Escaped(&site.absolute(urls::SEARCH)),
        urls::QUERY,
    )
}
