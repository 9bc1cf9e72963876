//! WASI 0.3: the export that hosts call, for several requests at a time, and their client for requests to the outside.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use wasip3::exports::http::handler::Guest;
use wasip3::http::types::{self, ErrorCode, RequestOptions};
use wasip3::http_compat::{
    RequestOptionsExtension, http_from_wasi_request, http_from_wasi_response,
    http_into_wasi_request, http_into_wasi_response,
};

use crate::server::{answer, kept_answer, kept_page};

struct Component;

impl Guest for Component {
    async fn handle(request: types::Request) -> Result<types::Response, ErrorCode> {
        let request = http_from_wasi_request(request)?.map(Body::new);
        if let Some(page) = kept_page(&request) {
            return http_into_wasi_response(page.into_response());
        }
        if let Some(kept) = kept_answer(&request) {
            return http_into_wasi_response(kept.response());
        }
        let method = request.method().clone();
        let (response, site) = answer(request).await;
        // The body is written by a task that is queued here, before what is due.
        let response = http_into_wasi_response(response);
        if let Some(site) = site {
            wasip3::spawn_local(async move { site.afterwards(&method).await });
        }
        response
    }
}

wasip3::http::service::export!(Component);

/// Sends a request, and waits for the head of its response; an error says why there is none.
pub(crate) async fn send(
    request: Request<Bytes>,
    time_max: Duration,
) -> Result<Response<UnsyncBoxBody<Bytes, String>>, String> {
    let nanos = u64::try_from(time_max.as_nanos()).ok();
    let options = RequestOptions::new();
    // A host that knows no time limits keeps its own; the body's is watched here.
    let _ = options.set_connect_timeout(nanos);
    let _ = options.set_first_byte_timeout(nanos);
    let _ = options.set_between_bytes_timeout(nanos);
    let mut request = request.map(Full::new);
    request.extensions_mut().insert(RequestOptionsExtension(options));
    let failed = |error: ErrorCode| error.to_string();
    let request = http_into_wasi_request(request).map_err(failed)?;
    let response = wasip3::http::client::send(request).await.map_err(failed)?;
    let response = http_from_wasi_response(response).map_err(failed)?;
    Ok(response.map(|body| body.map_err(failed).boxed_unsync()))
}
