//! From errors to answers: RFC 9457 problem documents. The one place where kinds of failures get statuses.

mod of_faults;

use std::borrow::Cow;
use std::error::Error;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use smartcms_app::FaultKind;
use smartcms_app::ports::{PluginFailure, PluginFailureKind};
use smartcms_domain::Problem;

use crate::reply::{self, PROBLEM_JSON};

const BEARER: HeaderValue = HeaderValue::from_static("Bearer realm=\"SmartCMS\"");
const BEARER_INVALID: HeaderValue =
    HeaderValue::from_static("Bearer realm=\"SmartCMS\", error=\"invalid_token\"");
/// How long a client should wait when the store or a plugin cannot answer.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// A failure as a client sees it. Boxed: results that are mostly fine stay small.
#[derive(Debug)]
pub(crate) struct HttpProblem(Box<Parts>);

/// The code of the problem that an answer tells, beside the answer.
#[derive(Debug, Clone)]
pub(crate) struct ProblemCode(pub(crate) Cow<'static, str>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    hint: Option<String>,
    problems: Vec<Problem>,
    plugin: Option<String>,
    revision: Option<u64>,
    plan: Option<Value>,
    operation: Option<usize>,
    header: Option<(HeaderName, HeaderValue)>,
    /// For the log alone.
    cause: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<FieldDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a Value>,
    /// Which operation of a batch it is about, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<usize>,
}

#[derive(Serialize)]
struct FieldDocument<'a> {
    field: Option<&'a str>,
    code: &'a str,
    message: &'a str,
}

