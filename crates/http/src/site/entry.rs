//! The page of an entry, at the path that its collection says.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::entries::find_live_by_path;
use smartcms_app::rendering::render_body;
use smartcms_domain::collections::CollectionName;
use smartcms_pages::EntryPage;

use super::answer::{ASK_AGAIN, Asked, HTML, PageError, answer};
use super::reading::{PublicEntry, reader, site_context, site_tags};
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

/// Shows an entry, or says that nothing is there.
pub(crate) async fn entry(state: &AppState, asked: Asked<'_>) -> Response {
    let path = asked.uri.path();
    if let Some(canonical) = without_slash_at_end(&state.app, path).await {
        let headers = [(header::LOCATION, canonical)];
        return (StatusCode::PERMANENT_REDIRECT, headers).into_response();
    }
    answer(state, asked, render(state, path)).await
}

async fn render(state: &AppState, path: &str) -> Result<Page, PageError> {
    let app = &state.app;
    let found = find_live_by_path(&reader(app), path).await?;
    let public = found.and_then(|it| PublicEntry::new(app, it)).ok_or(PageError::NotFound)?;
    let body = render_body(app, &public.entry, &public.live).await;
    let site = site_context(app).await?;
    let first = public.entry.first_published_at;
    let page = EntryPage::new(site, &public.definition, &public.live, first, &body.html);
    let html = state.theme.get().render_entry(&page)?;
    Ok(Page::new(HTML, ASK_AGAIN, html.into())
        .tagged(&site_tags(app))
        .tagged(&[Tag::Entry(public.entry.id)])
        .tagged(&shadowing(app, &public.definition.name, path))
        .kept_if(body.repeatable))
}

/// The collections that are asked before this one for a path: an entry of theirs would take its place.
fn shadowing(app: &App, own: &CollectionName, path: &str) -> Vec<Tag> {
    let all = app.collections.all();
    let before = all.iter().take_while(|it| it.name != *own);
    let asked = before.filter(|it| it.url.as_ref().is_some_and(|url| url.slug_of(path).is_some()));
    asked.map(|it| Tag::Collection(it.name.clone())).collect()
}

/// Where a path with `/` at its end leads, if an entry is there without it. Only paths of entries are sent
/// anywhere, so nobody can be sent to another site.
async fn without_slash_at_end(app: &App, path: &str) -> Option<HeaderValue> {
    let trimmed = path.strip_suffix('/').filter(|it| !it.is_empty())?;
    let found = find_live_by_path(&reader(app), trimmed).await.ok()?;
    found.and_then(|_| HeaderValue::from_str(trimmed).ok())
}
