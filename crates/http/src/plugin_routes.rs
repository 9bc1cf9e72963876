//! `/ext/{plugin}/…`: requests that a plugin answers. Bodies stream both ways.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, Uri, uri};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use smartcms_app::App;
use smartcms_app::ports::{PluginResponse, RouteError, plugin_body};
use smartcms_domain::plugins::PluginId;

use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::security_headers;

/// The largest body that is passed on to a plugin.
pub const PLUGIN_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What connections say of themselves; it does not travel on.
const OF_THE_CONNECTION: [HeaderName; 8] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];
/// The site's business with its visitors, which no plugin sees.
const NOT_FOR_PLUGINS: [HeaderName; 2] = [header::AUTHORIZATION, header::COOKIE];
/// What a plugin cannot say for the whole site.
const NOT_FROM_PLUGINS: [HeaderName; 6] = [
    header::SET_COOKIE,
    header::STRICT_TRANSPORT_SECURITY,
    header::ALT_SVC,
    HeaderName::from_static("clear-site-data"),
    HeaderName::from_static("service-worker-allowed"),
    HeaderName::from_static("nel"),
];

/// Passes a request on, and what the plugin answers back.
pub(crate) async fn forward(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Response, HttpProblem> {
    let (mut parts, body) = request.into_parts();
    let (plugin, uri) = split(&parts.uri).ok_or(RouteError::NoRoute)?;
    parts.uri = uri;
    // No plugin is there to answer.
    #[cfg(target_family = "wasm")]
    return Err(RouteError::NoRoute.into());
    #[cfg(not(target_family = "wasm"))]
    {
        remove(&mut parts.headers, &NOT_FOR_PLUGINS);
        remove_connection_headers(&mut parts.headers);
        let mut forwarded =
            axum::http::Request::new(plugin_body(Limited::new(body, PLUGIN_BODY_BYTES_MAX)));
        *forwarded.method_mut() = parts.method;
        *forwarded.uri_mut() = parts.uri;
        *forwarded.headers_mut() = parts.headers;
        let answer = app.plugins.route(&plugin, &caller.0, forwarded).await?;
        Ok(checked(answer.map(Body::new)))
    }
}

/// What a listener that serves one plugin alone answers.
pub fn plugin_answer(answer: Result<PluginResponse, RouteError>) -> Response {
    match answer {
        Ok(answer) => checked(answer.map(Body::new)),
        Err(error) => HttpProblem::from(error).into_response(),
    }
}

/// The plugin of an address, and the address as the plugin sees it.
fn split(uri: &Uri) -> Option<(PluginId, Uri)> {
    let rest = uri.path().strip_prefix("/ext/")?;
    let (id, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, "/"),
    };
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let path_and_query: uri::PathAndQuery = text.parse().ok()?;
    Some((PluginId::parse(id).ok()?, Uri::from(path_and_query)))
}

fn checked(mut response: Response) -> Response {
    let headers = response.headers_mut();
    remove(headers, &NOT_FROM_PLUGINS);
    remove_connection_headers(headers);
    security_headers::add_to_plugin(headers);
    response.into_response()
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

/// Removes what belongs to the connection, also what `Connection` names.
fn remove_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .filter_map(|it| it.trim().parse().ok())
        .collect();
    remove(headers, &named);
    remove(headers, &OF_THE_CONNECTION);
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(uri: &str, expected: Option<(&str, &str)>) {
        let got = split(&uri.parse().unwrap());
        let got = got.map(|(id, uri)| (id.to_string(), uri.to_string()));
        let got = got.as_ref().map(|(id, uri)| (id.as_str(), uri.as_str()));
        assert_eq!(got, expected);
    }

    #[test]
    fn a_plugin_sees_the_address_after_its_own_name() {
        check("/ext/visits", Some(("visits", "/")));
        check("/ext/visits?a=b", Some(("visits", "/?a=b")));
        check("/ext/visits/", Some(("visits", "/")));
        check("/ext/visits/a//b/../c?x=%20", Some(("visits", "/a//b/../c?x=%20")));
        check("/ext/Visits/a", None);
        check("/ext//a", None);
    }
}
