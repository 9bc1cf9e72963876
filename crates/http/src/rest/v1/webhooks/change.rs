//! Making webhooks, changing them and taking them away.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::webhooks::{
    CreateWebhook, UpdateWebhook, create_webhook, remove_webhook, rotate_secret, update_webhook,
};

use super::body::WebhookBody;
use super::read::answer;
use crate::body::{read_object, read_optional_object};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// `POST /api/v1/webhooks`: `{"name", "url", "events"?, "collections"?, "enabled"?}`. The answer has the secret.
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
    let (name, url) = (members.text("name"), members.text("url"));
    let (events, collections) = (members.texts("events"), members.texts("collections"));
    let enabled = members.flag("enabled").unwrap_or(true);
    for (member, value) in [("name", &name), ("url", &url)] {
        if value.is_none() {
            members.missing(member);
        }
    }
    members.finish()?;
    let (name, url) = (name.unwrap_or_default(), url.unwrap_or_default());
    let command = CreateWebhook { name, url, events, collections, enabled };
    let (record, secret) = create_webhook(&caller.context(&app), command).await?;
    let mut response = answer(StatusCode::CREATED, &WebhookBody::new(&record, Some(&secret)));
    never_kept(&mut response);
    let location = format!("/api/v1/webhooks/{}", record.webhook.id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `PATCH /api/v1/webhooks/{id}`: what is named changes, the rest stays.
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
    let command = UpdateWebhook {
        name: members.text("name"),
        url: members.text("url"),
        events: members.texts("events"),
        collections: members.texts("collections"),
        enabled: members.flag("enabled"),
    };
    members.finish()?;
    let record = update_webhook(&caller.context(&app), &id, command).await?;
    Ok(answer(StatusCode::OK, &WebhookBody::new(&record, None)))
}

/// `DELETE /api/v1/webhooks/{id}`.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    remove_webhook(&caller.context(&app), &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /api/v1/webhooks/{id}/rotate-secret`: the answer has the new secret.
pub(super) async fn rotate(
    State(app): State<App>,
    uri: Uri,
    Segments(id): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    read_optional_object(&headers, body).await?.finish()?;
    let (record, secret) = rotate_secret(&caller.context(&app), &id).await?;
    let mut response = answer(StatusCode::OK, &WebhookBody::new(&record, Some(&secret)));
    never_kept(&mut response);
    Ok(response)
}

/// A secret is in it.
fn never_kept(response: &mut Response) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
