//! Pages of other sites that may call the API (CORS, as the Fetch standard defines it).

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember that it was allowed.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Which origins may read answers of the API. Cookies are never sent along: the API knows bearers alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Those of this site alone.
    #[default]
    None,
    /// Every one.
    Any,
    /// These.
    These(Vec<Origin>),
}

/// Where a page comes from, as browsers write it: `https://example.com`, with a port where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue); // Invariant: checked by `parse`.

/// The text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an origin: it is http:// or https:// with a host and no path, like https://example.com"
)]
pub struct OriginError(String);

impl Origin {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let wrong = || OriginError(text.to_owned());
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = host.ok_or_else(wrong)?;
        // Browsers write hosts in small letters: another text would never match.
        let is_plain = |it: u8| {
            it.is_ascii_lowercase()
                || it.is_ascii_digit()
                || matches!(it, b'.' | b'-' | b':' | b'[' | b']')
        };
        let usual_port = (text.starts_with("https:") && host.ends_with(":443"))
            || (text.starts_with("http:") && host.ends_with(":80"));
        if host.is_empty() || usual_port || !host.bytes().all(is_plain) {
            return Err(wrong());
        }
        HeaderValue::from_str(text).map(Self).map_err(|_| wrong())
    }
}

impl AllowedOrigins {
    /// What answers browsers' questions; `None` where no other site is allowed.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let origins = match self {
            Self::None => return None,
            Self::Any => AllowOrigin::any(),
            Self::These(origins) => AllowOrigin::list(origins.iter().map(|it| it.0.clone())),
        };
        let methods =
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let sent = [
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
        ];
        let shown = [
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            HeaderName::from_static("idempotency-replayed"),
        ];
        let layer = CorsLayer::new().allow_origin(origins).allow_methods(methods);
        Some(layer.allow_headers(sent).expose_headers(shown).max_age(REMEMBERED))
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn an_origin_is_what_browsers_send() {
        for good in ["https://example.com", "http://localhost:3000", "http://[::1]:8080"] {
            assert!(Origin::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "example.com",
            "https://",
            "https://example.com/",
            "https://Example.com",
            "https://example.com:443",
            "https://*.example.com",
            "null",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }
}