/// How edges of HTTP treat each kind.
fn status_of(kind: FaultKind) -> StatusCode {
    match kind {
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::Forbidden => StatusCode::FORBIDDEN,
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Limit => StatusCode::PAYLOAD_TOO_LARGE,
        FaultKind::Plugin => StatusCode::BAD_GATEWAY,
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn status_of_plugin(kind: PluginFailureKind) -> StatusCode {
    match kind {
        PluginFailureKind::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        PluginFailureKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        PluginFailureKind::Limit
        | PluginFailureKind::Trapped
        | PluginFailureKind::Denied
        | PluginFailureKind::Unusable => StatusCode::BAD_GATEWAY,
    }
}

impl HttpProblem {
    fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: String) -> Self {
        Self(Box::new(Parts {
            status,
            code: code.into(),
            detail,
            hint: None,
            problems: Vec::new(),
            plugin: None,
            revision: None,
            plan: None,
            operation: None,
            header: None,
            cause: None,
        }))
    }

    /// A request that cannot be understood.
    pub(crate) fn bad_request(code: &'static str, detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// A request that can be understood and cannot be done.
    pub(crate) fn unprocessable(code: &'static str, detail: String) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// A request that does not go together with what is there.
    pub(crate) fn conflict(code: &'static str, detail: String) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// More than one client may send in a time.
    pub(crate) fn too_many(code: &'static str, detail: String) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail)
    }

    /// Nothing answers at this path.
    pub(crate) fn unknown_route(path: &str) -> Self {
        let detail = format!("nothing answers at `{path}`");
        Self::new(StatusCode::NOT_FOUND, "route.unknown", detail)
    }

    /// The path is there, the method is not.
    pub(crate) fn wrong_method(method: &Method, path: &str) -> Self {
        let detail = format!("`{path}` does not take {method}");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "request.method", detail)
            .with_hint("the header `Allow` lists the methods")
    }

    /// A token is needed.
    pub(crate) fn credentials_missing(detail: String) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "auth.required", detail)
            .with_header(header::WWW_AUTHENTICATE, BEARER)
            .with_hint("send `Authorization: Bearer TOKEN`; `smartcms token create` makes one")
    }

    /// The token is unknown or expired.
    pub(crate) fn token_not_valid() -> Self {
        let detail = "the token is not valid, or no longer".to_owned();
        Self::new(StatusCode::UNAUTHORIZED, "auth.token-not-valid", detail)
            .with_header(header::WWW_AUTHENTICATE, BEARER_INVALID)
    }

    /// Credentials of a kind that is not known.
    pub(crate) fn wrong_scheme() -> Self {
        let detail = "the header `Authorization` has to be `Bearer TOKEN`".to_owned();
        Self::new(StatusCode::UNAUTHORIZED, "auth.scheme", detail)
            .with_header(header::WWW_AUTHENTICATE, BEARER)
    }

    /// Nothing is stored under a key.
    pub(crate) fn no_such_key(key: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "keys.unknown", format!("nothing is stored under {key}"))
    }

    /// A head is replaced only by who has seen it.
    pub(crate) fn head_not_seen() -> Self {
        let detail = "a head is replaced by who says which version was seen".to_owned();
        Self::new(StatusCode::PRECONDITION_REQUIRED, "keys.head-not-seen", detail).with_hint(
            "send its `ETag` as `If-Match`, or `If-None-Match: *` where there is none yet",
        )
    }

    /// Somebody else replaced a head.
    pub(crate) fn head_moved_on(key: &str) -> Self {
        let detail = format!("{key} has another version than was seen");
        Self::new(StatusCode::PRECONDITION_FAILED, "keys.head-moved-on", detail)
    }

    /// A change has to say what it was made from.
    pub(crate) fn if_match_missing() -> Self {
        let detail = "a change has to say which revision it was made from".to_owned();
        Self::new(StatusCode::PRECONDITION_REQUIRED, "request.if-match-missing", detail).with_hint(
            "GET the entry with `?status=any` and send its `ETag` as `If-Match`; `If-Match: *` changes whatever is stored",
        )
    }

    /// The same for an operation of a batch.
    pub(crate) fn if_match_missing_in_batch() -> Self {
        let detail = "a change has to say which revision it was made from".to_owned();
        Self::new(StatusCode::PRECONDITION_REQUIRED, "request.if-match-missing", detail).with_hint(
            "add `\"if_match\": 3`, the revision that was seen; `\"*\"` changes whatever is there",
        )
    }

    /// More operations in one batch than are taken.
    pub(crate) fn too_many_operations(len: usize, len_max: usize) -> Self {
        let detail = format!("the batch has {len} operations; {len_max} is the limit");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "batch.too-many", detail)
            .with_problems(vec![Problem::field("operations", "too-many", "send several batches")])
    }

    /// The body is of a type that is not taken.
    pub(crate) fn unsupported_media_type(found: &str) -> Self {
        let found = if found.is_empty() { "no content type" } else { found };
        let detail = format!("the body has to be application/json, and came with {found}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.content-type", detail)
            .with_header(header::ACCEPT, HeaderValue::from_static("application/json"))
            .with_hint("send the header `Content-Type: application/json`")
    }

    /// The body passes its limit; its length is known where the client announced it.
    pub(crate) fn too_large(announced: Option<u64>, limit_bytes: usize) -> Self {
        let len = announced.map_or("more".to_owned(), |it| it.to_string());
        let detail = format!(
            "the body has {len} bytes{}; `body_bytes_max` is {limit_bytes}",
            if announced.is_some() { "" } else { " than are taken" }
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too-large", detail)
    }

    /// The client has asked often enough for now.
    pub(crate) fn too_often(wait_seconds: u64, detail: String) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "request.too-often", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from(wait_seconds))
            .with_hint("wait as long as the header `Retry-After` says; `RateLimit` tells with every answer what is left")
    }

    /// A budget is used up for now.
    pub(crate) fn spent(code: &str, wait_seconds: u64, detail: String) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code.to_owned(), detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from(wait_seconds))
            .with_hint("`GET /api/v1/ai/status` tells what is left")
    }

    /// A defect of ours: the client gets a reference, the log the cause.
    pub(crate) fn internal(reference: &str) -> Self {
        let detail = format!("something went wrong here; the log has more under {reference}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// The process takes no more requests, or its store does not answer.
    pub(crate) fn not_ready(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.not-ready", detail.to_owned())
            .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS)
    }

    /// Adds what the reader can do.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.0.hint = Some(hint.to_owned());
        self
    }

    /// Says after how many seconds to come again.
    pub(crate) fn with_retry_after(self, seconds: u16) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Adds what is wrong with which field.
    pub(crate) fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.0.problems = problems;
        self
    }

    /// Says which operation of a batch it is about: in a member of its own, and before the names of fields.
    pub(crate) fn at_operation(mut self, at: usize) -> Self {
        /// What stands beside the fields of an entry.
        const BESIDE: [&str; 5] = ["id", "slug", "locale", "message", "translation_of"];
        let place = format!("operations[{at}]");
        for problem in &mut self.0.problems {
            problem.field = Some(match problem.field.take() {
                None => place.clone(),
                Some(name) if BESIDE.contains(&name.as_str()) => format!("{place}.{name}"),
                Some(name) => format!("{place}.fields.{name}"),
            });
        }
        if self.0.problems.is_empty() {
            let code = self.0.code.clone();
            self.0.problems.push(Problem::field(&place, &code, self.0.detail.clone()));
        }
        self.0.operation = Some(at);
        self
    }

    /// Adds the revision that is stored now.
    pub(crate) fn with_revision(mut self, revision: u64) -> Self {
        self.0.revision = Some(revision);
        self
    }

    /// Whether the entry has moved on and the client has not heard yet where to.
    pub(crate) fn lacks_revision(&self) -> bool {
        self.0.code == "entry.stale" && self.0.revision.is_none()
    }

    fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    fn of_plugin(failure: PluginFailure) -> Self {
        let mut problem =
            Self::new(status_of_plugin(failure.kind), failure.kind.code(), failure.to_string());
        if problem.0.status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        problem.0.plugin = Some(failure.plugin.to_string());
        problem
    }

    fn title(&self) -> &'static str {
        self.0.status.canonical_reason().unwrap_or("Error")
    }

    /// A failure is logged here, once; what clients did wrong is not.
    fn log(&self) {
        if !self.0.status.is_server_error() {
            return;
        }
        let (code, plugin) = (self.0.code.as_ref(), self.0.plugin.as_deref().unwrap_or_default());
        let cause =
            self.0.cause.as_deref().map(|it| smartcms_domain::with_causes(it)).unwrap_or_default();
        tracing::warn!(code, plugin.name = plugin, cause, "a request failed: {}", self.0.detail);
    }
}

