//! Signing in by an identity provider: the way there and the way back, both of which lead on to other pages.

use std::error::Error as _;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use smartcms_app::Fault;
use smartcms_app::people::{
    FinishProviderSignIn, PeopleError, SignInOutcome, begin_provider_sign_in,
    finish_provider_sign_in,
};

use crate::routing::get;
use crate::session::{
    COOKIES_COUNT_BELOW, SIGN_IN_PATH, client_of, cookie_of, in_query, provider_cookie,
    session_cookie,
};
use crate::state::AppState;
use smartcms_domain::with_causes;

/// What the code page is asked with, where a code is needed too: `?ticket=`.
const CODE_PATH: &str = "/admin/sign-in/code";
/// How long somebody may take at the provider, in seconds.
const AWAY_SECONDS: u64 = 600;

/// What a provider sends back.
#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/sign-in/with/{provider}", get(begin))
        .route("/admin/sign-in/with/{provider}/back", get(finish))
}

async fn begin(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match begin_provider_sign_in(&state.app, &provider, &client_of(&parts)).await {
        Ok(visit) => {
            let kept = provider_cookie(&state.app, visit.browser_secret.reveal(), AWAY_SECONDS);
            lead_to(&visit.url, &[kept])
        }
        Err(error) => back_to_sign_in(&error),
    }
}

async fn finish(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Query(back): Query<Back>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let command = FinishProviderSignIn {
        provider,
        state: back.state,
        code: back.code,
        browser_secret: cookie_of(&state.app, &parts.headers).unwrap_or_default(),
        client: client_of(&parts),
    };
    let over = provider_cookie(&state.app, "", 0);
    match finish_provider_sign_in(&state.app, command).await {
        Ok(SignInOutcome::SignedIn(signed_in)) => {
            let begun = session_cookie(&state.app, &signed_in, true);
            lead_to(COOKIES_COUNT_BELOW, &[over, begun])
        }
        Ok(SignInOutcome::SecondFactor { ticket }) => {
            lead_to(&format!("{CODE_PATH}?ticket={}", in_query(ticket.reveal())), &[over])
        }
        Err(error) => back_to_sign_in(&error),
    }
}

/// The page where people sign in says why in its own words.
fn back_to_sign_in(error: &PeopleError) -> Response {
    if error.source().is_some() {
        let (code, cause) = (error.code(), with_causes(error));
        tracing::warn!(code, cause, "somebody was not signed in by an identity provider");
    }
    lead_to(&format!("{SIGN_IN_PATH}?problem={}", in_query(error.code())), &[])
}

fn lead_to(url: &str, cookies: &[HeaderValue]) -> Response {
    let mut response = Redirect::to(url).into_response();
    let headers = response.headers_mut();
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
