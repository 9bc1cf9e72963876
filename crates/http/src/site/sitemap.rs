//! `GET /sitemap.xml`: every public page.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::entries::{ListEntries, list_entries};
use smartcms_app::ports::{Listing, PAGE_LEN_MAX};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Entry;
use smartcms_pages::{SITEMAP_URLS_MAX, SiteContext, SitemapEntry, sitemap_xml, urls};

use super::answer::{ASK_AGAIN, Asked, PageError, answer};
use super::reading::reader;
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

const XML: &str = "application/xml; charset=utf-8";

/// Answers with the sitemap.
pub(crate) async fn sitemap(State(state): State<AppState>, request: Request) -> Response {
    answer(&state, Asked::of(&request), render(&state.app)).await
}

async fn render(app: &App) -> Result<Page, PageError> {
    let mut entries = Vec::new();
    let all = app.collections.all();
    for definition in all.iter() {
        add_collection(app, definition, &mut entries).await?;
    }
    let xml = sitemap_xml(&SiteContext::new(&app.site, Vec::new()), &entries);
    let tags: Vec<Tag> = all.iter().map(|it| Tag::Collection(it.name.clone())).collect();
    Ok(Page::new(XML, ASK_AGAIN, xml.into()).tagged(&tags))
}

async fn add_collection(
    app: &App,
    definition: &CollectionDefinition,
    entries: &mut Vec<SitemapEntry>,
) -> Result<(), PageError> {
    let mut after = None;
    while entries.len() < SITEMAP_URLS_MAX {
        let name = definition.name.as_str();
        let query =
            ListEntries { after, ..ListEntries::first(name, Listing::Published, PAGE_LEN_MAX) };
        let page = list_entries(&reader(app), query).await?.page;
        entries.extend(page.entries.iter().filter_map(|it| sitemap_entry(definition, it)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

fn sitemap_entry(definition: &CollectionDefinition, entry: &Entry) -> Option<SitemapEntry> {
    let live = entry.live.as_ref()?;
    definition.url.as_ref()?;
    Some(SitemapEntry { url: urls::entry(definition, &live.slug), updated_at: live.published_at })
}
