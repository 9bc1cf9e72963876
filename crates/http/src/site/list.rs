//! Lists of entries with something in common: the list of a collection (`/posts`), of a term and of an author.

use std::sync::Arc;

use smartcms_app::App;
use smartcms_app::ports::Listing;
use smartcms_app::rendering::render_body;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_pages::{ListHeading, ListKind, ListPage, urls};

use super::answer::{ASK_AGAIN, HTML, PageError};
use super::frame::{Frame, frame};
use super::home::ENTRIES_PER_PAGE;
use super::images::Images;
use super::read::{Part, PublicEntry, cut, listed, published};
use super::terms::{Referring, below, entries_of, kind};
use crate::cursor;
use crate::page_cache::{Page, Tag};
use crate::state::AppState;

/// The listed collection whose list is at this path.
pub(super) fn collection_at(app: &App, path: &str) -> Option<Arc<CollectionDefinition>> {
    listed(app).into_iter().find(|it| urls::collection(it).as_deref() == Some(path))
}

/// The list of a collection, from its beginning or after a place.
pub(super) async fn of_collection(
    state: &AppState,
    definition: &CollectionDefinition,
    list: &str,
    after: Option<&str>,
) -> Result<Page, PageError> {
    let app = &state.app;
    let place = after.map(read).transpose()?;
    let found = published(app, definition, ENTRIES_PER_PAGE + 1, place).await?;
    let found = cut(found, ENTRIES_PER_PAGE);
    let heading = ListHeading::new(definition.label.clone(), definition.label.clone());
    let page = page(state, ListKind::Collection, heading, list, after, &found).await?;
    // An entry that is published at the same path takes its place.
    let all = app.collections.all();
    let asked =
        all.iter().filter(|it| it.url.as_ref().is_some_and(|url| url.slug_of(list).is_some()));
    let asked: Vec<Tag> = asked.map(|it| Tag::Collection(it.name.clone())).collect();
    Ok(page.tagged(&[Tag::Collection(definition.name.clone())]).tagged(&asked))
}

/// The page of a term or author: the entries that point to it, from the first or after a place.
pub(super) async fn of_term(
    state: &AppState,
    public: &PublicEntry,
    referring: &[Referring],
    after: Option<&str>,
) -> Result<Page, PageError> {
    let app = &state.app;
    let place = after.map(read).transpose()?;
    let found = entries_of(app, referring, public, ENTRIES_PER_PAGE, place).await?;
    let body = render_body(app, &public.entry, &public.live).await;
    let has_body = public.definition.body.as_ref().is_some_and(|name| {
        public.live.fields.text(name.as_str()).is_some_and(|it| !it.trim().is_empty())
    });
    let html = if has_body { body.html.as_str() } else { "" };
    let images = Images::of(app, [public], &[html]).await?;
    let heading = ListHeading {
        image: images.portrait(public),
        card: images.card(public),
        description: public.live.fields.text("description").map(str::to_owned),
        body: images.put_into(html),
        below: below(app, public).await?,
        ..ListHeading::new(public.link().label, public.definition.label_one.clone())
    };
    let page = page(state, kind(referring), heading, &public.path, after, &found).await?;
    let lists = referring.iter().map(|it| Tag::Collection(it.definition.name.clone()));
    let tags: Vec<Tag> = lists.chain([Tag::Collection(public.definition.name.clone())]).collect();
    Ok(page.tagged(&tags).tagged(&images.tags()).kept_if(body.repeatable))
}

fn read(text: &str) -> Result<smartcms_app::ports::Cursor, PageError> {
    cursor::read(Listing::Published, text).ok_or(PageError::NotFound)
}

async fn page(
    state: &AppState,
    kind: ListKind,
    heading: ListHeading,
    list: &str,
    after: Option<&str>,
    found: &Part,
) -> Result<Page, PageError> {
    let app = &state.app;
    let Frame { site, tags } = frame(app, app.site.locales.default()).await?;
    let images = Images::of(&state.app, &found.entries, &[]).await?;
    let entries = found.entries.iter().map(|it| images.summary(it, &site.language)).collect();
    let older = found.next.as_ref().map(|it| cursor::write(Listing::Published, it));
    let page = ListPage::new(site, kind, heading, list, (after, older.as_deref()), entries);
    let html = state.theme.get().render_list(kind, &page)?;
    let page = Page::new(HTML, ASK_AGAIN, html.into()).tagged(&tags);
    Ok(page.tagged(&images.tags()))
}
