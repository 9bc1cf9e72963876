//! `GET /api/v1/redirects` and `GET /api/v1/redirects/{id}`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_app::App;
use smartcms_app::redirects::{ListRedirects, get_redirect, list_redirects};
use smartcms_domain::Problem;

use super::body::RedirectBody;
use crate::caller::Caller;
use crate::cursor;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// Lists redirects by their sources: `?search=`, `?automatic=`, `?limit=`, `?cursor=`.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["search", "automatic", "limit", "cursor"])?;
    let query = ListRedirects {
        search: parameters.get("search").map(str::to_owned),
        is_automatic: parameters.get("automatic").map(flag).transpose()?,
        after: parameters.get("cursor").map(place).transpose()?,
        limit: parameters.limit()?,
    };
    let page = list_redirects(&caller.context(&app), query).await?;
    let body = Page {
        items: page.redirects.iter().map(RedirectBody::from).collect(),
        next: page.next.map(|it| URL_SAFE_NO_PAD.encode(it)),
        included: None,
        warnings: Vec::new(),
    };
    Ok(answer(StatusCode::OK, &body))
}

/// Reads one redirect.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let view = get_redirect(&caller.context(&app), &id).await?;
    Ok(answer(StatusCode::OK, &RedirectBody::from(&view)))
}

/// An answer for the bearer of this token alone.
pub(super) fn answer(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mut response = reply::json(status, JSON, body);
    reply::set_caching(response.headers_mut(), false);
    response
}

fn flag(text: &str) -> Result<bool, HttpProblem> {
    text.parse().map_err(|_| {
        let message = format!("`automatic` is `true` or `false`, not `{text}`");
        let problem = Problem::field("automatic", "kind", message.clone());
        HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
    })
}

/// A place in the list is the source before it.
fn place(text: &str) -> Result<String, HttpProblem> {
    let source = URL_SAFE_NO_PAD.decode(text).ok().and_then(|it| String::from_utf8(it).ok());
    source.filter(|it| it.starts_with('/')).ok_or_else(cursor::malformed)
}
