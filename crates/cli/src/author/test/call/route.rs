//! A request to the plugin's routes, as a reader without credentials sends it.

use std::time::Instant;

use anyhow::Context;
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use serde_json::{Map, Value, json};
use smartcms_app::ports::{PluginRequest, Plugins, RouteError, plugin_body};
use smartcms_domain::actors::Actor;

use super::super::super::case::CaseCall;
use super::{Called, failed, one};
use crate::compose::Stage;

/// Sends the request and reads the whole answer.
pub(super) async fn route(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let request = request(call)?;
    let begun = Instant::now();
    let answer = stage.host.route(&stage.id, &Actor::Anonymous, request).await;
    let response = match answer {
        Ok(response) => response,
        Err(RouteError::Failed(failure)) => return Ok((begun.elapsed(), failed(&failure))),
        Err(error @ RouteError::NoRoute) => anyhow::bail!("{error}"),
    };
    let (head, body) = response.into_parts();
    let body = body.collect().await;
    let time = begun.elapsed();
    let mut result = one("status", json!(head.status.as_u16()));
    result.insert("headers".to_owned(), Value::Object(listed(&head.headers)));
    match body {
        Ok(body) => {
            result.insert("body".to_owned(), json!(String::from_utf8_lossy(&body.to_bytes())));
        }
        Err(error) => {
            result.insert("failure".to_owned(), json!("body"));
            result.insert("message".to_owned(), json!(error.to_string()));
        }
    }
    Ok((time, result))
}

fn request(call: &CaseCall) -> anyhow::Result<PluginRequest> {
    let mut request = Request::builder().method(call.method.as_str()).uri(call.path.as_str());
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let body = plugin_body(Full::new(Bytes::from(call.body.clone())));
    request.body(body).context("the call of the case is no request")
}

/// Headers by their names, those that came several times joined as HTTP does.
fn listed(headers: &HeaderMap) -> Map<String, Value> {
    let joined = |name| {
        let values = headers.get_all(name).iter().map(|it| String::from_utf8_lossy(it.as_bytes()));
        values.collect::<Vec<_>>().join(", ")
    };
    headers.keys().map(|name| (name.to_string(), json!(joined(name)))).collect()
}
