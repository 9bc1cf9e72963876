//! A page that is kept, on its way to a client.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::stored_page::Coded;

/// Headers by their names, as hosts of WebAssembly take them.
pub type Listed = Vec<(String, Vec<u8>)>;

/// The headers of an answer that is given many times.
pub(super) struct Head {
    pub(super) headers: HeaderMap,
    /// The same, once somebody wanted them so.
    listed: OnceLock<Listed>,
}

/// What a client is sent of a page that is kept: its parts, for who sends them without making a response of them first.
pub struct KeptPage {
    coded: Arc<Coded>,
    is_modified: bool,
    has_body: bool,
}

impl From<HeaderMap> for Head {
    fn from(headers: HeaderMap) -> Self {
        Self { headers, listed: OnceLock::new() }
    }
}

impl Head {
    fn listed(&self) -> &Listed {
        let list = || {
            let headers = self.headers.iter();
            headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect()
        };
        self.listed.get_or_init(list)
    }
}

impl KeptPage {
    /// The page, or what is told of it without its body.
    pub(super) fn whole(coded: Arc<Coded>, has_body: bool) -> Self {
        Self { coded, is_modified: true, has_body }
    }

    /// The client has it already.
    pub(super) fn not_modified(coded: Arc<Coded>) -> Self {
        Self { coded, is_modified: false, has_body: false }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        if self.is_modified { StatusCode::OK } else { StatusCode::NOT_MODIFIED }
    }

    /// Its headers. They are made once for all answers.
    pub fn headers(&self) -> &Listed {
        self.head().listed()
    }

    /// Its body; empty where it has none.
    pub fn body(&self) -> Bytes {
        if self.has_body { self.coded.body.clone() } else { Bytes::new() }
    }

    fn head(&self) -> &Head {
        if self.is_modified { &self.coded.whole } else { &self.coded.not_modified }
    }
}

impl IntoResponse for KeptPage {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = self.status();
        *response.headers_mut() = self.head().headers.clone();
        response
    }
}
