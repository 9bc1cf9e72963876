//! Reading JSON bodies: bounded, typed, strict.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use crate::members::Members;
use crate::problem::HttpProblem;
use crate::strict_json::{self, Flaw, JSON_DEPTH_MAX};

/// The largest body of a REST request: an entry's fields at their limit, and what JSON adds to them.
pub const BODY_BYTES_MAX: usize = 3 * 1024 * 1024;

/// The members of a body that has to be a JSON object.
pub(crate) async fn read_object(headers: &HeaderMap, body: Body) -> Result<Members, HttpProblem> {
    require_json(headers)?;
    let bytes = read(headers, body).await?;
    parse(&bytes)
}

/// The members of a body whose keys another reader knows.
pub(crate) async fn read_document(
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, HttpProblem> {
    Ok(read_object(headers, body).await?.into_object())
}

/// The members of a body that may be absent.
pub(crate) async fn read_optional_object(
    headers: &HeaderMap,
    body: Body,
) -> Result<Members, HttpProblem> {
    let bytes = read(headers, body).await?;
    if bytes.is_empty() {
        return Ok(Members::none());
    }
    require_json(headers)?;
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Result<Members, HttpProblem> {
    let value = strict_json::parse(bytes).map_err(|error| {
        let place = format!("at line {}, column {}", error.line(), error.column());
        let detail = match strict_json::flaw_of(&error) {
            Flaw::DuplicateKey => {
                let detail = error.to_string();
                return HttpProblem::bad_request("request.duplicate-key", detail);
            }
            Flaw::Null => error.to_string(),
            Flaw::TooDeep => format!(
                "the body is nested deeper than {JSON_DEPTH_MAX} arrays and objects {place}"
            ),
            Flaw::NotJson => format!("the body is not JSON {place}: {error}"),
        };
        HttpProblem::bad_request("request.json", detail)
    })?;
    Members::of(value)
}

fn require_json(headers: &HeaderMap) -> Result<(), HttpProblem> {
    let value = headers.get(header::CONTENT_TYPE);
    let text = value.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let suffixed = essence.starts_with("application/") && essence.ends_with("+json");
    if essence == "application/json" || suffixed {
        return Ok(());
    }
    Err(HttpProblem::unsupported_media_type(text))
}

/// A whole body, up to [`BODY_BYTES_MAX`].
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, HttpProblem> {
    let declared = headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    if let Some(len) = declared.filter(|it| *it > BODY_BYTES_MAX as u64) {
        return Err(HttpProblem::too_large(Some(len), BODY_BYTES_MAX));
    }
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if is_over_limit(error.as_ref()) => {
            Err(HttpProblem::too_large(None, BODY_BYTES_MAX))
        }
        Err(_) => Err(HttpProblem::bad_request(
            "request.body-incomplete",
            "the body ended before it was complete".to_owned(),
        )),
    }
}

/// Whether a limit ended the body.
pub(crate) fn is_over_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
