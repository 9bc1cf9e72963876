//! Requests to a plugin's own address.

use std::time::Instant;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use serde_json::json;
use smartcms_app::ports::{Plugins, RouteError, plugin_body};
use smartcms_domain::actors::Actor;

use super::super::super::case::CaseCall;
use super::{Called, failed, one};
use crate::compose::Stage;

/// More than a route may answer.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Asks as a reader does who is not signed in.
pub(super) async fn route(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let body = plugin_body(Full::new(Bytes::from(call.body.clone())));
    let request = http::Request::builder()
        .method(call.method.as_str())
        .uri(call.path.as_str())
        .header(http::header::HOST, "localhost")
        .body(body)
        .with_context(|| format!("`{} {}` is no request", call.method, call.path))?;
    let begun = Instant::now();
    let answer = stage.host.route(&stage.id, &Actor::Anonymous, request).await;
    let response = match answer {
        Ok(response) => response,
        Err(RouteError::Failed(failure)) => return Ok((begun.elapsed(), failed(&failure))),
        Err(error @ RouteError::NoRoute) => {
            return Ok((begun.elapsed(), one("unknown", json!(error.to_string()))));
        }
    };
    let (head, body) = response.into_parts();
    let collected = Limited::new(body, BODY_BYTES_MAX).collect().await;
    let time = begun.elapsed();
    let mut result = one("status", json!(head.status.as_u16()));
    match collected {
        Ok(body) => result.insert("body".to_owned(), json!(lossy(&body.to_bytes()))),
        Err(error) => result.insert("body-failed".to_owned(), json!(error.to_string())),
    };
    let kind = head.headers.get(http::header::CONTENT_TYPE);
    let kind = kind.map(|it| lossy(it.as_bytes()));
    result.extend(kind.map(|it| ("type".to_owned(), json!(it))));
    Ok((time, result))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
