//! Sends one request to one checked address. Redirects are not followed: the guest sees them, and a new request
//! is checked anew.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use tokio::time::Instant;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::OutboundLimits;
use super::body::{BodyFault, BoundedBody};
use super::road::{Connection, Road, RoadFault};

/// A response, and what drives its connection until the body has been read.
pub(crate) type Sent = (Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

/// Everything that one exchange needs.
pub(crate) struct Exchange {
    pub(crate) road: Road,
    pub(crate) limits: OutboundLimits,
    pub(crate) options: RequestOptions,
    pub(crate) deadline: Instant,
}

impl Exchange {
    /// Connects, sends and waits for the head of the response.
    pub(crate) async fn run(self, request: Request<WasiBody>) -> Result<Sent, Error> {
        let connect =
            within(self.options.connect_timeout, self.limits.connect_timeout, self.deadline);
        let stream = match tokio::time::timeout_at(connect, self.road.connect()).await {
            Ok(stream) => stream.map_err(fault)?,
            Err(_) => return Err(Error::ConnectionTimeout),
        };
        let (mut sender, connection) = Connection::open(stream).await?;
        let request = self.origin_form(request)?;
        let first_byte =
            within(self.options.first_byte_timeout, self.limits.request_timeout, self.deadline);
        let response = match tokio::time::timeout_at(first_byte, sender.send_request(request)).await
        {
            Ok(response) => response?,
            Err(_) => return Err(Error::ConnectionReadTimeout),
        };
        Ok((self.bounded(response)?, Box::new(async { Ok(connection.finish().await?) })))
    }

    /// A server, unlike a proxy, is asked for the path alone; and the body must keep to its limit.
    fn origin_form(&self, request: Request<WasiBody>) -> Result<Request<WasiBody>, Error> {
        let limit = self.limits.request_body_bytes_max;
        let (mut head, body) = request.into_parts();
        if http_body::Body::size_hint(&body).exact().is_some_and(|size| size > limit) {
            return Err(Error::HttpRequestBodySize(Some(limit)));
        }
        let path =
            head.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        head.uri = Uri::from(path);
        let body = BoundedBody::new(RequestBody(body), limit, Some(self.deadline));
        Ok(Request::from_parts(head, body.map_err(|it| it.0).boxed_unsync()))
    }

    fn bounded(
        &self,
        response: Response<hyper::body::Incoming>,
    ) -> Result<Response<WasiBody>, Error> {
        let limit = self.limits.response_body_bytes_max;
        if http_body::Body::size_hint(response.body()).lower() > limit {
            return Err(Error::HttpResponseBodySize(Some(limit)));
        }
        let deadline = self.deadline;
        Ok(response.map(|body| {
            let body = body.map_err(|error| ResponseFault(Error::from(error)));
            BoundedBody::new(body, limit, Some(deadline)).map_err(|it| it.0).boxed_unsync()
        }))
    }
}

fn fault(fault: RoadFault) -> Error {
    match fault {
        RoadFault::NoAddress => Error::DestinationNotFound,
        RoadFault::Connect(error) => Error::Connect(error),
        RoadFault::Tls(error) => Error::Tls(error),
    }
}

/// The moment when the guest's wish or our limit ends, whichever is first.
fn within(wish: Option<Duration>, limit: Duration, deadline: Instant) -> Instant {
    let wait = wish.map_or(limit, |wish| wish.min(limit));
    deadline.min(Instant::now() + wait)
}

/// The body of a request; its faults are told from those of a response by their type.
struct RequestBody(WasiBody);

struct RequestFault(Error);

struct ResponseFault(Error);

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = RequestFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, RequestFault>>> {
        Pin::new(&mut self.0).poll_frame(cx).map_err(RequestFault)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.size_hint()
    }
}

impl BodyFault for RequestFault {
    fn too_large(limit_bytes: u64) -> Self {
        Self(Error::HttpRequestBodySize(Some(limit_bytes)))
    }
    fn too_slow() -> Self {
        Self(Error::ConnectionWriteTimeout)
    }
}

impl BodyFault for ResponseFault {
    fn too_large(limit_bytes: u64) -> Self {
        Self(Error::HttpResponseBodySize(Some(limit_bytes)))
    }
    fn too_slow() -> Self {
        Self(Error::HttpResponseTimeout)
    }
}
