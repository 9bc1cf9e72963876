//! Making redirects, changing them and taking them away.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use smartcms_app::App;
use smartcms_app::redirects::{
    UpdateRedirect, create_redirect, get_redirect, import_redirects, remove_redirect,
    update_redirect,
};
use smartcms_domain::redirects::RedirectDraft;

use super::body::{RedirectBody, draft};
use super::read::answer;
use crate::body::read_object;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// `POST /api/v1/redirects`: `{"from", "to" or "entry", "status"?}`.
pub(super) async fn create(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let draft = draft(&mut members);
    members.finish()?;
    let ctx = caller.context(&app);
    let id = create_redirect(&ctx, draft).await?.id.to_string();
    let view = get_redirect(&ctx, &id).await?;
    let mut response = answer(StatusCode::CREATED, &RedirectBody::from(&view));
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/redirects/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `POST /api/v1/redirects/import`: `{"redirects": [ … ]}`, all or none.
pub(super) async fn import(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let mut objects = members.objects("redirects");
    if objects.is_none() {
        members.missing("redirects");
    }
    let drafts: Vec<RedirectDraft> = objects.iter_mut().flatten().map(draft).collect();
    members.finish_with("redirects", objects.unwrap_or_default())?;
    let imported = import_redirects(&caller.context(&app), drafts).await?;
    let body = json!({ "added": imported.added, "present": imported.present });
    Ok(answer(StatusCode::OK, &body))
}

/// `PATCH /api/v1/redirects/{id}`: what is named changes, the rest stays.
pub(super) async fn update(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let command = UpdateRedirect {
        from: members.text("from"),
        to: members.text("to"),
        entry: members.id("entry"),
        status: members.number("status"),
    };
    members.finish()?;
    let ctx = caller.context(&app);
    update_redirect(&ctx, &id, command).await?;
    let view = get_redirect(&ctx, &id).await?;
    Ok(answer(StatusCode::OK, &RedirectBody::from(&view)))
}

/// `DELETE /api/v1/redirects/{id}`.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    remove_redirect(&caller.context(&app), &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
