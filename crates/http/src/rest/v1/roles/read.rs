//! `GET /api/v1/roles` and `GET /api/v1/roles/{name}`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::roles::{get_role, list_roles};

use super::body::told;
use crate::caller::Caller;
use crate::preconditions::{entity_tag, has_already};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// Lists the roles: there are few, so all of them.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let views = list_roles(&caller.context(&app)).await?;
    let items = views.iter().map(told).collect();
    let page = Page { items, next: None, included: None, warnings: Vec::new() };
    let mut response = reply::json(StatusCode::OK, JSON, &page);
    reply::set_caching(response.headers_mut(), false);
    Ok(response)
}

/// Reads one role. A built-in one has no revision, so no tag.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let view = get_role(&caller.context(&app), &name).await?;
    let mut response = reply::json(StatusCode::OK, JSON, &told(&view));
    let Some(record) = &view.record else {
        reply::set_caching(response.headers_mut(), false);
        return Ok(response);
    };
    let tag = entity_tag(record.revision);
    if has_already(&headers, &tag) {
        return Ok(reply::not_modified(tag, false));
    }
    Ok(reply::tagged(response, tag, false))
}
