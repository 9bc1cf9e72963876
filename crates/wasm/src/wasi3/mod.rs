//! WASI 0.3: the export that hosts call, for several requests at a time, and their client for requests to the outside.

mod kept;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use wasip3::exports::http::handler::Guest;
use wasip3::http::types::{self, ErrorCode, RequestOptions};
use wasip3::http_compat::{
    IncomingRequestBody, RequestOptionsExtension, http_from_wasi_response, http_into_wasi_request,
    http_into_wasi_response,
};

use crate::head;
use crate::server::{answer, kept_answer, kept_page};

struct Component;

impl Guest for Component {
    async fn handle(request: types::Request) -> Result<types::Response, ErrorCode> {
        let read = read(&request)?;
        if let Some(page) = kept_page(&read) {
            return kept::give(page.status(), page.headers(), &page.body());
        }
        if let Some(kept) = kept_answer(&read) {
            return kept::give(StatusCode::OK, kept.listed(), kept.body());
        }
        let method = read.method().clone();
        let (response, site) = answer(whole(read, request)?).await;
        // The body is written by a task that is queued here, before what is due.
        let response = http_into_wasi_response(response);
        if let Some(site) = site {
            wasip3::spawn_local(async move { site.afterwards(&method).await });
        }
        response
    }
}

/// The head of a request, in as few calls of the host as there can be.
fn read(request: &types::Request) -> Result<Request<()>, ErrorCode> {
    let broken =
        || ErrorCode::InternalError(Some("a header of the request cannot be read".to_owned()));
    let mut read = Request::new(());
    *read.method_mut() =
        Method::try_from(request.get_method()).map_err(|_| ErrorCode::HttpRequestMethodInvalid)?;
    *read.uri_mut() =
        head::uri(request.get_path_with_query()).ok_or(ErrorCode::HttpRequestUriInvalid)?;
    *read.headers_mut() = head::headers(request.get_headers().copy_all()).ok_or_else(broken)?;
    Ok(read)
}

/// The request with its body, where it has one.
fn whole(mut read: Request<()>, request: types::Request) -> Result<Request<Body>, ErrorCode> {
    head::name_host(&mut read, || request.get_authority());
    let body = match head::is_without_body(&read) {
        true => Body::empty(),
        false => Body::new(IncomingRequestBody::new(request)?),
    };
    Ok(read.map(|()| body))
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