impl HttpProblem {
    /// The problem as it stands in a stream that has begun: its status comes too late to be the answer's.
    pub(crate) fn into_document(self) -> Value {
        self.log();
        serde_json::to_value(self.document()).unwrap_or_default()
    }

    /// The problem for somebody who reads it on a page: its status, what there is to say, and the header that goes with it.
    pub(crate) fn for_a_page(self) -> (StatusCode, String, Option<(HeaderName, HeaderValue)>) {
        self.log();
        let first = self.0.problems.into_iter().next().map(|it| it.message);
        (self.0.status, first.unwrap_or(self.0.detail), self.0.header)
    }

    fn document(&self) -> Document<'_> {
        let problems = self.0.problems.iter().map(|it| FieldDocument {
            field: it.field.as_deref(),
            code: &it.code,
            message: &it.message,
        });
        Document {
            r#type: format!("urn:smartcms:problem:{}", self.0.code),
            title: self.title(),
            status: self.0.status.as_u16(),
            detail: &self.0.detail,
            code: &self.0.code,
            hint: self.0.hint.as_deref(),
            problems: problems.collect(),
            plugin: self.0.plugin.as_deref(),
            revision: self.0.revision,
            plan: self.0.plan.as_ref(),
            operation: self.0.operation,
        }
    }
}

impl IntoResponse for HttpProblem {
    fn into_response(self) -> Response<Body> {
        self.log();
        let mut response = reply::json(self.0.status, PROBLEM_JSON, &self.document());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(ProblemCode(self.0.code.clone()));
        let headers = response.headers_mut();
        if let Some((name, value)) = self.0.header {
            headers.insert(name, value);
        }
        response
    }
}
