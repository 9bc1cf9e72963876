//! Making tokens and taking them away.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::App;
use smartcms_app::tokens::{CreateToken, create_token, get_token, revoke_token};
use smartcms_domain::Problem;
use smartcms_domain::actors::{RoleName, Scope};

use super::body::TokenBody;
use super::read::answer;
use crate::body::{read_object, read_optional_object};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// `POST /api/v1/tokens`: `{"name", "role", "scopes"?, "expires_at"?}`. The answer has the secret, which is told once.
pub(super) async fn create(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let (name, role) = (members.text("name"), members.text("role"));
    let (scopes, expires_at) = (members.texts("scopes"), members.time("expires_at"));
    for (member, value) in [("name", &name), ("role", &role)] {
        if value.is_none() {
            members.missing(member);
        }
    }
    members.finish()?;
    let (name, role) = (name.unwrap_or_default(), role.unwrap_or_default());
    let role = RoleName::parse(&role).map_err(|error| refused("role", error.to_string()))?;
    let scopes = scopes.map(|it| parsed(&it)).transpose()?;
    let ctx = caller.context(&app);
    let command = CreateToken { name: name.clone(), role, scopes, expires_at };
    let secret = create_token(&ctx, command).await?;
    let record = get_token(&ctx, &name).await?;
    let mut response = answer(StatusCode::CREATED, &TokenBody::new(&record, Some(&secret)));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/tokens/{}", encoded(&name))) {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `DELETE /api/v1/tokens/{name}`: the next request with it is refused.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    read_optional_object(&headers, body).await?.finish()?;
    revoke_token(&caller.context(&app), &name).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn parsed(texts: &[String]) -> Result<Vec<Scope>, HttpProblem> {
    let scopes: Result<Vec<Scope>, _> = texts.iter().map(|it| it.parse()).collect();
    scopes
        .map_err(|error: smartcms_domain::actors::ScopeError| refused("scopes", error.to_string()))
}

fn refused(field: &str, message: String) -> HttpProblem {
    let problem = Problem::field(field, "malformed", message.clone());
    HttpProblem::bad_request("request.body", message).with_problems(vec![problem])
}

/// A name as one part of a path.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}"); // Writing to a string cannot fail.
        }
    }
    text
}
