//! Between `wasi:http` and the types of this module.

#[doc(hidden)]
pub use wasip2;

use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use wasip2::io::streams::StreamError;

use super::{Guest, Request, Response};

/// How much is read or written at a time: what `blocking-write-and-flush` takes at most.
const PIECE_BYTES: usize = 4096;

/// Reads a request, lets the plugin answer, and writes the answer.
pub fn serve<T: Guest>(request: &IncomingRequest, outparam: ResponseOutparam) {
    let response = match read(request, T::BODY_BYTES_MAX) {
        Ok(request) => T::answer(request),
        Err(response) => response,
    };
    write(&response, outparam);
}

fn read(request: &IncomingRequest, limit: usize) -> Result<Request, Response> {
    let address = request.path_with_query().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let headers = request.headers().entries().into_iter();
    let headers = headers.filter_map(|(name, value)| Some((name, String::from_utf8(value).ok()?)));
    let body = request.consume().map_or(Ok(Vec::new()), |body| whole(&body, limit))?;
    Ok(Request {
        method: method(&request.method()),
        path: path.to_owned(),
        query_text: query.to_owned(),
        headers: headers.collect(),
        body,
    })
}

fn whole(body: &IncomingBody, limit: usize) -> Result<Vec<u8>, Response> {
    let mut bytes = Vec::new();
    let Ok(stream) = body.stream() else { return Ok(bytes) };
    loop {
        match stream.blocking_read(PIECE_BYTES as u64) {
            Ok(piece) if bytes.len() + piece.len() > limit => {
                return Err(Response::text(413, "This is more than can be taken at once.\n"));
            }
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(_)) => {
                return Err(Response::text(400, "The request broke off.\n"));
            }
        }
    }
}

fn method(method: &Method) -> String {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => name,
    }
    .to_owned()
}

fn write(response: &Response, outparam: ResponseOutparam) {
    let headers = Fields::new();
    for (name, value) in &response.headers {
        // What is no header is left out: the rest of the answer is worth more than an error.
        let _left_out = headers.append(name, value.as_bytes());
    }
    let outgoing = OutgoingResponse::new(headers);
    let _kept = outgoing.set_status_code(response.status);
    let Ok(body) = outgoing.body() else { return };
    ResponseOutparam::set(outparam, Ok(outgoing));
    if let Ok(stream) = body.write() {
        for piece in response.body.chunks(PIECE_BYTES) {
            // Whoever asked has hung up.
            if stream.blocking_write_and_flush(piece).is_err() {
                break;
            }
        }
    }
    let _hung_up = OutgoingBody::finish(body, None);
}
