//! `GET /sitemap.xml`: the index of the sitemaps, and the sitemaps: one for each month of each collection.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::ports::{Cursor, PAGE_LEN_MAX};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_pages::{
    Period, SITEMAP_URLS_MAX, SiteContext, SitemapEntry, own_pages, sitemap_index_xml, sitemap_xml,
    urls,
};

use super::answer::{ASK_AGAIN, Asked, PageError, answer};
use super::read::{cut, listed, place_before, published};
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

const XML: &str = "application/xml; charset=utf-8";
/// The most months of one collection in the index.
const MONTHS_MAX: usize = 1_200;

/// Answers with the index.
pub(crate) async fn sitemap(State(state): State<AppState>, request: Request) -> Response {
    answer(&state, Asked::of(&request), render_index(&state.app)).await
}

/// Answers with one sitemap.
pub(crate) async fn sitemap_part(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    answer(&state, Asked::of(&request), render_part(&state.app, path)).await
}

async fn render_index(app: &App) -> Result<Page, PageError> {
    let mut paths = vec![urls::SITEMAP_OF_PAGES.to_owned()];
    let all = app.collections.all();
    for definition in all.iter().filter(|it| it.url.is_some()) {
        for (year, month) in months(app, definition).await? {
            paths.push(urls::sitemap_of(&definition.name, year, month));
        }
    }
    let xml = sitemap_index_xml(&SiteContext::new(&app.site, Vec::new()), &paths);
    let tags: Vec<Tag> = all.iter().map(|it| Tag::Collection(it.name.clone())).collect();
    Ok(Page::new(XML, ASK_AGAIN, xml.into()).tagged(&tags))
}

/// The months in which entries of a collection were first published: one small read for each.
async fn months(app: &App, definition: &CollectionDefinition) -> Result<Vec<(i16, u8)>, PageError> {
    let mut months = Vec::new();
    let mut place: Option<Cursor> = None;
    while months.len() < MONTHS_MAX {
        let found = published(app, definition, 1, place.take()).await?;
        let month = found.first().and_then(|it| Period::month_of(it.published_at()));
        let Some((year, month)) = month else { break };
        months.push((year, month));
        place = Period::Month(year, month).start().and_then(place_before);
        if place.is_none() {
            break;
        }
    }
    Ok(months)
}

async fn render_part(app: &App, path: &str) -> Result<Page, PageError> {
    let site = SiteContext::new(&app.site, Vec::new());
    if path == urls::SITEMAP_OF_PAGES {
        let lists = listed(app);
        let lists = lists.iter().filter_map(|it| urls::collection(it));
        let lists = lists.map(|url| SitemapEntry { url, updated_at: None });
        let entries: Vec<SitemapEntry> = own_pages().into_iter().chain(lists).collect();
        return Ok(Page::new(XML, ASK_AGAIN, sitemap_xml(&site, &entries).into()));
    }
    let (definition, period) = part_of(app, path).ok_or(PageError::NotFound)?;
    let entries = entries_of(app, &definition, period).await?;
    if entries.is_empty() {
        return Err(PageError::NotFound);
    }
    let xml = sitemap_xml(&site, &entries);
    Ok(Page::new(XML, ASK_AGAIN, xml.into()).tagged(&[Tag::Collection(definition.name.clone())]))
}

/// The collection and the month that the path of a sitemap names.
fn part_of(app: &App, path: &str) -> Option<(Arc<CollectionDefinition>, Period)> {
    let name = path.strip_prefix(urls::SITEMAP_PREFIX)?.strip_suffix(".xml")?;
    let (rest, month) = name.rsplit_once('-')?;
    let (collection, year) = rest.rsplit_once('-')?;
    let period = Period::of_path(&format!("{}/{year}/{month}", urls::ARCHIVE))?;
    Some((app.collections.find(collection).filter(|it| it.url.is_some())?, period))
}

async fn entries_of(
    app: &App,
    definition: &CollectionDefinition,
    period: Period,
) -> Result<Vec<SitemapEntry>, PageError> {
    let mut entries = Vec::new();
    let mut place = period.end().and_then(place_before);
    while entries.len() < SITEMAP_URLS_MAX {
        let found = cut(published(app, definition, PAGE_LEN_MAX, place).await?, PAGE_LEN_MAX - 1);
        let len = found.entries.len();
        let in_period = found.entries.iter().take_while(|it| period.holds(it.published_at()));
        let before = entries.len();
        entries.extend(in_period.map(|it| SitemapEntry {
            url: it.path.clone(),
            updated_at: Some(it.live.published_at),
        }));
        place = found.next;
        if place.is_none() || entries.len() - before < len {
            break;
        }
    }
    Ok(entries)
}
