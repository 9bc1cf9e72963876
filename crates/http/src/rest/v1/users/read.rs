//! `GET /api/v1/users` and `GET /api/v1/users/{id}`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_app::App;
use smartcms_app::people::{find_user, list_users};
use smartcms_domain::people::EmailAddress;

use super::body::UserBody;
use super::id_of;
use crate::caller::Caller;
use crate::cursor;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::segments::Segments;

/// Lists people by their addresses: `?limit=`, `?cursor=`.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["limit", "cursor"])?;
    let limit = parameters.limit()?;
    let after = parameters.get("cursor").map(place).transpose()?;
    // One more than is asked for says whether there is another page.
    let mut users = list_users(&caller.context(&app), after.as_ref(), limit + 1).await?;
    let is_more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let last = users.last().filter(|_| is_more);
    let body = Page {
        items: users.iter().map(UserBody::from).collect(),
        next: last.map(|it| URL_SAFE_NO_PAD.encode(it.email.as_str())),
        included: None,
        warnings: Vec::new(),
    };
    Ok(answer(&body))
}

/// Reads one person: who manages people does, and everybody reads themselves.
pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let user = find_user(&caller.context(&app), id_of(&id)?).await?;
    Ok(answer(&UserBody::from(&user)))
}

/// An answer for this caller alone.
pub(super) fn answer(body: &impl serde::Serialize) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, body);
    reply::set_caching(response.headers_mut(), false);
    response
}

/// A place in the list is the address before it.
fn place(text: &str) -> Result<EmailAddress, HttpProblem> {
    let read = URL_SAFE_NO_PAD.decode(text).ok().and_then(|it| String::from_utf8(it).ok());
    let email = read.and_then(|it| EmailAddress::parse(&it).ok());
    email.ok_or_else(cursor::malformed)
}
