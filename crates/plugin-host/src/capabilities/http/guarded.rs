//! The requests of the host itself: webhooks, imports. No grant names their hosts, so a public address is what they
//! may reach, and what the operator named as an exception.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use smartcms_app::ports::{
    Outbound as OutboundPort, OutboundError, OutboundRequest, OutboundResponse,
};
use smartcms_domain::plugins::HostGrant;
use smartcms_domain::with_causes;
use tokio::time::Instant;
use url::Url;

use super::Network;
use super::body::{BodyFault, BoundedBody};
use super::resolve::{Unreachable, addresses};
use super::road::{Connection, Road, RoadFault};
use super::rule::{Permit, Target, permit};

/// How long connecting may take, encryption included.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);

/// Whom receivers see.
const USER_AGENT: HeaderValue = HeaderValue::from_static("SmartCMS");

/// Headers that were meant for one origin and stay there.
const FOR_ONE_ORIGIN: [HeaderName; 3] =
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION];

/// Sends requests of the host to public addresses, and to the exceptions that the operator named.
pub struct GuardedOutbound {
    network: Network,
    exceptions: Vec<HostGrant>,
}

/// One request on its way, from redirect to redirect.
struct Journey {
    url: Url,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
    limit: Limit,
}

/// What bounds a request.
#[derive(Clone, Copy)]
struct Limit {
    deadline: Instant,
    time_max: Duration,
    bytes_max: u64,
}

impl GuardedOutbound {
    /// Reaches public addresses, and `exceptions` wherever they lead.
    pub fn new(network: Network, exceptions: Vec<HostGrant>) -> Self {
        Self { network, exceptions }
    }

    async fn road(&self, target: Target) -> Result<Road, OutboundError> {
        let named = permit(self.exceptions.iter(), &target).is_some();
        let permit = if named { Permit::Anywhere } else { Permit::Name };
        let found = addresses(&*self.network.resolver, &target, permit).await;
        let addresses = found.map_err(|error| unreachable_host(&target, &error))?;
        Ok(Road { target, addresses, tls: self.network.tls.clone() })
    }

    /// One exchange, without redirects.
    async fn exchange(
        &self,
        journey: &Journey,
    ) -> Result<(Response<Incoming>, Connection), OutboundError> {
        let target = journey.target()?;
        let host = target.authority();
        let road = self.road(target).await?;
        let connecting = tokio::time::timeout(CONNECT_TIME_MAX, road.connect()).await;
        let stream = connecting
            .map_err(|_| OutboundError::Connect {
                host: host.clone(),
                reason: format!("it did not answer in {} s", CONNECT_TIME_MAX.as_secs()),
            })?
            .map_err(|fault| unconnected(&host, fault))?;
        let broken = |error: hyper::Error| OutboundError::Broken {
            host: host.clone(),
            reason: with_causes(&error),
        };
        let (mut sender, connection) = Connection::open(stream).await.map_err(broken)?;
        let request = journey.request()?;
        let response = sender.send_request(request).await.map_err(broken)?;
        Ok((response, connection))
    }

    async fn follow(
        &self,
        mut journey: Journey,
        redirects_max: u32,
    ) -> Result<OutboundResponse, OutboundError> {
        let mut followed = 0;
        loop {
            let (response, connection) = self.exchange(&journey).await?;
            let location = redirect(&response).filter(|_| redirects_max > 0);
            let Some(location) = location else {
                return journey.arrived(response, connection);
            };
            if followed == redirects_max {
                return Err(OutboundError::TooManyRedirects(redirects_max));
            }
            followed += 1;
            journey.turn(response.status().as_u16(), &location)?;
        }
    }
}

#[async_trait]
impl OutboundPort for GuardedOutbound {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let limit = Limit {
            deadline: Instant::now() + request.time_max,
            time_max: request.time_max,
            bytes_max: request.bytes_max,
        };
        let journey = Journey {
            url: parse(&request.url)?,
            method: request.method,
            headers: request.headers,
            body: request.body,
            limit,
        };
        let follow = self.follow(journey, request.redirects_max);
        tokio::time::timeout_at(limit.deadline, follow)
            .await
            .map_err(|_| OutboundError::TimedOut(limit.time_max))?
    }
}

impl Journey {
    fn uri(&self) -> Result<Uri, OutboundError> {
        let text = self.url.as_str();
        text.parse().map_err(|error: http::uri::InvalidUri| bad_url(text, error.to_string()))
    }

    fn target(&self) -> Result<Target, OutboundError> {
        Target::of(&self.uri()?).ok_or_else(|| bad_url(self.url.as_str(), "it names no host"))
    }

