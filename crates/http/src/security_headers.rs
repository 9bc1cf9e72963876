//! What browsers are told not to do.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Pages run no scripts and take styles from the site alone.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'none'; style-src 'self'; img-src 'self' https: data:; \
     media-src 'self' https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
/// The page on which readers ask runs the theme's scripts: the answer comes as it is written.
const ASKING_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
/// The admin runs its own scripts and no others. A preview of the site is shown in a frame.
const ADMIN_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     media-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
/// A page of the site that the admin shows in a frame.
const PREVIEW_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'none'; style-src 'self'; img-src 'self' https: data:; \
     media-src 'self' https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
);
/// Answers of the API are no pages at all.
const DATA_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// What a plugin shows is an origin of its own: it reaches neither the site's cookies nor its storage, whatever
/// it sends. It may style itself inline, and send forms; it runs no scripts.
const PLUGIN_POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox allow-forms; default-src 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' https: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
);
/// A file runs nothing and reaches nothing, whatever it holds.
const FILE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; \
     frame-ancestors 'self'; sandbox",
);
/// Browsers show no PDF in a sandbox; their viewers run no scripts of the page it is on.
const PDF_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
);
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");
const OPENER: HeaderValue = HeaderValue::from_static("same-origin");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The headers of a page of the site.
pub(crate) fn add_to_page(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    headers.insert(OPENER_POLICY, OPENER);
    add_to_all(headers);
}

/// The headers of the page on which readers ask. Nothing that entries hold is on it as HTML.
pub(crate) fn add_to_asking(headers: &mut HeaderMap) {
    add_to_page(headers);
    headers.insert(header::CONTENT_SECURITY_POLICY, ASKING_POLICY);
}

/// The headers of a page of the admin: its own scripts and styles alone, nothing inline, in no frame.
pub(crate) fn add_to_admin(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, ADMIN_POLICY);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(OPENER_POLICY, OPENER);
    headers.insert(RESOURCE_POLICY, OPENER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    headers.insert(header::REFERRER_POLICY, OPENER);
}

/// The headers of a draft that is shown as readers would see it. The admin shows it in a frame; searches do not keep it.
pub(crate) fn add_to_preview(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY);
    headers.insert(OPENER_POLICY, OPENER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
}

/// The headers of a plugin's answer. Its own policy stays beside ours: browsers apply both.
pub(crate) fn add_to_plugin(headers: &mut HeaderMap) {
    headers.append(header::CONTENT_SECURITY_POLICY, PLUGIN_POLICY);
    add_to_all(headers);
}

/// The headers of an uploaded file.
pub(crate) fn add_to_file(headers: &mut HeaderMap, is_pdf: bool) {
    let policy = if is_pdf { PDF_POLICY } else { FILE_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    add_to_all(headers);
}

/// The headers of whatever has no policy yet.
pub(crate) fn complete(headers: &mut HeaderMap) {
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
        add_to_all(headers);
    }
}

fn add_to_all(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    headers.insert(header::REFERRER_POLICY, REFERRER);
}
