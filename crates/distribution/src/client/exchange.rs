//! One request to a registry and its answer: authorisation, redirects, and what a refusal says.

use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method};
use serde::Deserialize;
use smartcms_app::ports::{OutboundError, OutboundRequest, OutboundResponse};
use std::time::Duration;
use url::Url;

use super::{Access, RegistryClient};
use crate::error::RegistryError;

/// How much of a refusal is read, and how much of it is passed on.
const REFUSAL_BYTES_MAX: usize = 16 * 1024;
const REFUSAL_CHARS_MAX: usize = 300;

/// A request to the registry.
pub(super) struct Call {
    pub(super) access: Access,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
    pub(super) bytes_max: u64,
    pub(super) time_max: Duration,
    /// What is asked for, in words.
    pub(super) what: String,
}

impl RegistryClient {
    /// A request for something of the repository: `path` follows `/v2/NAME/`.
    pub(super) fn call(
        &self,
        method: Method,
        path: &str,
        what: String,
    ) -> Result<Call, RegistryError> {
        let limits = self.parts.limits;
        let access = match method {
            Method::GET | Method::HEAD => Access::Pull,
            _ => Access::Push,
        };
        Ok(Call {
            access,
            method,
            url: self.url(&format!("/v2/{}/{path}", self.repository))?,
            headers: Vec::new(),
            body: Bytes::new(),
            bytes_max: limits.manifest_bytes_max,
            time_max: limits.exchange_time_max,
            what,
        })
    }

    pub(super) fn url(&self, path: &str) -> Result<Url, RegistryError> {
        let scheme = if self.parts.is_plain { "http" } else { "https" };
        let text = format!("{scheme}://{}{path}", self.registry);
        Url::parse(&text).map_err(|error| RegistryError::Outbound {
            registry: self.registry.to_string(),
            source: OutboundError::BadUrl { url: text, reason: error.to_string() },
        })
    }

    /// Sends a request with what is known of the authorisation; one that is refused is sent once more, with what the
    /// registry asked for.
    pub(super) async fn send(&self, call: &Call) -> Result<OutboundResponse, RegistryError> {
        let known = self.known_authorization(call.access).await;
        let response = self.follow(call, known.as_ref()).await?;
        if response.status != 401 {
            return Ok(response);
        }
        let Some(authorization) = self.authorize(call.access, &response.headers).await? else {
            return Err(self.refusal(call, response).await);
        };
        let response = self.follow(call, Some(&authorization)).await?;
        if response.status == 401 {
            return Err(self.refusal(call, response).await);
        }
        Ok(response)
    }

    /// An answer that must have one of these statuses.
    pub(super) async fn expect(
        &self,
        call: &Call,
        statuses: &[u16],
    ) -> Result<OutboundResponse, RegistryError> {
        let response = self.send(call).await?;
        if statuses.contains(&response.status) {
            return Ok(response);
        }
        Err(self.refusal(call, response).await)
    }

    /// Sends a request and goes where redirects point, with the authorisation at the registry alone.
    async fn follow(
        &self,
        call: &Call,
        authorization: Option<&HeaderValue>,
    ) -> Result<OutboundResponse, RegistryError> {
        let mut url = call.url.clone();
        for _ in 0..=self.parts.limits.redirects_max {
            let response = self.once(call, &url, authorization).await?;
            let Some(location) = redirect(&response) else { return Ok(response) };
            url = self.turn(call, &url, &location)?;
        }
        let reason = format!("it is sent on more than {} times", self.parts.limits.redirects_max);
        Err(self.no_redirect(url.as_str(), reason))
    }

    async fn once(
        &self,
        call: &Call,
        url: &Url,
        authorization: Option<&HeaderValue>,
    ) -> Result<OutboundResponse, RegistryError> {
        let is_home = url.origin() == call.url.origin();
        let mut headers: HeaderMap = call.headers.iter().cloned().collect();
        if let Some(authorization) = authorization.filter(|_| is_home) {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let request = OutboundRequest {
            method: call.method.clone(),
            url: url.to_string(),
            headers,
            body: call.body.clone(),
            time_max: call.time_max,
            bytes_max: call.bytes_max,
            redirects_max: 0,
        };
        let port = if is_home { &self.parts.home } else { &self.parts.away };
        port.send(request).await.map_err(|source| self.outbound(call, source))
    }

    /// Where a redirect leads, if that may be followed.
    fn turn(&self, call: &Call, from: &Url, location: &str) -> Result<Url, RegistryError> {
        let shown = || location.chars().filter(|it| !it.is_control()).take(200).collect::<String>();
        let refused = |reason: &str| self.no_redirect(&shown(), reason.to_owned());
        if !matches!(call.method, Method::GET | Method::HEAD) {
            return Err(refused("what is pushed stays at the registry"));
        }
        let next = from.join(location).map_err(|error| refused(&error.to_string()))?;
        match (from.scheme(), next.scheme()) {
            ("https", "https") | ("http", "http" | "https") => {}
            ("https", "http") => return Err(refused("it would leave the encryption")),
            _ => return Err(refused("it is no address of the web")),
        }
        if !next.username().is_empty() || next.password().is_some() {
            return Err(refused("it carries a user name"));
        }
        Ok(next)
    }

    fn no_redirect(&self, to: &str, reason: String) -> RegistryError {
        RegistryError::Redirect { registry: self.registry.to_string(), to: to.to_owned(), reason }
    }

    pub(super) fn outbound(&self, call: &Call, source: OutboundError) -> RegistryError {
        match source {
            OutboundError::TooLarge(limit_bytes) => {
                RegistryError::TooLarge { what: call.what.clone(), limit_bytes }
            }
            source => RegistryError::Outbound { registry: self.registry.to_string(), source },
        }
    }

    /// The whole body of an answer.
    pub(super) async fn body(
        &self,
        call: &Call,
        response: OutboundResponse,
    ) -> Result<Bytes, RegistryError> {
        response.into_bytes().await.map_err(|source| self.outbound(call, source))
    }

    /// An answer that is no success, with what the registry says of it.
    pub(super) async fn refusal(&self, call: &Call, response: OutboundResponse) -> RegistryError {
        let status = response.status;
        if status == 404 {
            return RegistryError::NotFound(call.what.clone());
        }
        let said = said(response).await;
        let (registry, what) = (self.registry.to_string(), call.what.clone());
        match status {
            401 | 403 => RegistryError::Denied { registry, what, status, said },
            _ => RegistryError::Status { registry, what, status, said },
        }
    }
}

/// Where an answer sends its reader on to.
fn redirect(response: &OutboundResponse) -> Option<String> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    Some(response.headers.get(header::LOCATION)?.to_str().ok()?.to_owned())
}

/// What a refusal says, made harmless for a terminal.
async fn said(response: OutboundResponse) -> String {
    #[derive(Deserialize)]
    struct Refusals {
        errors: Vec<Refusal>,
    }
    #[derive(Deserialize)]
    struct Refusal {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    // What cannot be read says nothing; the status was said already.
    let body = response.into_bytes().await.unwrap_or_default();
    let read = body.get(..body.len().min(REFUSAL_BYTES_MAX)).unwrap_or_default();
    let Ok(refusals) = serde_json::from_slice::<Refusals>(read) else { return String::new() };
    let Some(first) = refusals.errors.first() else { return String::new() };
    let text = format!(": {} {}", first.code, first.message);
    text.chars().filter(|it| !it.is_control()).take(REFUSAL_CHARS_MAX).collect()
}
