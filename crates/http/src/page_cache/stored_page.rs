//! One page as it is sent: the codings of its body that were asked for, with their headers ready.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use bytes::Bytes;
use flate2::Compression;
use smartcms_app::ports::Digest;

use super::generations::{Began, Tag};
use super::kept_page::{Head, KeptPage};
use crate::compression::{Coding, PAGE_COMPRESSED_FROM_BYTES, brotli, gzip};
use crate::preconditions::has_already;
use crate::security_headers;

/// How many digits of a body's hash are its tag.
const TAG_LEN: usize = 32;
/// What the headers of one coding weigh, roughly.
const HEADERS_BYTES: usize = 2048;

/// A page that was just rendered.
#[derive(Debug)]
pub(crate) struct Page {
    content_type: &'static str,
    cache_control: &'static str,
    body: Bytes,
    slots: Vec<u32>,
    keep: bool,
}

/// A page that can be sent any number of times. It never changes, so that the cache knows what it weighs: with another
/// coding it is another page.
#[derive(Clone)]
pub(crate) struct StoredPage {
    began: Began,
    slots: Arc<[u32]>,
    /// Whether coding the body can save more than it costs.
    worthwhile: bool,
    identity: Arc<Coded>,
    gzip: Tried,
    brotli: Tried,
}

/// A coding of a body: made when a client first likes it best.
#[derive(Clone)]
enum Tried {
    NotYet,
    /// It is no shorter.
    InVain,
    Made(Arc<Coded>),
}

/// A body in one coding.
pub(super) struct Coded {
    hash: Box<str>,
    tag: HeaderValue,
    pub(super) whole: Head,
    pub(super) not_modified: Head,
    pub(super) body: Bytes,
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

    /// What it holds, as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
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
    /// The body as it is, with its headers.
    pub(crate) fn new(page: Page, began: Began) -> Self {
        let hash: String = Digest::of(&page.body).to_string().chars().take(TAG_LEN).collect();
        // A page that is not kept is sent once: coding it would cost more than it saves.
        let worthwhile =
            page.keep && page.is_text() && page.body.len() >= PAGE_COMPRESSED_FROM_BYTES;
        Self {
            began,
            worthwhile,
            identity: Arc::new(Coded::new(&page, &hash)),
            gzip: Tried::NotYet,
            brotli: Tried::NotYet,
            slots: page.slots.into(),
        }
    }

    /// The same page with the coding that a client likes best; `None` where there is nothing to make.
    pub(crate) fn coded_as(&self, wanted: Coding) -> Option<Self> {
        let tried = match wanted {
            Coding::Identity => return None,
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
        };
        if !self.worthwhile || !matches!(tried, Tried::NotYet) {
            return None;
        }
        let body = &self.identity.body;
        let (name, coded) = match wanted {
            Coding::Brotli => ("br", brotli(body)),
            _ => ("gzip", gzip(body, Compression::default())),
        };
        let tried = match coded {
            Some(coded) => Tried::Made(Arc::new(self.identity.coded(name, coded))),
            None => Tried::InVain,
        };
        let mut more = self.clone();
        match wanted {
            Coding::Brotli => more.brotli = tried,
            _ => more.gzip = tried,
        }
        Some(more)
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
        let codings = [Some(&self.identity), self.gzip.made(), self.brotli.made()];
        codings.into_iter().flatten().map(|it| it.body.len() + HEADERS_BYTES).sum()
    }

    /// What answers a `GET` or `HEAD` of a client that likes this coding best.
    pub(crate) fn answer(&self, method: &Method, headers: &HeaderMap, wanted: Coding) -> KeptPage {
        let coded = self.choose(wanted);
        if headers.contains_key(header::IF_NONE_MATCH) && has_already(headers, &coded.tag) {
            return KeptPage::not_modified(coded);
        }
        let has_body = *method != Method::HEAD;
        KeptPage::whole(coded, has_body)
    }

    fn choose(&self, wanted: Coding) -> Arc<Coded> {
        let coded = match wanted {
            Coding::Identity => None,
            Coding::Gzip => self.gzip.made(),
            Coding::Brotli => self.brotli.made(),
        };
        Arc::clone(coded.unwrap_or(&self.identity))
    }
}

impl Tried {
    fn made(&self) -> Option<&Arc<Coded>> {
        match self {
            Self::Made(coded) => Some(coded),
            Self::NotYet | Self::InVain => None,
        }
    }
}

impl Coded {
    /// A body as it is. The tag of each coding begins with the hash of that.
    fn new(page: &Page, hash: &str) -> Self {
        let mut not_modified = HeaderMap::new();
        not_modified.insert(header::ETAG, tag_of(hash));
        let control = HeaderValue::from_static(page.cache_control);
        not_modified.insert(header::CACHE_CONTROL, control);
        not_modified.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let mut headers = not_modified.clone();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(page.body.len()));
        security_headers::add_to_page(&mut headers);
        security_headers::add_to_page(&mut not_modified);
        Self {
            hash: hash.into(),
            tag: tag_of(hash),
            whole: headers.into(),
            not_modified: not_modified.into(),
            body: page.body.clone(),
        }
    }

    /// The same in a coding.
    fn coded(&self, coding: &'static str, body: Bytes) -> Self {
        let tag = tag_of(&format!("{}-{coding}", self.hash));
        let (mut headers, mut not_modified) =
            (self.whole.headers.clone(), self.not_modified.headers.clone());
        headers.insert(header::ETAG, tag.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        not_modified.insert(header::ETAG, tag.clone());
        let (whole, not_modified) = (headers.into(), not_modified.into());
        Self { hash: self.hash.clone(), tag, whole, not_modified, body }
    }
}

fn tag_of(text: &str) -> HeaderValue {
    let tag = HeaderValue::from_str(&format!("\"{text}\""));
    tag.unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}
