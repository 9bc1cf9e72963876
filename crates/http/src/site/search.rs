//! `GET /search`, and `GET /{language}/search` for the other languages of the site: a form, and what was found.
//!
//! These pages are rendered each time and never kept: whoever sends words could fill the cache with them.

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::{ContentError, View};
use smartcms_app::ports::{RANKED_MAX, SearchMode, SearchPiece};
use smartcms_app::search::{Found, FoundEntry, SEARCH_LEN_MAX, SearchContent, search_content};
use smartcms_domain::locales::Locale;
use smartcms_pages::{Alternate, SearchPage, SearchPart, SearchResult, SnippetPart, urls};

use super::answer::{ASK_AGAIN, Asked, PageError, answer, html_answer, refused};
use super::frame::{frame, led_in};
use super::read::{PublicEntry, reader};
use crate::page_cache::Page;
use crate::state::AppState;

/// How many hits one page shows.
const HITS_PER_PAGE: u32 = 20;
/// The last page that can be asked for: no more hits are ranked.
const PAGES_MAX: u32 = RANKED_MAX / HITS_PER_PAGE;

/// The words of an address, and which page of what has them.
struct Words {
    text: String,
    number: u32,
}

/// Shows the search in the language of the site.
pub(crate) async fn search(State(state): State<AppState>, request: Request) -> Response {
    let locale = state.app.site.locales.default().clone();
    search_in(&state, Asked::of(&request), &locale).await
}

/// Shows the search in a language.
pub(crate) async fn search_in(state: &AppState, asked: Asked<'_>, locale: &Locale) -> Response {
    match render(state, asked.uri, locale).await {
        Ok((status, html)) => html_answer(status, ASK_AGAIN, html),
        Err(error) => refused(state, asked.uri, error).await,
    }
}

/// The language whose search is at a path like `/de/search`.
pub(crate) fn search_language(app: &App, path: &str) -> Option<Locale> {
    let locales = &app.site.locales;
    locales.iter().skip(1).find(|it| urls::search_in(locales, it) == path).cloned()
}

/// `GET /opensearch.xml`: what a browser needs to search the site from its address bar.
pub(crate) async fn opensearch(State(state): State<AppState>, request: Request) -> Response {
    let site = smartcms_pages::SiteContext::new(&state.app.site, Vec::new());
    let xml = smartcms_pages::opensearch_xml(&site);
    let media_type = "application/opensearchdescription+xml; charset=utf-8";
    let page = Page::new(media_type, ASK_AGAIN, xml.into());
    answer(&state, Asked::of(&request), async { Ok(page) }).await
}

async fn render(
    state: &AppState,
    uri: &Uri,
    locale: &Locale,
) -> Result<(StatusCode, String), PageError> {
    let app = &state.app;
    let words = Words::of(uri).ok_or(PageError::NotFound)?;
    let (found, problem) = match found(app, &words, locale).await {
        Ok(found) => (found, None),
        Err(ContentError::BadQuery(problems)) => {
            (Found::default(), problems.into_iter().next().map(|it| sentence(&it.message)))
        }
        Err(error) => return Err(error.into()),
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let action = urls::search_in(&app.site.locales, locale);
    let site = led_in(app, frame(app, locale).await?.site, locale);
    let has_more = found.next.is_some() && words.number < PAGES_MAX;
    let part = SearchPart {
        language: locale.to_string(),
        direction: smartcms_pages::direction(locale),
        alternates: alternates(app, locale, |it| {
            urls::search(&urls::search_in(&app.site.locales, it), &words.text, 1)
        }),
        query: words.text,
        number: words.number,
        has_more,
        problem,
        results: found.hits.into_iter().filter_map(|it| result(app, it, locale)).collect(),
    };
    let page = SearchPage::new(site, &action, part);
    Ok((status, state.theme.get().render_search(&page)?))
}

/// What was found; nothing for no words, as on the first visit.
async fn found(app: &App, words: &Words, locale: &Locale) -> Result<Found, ContentError> {
    if words.text.trim().is_empty() {
        return Ok(Found::default());
    }
    let all = app.collections.all();
    let with_pages = all.iter().filter(|it| it.url.is_some()).map(|it| it.name.to_string());
    let collections: Vec<String> = with_pages.collect();
    if collections.is_empty() {
        return Ok(Found::default());
    }
    let everything = collections.len() == all.len();
    let mut query = SearchContent {
        text: words.text.clone(),
        mode: SearchMode::Text,
        collections: if everything { Vec::new() } else { collections },
        locale: Some(locale.clone()),
        view: View::Published,
        limit: HITS_PER_PAGE,
        after: (words.number - 1) * HITS_PER_PAGE,
    };
    let found = search_content(&reader(app), query.clone()).await?;
    if !found.hits.is_empty() || words.number > 1 {
        return Ok(found);
    }
    // Nothing has all the words; what is about the same may still be what is looked for.
    query.mode = SearchMode::Semantic;
    match search_content(&reader(app), query).await {
        Ok(near) => Ok(Found { next: None, ..near }),
        Err(ContentError::Meaning(error)) => {
            tracing::warn!(%error, "the search of the site went by words alone");
            Ok(found)
        }
        Err(error) => Err(error),
    }
}

fn result(app: &App, hit: FoundEntry, locale: &Locale) -> Option<SearchResult> {
    let public = PublicEntry::new(app, hit.entry).filter(|it| !it.path.is_empty())?;
    let parts = |pieces: Vec<SearchPiece>| {
        let part = |it: SearchPiece| SnippetPart { text: it.text, is_match: it.is_match };
        pieces.into_iter().map(part).collect()
    };
    Some(SearchResult {
        label: public.definition.label_one.clone(),
        entry: public.summary(locale.as_str()),
        title: parts(hit.title),
        snippet: parts(hit.snippet),
    })
}

/// The same page in every language, each at its address; none where there is one.
pub(super) fn alternates(
    app: &App,
    shown: &Locale,
    address: impl Fn(&Locale) -> String,
) -> Vec<Alternate> {
    let locales = &app.site.locales;
    if locales.iter().nth(1).is_none() {
        return Vec::new();
    }
    let alternate = |it: &Locale| {
        let url = address(it);
        Alternate {
            language: it.to_string(),
            label: smartcms_pages::language_name(it.as_str()),
            absolute_url: urls::absolute(&app.site.base_url, &url),
            url,
            is_current: it == shown,
        }
    };
    locales.iter().map(alternate).collect()
}

impl Words {
    /// The words and the page that an address names; `None` when it names no page. What else it says is left out,
    /// as on every page.
    fn of(uri: &Uri) -> Option<Self> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
        let value = |name: &str| pairs.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str());
        let number = match value(urls::PAGE) {
            None => 1,
            Some(text) => text.parse().ok().filter(|it| (1..=PAGES_MAX).contains(it))?,
        };
        // One more than may be searched for: what is too long stays so, and is not shown whole.
        let text = value(urls::QUERY).unwrap_or_default().chars().take(SEARCH_LEN_MAX + 1);
        Some(Self { text: text.collect(), number })
    }
}

/// A message as a sentence.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}
