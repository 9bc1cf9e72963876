//! Arranging menus: `PUT` and `DELETE /api/v1/menus/{name}`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::menus::{MenuError, SaveMenu, SeenMenu, remove_menu, save_menu};
use smartcms_domain::menus::items_of_json;

use super::read::written;
use crate::body::{read_object, read_optional_object};
use crate::caller::Caller;
use crate::preconditions::{optional_match, required_match};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Stores a menu as a whole: `{"items": [ … ]}`. One that is there is replaced with `If-Match`.
pub(super) async fn save(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = seen(&headers)?;
    let mut members = read_object(&headers, body).await?;
    let items = members.value("items");
    if items.is_none() {
        members.missing("items");
    }
    members.finish()?;
    let items = items_of_json(&items.unwrap_or_default()).map_err(MenuError::Invalid)?;
    let command = SaveMenu { name, items, seen };
    let saved = save_menu(&caller.context(&app), command).await;
    let (is_new, menu) = saved.map_err(explained)?;
    if !is_new {
        return Ok(written(StatusCode::OK, &menu));
    }
    let mut response = written(StatusCode::CREATED, &menu);
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/menus/{}", menu.name)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Takes a menu away.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let seen = required_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    remove_menu(&caller.context(&app), &name, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn seen(headers: &HeaderMap) -> Result<SeenMenu, HttpProblem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(SeenMenu::Nothing);
    }
    Ok(optional_match(headers)?.map_or(SeenMenu::Whatever, SeenMenu::State))
}

/// A menu that is there is not replaced by who does not say what it replaces.
fn explained(error: MenuError) -> HttpProblem {
    match error {
        MenuError::Present(_) => HttpProblem::if_match_missing(),
        other => HttpProblem::from(other),
    }
}
