//! `GET /theme/{file}`: what the theme's pages refer to.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_pages::urls;

use super::answer::{ASK_AGAIN, Asked, PageError, answer, not_found};
use super::key::PageKey;
use crate::page_cache::Page;
use crate::state::AppState;

/// An address that names the content never changes its meaning.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Answers with a file. Under the address that names its content it can be kept for ever.
pub(crate) async fn theme_file(State(state): State<AppState>, request: Request) -> Response {
    let uri = request.uri();
    let key = PageKey::of(uri);
    let theme = state.theme.get();
    let file = uri.path().strip_prefix(urls::THEME_PREFIX).and_then(|name| theme.file(name));
    let Some(file) = file else { return not_found(&state, uri).await };
    let exact = key.value() == Some(file.version.as_str());
    let known = exact || key == key.plain();
    let control = if exact { FOR_EVER } else { ASK_AGAIN };
    // Under a version that is none, anybody could fill the cache with copies.
    let page = Page::new(file.content_type, control, file.bytes.clone()).kept_if(known);
    answer(&state, Asked::of(&request), async { Ok::<_, PageError>(page) }).await
}
