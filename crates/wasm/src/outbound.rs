//! Requests to the outside, over the HTTP that the host gives.
//!
//! The host looks names up, so no address can be checked here. Only hosts that the operator named are reached: those of
//! `outbound.allow`, the server of models, and the service that sends mail. What the host itself allows may be less.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::http::{HeaderValue, Request, Uri, header};
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use smartcms_app::ports::{Outbound, OutboundError, OutboundRequest, OutboundResponse};
use smartcms_config::{MailTransport, Settings};
use smartcms_domain::plugins::HostGrant;

use crate::wasi;

/// Whom receivers see. Hosts add nothing, and there are services that refuse who does not say it.
const USER_AGENT: HeaderValue = HeaderValue::from_static("SmartCMS");

/// Sends requests to hosts that were named.
pub(crate) struct HostOutbound {
    allowed: Vec<HostGrant>,
}

impl HostOutbound {
    pub(crate) fn of(settings: &Settings) -> Arc<dyn Outbound> {
        let mut allowed = settings.outbound_allow.clone();
        let (server, mail) = (settings.ai.server.as_ref(), &settings.mail);
        let mail = Some(&mail.http_address).filter(|_| mail.transport == MailTransport::Http);
        let named = server.map(|it| &it.address).into_iter().chain(mail);
        allowed.extend(named.filter_map(|it| host_of(&it.parse().ok()?)));
        Arc::new(Self { allowed })
    }

    fn check(&self, uri: &Uri) -> Result<String, OutboundError> {
        let bad = |reason: &str| OutboundError::BadUrl {
            url: uri.to_string(),
            reason: reason.to_owned(),
        };
        let host = host_of(uri).ok_or_else(|| bad("it is no address of http or https"))?;
        let name = format!("{}:{}", host.host, host.port);
        if self.allowed.contains(&host) {
            return Ok(name);
        }
        Err(OutboundError::Refused {
            host: name,
            address: "wherever the host of this component says".to_owned(),
            rule: "which cannot be checked in the portable build".to_owned(),
        })
    }
}

/// Host and port of an address.
fn host_of(uri: &Uri) -> Option<HostGrant> {
    let port = match (uri.port_u16(), uri.scheme_str()?) {
        (Some(port), "http" | "https") => port,
        (None, "http") => 80,
        (None, "https") => 443,
        _ => return None,
    };
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    Some(HostGrant { host: host.to_owned(), port })
}

#[async_trait]
impl Outbound for HostOutbound {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let bad = |error: &dyn std::fmt::Display| OutboundError::BadUrl {
            url: request.url.clone(),
            reason: error.to_string(),
        };
        let uri: Uri =
            request.url.parse().map_err(|error: axum::http::uri::InvalidUri| bad(&error))?;
        let host = self.check(&uri)?;
        let mut message = Request::new(request.body.clone());
        *message.method_mut() = request.method.clone();
        *message.uri_mut() = uri;
        *message.headers_mut() = request.headers.clone();
        message.headers_mut().entry(header::USER_AGENT).or_insert(USER_AGENT);
        // Servers that do not take bodies in pieces are common among small ones.
        message.headers_mut().insert(header::CONTENT_LENGTH, request.body.len().into());
        let broken = |reason| OutboundError::Broken { host: host.clone(), reason };
        // A redirect is the response itself: the host that it names was not allowed.
        let response = wasi::send(message, request.time_max).await.map_err(broken)?;
        let (head, body) = response.into_parts();
        let body = Bounded {
            inner: body,
            bytes_left: request.bytes_max,
            bytes_max: request.bytes_max,
            time_max: request.time_max,
            host: host.clone(),
            ends_at: Instant::now() + request.time_max,
        };
        Ok(OutboundResponse {
            status: head.status.as_u16(),
            headers: head.headers,
            url: request.url,
            body: body.boxed_unsync(),
        })
    }
}

/// A body that ends with an error past its bytes or its time.
struct Bounded {
    inner: UnsyncBoxBody<Bytes, String>,
    bytes_left: u64,
    bytes_max: u64,
    time_max: Duration,
    host: String,
    ends_at: Instant,
}

impl Body for Bounded {
    type Data = Bytes;
    type Error = OutboundError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OutboundError>>> {
        let frame = match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(Err(reason))) => {
                let host = self.host.clone();
                return Poll::Ready(Some(Err(OutboundError::Broken { host, reason })));
            }
            Poll::Ready(Some(Ok(frame))) => frame,
        };
        let len = frame.data_ref().map_or(0, |it| it.len() as u64);
        let outcome = match self.bytes_left.checked_sub(len) {
            None => Err(OutboundError::TooLarge(self.bytes_max)),
            _ if Instant::now() > self.ends_at => Err(OutboundError::TimedOut(self.time_max)),
            Some(left) => {
                self.bytes_left = left;
                Ok(frame)
            }
        };
        Poll::Ready(Some(outcome))
    }
}
