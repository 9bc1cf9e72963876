//! `/media/…`: files and variants of images, for everybody. An address changes with the bytes behind it, so answers
//! may be kept for ever. Whatever a file holds, its answer makes it inert: its type is told and not guessed, nothing in
//! it runs, and what a browser could take for a page is for keeping.

mod range;

use std::fmt::Write;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use futures::stream;
use smartcms_app::App;
use smartcms_app::assets::{
    AssetError, FileKey, VariantAddress, asset_variant, find_file, open_file,
};
use smartcms_app::ports::{Digest, StoredBlob};
use smartcms_domain::assets::MediaType;

use self::range::{Asked, Range};
use crate::preconditions::has_already;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::security_headers;
use crate::segments::Segments;

/// How many bytes of a file are in memory at once, for each answer.
const CHUNK_BYTES: usize = 256 * 1024;
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-store");

/// A file that is answered.
struct Served {
    file: Box<dyn StoredBlob>,
    digest: Digest,
    media_type: MediaType,
    name: String,
    cache_control: HeaderValue,
}

/// `GET /media/{key}/{name}`: a file. The name is for people.
pub(crate) async fn file(
    State(app): State<App>,
    Segments((key, _name)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let key = FileKey::parse(&key).ok_or(AssetError::UnknownFile)?;
    let asset = find_file(&app, key).await?;
    let served = Served {
        file: open_file(&app, &asset).await?,
        digest: Digest::from_bytes(asset.digest),
        media_type: asset.media_type,
        name: asset.name.as_str().to_owned(),
        cache_control: FOR_EVER,
    };
    Ok(answer(served, &headers))
}

/// `GET /media/{key}/{recipe}/{name}?sig=`: a smaller version of an image, made when it is first asked for.
pub(crate) async fn variant(
    State(app): State<App>,
    uri: Uri,
    Segments((key, recipe, name)): Segments<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let parameters = Parameters::parse(&uri, &["sig"])?;
    let signature = parameters.get("sig").unwrap_or_default();
    let address = VariantAddress::parse(&key, &recipe, &name).ok_or(AssetError::UnknownFile)?;
    let variant = asset_variant(&app, address, signature).await?;
    let served = Served {
        file: variant.file,
        digest: variant.digest,
        media_type: variant.media_type,
        name: format!("{recipe}.{}", variant.media_type.extensions().first().unwrap_or(&"bin")),
        cache_control: if variant.stands_in { NOT_AT_ALL } else { FOR_EVER },
    };
    Ok(answer(served, &headers))
}

fn answer(served: Served, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", served.digest);
    let tag = HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    let len = served.file.bytes_len();
    let (status, range) = if has_already(headers, &tag) {
        (StatusCode::NOT_MODIFIED, Range { start: 0, len: 0 })
    } else {
        match range::asked(headers, &tag, len) {
            Asked::Whole => (StatusCode::OK, Range { start: 0, len }),
            Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Asked::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, Range { start: 0, len: 0 }),
        }
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    describe(response.headers_mut(), &served, tag);
    let answer = response.headers_mut();
    match status {
        StatusCode::NOT_MODIFIED => return response,
        StatusCode::RANGE_NOT_SATISFIABLE => {
            insert(answer, header::CONTENT_RANGE, &format!("bytes */{len}"));
        }
        StatusCode::PARTIAL_CONTENT => {
            let last = range.start + range.len - 1;
            let text = format!("bytes {}-{last}/{len}", range.start);
            insert(answer, header::CONTENT_RANGE, &text);
        }
        _ => {}
    }
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(range.len));
    *response.body_mut() = streamed(served.file, range);
    response
}

fn describe(headers: &mut HeaderMap, served: &Served, tag: HeaderValue) {
    let media_type = served.media_type;
    let content_type = match media_type {
        // What a browser could run is not called by its name.
        MediaType::Html | MediaType::Xml => MediaType::Unknown.name(),
        MediaType::Text => "text/plain; charset=utf-8",
        other => other.name(),
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, served.cache_control.clone());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let kind = if media_type.is_shown_inline() { "inline" } else { "attachment" };
    insert(headers, header::CONTENT_DISPOSITION, &disposition(kind, &served.name));
    security_headers::add_to_file(headers, media_type == MediaType::Pdf);
}

/// A name has letters, digits, `.`, `-` and `_`: it needs no quoting, and letters beyond ASCII are encoded.
fn disposition(kind: &str, name: &str) -> String {
    if name.is_ascii() {
        return format!("{kind}; filename=\"{name}\"");
    }
    let mut text = format!("{kind}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}"); // Writing to a string cannot fail.
        }
    }
    text
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// Reads the file while it is sent.
fn streamed(file: Box<dyn StoredBlob>, range: Range) -> Body {
    if range.len == 0 {
        return Body::empty();
    }
    Body::from_stream(stream::unfold((file, range), |(file, left)| async move {
        let wanted = usize::try_from(left.len).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES);
        if wanted == 0 {
            return None;
        }
        match file.read_at(left.start, wanted).await {
            Ok(chunk) if chunk.is_empty() => {
                let ended = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
                Some((Err(ended), (file, Range { len: 0, ..left })))
            }
            Ok(chunk) => {
                let count = chunk.len() as u64;
                let left = Range { start: left.start + count, len: left.len - count };
                Some((Ok(chunk), (file, left)))
            }
            Err(error) => {
                tracing::warn!(cause = %error.source, "an answer was cut: {error}");
                Some((Err(error.source), (file, Range { len: 0, ..left })))
            }
        }
    }))
}
