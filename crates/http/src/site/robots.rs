//! `GET /robots.txt`: all is open but the API; here is the sitemap.

use axum::extract::{Request, State};
use axum::response::Response;
use smartcms_pages::urls;

use super::answer::{ASK_AGAIN, Asked, answer};
use crate::page_cache::Page;
use crate::state::AppState;

/// Answers with the rules for robots.
pub(crate) async fn robots(State(state): State<AppState>, request: Request) -> Response {
    let sitemap = urls::absolute(&state.app.site.base_url, urls::SITEMAP);
    let text = format!("User-agent: *\nDisallow: /api/\n\nSitemap: {sitemap}\n");
    let page = Page::new("text/plain; charset=utf-8", ASK_AGAIN, text.into());
    answer(&state, Asked::of(&request), async { Ok(page) }).await
}
