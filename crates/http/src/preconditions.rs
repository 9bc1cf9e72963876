//! `If-Match` and `If-None-Match` on entries. A tag names a revision.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use smartcms_domain::entries::Revision;

use crate::problem::HttpProblem;

/// The tag of a revision: `"3"`.
pub(crate) fn entity_tag(revision: Revision) -> HeaderValue {
    let quoted = format!("\"{revision}\"");
    HeaderValue::from_str(&quoted).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The state that the client saw; `None` when it wants to change whatever is there (`*`). Absent is refused.
pub(crate) fn required_match(headers: &HeaderMap) -> Result<Option<Revision>, HttpProblem> {
    if headers.contains_key(header::IF_MATCH) {
        optional_match(headers)
    } else {
        Err(HttpProblem::if_match_missing())
    }
}

/// The state that the client saw, if it says so.
pub(crate) fn optional_match(headers: &HeaderMap) -> Result<Option<Revision>, HttpProblem> {
    let mut values = headers.get_all(header::IF_MATCH).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if values.next().is_some() {
        return Err(malformed());
    }
    if text == "*" {
        return Ok(None);
    }
    revision_of(text).map(Some).ok_or_else(malformed)
}

/// Whether the client already has what this tag names.
pub(crate) fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    names_tag(headers, &header::IF_NONE_MATCH, tag.as_bytes())
}

/// Whether one of a header's tags is this one, by weak comparison.
fn names_tag(headers: &HeaderMap, name: &HeaderName, tag: &[u8]) -> bool {
    let values = headers.get_all(name).iter().filter_map(|it| it.to_str().ok());
    let mut tags = values.flat_map(|it| it.split(',')).map(str::trim);
    tags.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it).as_bytes() == tag)
}

/// Proxies that compress mark tags as weak; the revision is meant all the same.
fn revision_of(tag: &str) -> Option<Revision> {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    if plain { digits.parse().ok().map(Revision::new) } else { None }
}

fn malformed() -> HttpProblem {
    let detail = "`If-Match` is not the tag of one revision".to_owned();
    HttpProblem::bad_request("request.if-match", detail)
        .with_hint("send the `ETag` of the entry as it came, like `If-Match: \"3\"`, or `*`")
}
