//! One request, sent and answered.

use wasip2::http::outgoing_handler;
use wasip2::http::types::{Fields, IncomingResponse, Method, OutgoingRequest, Scheme};

/// How much of a body is told.
const TEXT_BYTES_MAX: u64 = 200;

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
}

/// Sends a request; the error is the host's, in its own words.
pub(crate) fn get(url: &str) -> Result<Reply, String> {
    let request = request(url).ok_or("the address cannot be asked for")?;
    let future = outgoing_handler::handle(request, None).map_err(|error| format!("{error:?}"))?;
    future.subscribe().block();
    let response = future.get().ok_or("not ready")?.map_err(|()| "taken twice")?;
    let response = response.map_err(|error| format!("{error:?}"))?;
    let location = response.headers().get("location").into_iter().next();
    Ok(Reply {
        status: response.status(),
        text: text(&response),
        location: location.and_then(|it| String::from_utf8(it).ok()),
    })
}

fn request(url: &str) -> Option<OutgoingRequest> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(at);
    let request = OutgoingRequest::new(Fields::new());
    request.set_method(&Method::Get).ok()?;
    request.set_scheme(Some(&scheme)).ok()?;
    request.set_authority(Some(authority)).ok()?;
    request.set_path_with_query(Some(if path.is_empty() { "/" } else { path })).ok()?;
    Some(request)
}

fn text(response: &IncomingResponse) -> String {
    let Ok(body) = response.consume() else { return String::new() };
    let Ok(stream) = body.stream() else { return String::new() };
    let bytes = stream.blocking_read(TEXT_BYTES_MAX).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
