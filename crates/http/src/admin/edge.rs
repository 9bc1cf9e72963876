//! What every request to the admin passes: who it is, where it comes from, and what browsers are told.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_app::audit::record;

use super::failure::{AdminError, Failed, show};
use super::person::Person;
use super::visit::{Visit, is_secure};
use super::{cookies, sign_in};
use crate::api_edge::{Asked, turned_away_in_admin};
use crate::caller::audit_client;
use crate::security_headers;
use crate::session::CurrentSession;
use crate::state::AppState;

/// How long an unfinished sign-in is bound to its browser, in seconds.
const VISIT_SECONDS: u32 = 3_600;

/// Lets a request through with what is known of who sent it.
pub(super) async fn guard(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let session = request.extensions().get::<CurrentSession>();
    if let Some(person) = session.map(sign_in::person_of) {
        request.extensions_mut().insert(person);
    }
    let person = request.extensions().get::<Person>().cloned();
    let client = audit_client(request.headers(), request.extensions());
    let person = person.map(|it| Person { client, ..it });
    let asked = Asked::of_request(&request);
    let mut visit = Visit::of(&request);
    let begins = visit.secret.is_none() && person.is_none();
    if begins {
        visit.secret = Some(URL_SAFE_NO_PAD.encode(state.app.randomness.secret()));
    }
    let comes_from_here = comes_from_here(request.method(), request.headers());
    request.extensions_mut().insert(visit.clone());
    let mut response = if comes_from_here {
        next.run(request).await
    } else {
        AdminError::WrongForm.into_response()
    };
    if let Some(Failed(error)) = response.extensions_mut().remove::<Failed>() {
        response = show(&state, &visit, &error);
    }
    if let Some(person) = person.filter(|_| response.status() == StatusCode::FORBIDDEN)
        && let Some(deed) = turned_away_in_admin(&state, &asked)
    {
        record(&person.context(&state.app), deed).await;
    }
    finish(&state, &visit, begins, response.headers_mut());
    response
}

/// Whether a request that changes something comes from a page of this very site. Browsers say so in one of two headers;
/// what says nothing is no browser of these years, and has to know the token all the same.
pub(crate) fn comes_from_here(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text("origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text("host")
}

fn finish(state: &AppState, visit: &Visit, begins: bool, headers: &mut HeaderMap) {
    let is_redirect = headers.contains_key(header::LOCATION);
    let secure = is_secure(state);
    let mut add = |cookie: Option<HeaderValue>| {
        if let Some(cookie) = cookie {
            headers.append(header::SET_COOKIE, cookie);
        }
    };
    if visit.flash.is_some() && !is_redirect && !visit.by_script {
        add(cookies::write(cookies::FLASH, "", 0, secure));
    }
    if let Some(secret) = visit.secret.as_ref().filter(|_| begins) {
        add(cookies::write(cookies::VISIT, secret, VISIT_SECONDS, secure));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        security_headers::add_to_admin(headers);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method};

    use super::comes_from_here;

    #[track_caller]
    fn check(pairs: &[(&'static str, &str)], expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        assert_eq!(comes_from_here(&Method::POST, &headers), expected, "{pairs:?}");
        assert!(comes_from_here(&Method::GET, &headers));
    }

    #[test]
    fn what_changes_something_comes_from_a_page_of_this_site() {
        let host = ("host", "site.example");
        check(&[host, ("sec-fetch-site", "same-origin")], true);
        check(&[host, ("sec-fetch-site", "cross-site")], false);
        check(&[host, ("sec-fetch-site", "same-site")], false);
        check(&[host, ("origin", "https://site.example")], true);
        check(&[host, ("origin", "https://evil.example")], false);
        check(&[host, ("origin", "null")], false);
        check(&[host], true);
    }
}
