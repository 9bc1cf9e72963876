//! `GET /`: the newest entries of all listed collections.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::ports::Listing;
use smartcms_pages::HomePage;

use super::answer::{ASK_AGAIN, Asked, HTML, PageError, answer};
use super::frame::{Frame, frame};
use super::images::Images;
use super::key::PageKey;
use super::read::{listed_tags, newest};
use crate::cursor;
use crate::page_cache::Page;
use crate::state::AppState;

/// How many entries one page of the list shows.
pub(super) const ENTRIES_PER_PAGE: u32 = 20;

/// Shows the list, from its beginning or after `?after=`.
pub(crate) async fn home(State(state): State<AppState>, request: Request) -> Response {
    let after = PageKey::of(request.uri()).value();
    answer(&state, Asked::of(&request), render(&state, after)).await
}

async fn render(state: &AppState, after: Option<&str>) -> Result<Page, PageError> {
    let app = &state.app;
    let read = |text| cursor::read(Listing::Published, text).ok_or(PageError::NotFound);
    let place = after.map(read).transpose()?;
    let found = newest(app, ENTRIES_PER_PAGE, place).await?;
    let Frame { site, tags } = frame(app, app.site.locales.default()).await?;
    let images = Images::of(app, &found.entries, &[]).await?;
    let entries = found.entries.iter().map(|it| images.summary(it, &site.language)).collect();
    let older = found.next.map(|it| cursor::write(Listing::Published, &it));
    let page = HomePage::new(site, entries, after, older.as_deref());
    let html = state.theme.get().render_home(&page)?;
    Ok(Page::new(HTML, ASK_AGAIN, html.into())
        .tagged(&tags)
        .tagged(&listed_tags(app))
        .tagged(&images.tags()))
}
