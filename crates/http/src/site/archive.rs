//! `GET /archive`, `/archive/{year}` and `/archive/{year}/{month}`: the entries of all listed collections by date.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::ports::{Cursor, Listing};
use smartcms_pages::{ArchivePage, Period};

use super::answer::{ASK_AGAIN, Asked, HTML, PageError, answer};
use super::frame::{Frame, frame};
use super::key::PageKey;
use super::read::{listed_tags, newest, place_before};
use crate::cursor;
use crate::page_cache::Page;
use crate::state::AppState;

/// How many entries one page of the archive shows.
const ENTRIES_PER_PAGE: u32 = 60;
/// The most years that the archive leads to.
const YEARS_MAX: usize = 100;

/// Shows a part of the archive, from its beginning or after `?after=`.
pub(crate) async fn archive(State(state): State<AppState>, request: Request) -> Response {
    let after = PageKey::of(request.uri()).value();
    let path = request.uri().path();
    answer(&state, Asked::of(&request), render(&state, path, after)).await
}

async fn render(state: &AppState, path: &str, after: Option<&str>) -> Result<Page, PageError> {
    let app = &state.app;
    let period = Period::of_path(path).ok_or(PageError::NotFound)?;
    let read = |text| cursor::read(Listing::Published, text).ok_or(PageError::NotFound);
    let place = match after {
        Some(text) => Some(read(text)?),
        None => period.end().and_then(place_before),
    };
    let mut found = newest(app, ENTRIES_PER_PAGE, place).await?;
    let in_period = found.entries.iter().take_while(|it| period.holds(it.published_at())).count();
    if in_period < found.entries.len() {
        found.entries.truncate(in_period);
        found.next = None;
    }
    // A month without entries is no page, so nobody can make pages by counting.
    if found.entries.is_empty() && period != Period::All {
        return Err(PageError::NotFound);
    }
    let years = years(app).await?;
    let Frame { site, tags } = frame(app, app.site.locales.default()).await?;
    let entries = found
        .entries
        .iter()
        .filter_map(|it| Some((Period::month_of(it.published_at())?, it.summary(&site.language))));
    let entries = entries.collect();
    let older = found.next.map(|it| cursor::write(Listing::Published, &it));
    let page = ArchivePage::new(site, period, &years, entries, (after, older.as_deref()));
    let html = state.theme.get().render_archive(&page)?;
    Ok(Page::new(HTML, ASK_AGAIN, html.into()).tagged(&tags).tagged(&listed_tags(app)))
}

/// The years that have entries, the newest first: one small read for each.
async fn years(app: &App) -> Result<Vec<i16>, PageError> {
    let mut years = Vec::new();
    let mut place: Option<Cursor> = None;
    while years.len() < YEARS_MAX {
        let found = newest(app, 1, place.take()).await?;
        let Some((year, _)) =
            found.entries.first().and_then(|it| Period::month_of(it.published_at()))
        else {
            break;
        };
        years.push(year);
        place = Period::Year(year).start().and_then(place_before);
        if place.is_none() {
            break;
        }
    }
    Ok(years)
}
