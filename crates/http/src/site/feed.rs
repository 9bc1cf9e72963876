//! `GET /feed.xml`: the newest entries as an Atom feed.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::rendering::render_body;
use smartcms_pages::{EntrySummary, FeedEntry, SiteContext, feed_xml};

use super::answer::{ASK_AGAIN, Asked, PageError, answer};
use super::reading::{PublicEntry, listed, newest};
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

const ATOM: &str = "application/atom+xml; charset=utf-8";
/// How many entries the feed has.
const ENTRIES_PER_FEED: u32 = 20;

/// Answers with the feed.
pub(crate) async fn feed(State(state): State<AppState>, request: Request) -> Response {
    answer(&state, Asked::of(&request), render(&state)).await
}

async fn render(state: &AppState) -> Result<Page, PageError> {
    let app = &state.app;
    let found = newest(app, ENTRIES_PER_FEED, None).await?;
    let mut entries = Vec::new();
    let mut complete = true;
    for public in &found.entries {
        let body = render_body(app, &public.entry, &public.live).await;
        complete &= body.repeatable;
        entries.push(feed_entry(public, body.html, app.site.locales.default().as_str()));
    }
    let xml = feed_xml(&SiteContext::new(&app.site, Vec::new()), &entries);
    let lists: Vec<Tag> = listed(app).iter().map(|it| Tag::Collection(it.name.clone())).collect();
    Ok(Page::new(ATOM, ASK_AGAIN, xml.into()).tagged(&lists).kept_if(complete))
}

fn feed_entry(public: &PublicEntry, content: String, language: &str) -> FeedEntry {
    let published_at = public.published_at();
    let summary = EntrySummary::new(&public.definition, &public.live, Some(published_at), language);
    FeedEntry {
        id: public.entry.id,
        title: summary.title,
        url: summary.url,
        published_at,
        updated_at: public.live.published_at,
        excerpt: summary.excerpt,
        content,
    }
}
