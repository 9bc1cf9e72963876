//! Sessions of people at the browser: a cookie, and what becomes of it.
//!
//! A browser sends cookies along with every request, also with those that other sites make it send. So the API knows
//! bearers alone, and cookies count below [`COOKIES_COUNT_BELOW`] and nowhere else; there, forms carry a token.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use smartcms_app::App;
use smartcms_app::entries::ContentError;
use smartcms_app::people::{Client, Session, SignedIn, session};
use smartcms_domain::actors::Actor;
use smartcms_domain::people::SecretText;

use crate::api_edge::ClientAddress;
use crate::caller::{Caller, audit_client};
use crate::problem::HttpProblem;
use crate::state::AppState;

/// Where cookies count.
pub(crate) const COOKIES_COUNT_BELOW: &str = "/admin";
/// Where people sign in.
pub(crate) const SIGN_IN_PATH: &str = "/admin/sign-in";

/// What the names of cookies begin with over TLS: no other host, and no page without TLS, can set such a one. Without TLS,
/// on this machine, browsers do not take them.
const SECURE_PREFIX: &str = "__Host-";
/// The cookie of a session.
const SESSION: &str = "smartcms_session";
/// The cookie of who is away at an identity provider.
const PROVIDER: &str = "smartcms_provider";

/// The session that a request comes in.
#[derive(Debug, Clone)]
pub(crate) struct CurrentSession(pub(crate) Session);

/// Finds out once who sends a request for the admin: whose session its cookie opens, or nobody's. A token is no way into
/// the admin.
pub(crate) async fn know_session(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let found = match secret_of(&state.app, request.headers()) {
        Some(secret) => session(&state.app, secret.reveal()).await,
        None => Ok(None),
    };
    let session = match found {
        Ok(session) => session,
        Err(error) => return HttpProblem::from(ContentError::Store(error)).into_response(),
    };
    let came_from = audit_client(request.headers(), request.extensions());
    let actor = session.as_ref().map_or(Actor::Anonymous, Session::actor);
    request.extensions_mut().insert(Caller(actor, came_from));
    if let Some(session) = session {
        request.extensions_mut().insert(CurrentSession(session));
    }
    next.run(request).await
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = Response;

    /// Sends those who are not signed in to where they sign in, and from there back.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| to_sign_in(parts).into_response())
    }
}

/// Who sends a request, for the operations on people.
pub(crate) fn client_of(parts: &Parts) -> Client {
    let said = parts.headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    Client {
        address: parts.extensions.get::<ClientAddress>().map(|it| it.0),
        user_agent: said.unwrap_or_default().to_owned(),
    }
}

/// The cookie that carries a session from now on. It lives as long as the browser is open or the session lives, whichever
/// the person chose.
pub(crate) fn session_cookie(app: &App, signed_in: &SignedIn, remember: bool) -> HeaderValue {
    let left = signed_in.expires_at.as_millis().saturating_sub(app.clock.now().as_millis());
    let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
    cookie(app, signed_in.secret.reveal(), remember.then_some(left))
}

/// The cookie that takes the session's away.
pub(crate) fn no_session_cookie(app: &App) -> HeaderValue {
    cookie(app, "", Some(Duration::ZERO))
}

/// What a browser keeps while somebody is away at an identity provider.
pub(crate) fn provider_cookie(app: &App, secret: &str, seconds: u64) -> HeaderValue {
    named_cookie(app, PROVIDER, secret, Some(Duration::from_secs(seconds)))
}

/// What it kept.
pub(crate) fn cookie_of(app: &App, headers: &HeaderMap) -> Option<String> {
    named_value(app, PROVIDER, headers).map(str::to_owned)
}

fn to_sign_in(parts: &Parts) -> Redirect {
    // Somebody comes back to a page, and not into the middle of sending a form.
    let back = match parts.method {
        Method::GET | Method::HEAD => parts.uri.path_and_query().map_or("", |it| it.as_str()),
        _ => COOKIES_COUNT_BELOW,
    };
    Redirect::to(&format!("{SIGN_IN_PATH}?next={}", in_query(back)))
}

/// A text as the value of a query.
pub(crate) fn in_query(text: &str) -> String {
    use std::fmt::Write as _;
    let mut coded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            let _ = write!(coded, "%{byte:02X}"); // Writing to a string cannot fail.
        }
    }
    coded
}

fn cookie(app: &App, value: &str, max_age: Option<Duration>) -> HeaderValue {
    named_cookie(app, SESSION, value, max_age)
}

fn named_cookie(app: &App, what: &str, value: &str, max_age: Option<Duration>) -> HeaderValue {
    let (prefix, secure) = if is_secure(app) { (SECURE_PREFIX, "; Secure") } else { ("", "") };
    let age = max_age.map(|it| format!("; Max-Age={}", it.as_secs())).unwrap_or_default();
    // `Lax`: a link in a mail leads in. What changes something is a form with a token.
    let text = format!("{prefix}{what}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The secret that a request carries.
fn secret_of(app: &App, headers: &HeaderMap) -> Option<SecretText> {
    named_value(app, SESSION, headers).map(SecretText::new)
}

/// The value of a cookie. Two of the name count for nothing: one of them is not ours.
fn named_value<'a>(app: &App, what: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    let prefix = if is_secure(app) { SECURE_PREFIX } else { "" };
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let pairs = lines.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    let ours = |key: &str| key.strip_prefix(prefix) == Some(what);
    let mut values = pairs.filter(|(key, _)| ours(key)).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// Whether browsers reach this site over TLS, as its configured address says.
fn is_secure(app: &App) -> bool {
    app.site.base_url.starts_with("https://")
}

#[cfg(test)]
mod tests;
