//! `Idempotency-Key`: a write that is done once however often it is sent (draft-ietf-httpapi-idempotency-key-header).
//!
//! The key is taken in the store before the write begins, and the answer is kept under it when it is there. A request
//! that was cut off between the two is answered with `idempotency.unknown-outcome`, never done again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use smartcms_app::App;
use smartcms_app::entries::ContentError;
use smartcms_app::idempotency::{
    ANSWER_BYTES_MAX, KEY_LEN_MAX, claim_request, fingerprint, keep_answer, release_request,
    request_key,
};
use smartcms_app::ports::{Claimed, KeptAnswer, RequestKey, StoreError};

use crate::body::read;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::reply::whole;
use crate::state::AppState;

/// The header that names a request.
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is the one to an earlier request.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What belongs to an answer whenever it is given.
const KEPT_HEADERS: [HeaderName; 5] =
    [header::CONTENT_TYPE, header::ETAG, header::LOCATION, header::CACHE_CONTROL, header::VARY];

/// The requests with a key that this process is doing now.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<RequestKey>>>);

/// One of them. It ends with this value, also when the client goes away.
struct Doing {
    all: InFlight,
    key: RequestKey,
}

impl InFlight {
    /// `None` when a request with this key is being done.
    fn begin(&self, key: &RequestKey) -> Option<Doing> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.clone()).then(|| Doing { all: self.clone(), key: key.clone() })
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Does a write with a key once. Reads, and writes without a key, pass.
pub(crate) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_read || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match keyed(&state, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(state: &AppState, request: Request, next: Next) -> Result<Response, HttpProblem> {
    let (mut parts, body) = request.into_parts();
    let text = key_of(&parts.headers)?;
    if parts.method == Method::POST && parts.uri.path() == "/api/v1/assets" {
        return Err(no_uploads());
    }
    let caller = Caller::from_request_parts(&mut parts, state).await?;
    let Some(key) = request_key(&caller.0, &text) else {
        // Who bears no token changes nothing.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let body = read(&parts.headers, body).await?;
    let print = print_of(&caller, &parts, &body);
    let _doing = state.in_flight.begin(&key).ok_or_else(in_flight)?;
    let claimed = claim_request(&state.app, &key, print).await.map_err(unavailable)?;
    match claimed {
        Claimed::New => {
            let request = Request::from_parts(parts, Body::from(body));
            Ok(done(&state.app, &key, next.run(request).await).await)
        }
        Claimed::TooMany => Err(too_many()),
        Claimed::Before { claim, .. } if claim.fingerprint != print => Err(reused()),
        Claimed::Before { answer: None, .. } => Err(unknown_outcome()),
        Claimed::Before { answer: Some(answer), .. } => replayed(answer),
    }
}

/// The key, with or without the quotation marks that the draft asks for.
fn key_of(headers: &HeaderMap) -> Result<String, HttpProblem> {
    let mut values = headers.get_all(KEY).iter();
    let text = values.next().and_then(|it| it.to_str().ok()).unwrap_or_default().trim();
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(text);
    let fits = (1..=KEY_LEN_MAX).contains(&inner.len()) && inner.bytes().all(is_of_key);
    if fits && values.next().is_none() {
        return Ok(inner.to_owned());
    }
    let detail = format!(
        "`Idempotency-Key` has to be there once, with 1 to {KEY_LEN_MAX} printable characters of ASCII, and has {}",
        inner.len()
    );
    Err(HttpProblem::bad_request("idempotency.key", detail)
        .with_hint("make a new UUID for each request, and send the same one when it is repeated"))
}

/// What a key is made of: visible ASCII, without what would need quoting.
fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')
}

/// What has to be the same when the request comes again.
fn print_of(caller: &Caller, parts: &Parts, body: &Bytes) -> [u8; 32] {
    let header = |name: HeaderName| parts.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    let path = parts.uri.path_and_query().map_or("", |it| it.as_str());
    let method = parts.method.as_str();
    let all: [&[u8]; 5] = [
        method.as_bytes(),
        path.as_bytes(),
        header(header::CONTENT_TYPE),
        header(header::IF_MATCH),
        body,
    ];
    fingerprint(&caller.0, &all)
}

/// Keeps an answer, and gives it. Where nothing was done because something failed, the key is free again.
async fn done(app: &App, key: &RequestKey, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        // Bodies of the API are in memory. One that is not whole is no answer to keep.
        return HttpProblem::internal("an answer that could not be read").into_response();
    };
    let bytes = collected.to_bytes();
    let outcome = if parts.status.is_server_error() {
        release_request(app, key).await
    } else {
        keep_answer(app, key, kept(&parts.headers, parts.status, &bytes)).await
    };
    if let Err(error) = outcome {
        // Repeated, the request hears that nobody knows what became of it: true, and safe.
        tracing::warn!(
            error = smartcms_domain::with_causes(&error),
            "an answer could not be kept under its key"
        );
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}

fn kept(headers: &HeaderMap, status: StatusCode, body: &Bytes) -> KeptAnswer {
    let texts = |name: &HeaderName| {
        let values: Vec<(String, String)> = headers
            .get_all(name)
            .iter()
            .filter_map(|it| Some((name.as_str().to_owned(), it.to_str().ok()?.to_owned())))
            .collect();
        values
    };
    let told = KEPT_HEADERS.iter().flat_map(texts).collect();
    // What is told once is not written down.
    let is_secret = headers.get(header::CACHE_CONTROL).is_some_and(|it| it == "no-store");
    let body = (!is_secret || !status.is_success()).then(|| body.clone());
    KeptAnswer { status: status.as_u16(), headers: told, body }
}

/// The answer to the first request, as it was.
fn replayed(answer: KeptAnswer) -> Result<Response, HttpProblem> {
    let headers = answer.headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    let headers: HeaderMap = headers.collect();
    let body = answer.body.ok_or_else(|| not_kept(&headers))?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let media_type = headers.get(header::CONTENT_TYPE).cloned();
    let mut response = match media_type {
        Some(media_type) => whole(status, media_type, body),
        None => status.into_response(),
    };
    for name in headers.keys().filter(|it| **it != header::CONTENT_TYPE) {
        for value in headers.get_all(name) {
            response.headers_mut().append(name, value.clone());
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn unavailable(error: StoreError) -> HttpProblem {
    HttpProblem::from(ContentError::Store(error))
}

fn no_uploads() -> HttpProblem {
    let detail = "an upload takes no `Idempotency-Key`".to_owned();
    HttpProblem::bad_request("idempotency.upload", detail).with_hint(
        "send the file again without it: the same file is stored once, and answered with 200",
    )
}

fn in_flight() -> HttpProblem {
    let detail = "the first request with this key is still under way".to_owned();
    HttpProblem::conflict("idempotency.in-flight", detail)
        .with_retry_after(1)
        .with_hint("wait and send it again: then it gets the answer to the first")
}

fn unknown_outcome() -> HttpProblem {
    let detail = "a request with this key began, and nobody knows what became of it: \
        the server or the connection ended before the answer was kept"
        .to_owned();
    HttpProblem::conflict("idempotency.unknown-outcome", detail)
        .with_hint("look whether it was done; if it was not, send it with another key")
}

fn not_kept(headers: &HeaderMap) -> HttpProblem {
    let place = headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
    let detail = format!(
        "the first request with this key was done; its answer was not kept: it has a secret, or more than {ANSWER_BYTES_MAX} bytes"
    );
    let hint = match place {
        Some(place) => format!("it is at {place}; do not send it with another key"),
        None => "read what it changed; do not send it with another key".to_owned(),
    };
    HttpProblem::conflict("idempotency.answer-not-kept", detail).with_hint(&hint)
}

fn reused() -> HttpProblem {
    let detail = "this key was sent before with another request: \
        method, path, `Content-Type`, `If-Match` and body have to be the same"
        .to_owned();
    HttpProblem::unprocessable("idempotency.key-reused", detail)
        .with_hint("make a new key for each request")
}

fn too_many() -> HttpProblem {
    let most = smartcms_app::idempotency::KEYS_MAX;
    let detail = format!("this token has sent {most} keys within 24 hours, which is the limit");
    HttpProblem::too_many("idempotency.too-many", detail)
        .with_retry_after(60)
        .with_hint("leave the key out where it is not needed, or wait until old ones are forgotten")
}
