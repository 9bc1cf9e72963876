//! Which headers pass between the world and a plugin's routes: pure rules over header maps.
//!
//! Plugins answer on the site's own origin, so a header that speaks for the whole origin is never theirs to send, and
//! every answer runs in a sandbox of its own: scripts in it cannot reach the admin, its cookies or its storage.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Names of the site's own headers begin like this, in both directions.
const INTERNAL_PREFIX: &str = "x-smartcms-";

/// Tells a plugin with `actor:read` who asks.
pub(crate) const ACTOR: HeaderName = HeaderName::from_static("x-smartcms-actor");

/// A document from a plugin gets an origin of its own: no cookies, no storage, no reading of the site's pages.
const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads",
);

/// Concern one connection, which is not the plugin's.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// Credentials of the reader, and what a proxy says about the reader's network.
const PRIVATE: &[&str] = &[
    "authorization",
    "cookie",
    "cookie2",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-ssl",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-csrf-token",
];

/// Speak for the whole origin or change how browsers treat it.
const ORIGIN_WIDE: &[&str] = &[
    "set-cookie",
    "set-cookie2",
    "clear-site-data",
    "service-worker-allowed",
    "strict-transport-security",
    "public-key-pins",
    "public-key-pins-report-only",
    "expect-ct",
    "alt-svc",
    "alt-used",
    "nel",
    "report-to",
    "reporting-endpoints",
    "origin-agent-cluster",
    "origin-trial",
    "accept-ch",
    "critical-ch",
    "activate-storage-access",
    "observe-browsing-topics",
    "speculation-rules",
    "supports-loading-mode",
    "use-as-dictionary",
    "permissions-policy",
    "access-control-allow-credentials",
    "www-authenticate",
    "content-security-policy-report-only",
    "sourcemap",
    "x-sourcemap",
    "x-accel-redirect",
    "x-accel-buffering",
    "x-sendfile",
    "x-powered-by",
    "server",
];

/// Takes from a request what is not for plugins.
pub(crate) fn strip_request(headers: &mut HeaderMap) {
    strip(headers, &[HOP_BY_HOP, PRIVATE]);
}

/// Takes from a response what a plugin may not send, and puts the answer in its sandbox.
pub(crate) fn strip_response(headers: &mut HeaderMap) {
    strip(headers, &[HOP_BY_HOP, ORIGIN_WIDE]);
    // A policy of the plugin stays beside ours: browsers hold to both.
    headers.append(header::CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

fn strip(headers: &mut HeaderMap, lists: &[&[&str]]) {
    // What `Connection` names concerns the connection as well.
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .filter_map(|it| HeaderName::try_from(it.trim()).ok())
        .collect();
    let goes = |name: &HeaderName| {
        let text = name.as_str();
        text.starts_with(INTERNAL_PREFIX)
            || named.contains(name)
            || lists.iter().any(|it| it.contains(&text))
    };
    let going: Vec<HeaderName> = headers.keys().filter(|it| goes(it)).cloned().collect();
    for name in going {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderName, HeaderValue, strip_request, strip_response};

    fn map(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |it: &(&'static str, &'static str)| {
            (HeaderName::from_static(it.0), HeaderValue::from_static(it.1))
        };
        headers.iter().map(pair).collect()
    }

    #[test]
    fn credentials_and_internal_headers_do_not_reach_a_plugin() {
        let mut headers = map(&[
            ("cookie", "session=1"),
            ("authorization", "Bearer x"),
            ("x-smartcms-actor", "operator"),
            ("x-forwarded-for", "10.0.0.1"),
            ("connection", "close, x-hop"),
            ("x-hop", "1"),
            ("accept", "text/html"),
            ("content-type", "text/plain"),
        ]);
        strip_request(&mut headers);
        assert_eq!(headers, map(&[("accept", "text/html"), ("content-type", "text/plain")]));
    }

    #[test]
    fn a_plugin_cannot_speak_for_the_origin() {
        let mut headers = map(&[
            ("set-cookie", "session=evil"),
            ("clear-site-data", "\"*\""),
            ("service-worker-allowed", "/"),
            ("strict-transport-security", "max-age=0"),
            ("access-control-allow-credentials", "true"),
            ("transfer-encoding", "chunked"),
            ("x-smartcms-cache", "public"),
            ("content-type", "text/html"),
            ("content-security-policy", "default-src 'none'"),
        ]);
        strip_response(&mut headers);
        let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 2);
        assert!(policies[1].to_str().unwrap().starts_with("sandbox"));
        assert!(!policies[1].to_str().unwrap().contains("same-origin"));
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-security-policy", "content-type", "x-content-type-options"]);
    }
}
