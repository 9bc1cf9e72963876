//! Answers of the API to strangers, kept for as long as nobody changes the database.
//!
//! An entry takes routing, SQLite and JSON, in code that is small before it is fast, each time somebody reads it; and most
//! sites are read far more often than they are written. Whatever changes what a stranger sees, an entry, a role, a
//! definition, is a new version of the database, of which the host tells: so an answer is good for one version of it, and
//! nothing has to know what it shows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use bytes::Bytes;
use smartcms_http::{Listed, WholeBody};

/// Where entries are read.
const ENTRIES: &str = "/api/v1/content/";
/// What public answers say of themselves; those for one caller say `private` as well.
const PUBLIC: &[u8] = b"no-cache";
/// What an answer may depend on beside its address and coding.
const DEPENDS_ON: [HeaderName; 8] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::ORIGIN,
    header::RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
];
/// The longest address with its coding that is kept, in bytes.
const KEY_LEN_MAX: usize = 512;
/// The longest body that is kept, in bytes.
const BODY_LEN_MAX: usize = 64 * 1024;
/// What a key and headers take beside a body, in bytes, roughly.
const BESIDE_BODY: usize = 2048;

/// The answers of one instance.
pub(crate) struct Answers {
    bytes_max: usize,
    kept: Mutex<Kept>,
}

/// All of one version.
#[derive(Default)]
struct Kept {
    version: String,
    answers: HashMap<String, Arc<KeptAnswer>>,
    bytes: usize,
}

/// An answer that can be given again.
pub struct KeptAnswer {
    listed: Listed,
    body: Bytes,
}

impl Answers {
    /// None yet; together they may hold so many bytes.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, kept: Mutex::default() }
    }

    /// Whether there is one, of whichever version.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.kept().answers.contains_key(key)
    }

    /// The answer, if it is of this version.
    pub(crate) fn find(&self, key: &str, version: &str) -> Option<Arc<KeptAnswer>> {
        let kept = self.kept();
        kept.answers.get(key).filter(|_| kept.version == version).map(Arc::clone)
    }

    /// Keeps what was answered to a key by this version of the database, if everybody may have it.
    pub(crate) fn keep(&self, key: String, version: String, response: &Response<Body>) {
        let whole = response.extensions().get::<WholeBody>();
        let whole = whole.filter(|it| it.0.len() <= BODY_LEN_MAX && is_for_everybody(response));
        if let Some(WholeBody(body)) = whole {
            let named = |(name, value): (&HeaderName, &HeaderValue)| {
                (name.to_string(), value.as_bytes().to_vec())
            };
            let listed = response.headers().iter().map(named).collect();
            self.put(key, version, KeptAnswer { listed, body: body.clone() });
        }
    }

    /// Those of other versions go, and all of them where there is no more room.
    fn put(&self, key: String, version: String, answer: KeptAnswer) {
        let weight = key.len() + answer.body.len() + BESIDE_BODY;
        let mut kept = self.kept();
        if kept.version != version || kept.bytes + weight > self.bytes_max {
            *kept = Kept { version, ..Kept::default() };
        }
        if weight <= self.bytes_max && kept.answers.insert(key, Arc::new(answer)).is_none() {
            kept.bytes += weight;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptAnswer {
    /// Its headers, as hosts take them.
    #[must_use]
    pub fn listed(&self) -> &Listed {
        &self.listed
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// What a stranger's reading is kept under; `None` where the answer may depend on who asks, or on what they have.
pub(crate) fn key_of<B>(request: &Request<B>) -> Option<String> {
    let address = request.uri().path_and_query()?.as_str();
    let headers = request.headers();
    let is_plain = *request.method() == Method::GET
        && address.starts_with(ENTRIES)
        && !DEPENDS_ON.iter().any(|it| headers.contains_key(it));
    let mut codings = headers.get_all(header::ACCEPT_ENCODING).iter();
    let coding = codings.next().map_or(Some(""), |it| it.to_str().ok())?;
    let is_short = address.len() + coding.len() < KEY_LEN_MAX && codings.next().is_none();
    (is_plain && is_short).then(|| format!("{coding} {address}"))
}

fn is_for_everybody(response: &Response<Body>) -> bool {
    let headers = response.headers();
    let is_public = |it: &HeaderValue| it.as_bytes() == PUBLIC;
    response.status() == StatusCode::OK
        && headers.get(header::CACHE_CONTROL).is_some_and(is_public)
        && !headers.contains_key(header::SET_COOKIE)
}
