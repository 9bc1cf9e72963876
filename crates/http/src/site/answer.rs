//! From a rendering to an answer: kept when it may be, and a plain page when it failed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use smartcms_app::entries::ContentError;
use smartcms_pages::{NotFoundPage, RenderError, SiteContext};

use super::frame::frame;
use super::key::PageKey;
use super::redirect::{Instead, instead};
use crate::compression::preferred;
use crate::page_cache::{Page, StoredPage};
use crate::security_headers;
use crate::state::AppState;
use smartcms_domain::with_causes;

/// Pages are asked for again each time: most answers are then "not modified", and none is stale.
pub(super) const ASK_AGAIN: &str = "no-cache";
/// What says that nothing is there, and what was made for one reader, is not kept at all.
pub(super) const NOT_AT_ALL: &str = "no-store";
/// The media type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// Nothing is at the address.
    #[error("nothing is at this address")]
    NotFound,
    /// The content could not be read.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The theme could not show it.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// What a request for a page says.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
    /// The request without its body, which no page looks at.
    pub(crate) fn of(request: &'a Request) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers() }
    }
}

/// Answers with a page that is rendered now.
pub(super) async fn answer<F>(
    state: &AppState,
    Asked { method, uri, headers }: Asked<'_>,
    render: F,
) -> Response
where
    F: Future<Output = Result<Page, PageError>>,
{
    let key = PageKey::of(uri);
    // Before anything is read: a change from here on makes the page stale.
    let began = state.cache.begin();
    match render.await {
        Ok(page) => {
            let keep = page.keep();
            let stored = StoredPage::new(page, began);
            let wanted = preferred(headers);
            let stored = Arc::new(stored.coded_as(wanted).unwrap_or(stored));
            if keep {
                state.cache.keep(&key.text(), Arc::clone(&stored));
            }
            stored.answer(method, headers, wanted).into_response()
        }
        Err(error) => refused(state, uri, error).await,
    }
}

/// The page that is shown in place of one that is not.
pub(super) async fn refused(state: &AppState, uri: &Uri, error: PageError) -> Response {
    match error {
        PageError::NotFound => not_found(state, uri).await,
        error => failed(state, &error),
    }
}

/// Where a redirect leads, or the page that says that nothing is there.
pub(super) async fn not_found(state: &AppState, uri: &Uri) -> Response {
    let status = match instead(state, uri).await {
        Ok(Instead::Answer(response)) => return response,
        Ok(Instead::Gone) => StatusCode::GONE,
        Ok(Instead::Nothing) => StatusCode::NOT_FOUND,
        Err(error) => return failed(state, &ContentError::Store(error).into()),
    };
    let app = &state.app;
    let rendered = match frame(app, app.site.locales.default()).await {
        Ok(frame) => rendered_not_found(state, frame.site, uri),
        Err(error) => Err(error),
    };
    match rendered {
        Ok(html) => html_answer(status, NOT_AT_ALL, html),
        Err(error) => failed(state, &error),
    }
}

fn rendered_not_found(state: &AppState, site: SiteContext, uri: &Uri) -> Result<String, PageError> {
    Ok(state.theme.get().render_not_found(&NotFoundPage::new(site, uri.path()))?)
}

/// A page without the theme, which may be what failed. The log has the cause under the reference.
fn failed(state: &AppState, error: &PageError) -> Response {
    let status = match error {
        PageError::Render(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    let reference = state.app.randomness.id(state.app.clock.now());
    tracing::error!(%reference, cause = with_causes(error), "a page could not be shown");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>This page cannot be shown now</title>\n</head>\n<body>\n<main>\n\
         <h1>This page cannot be shown now</h1>\n<p>Please try again in a moment. \
         If it stays like this, tell the people of this site: {reference}</p>\n\
         </main>\n</body>\n</html>\n"
    );
    let mut response = html_answer(status, NOT_AT_ALL, html);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// A page that is not kept here; browsers are told by `control` what to do with it.
pub(super) fn html_answer(status: StatusCode, control: &'static str, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    security_headers::add_to_page(headers);
    response
}
