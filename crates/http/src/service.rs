//! The service that a listener is given.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use tower::{Service, ServiceExt};
use tower_http::cors::Cors;

use crate::compression::{ANSWER_COMPRESSED_FROM_BYTES, Coding, gzip, preferred};
use crate::page_cache::KeptPage;
use crate::problem::HttpProblem;
use crate::reply::WholeBody;
use crate::routes::router;
use crate::security_headers;
use crate::site::PageKey;
use crate::state::AppState;

/// Answers every request: from the page cache when it can, else through the routes. Cheap to clone.
#[derive(Clone)]
pub struct SiteService {
    state: AppState,
    router: Router,
    for_other_origins: Option<Cors<Router>>,
}

impl SiteService {
    /// The service over this state.
    pub fn new(state: AppState) -> Self {
        let router = router(state.clone());
        Self { for_other_origins: state.api.for_other_origins(&router), router, state }
    }

    /// Answers a request, whatever body it comes with.
    pub async fn handle<B>(&self, request: Request<B>) -> Response
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        match self.cached_response(&request) {
            Some(response) => response,
            // Boxed, so that a request that the cache answers carries no room for the other way.
            None => Box::pin(self.routed(request.map(Body::new))).await,
        }
    }

    /// The answer from the page cache; `None` for what is not there.
    pub fn cached_response<B>(&self, request: &Request<B>) -> Option<Response> {
        self.kept_page(request).map(IntoResponse::into_response)
    }

    /// The same in its parts.
    pub fn kept_page<B>(&self, request: &Request<B>) -> Option<KeptPage> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let key = PageKey::of(request.uri());
        let mut page = self.state.cache.find(&key.text())?;
        // Read once: it is most of what a request of the cache computes.
        let wanted = preferred(request.headers());
        if let Some(coded) = page.coded_as(wanted) {
            page = Arc::new(coded);
            self.state.cache.keep(&key.text(), Arc::clone(&page));
        }
        Some(page.answer(request.method(), request.headers(), wanted))
    }

    async fn routed(&self, request: Request<Body>) -> Response {
        let compress =
            *request.method() != Method::HEAD && preferred(request.headers()) != Coding::Identity;
        let router = self.router.clone();
        let elsewhere = self.for_other_origins.clone().filter(|_| asks_from_elsewhere(&request));
        let answer = async move {
            let answer = match elsewhere {
                Some(guarded) => guarded.oneshot(request).await,
                None => router.oneshot(request).await,
            };
            answer.unwrap_or_else(|it| match it {})
        };
        let mut response = match crate::panics::contained(answer).await {
            Some(response) => response,
            None => self.defect(),
        };
        code(&mut response, compress);
        security_headers::complete(response.headers_mut());
        response
    }

    fn defect(&self) -> Response {
        let reference = self.state.app.randomness.id(self.state.app.clock.now());
        tracing::error!(%reference, "a request ended in a panic; the message is above");
        HttpProblem::internal(&reference.to_string()).into_response()
    }
}

/// Whether a browser asks for something of the API out of a page of any site.
fn asks_from_elsewhere(request: &Request<Body>) -> bool {
    request.headers().contains_key(header::ORIGIN) && request.uri().path().starts_with("/api/")
}

/// Compresses an answer that is in memory, where the client takes `gzip`.
fn code(response: &mut Response, compress: bool) {
    let Some(WholeBody(bytes)) = response.extensions().get::<WholeBody>().cloned() else { return };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !compress || bytes.len() < ANSWER_COMPRESSED_FROM_BYTES {
        return;
    }
    if let Some(coded) = gzip(&bytes, Compression::fast()) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(coded.len()));
        *response.body_mut() = Body::from(coded.clone());
        response.extensions_mut().insert(WholeBody(coded));
    }
}

impl<B> Service<Request<B>> for SiteService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.handle(request).await) })
    }
}
