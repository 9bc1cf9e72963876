//! One page as it is sent: every coding of its body, with its headers ready.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use smartcms_app::ports::Digest;

use super::generations::{Began, Tag};
use crate::compression::{Coding, PAGE_COMPRESSED_FROM_BYTES, brotli, gzip, preferred};
use crate::preconditions::has_already;
use crate::security_headers;

/// How many digits of a body's hash are its tag.
const TAG_LEN: usize = 32;
/// What the headers of one coding weigh, roughly.
const HEADERS_BYTES: usize = 1024;

/// A page that was just rendered.
#[derive(Debug)]
pub(crate) struct Page {
    content_type: &'static str,
    cache_control: &'static str,
    body: Bytes,
    slots: Vec<u32>,
    keep: bool,
}

/// A page that can be sent any number of times.
pub(crate) struct StoredPage {
    began: Began,
    slots: Box<[u32]>,
    identity: Coded,
    gzip: Option<Coded>,
    brotli: Option<Coded>,
}

/// A body in one coding.
struct Coded {
    tag: HeaderValue,
    headers: HeaderMap,
    not_modified: HeaderMap,
    body: Bytes,
}

impl Page {
    /// A page that depends on the site alone.
    pub(crate) fn new(
        content_type: &'static str,
        cache_control: &'static str,
        body: Bytes,
    ) -> Self {
        Self { content_type, cache_control, body, slots: vec![Tag::Site.slot()], keep: true }
    }

    /// The same page, which shows these things.
    pub(crate) fn tagged(mut self, tags: &[Tag]) -> Self {
        self.slots.extend(tags.iter().map(Tag::slot));
        self
    }

    /// The same page, shown but not kept, when something it needed failed.
    pub(crate) fn kept_if(self, complete: bool) -> Self {
        Self { keep: self.keep && complete, ..self }
    }

    /// Whether the page may be kept.
    pub(crate) fn keep(&self) -> bool {
        self.keep
    }

    fn is_text(&self) -> bool {
        let essence = self.content_type.split(';').next().unwrap_or_default();
        essence.starts_with("text/")
            || essence.ends_with("xml")
            || essence.ends_with("json")
            || matches!(essence, "image/x-icon" | "font/ttf")
    }
}

impl StoredPage {
    /// Codes the body, and makes the headers of each coding.
    pub(crate) fn new(page: Page, began: Began) -> Self {
        let hash: String = Digest::of(&page.body).to_string().chars().take(TAG_LEN).collect();
        let coded = |coding: Option<&'static str>, body: Bytes| {
            let tag =
                format!("\"{hash}{}\"", coding.map(|it| format!("-{it}")).unwrap_or_default());
            Coded::new(&page, coding, &tag, body)
        };
        // A page that is not kept is sent once: coding it would cost more than it saves.
        let worthwhile =
            page.keep && page.is_text() && page.body.len() >= PAGE_COMPRESSED_FROM_BYTES;
        let body = || Some(&page.body).filter(|_| worthwhile);
        let gzip = body().and_then(|it| gzip(it, Compression::default()));
        let brotli = body().and_then(|it| brotli(it));
        Self {
            began,
            gzip: gzip.map(|it| coded(Some("gzip"), it)),
            brotli: brotli.map(|it| coded(Some("br"), it)),
            identity: coded(None, page.body.clone()),
            slots: page.slots.into_boxed_slice(),
        }
    }

    pub(super) fn began(&self) -> Began {
        self.began
    }

    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }

    pub(super) fn body_len(&self) -> usize {
        self.identity.body.len()
    }

    pub(super) fn weight_bytes(&self) -> usize {
        let codings = [Some(&self.identity), self.gzip.as_ref(), self.brotli.as_ref()];
        codings.into_iter().flatten().map(|it| it.body.len() + HEADERS_BYTES).sum()
    }

    /// Answers a `GET` or `HEAD`.
    pub(crate) fn respond(&self, method: &Method, headers: &HeaderMap) -> Response {
        let coded = self.choose(headers);
        if headers.contains_key(header::IF_NONE_MATCH) && has_already(headers, &coded.tag) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = coded.not_modified.clone();
            return response;
        }
        let body = if *method == Method::HEAD { Bytes::new() } else { coded.body.clone() };
        let mut response = Response::new(Body::from(body));
        *response.headers_mut() = coded.headers.clone();
        response
    }

    fn choose(&self, headers: &HeaderMap) -> &Coded {
        let coded = match preferred(headers) {
            Coding::Identity => None,
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Brotli => self.brotli.as_ref(),
        };
        coded.unwrap_or(&self.identity)
    }
}

impl Coded {
    fn new(page: &Page, coding: Option<&'static str>, tag: &str, body: Bytes) -> Self {
        let tag = HeaderValue::from_str(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        let mut not_modified = HeaderMap::new();
        not_modified.insert(header::ETAG, tag.clone());
        let control = HeaderValue::from_static(page.cache_control);
        not_modified.insert(header::CACHE_CONTROL, control);
        not_modified.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let mut headers = not_modified.clone();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        security_headers::add_to_page(&mut headers);
        security_headers::add_to_page(&mut not_modified);
        Self { tag, headers, not_modified, body }
    }
}
