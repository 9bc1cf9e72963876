//! The Wasm composition root, and the export that a host calls.

use axum::body::Body as AxumBody;
use tower::ServiceExt;
use wstd::http::{Body, Error, Request, Response};

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let request = request.map(|body| AxumBody::new(body.into_boxed_body()));
    let answer = smartcms_http::health_router().oneshot(request).await;
    let response = answer.unwrap_or_else(|never| match never {});
    Ok(response.map(Body::from_http_body))
}