    /// The request to the server of this stage: a server, unlike a proxy, is asked for the path alone.
    fn request(&self) -> Result<Request<Full<Bytes>>, OutboundError> {
        let uri = self.uri()?;
        let authority = uri.authority().map_or("", |it| it.as_str());
        let host = HeaderValue::from_str(authority)
            .map_err(|error| bad_url(self.url.as_str(), error.to_string()))?;
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().entry(header::USER_AGENT).or_insert(USER_AGENT);
        let path = uri.path_and_query().map_or("/", |it| it.as_str());
        *request.uri_mut() = path
            .parse()
            .map_err(|error: http::uri::InvalidUri| bad_url(path, error.to_string()))?;
        Ok(request)
    }

    /// Goes where a redirect points.
    fn turn(&mut self, status: u16, location: &str) -> Result<(), OutboundError> {
        let joined = self.url.join(location);
        let next = joined.map_err(|error| bad_url(location, error.to_string()))?;
        let next = parse(next.as_str())?;
        if next.origin() != self.url.origin() {
            for name in FOR_ONE_ORIGIN {
                self.headers.remove(name);
            }
        }
        // As browsers do: 303 asks for another document, and so do 301 and 302 after a POST.
        let asks_anew =
            status == 303 || (matches!(status, 301 | 302) && self.method == Method::POST);
        if asks_anew && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.remove(header::CONTENT_TYPE);
            self.headers.remove(header::CONTENT_LENGTH);
        }
        self.url = next;
        Ok(())
    }

    fn arrived(
        &self,
        response: Response<Incoming>,
        connection: Connection,
    ) -> Result<OutboundResponse, OutboundError> {
        let limit = self.limit;
        if Body::size_hint(response.body()).lower() > limit.bytes_max && self.method != Method::HEAD
        {
            return Err(OutboundError::TooLarge(limit.bytes_max));
        }
        let host = self.target()?.authority();
        let (head, body) = response.into_parts();
        let body = Held { body, connection, host };
        let body = BoundedBody::new(body, limit.bytes_max, Some(limit.deadline));
        let body = body.map_err(move |fault| fault.into_error(limit.time_max)).boxed_unsync();
        Ok(OutboundResponse {
            status: head.status.as_u16(),
            headers: head.headers,
            url: self.url.to_string(),
            body,
        })
    }
}

/// The body of a response, with the connection it comes on.
struct Held {
    body: Incoming,
    #[expect(dead_code, reason = "it is held for as long as the body is read")]
    connection: Connection,
    host: String,
}

/// Why a body ended early.
enum Fault {
    Limit(u64),
    Time,
    Other(OutboundError),
}

impl Fault {
    fn into_error(self, time_max: Duration) -> OutboundError {
        match self {
            Self::Limit(limit) => OutboundError::TooLarge(limit),
            Self::Time => OutboundError::TimedOut(time_max),
            Self::Other(error) => error,
        }
    }
}

impl BodyFault for Fault {
    fn too_large(limit_bytes: u64) -> Self {
        Self::Limit(limit_bytes)
    }
    fn too_slow() -> Self {
        Self::Time
    }
}

impl Body for Held {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        polled.map_err(|error| {
            Fault::Other(OutboundError::Broken {
                host: self.host.clone(),
                reason: with_causes(&error),
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Where a response sends its reader on to.
fn redirect(response: &Response<Incoming>) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    Some(response.headers().get(header::LOCATION)?.to_str().ok()?.to_owned())
}

fn parse(text: &str) -> Result<Url, OutboundError> {
    let mut url = Url::parse(text).map_err(|error| bad_url(text, error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad_url(text, "it does not begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad_url(text, "it has a user name"));
    }
    url.set_fragment(None);
    Ok(url)
}

fn bad_url(url: &str, reason: impl Into<String>) -> OutboundError {
    OutboundError::BadUrl { url: url.to_owned(), reason: reason.into() }
}

fn unreachable_host(target: &Target, error: &Unreachable) -> OutboundError {
    let host = target.authority();
    match error {
        Unreachable::Lookup { source, .. } => {
            OutboundError::Lookup { host, reason: source.to_string() }
        }
        Unreachable::Unknown(_) => {
            OutboundError::Lookup { host, reason: "it has no address".to_owned() }
        }
        Unreachable::Prohibited { address, kind, .. } => OutboundError::Refused {
            host,
            address: address.to_string(),
            rule: kind.describe().to_owned(),
        },
    }
}

fn unconnected(host: &str, fault: RoadFault) -> OutboundError {
    let host = host.to_owned();
    match fault {
        RoadFault::NoAddress => {
            OutboundError::Connect { host, reason: "it has no address".to_owned() }
        }
        RoadFault::Connect(error) => OutboundError::Connect { host, reason: with_causes(&error) },
        RoadFault::Tls(error) => OutboundError::Tls { host, reason: with_causes(&error) },
    }
}
