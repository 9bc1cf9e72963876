//! Asks other hosts. Needs the capability `http`, which an operator grants for each host. Part of the feature `http`.
//!
//! In tests outside WebAssembly the answers are those that [`testing::set_answer`](crate::testing::set_answer) gives.

use std::fmt;

/// What a host answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body, up to what was asked for.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header by its name in small letters; the first one of several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebError {
    /// The host is not among those that an operator granted, or leads where no plugin may go.
    Denied,
    /// The address is none that can be asked.
    Address,
    /// No name, no connection, no answer in time, or a broken one; in the host's words.
    Failed(String),
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied => f.write_str("requests to this host are not granted"),
            Self::Address => f.write_str("this is no address of the web"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for WebError {}

/// Asks for an address (`GET`) and reads at most so many bytes of the answer. Redirects are not followed.
pub fn get(url: &str, body_bytes_max: usize) -> Result<Answer, WebError> {
    send("GET", url, body_bytes_max)
}

/// Asks what an address would answer, without its body (`HEAD`). Redirects are not followed.
pub fn head(url: &str) -> Result<Answer, WebError> {
    send("HEAD", url, 0)
}

#[cfg(not(target_arch = "wasm32"))]
fn send(method: &str, url: &str, _body_bytes_max: usize) -> Result<Answer, WebError> {
    crate::testing::answer(method, url)
}

#[cfg(target_arch = "wasm32")]
use wire::send;

#[cfg(target_arch = "wasm32")]
mod wire {
    use wasip2::http::outgoing_handler;
    use wasip2::http::types::{
        ErrorCode, Fields, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme,
    };

    use super::{Answer, WebError};

    pub(super) fn send(method: &str, url: &str, body_bytes_max: usize) -> Result<Answer, WebError> {
        let request = request(method, url).ok_or(WebError::Address)?;
        let body = request.body().map_err(|()| WebError::Address)?;
        let future = outgoing_handler::handle(request, None).map_err(error)?;
        OutgoingBody::finish(body, None).map_err(error)?;
        future.subscribe().block();
        let lost = || WebError::Failed("the answer was lost".to_owned());
        let response = future.get().ok_or_else(lost)?.map_err(|()| lost())?.map_err(error)?;
        let entries = response.headers().entries().into_iter();
        let headers = entries.filter_map(|(name, it)| Some((name, String::from_utf8(it).ok()?)));
        let headers = headers.collect();
        let status = response.status();
        Ok(Answer { status, headers, body: read(&response, body_bytes_max) })
    }

    fn request(method: &str, url: &str) -> Option<OutgoingRequest> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let rest = rest.split('#').next()?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let request = OutgoingRequest::new(Fields::new());
        let method = match method {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            other => Method::Other(other.to_owned()),
        };
        request.set_method(&method).ok()?;
        request.set_scheme(Some(&scheme)).ok()?;
        request.set_authority(Some(authority)).ok()?;
        request.set_path_with_query(Some(&path)).ok()?;
        Some(request)
    }

    fn read(response: &IncomingResponse, limit: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let Ok(body) = response.consume() else { return bytes };
        let Ok(stream) = body.stream() else { return bytes };
        while bytes.len() < limit {
            // An answer that breaks off is as long as it came.
            let Ok(piece) = stream.blocking_read((limit - bytes.len()) as u64) else { break };
            bytes.extend_from_slice(&piece);
        }
        bytes
    }

    fn error(code: ErrorCode) -> WebError {
        match code {
            ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited => WebError::Denied,
            ErrorCode::DnsTimeout | ErrorCode::DnsError(_) | ErrorCode::DestinationNotFound => {
                WebError::Failed("the host is not known".to_owned())
            }
            ErrorCode::ConnectionTimeout
            | ErrorCode::ConnectionReadTimeout
            | ErrorCode::ConnectionWriteTimeout
            | ErrorCode::HttpResponseTimeout => {
                WebError::Failed("the host did not answer in time".to_owned())
            }
            ErrorCode::ConnectionRefused => {
                WebError::Failed("the host takes no connections".to_owned())
            }
            ErrorCode::TlsCertificateError | ErrorCode::TlsProtocolError => {
                WebError::Failed("the host's certificate is not good".to_owned())
            }
            other => WebError::Failed(format!("the request failed: {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, WebError, get, head};
    use crate::testing::set_answer;

    #[test]
    fn what_was_not_recorded_is_not_granted() {
        let answer = Answer { status: 200, headers: Vec::new(), body: b"hello".to_vec() };
        set_answer("https://example.com/", Ok(answer.clone()));
        assert_eq!(get("https://example.com/", 100), Ok(answer));
        assert_eq!(head("https://example.org/"), Err(WebError::Denied));
    }
}
