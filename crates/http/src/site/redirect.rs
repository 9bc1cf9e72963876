//! Where a path leads at which nothing is.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use smartcms_app::entries::find_fallback_path;
use smartcms_app::ports::StoreError;
use smartcms_app::redirects::{FollowedRedirect, follow_redirect};
use smartcms_domain::redirects::RedirectStatus;

use super::answer::ASK_AGAIN;
use super::read::reader;
use crate::state::AppState;

/// What stands in the place of a page that is not there.
pub(super) enum Instead {
    /// Another address.
    Answer(Response),
    /// The word that it is gone for good.
    Gone,
    /// Nothing.
    Nothing,
}

/// Looks for a redirect. It is read each time and kept nowhere: a redirect is never older than the store, and a page that
/// is kept is never hidden by one.
pub(super) async fn instead(state: &AppState, uri: &Uri) -> Result<Instead, StoreError> {
    Ok(match follow_redirect(&reader(&state.app), uri.path()).await? {
        Some(FollowedRedirect::To(status, address)) => {
            let address = with_query(address, uri.query());
            // An address is ASCII and bounded; should it be none, nothing is there.
            HeaderValue::from_str(&address).map_or(Instead::Nothing, |location| {
                Instead::Answer(moved(status_of(status), location))
            })
        }
        Some(FollowedRedirect::Gone) => Instead::Gone,
        None => in_another_language(state, uri).await?,
    })
}

/// The page in the language that the path's falls back to: a translation may come, so nobody should remember it.
async fn in_another_language(state: &AppState, uri: &Uri) -> Result<Instead, StoreError> {
    let found = find_fallback_path(&reader(&state.app), uri.path()).await?;
    let location = found.and_then(|it| HeaderValue::from_str(&with_query(it, uri.query())).ok());
    let answer = |it| Instead::Answer(moved(StatusCode::FOUND, it));
    Ok(location.map_or(Instead::Nothing, answer))
}

/// Browsers would keep a 301 for ever without asking; an entry may come back.
fn moved(status: StatusCode, location: HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    response
}

fn status_of(status: RedirectStatus) -> StatusCode {
    match status {
        RedirectStatus::Moved => StatusCode::MOVED_PERMANENTLY,
        RedirectStatus::Found => StatusCode::FOUND,
        RedirectStatus::Temporary => StatusCode::TEMPORARY_REDIRECT,
        RedirectStatus::Permanent => StatusCode::PERMANENT_REDIRECT,
        RedirectStatus::Gone => StatusCode::GONE,
    }
}

/// An address with the query of the request behind its own, before its anchor.
fn with_query(address: String, query: Option<&str>) -> String {
    let Some(query) = query.filter(|it| !it.is_empty()) else { return address };
    let (start, anchor) = address.split_at(address.find('#').unwrap_or(address.len()));
    let joint = if start.contains('?') { '&' } else { '?' };
    format!("{start}{joint}{query}{anchor}")
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn the_query_of_a_request_is_kept() {
        for (address, query, expected) in [
            ("/a", None, "/a"),
            ("/a", Some(""), "/a"),
            ("/a", Some("b=1"), "/a?b=1"),
            ("/a?c=2", Some("b=1"), "/a?c=2&b=1"),
            ("https://x.test/a#d", Some("b=1"), "https://x.test/a?b=1#d"),
        ] {
            assert_eq!(with_query(address.to_owned(), query), expected);
        }
    }
}
