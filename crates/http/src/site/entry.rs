//! The page of an entry, at the path that its collection says; of a term, with the entries that point to it; and the
//! list of a collection, above its entries.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::entries::find_live_by_path;
use smartcms_app::rendering::render_body;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, Live};
use smartcms_pages::EntryPage;

use super::answer::{ASK_AGAIN, Asked, HTML, PageError, answer};
use super::frame::{Frame, frame, led_in};
use super::images::Images;
use super::key::PageKey;
use super::list::{self, collection_at};
use super::read::{PublicEntry, reader};
use super::surroundings::{Surroundings, surroundings};
use super::terms::referring;
use crate::page_cache::{Page, Tag};
use crate::state::AppState;
use smartcms_domain::with_causes;

/// Shows an entry, or says that nothing is there.
pub(crate) async fn entry(state: &AppState, asked: Asked<'_>) -> Response {
    let path = asked.uri.path();
    if let Some(canonical) = without_slash_at_end(&state.app, path).await {
        let headers = [(header::LOCATION, canonical)];
        return (StatusCode::PERMANENT_REDIRECT, headers).into_response();
    }
    answer(state, asked, render(state, path, PageKey::of(asked.uri))).await
}

async fn render(state: &AppState, path: &str, key: PageKey<'_>) -> Result<Page, PageError> {
    let app = &state.app;
    let found = find_live_by_path(&reader(app), path).await?;
    let Some(public) = found.and_then(|it| PublicEntry::new(app, it)) else {
        let definition = collection_at(app, path).ok_or(PageError::NotFound)?;
        return list::of_collection(state, &definition, path, key.value()).await;
    };
    let referring = referring(app, &public.definition);
    let page = if referring.is_empty() {
        // With the place of some list, anybody could fill the cache with copies.
        shown(state, &public).await?.kept_if(key == key.plain())
    } else {
        list::of_term(state, &public, &referring, key.value()).await?
    };
    let own = Tag::Entry(public.entry.id);
    Ok(page.tagged(&[own]).tagged(&shadowing(app, &public.definition.name, path)))
}

/// An entry on a page of its own.
async fn shown(state: &AppState, public: &PublicEntry) -> Result<Page, PageError> {
    let app = &state.app;
    let body = render_body(app, &public.entry, &public.live).await;
    let Frame { site, tags: framed } = frame(app, &public.entry.locale).await?;
    let site = led_in(app, site, &public.entry.locale);
    let first = public.entry.first_published_at;
    let Surroundings { mut around, related, tags } = surroundings(app, public).await?;
    let images = Images::of(app, related.iter().chain([public]), &[&body.html]).await?;
    around.image = images.opening(public);
    around.card = images.card(public);
    around.related = related.iter().map(|it| images.summary(it, &site.language)).collect();
    let (definition, live) = (&public.definition, &public.live);
    let place = smartcms_pages::EntryPlace {
        path: public.path.clone(),
        language: public.entry.locale.to_string(),
        direction: smartcms_pages::direction(&public.entry.locale),
    };
    let text = images.put_into(&body.html);
    let page = EntryPage::new(site, definition, live, first, &text, (place, around));
    let html = state.theme.get().render_entry(&page)?;
    Ok(Page::new(HTML, ASK_AGAIN, html.into())
        .tagged(&framed)
        .tagged(&tags)
        .tagged(&images.tags())
        .kept_if(body.repeatable))
}

/// The page of an entry as if its newest state were public; `None` where it has no page, or cannot be shown.
pub(crate) async fn draft(state: &AppState, entry: Entry) -> Option<String> {
    let now = state.app.clock.now();
    let live = Live {
        revision: entry.revision,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        published_at: entry.first_published_at.unwrap_or(now),
    };
    let first_published_at = Some(live.published_at);
    let entry = Entry { live: Some(live), first_published_at, ..entry };
    let public = PublicEntry::new(&state.app, entry).filter(|it| !it.path.is_empty())?;
    match shown(state, &public).await {
        Ok(page) => Some(page.text()),
        Err(error) => {
            tracing::error!(cause = with_causes(&error), "a preview could not be shown");
            None
        }
    }
}

/// The collections that are asked before this one for a path: an entry of theirs would take its place.
fn shadowing(app: &App, own: &CollectionName, path: &str) -> Vec<Tag> {
    let all = app.collections.all();
    let before = all.iter().take_while(|it| it.name != *own);
    let asked = before.filter(|it| it.url.as_ref().is_some_and(|url| url.slug_of(path).is_some()));
    asked.map(|it| Tag::Collection(it.name.clone())).collect()
}

/// Where a path with `/` at its end leads, if something is there without it. Only paths of entries and lists are sent
/// anywhere, so nobody can be sent to another site.
async fn without_slash_at_end(app: &App, path: &str) -> Option<HeaderValue> {
    let trimmed = path.strip_suffix('/').filter(|it| !it.is_empty())?;
    let found = find_live_by_path(&reader(app), trimmed).await.ok()?;
    let is_there = found.is_some() || collection_at(app, trimmed).is_some();
    HeaderValue::from_str(trimmed).ok().filter(|_| is_there)
}
