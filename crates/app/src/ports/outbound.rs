//! Requests to the outside: webhooks, imports from an address. Adapters decide where a request may go.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;

/// A body that comes in pieces. It ends with an error past its bytes or its time.
pub type OutboundBody = UnsyncBoxBody<Bytes, OutboundError>;

/// Sends requests to the outside, under the rules that hold for plugins.
///
/// The adapter looks names up itself and connects to the address it checked. It refuses loopback, link-local,
/// private and metadata addresses unless the operator named that host and port, and checks every redirect again.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// Sends a request and waits for the head of its response. Any status is a response and not an error.
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError>;
}

/// One request.
#[derive(Debug, Clone)]
pub struct OutboundRequest {
    /// The method.
    pub method: Method,
    /// Where to: `http://` or `https://`, without a user name.
    pub url: String,
    /// Its headers; the adapter adds `Host` and, when it is missing, `User-Agent`.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// How long everything may take, redirects and the body of the response included.
    pub time_max: Duration,
    /// The most bytes of the response's body.
    pub bytes_max: u64,
    /// How many redirects are followed. With 0 the redirect itself is the response.
    pub redirects_max: u32,
}

/// What came back.
#[derive(Debug)]
pub struct OutboundResponse {
    /// The status, 200 for instance.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The address that answered, after all redirects.
    pub url: String,
    /// The body.
    pub body: OutboundBody,
}

/// Why there is no response, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The address cannot be used.
    #[error("`{url}` is not an address for a request: {reason}")]
    BadUrl {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address leads where requests may not go.
    #[error(
        "{host} leads to {address}, {rule}; `outbound.allow` in smartcms.toml can name {host} as an exception"
    )]
    Refused {
        /// Host and port.
        host: String,
        /// Where they lead.
        address: String,
        /// Why it is refused: "a loopback address".
        rule: String,
    },
    /// The name could not be looked up.
    #[error("could not look up {host}: {reason}")]
    Lookup {
        /// Host and port.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// Nothing could be connected to.
    #[error("could not connect to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// Why.
        reason: String,
    },
    /// The connection could not be encrypted, or the other side is not who it should be.
    #[error("could not make a secure connection to {host}: {reason}")]
    Tls {
        /// Host and port.
        host: String,
        /// Why.
        reason: String,
    },
    /// It took too long.
    #[error("the request took longer than its {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The response is too large.
    #[error("the response has more than its {0} bytes")]
    TooLarge(u64),
    /// It was sent on too often.
    #[error("the request was redirected more than {0} times")]
    TooManyRedirects(u32),
    /// The other side broke off, or does not speak HTTP.
    #[error("the exchange with {host} broke: {reason}")]
    Broken {
        /// Host and port.
        host: String,
        /// How.
        reason: String,
    },
}

impl OutboundError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "outbound.bad-url",
            Self::Refused { .. } => "outbound.refused",
            Self::Lookup { .. } => "outbound.lookup",
            Self::Connect { .. } => "outbound.connect",
            Self::Tls { .. } => "outbound.tls",
            Self::TimedOut(_) => "outbound.timed-out",
            Self::TooLarge(_) => "outbound.too-large",
            Self::TooManyRedirects(_) => "outbound.too-many-redirects",
            Self::Broken { .. } => "outbound.broken",
        }
    }
}

impl OutboundResponse {
    /// The whole body.
    pub async fn into_bytes(self) -> Result<Bytes, OutboundError> {
        Ok(self.body.collect().await?.to_bytes())
    }

    /// How the body begins, for people to see; what breaks off, or comes later, is left.
    pub async fn beginning(mut self, bytes_max: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < bytes_max
            && let Some(Ok(frame)) = self.body.frame().await
        {
            if let Some(data) = frame.data_ref() {
                bytes.extend_from_slice(data);
            }
        }
        bytes.truncate(bytes_max);
        bytes
    }
}

/// Sends nothing: for tests, and for builds without a network.
pub struct NoOutbound;

#[async_trait]
impl Outbound for NoOutbound {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        Err(OutboundError::BadUrl {
            url: request.url,
            reason: "this build sends nothing".to_owned(),
        })
    }
}
