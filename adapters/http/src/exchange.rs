//! One request and its answer, over the HTTP that the host gives.

use std::fmt::Display;

pub(crate) use wasip2::http::types::Method;
use wasip2::http::types::{Fields, IncomingResponse, OutgoingBody, OutgoingRequest, Scheme};
use wasip2::http::types::{RequestOptions, StatusCode};
use wasip2::http::{outgoing_handler, types::ErrorCode};
use wasip2::io::streams::StreamError;

use crate::exports::smartcms::portable::storage::Failure;

const ADDRESS_VARIABLE: &str = "SMARTCMS_HOST_ADDRESS";
const TOKEN_VARIABLE: &str = "SMARTCMS_HOST_TOKEN";
/// Below this path the server offers keys.
const BASE: &str = "/keys/v1";
/// The time to connect, to the first byte of an answer, and between its bytes, each in nanoseconds: 10 seconds.
const TIME_MAX: u64 = 10_000_000_000;
/// How many bytes a stream takes at once without being asked whether it does.
const WRITE_LEN_MAX: usize = 4096;
const READ_LEN_MAX: u64 = 64 * 1024;
/// The largest answer: a value, or a thousand keys.
const ANSWER_LEN_MAX: usize = 2 * 1024 * 1024;

/// On which version of a head a request depends.
pub(crate) enum Condition<'a> {
    Is(&'a str),
    IsNot(&'a str),
    IsNew,
}

/// What the server said.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The version of a head.
    pub(crate) version: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Sends a request to a path below that of the keys.
pub(crate) fn send(
    method: &Method,
    path: &str,
    conditions: &[Condition<'_>],
    body: Option<&[u8]>,
) -> Result<Answer, Failure> {
    let request = request(method, path, conditions, body.map_or(0, <[u8]>::len))?;
    let outgoing = request.body().map_err(|()| lasting("the request takes no body"))?;
    let options = RequestOptions::new();
    // A host that knows no such limits has limits of its own.
    let _ = options.set_connect_timeout(Some(TIME_MAX));
    let _ = options.set_first_byte_timeout(Some(TIME_MAX));
    let _ = options.set_between_bytes_timeout(Some(TIME_MAX));
    let failed = |error: ErrorCode| passing(format!("{method:?} {path} failed: {error:?}"));
    let answer = outgoing_handler::handle(request, Some(options)).map_err(failed)?;
    write(&outgoing, body.unwrap_or_default())?;
    OutgoingBody::finish(outgoing, None).map_err(failed)?;
    answer.subscribe().block();
    let response = match answer.get() {
        Some(Ok(Ok(response))) => response,
        Some(Ok(Err(error))) => return Err(failed(error)),
        Some(Err(())) | None => return Err(passing("the host gave no answer")),
    };
    read(&response)
}

fn request(
    method: &Method,
    path: &str,
    conditions: &[Condition<'_>],
    len: usize,
) -> Result<OutgoingRequest, Failure> {
    let (scheme, authority) = server()?;
    let token = variable(TOKEN_VARIABLE)?;
    let mut headers =
        vec![("authorization", format!("Bearer {token}")), ("content-length", len.to_string())];
    headers.extend(conditions.iter().map(|it| match it {
        Condition::Is(version) => ("if-match", format!("\"{version}\"")),
        Condition::IsNot(version) => ("if-none-match", format!("\"{version}\"")),
        Condition::IsNew => ("if-none-match", "*".to_owned()),
    }));
    let headers: Vec<(String, Vec<u8>)> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect();
    let headers = Fields::from_list(&headers)
        .map_err(|error| lasting(format!("{TOKEN_VARIABLE} cannot be sent: {error:?}")))?;
    let request = OutgoingRequest::new(headers);
    let set = request
        .set_method(method)
        .and_then(|()| request.set_scheme(Some(&scheme)))
        .and_then(|()| request.set_authority(Some(&authority)))
        .and_then(|()| request.set_path_with_query(Some(&format!("{BASE}/{path}"))));
    let wrong = |()| lasting(format!("{ADDRESS_VARIABLE} is no address of a server: {authority}"));
    set.map_err(wrong)?;
    Ok(request)
}

/// Where the server is.
fn server() -> Result<(Scheme, String), Failure> {
    let address = variable(ADDRESS_VARIABLE)?;
    let address = address.trim_end_matches('/');
    match address.split_once("://") {
        Some(("http", authority)) => Ok((Scheme::Http, authority.to_owned())),
        Some(("https", authority)) => Ok((Scheme::Https, authority.to_owned())),
        _ => Err(lasting(format!(
            "{ADDRESS_VARIABLE} is {address:?}; it begins with http:// or https://"
        ))),
    }
}

fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| {
        lasting(format!("{name} is not set: it says where the keys are, or what opens them"))
    })
}

fn write(body: &OutgoingBody, bytes: &[u8]) -> Result<(), Failure> {
    let stream = body.write().map_err(|()| lasting("the request takes no body"))?;
    let cut = |error: StreamError| passing(format!("the request was cut off: {error:?}"));
    for piece in bytes.chunks(WRITE_LEN_MAX) {
        stream.blocking_write_and_flush(piece).map_err(cut)?;
    }
    Ok(())
}

fn read(response: &IncomingResponse) -> Result<Answer, Failure> {
    let status = response.status();
    let version = response.headers().get("etag").into_iter().next();
    let version = version.and_then(|it| String::from_utf8(it).ok());
    let version = version.map(|it| it.trim_start_matches("W/").trim_matches('"').to_owned());
    let incoming = response.consume().map_err(|()| passing("the answer has no body"))?;
    let stream = incoming.stream().map_err(|()| passing("the answer has no body"))?;
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(READ_LEN_MAX) {
            Ok(bytes) => body.extend_from_slice(&bytes),
            Err(StreamError::Closed) => return Ok(Answer { status, version, body }),
            Err(error) => return Err(passing(format!("the answer was cut off: {error:?}"))),
        }
        if body.len() > ANSWER_LEN_MAX {
            return Err(lasting("the answer is longer than any answer of keys"));
        }
    }
}

fn passing(reason: impl Display) -> Failure {
    Failure { is_passing: true, reason: format!("the server of the keys: {reason}") }
}

fn lasting(reason: impl Display) -> Failure {
    Failure { is_passing: false, reason: format!("the server of the keys: {reason}") }
}
