//! Keys for sites that run elsewhere, over HTTP: what the adapter in `adapters/http` asks. On a listener of its own.
//!
//! | request | answer |
//! |---|---|
//! | `GET /keys/v1/values?after=KEY` | keys in their order, a line each, 1,000 at most |
//! | `GET`, `PUT`, `DELETE /keys/v1/values/KEY` | the value, byte for byte |
//! | `GET /keys/v1/heads/KEY` | the value; its version is the `ETag`. With `If-None-Match`: 304 while it is that one |
//! | `PUT /keys/v1/heads/KEY` | with `If-Match: "VERSION"`, or `If-None-Match: *` for a new one: 204 and the new `ETag`, or 412 |
//! | `PUT /keys/v1/locks/NAME?milliseconds=N` | 204, or 409 while somebody else holds it |
//! | `DELETE /keys/v1/locks/NAME` | 204 |
//!
//! Every request brings the one token as `Authorization: Bearer TOKEN`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use bytes::Bytes;
use smartcms_app::shared_keys::{SharedHead, SharedKeys};
use smartcms_domain::entries::Revision;
use tower::ServiceExt;

use crate::body;
use crate::caller::bearer_secret;
use crate::preconditions::{has_already, optional_match};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply;

const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Answers the requests of sites elsewhere. Cheap to clone.
#[derive(Clone)]
pub struct SharedKeysService {
    router: Router,
}

impl SharedKeysService {
    /// Over these keys.
    pub fn new(keys: Arc<SharedKeys>) -> Self {
        let router = Router::new()
            .route("/keys/v1/values", get(list))
            .route("/keys/v1/values/{*key}", get(value).put(set_value).delete(delete_value))
            .route("/keys/v1/heads/{*key}", get(head).put(swap_head))
            .route("/keys/v1/locks/{*name}", put(lock).delete(unlock))
            .fallback(nothing)
            .method_not_allowed_fallback(wrong_method)
            .layer(from_fn_with_state(Arc::clone(&keys), guarded))
            .with_state(keys);
        Self { router }
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request) -> Response {
        let answered: Result<Response, Infallible> = self.router.clone().oneshot(request).await;
        answered.unwrap_or_else(|it| match it {})
    }
}

async fn guarded(State(keys): Keys, request: Request, next: Next) -> Response {
    let value = request.headers().get(header::AUTHORIZATION);
    let secret = value.and_then(|it| it.to_str().ok()).and_then(bearer_secret);
    match secret.map(|it| keys.is_opened_by(it)) {
        Some(true) => next.run(request).await,
        Some(false) => HttpProblem::token_not_valid()
            .with_hint("it is the one that the setting `keys.token` of this server has")
            .into_response(),
        None => HttpProblem::credentials_missing("keys are for the bearer of `keys.token`".into())
            .with_hint("send `Authorization: Bearer TOKEN` with the token of that setting")
            .into_response(),
    }
}

async fn nothing(request: Request) -> Response {
    HttpProblem::unknown_route(request.uri().path()).into_response()
}

async fn wrong_method(request: Request) -> Response {
    HttpProblem::wrong_method(request.method(), request.uri().path()).into_response()
}

type Keys = State<Arc<SharedKeys>>;

async fn list(State(keys): Keys, uri: Uri) -> Result<Response, HttpProblem> {
    let asked = Parameters::parse(&uri, &["after"])?;
    let mut text = String::new();
    for key in keys.value_keys(asked.get("after")).await? {
        text.push_str(&key);
        text.push('\n');
    }
    Ok(reply::whole(StatusCode::OK, TEXT, text.into()))
}

async fn value(State(keys): Keys, Path(key): Path<String>) -> Result<Response, HttpProblem> {
    match keys.value(&key).await? {
        Some(value) => Ok(reply::whole(StatusCode::OK, BYTES, value)),
        None => Err(HttpProblem::no_such_key(&key)),
    }
}

async fn set_value(
    State(keys): Keys,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, HttpProblem> {
    let (_, value) = bytes(request).await?;
    keys.set_value(&key, value).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete_value(State(keys): Keys, Path(key): Path<String>) -> Result<Response, HttpProblem> {
    keys.delete_value(&key).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn head(
    State(keys): Keys,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let found = keys.head(&key).await?;
    let SharedHead { version, value } = found.ok_or_else(|| HttpProblem::no_such_key(&key))?;
    let tag = tag_of(version);
    if has_already(&headers, &tag) {
        return Ok(reply::not_modified(tag, false));
    }
    Ok(reply::tagged(reply::whole(StatusCode::OK, BYTES, value), tag, false))
}

async fn swap_head(
    State(keys): Keys,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, HttpProblem> {
    let (headers, value) = bytes(request).await?;
    let is_new = headers.get(header::IF_NONE_MATCH).is_some_and(|it| it == "*");
    let seen = optional_match(&headers)?.map(Revision::number);
    if is_new == seen.is_some() {
        return Err(HttpProblem::head_not_seen());
    }
    let Some(version) = keys.swap_head(&key, seen, value).await? else {
        return Err(HttpProblem::head_moved_on(&key));
    };
    Ok(reply::tagged(StatusCode::NO_CONTENT.into_response(), tag_of(version), false))
}

async fn lock(
    State(keys): Keys,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, HttpProblem> {
    let asked = Parameters::parse(&uri, &["milliseconds"])?;
    let time = asked.get("milliseconds").and_then(|it| it.parse().ok()).ok_or_else(|| {
        let detail = "`milliseconds` has to say how long it is held".to_owned();
        HttpProblem::bad_request("request.query", detail)
    })?;
    if keys.try_lock(&name, Duration::from_millis(time))? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let detail = format!("somebody else holds {name}");
    Err(HttpProblem::conflict("keys.locked", detail))
}

async fn unlock(State(keys): Keys, Path(name): Path<String>) -> Result<Response, HttpProblem> {
    keys.unlock(&name)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn bytes(request: Request) -> Result<(HeaderMap, Bytes), HttpProblem> {
    let (parts, body): (_, Body) = request.into_parts();
    let bytes = body::read(&parts.headers, body).await?;
    Ok((parts.headers, bytes))
}

fn tag_of(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}
