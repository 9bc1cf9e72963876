//! `/admin/account`: how a person signs in, where they are signed in, and their tokens.

mod codes;
mod passkeys;
mod sessions;
mod show;
mod tokens;

use axum::Router;
use axum::http::header;
use axum::response::Response;
use smartcms_app::people::{PeopleError, SignedIn};
use smartcms_pages::admin::{FlashKind, Tab};

use super::failure::AdminError;
use super::form::form_post;
use super::visit::Visit;
use crate::routing::get;
use crate::session::session_cookie;
use crate::state::AppState;

/// The first page of it.
pub(super) const ACCOUNT_PATH: &str = "/admin/account";
/// The tokens of the person.
pub(super) const TOKENS_PATH: &str = "/admin/account/tokens";
const SESSIONS_PATH: &str = "/admin/account/sessions";

/// The routes of a person's own account.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/account", get(show::show).merge(form_post(show::change)))
        .route("/admin/account/prove", get(show::back).merge(form_post(show::prove)))
        .route("/admin/account/codes", get(show::back).merge(form_post(codes::act)))
        .route("/admin/account/passkeys", form_post(passkeys::add))
        .route("/admin/account/passkeys/new", form_post(passkeys::begin))
        .route("/admin/account/passkeys/change", get(show::back).merge(form_post(passkeys::change)))
        .route("/admin/account/sessions", get(sessions::show).merge(form_post(sessions::end)))
        .route("/admin/account/tokens", get(tokens::show).merge(form_post(tokens::revoke)))
        .route("/admin/account/tokens/new", get(tokens::new).merge(form_post(tokens::make)))
}

/// The pages of the account.
fn tabs(visit: &Visit, current: &str) -> Vec<Tab> {
    let all = [
        ("account.sign_in", ACCOUNT_PATH),
        ("sessions.title", SESSIONS_PATH),
        ("tokens.title", TOKENS_PATH),
    ];
    let tab = |(key, url): (&str, &str)| Tab {
        label: visit.say(key, &[]),
        url: url.to_owned(),
        value: url.to_owned(),
        is_current: url == current,
    };
    all.map(tab).to_vec()
}

/// Sends the person on in a session that has just begun.
fn go_on(state: &AppState, visit: &Visit, signed_in: &SignedIn, key: &str) -> Response {
    let mut response = visit.done(state, ACCOUNT_PATH, key);
    add_session(state, signed_in, &mut response);
    response
}

fn add_session(state: &AppState, signed_in: &SignedIn, response: &mut Response) {
    let cookie = session_cookie(&state.app, signed_in, true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// Sends the person to where they prove again who they are, where that is what an action lacks.
fn or_prove(state: &AppState, visit: &Visit, error: PeopleError) -> Result<Response, AdminError> {
    let key = match error {
        PeopleError::ProveAgain => "account.prove_first",
        PeopleError::LinkNotGood => "totp.late",
        other => return Err(AdminError::People(other)),
    };
    Ok(visit.news(state, ACCOUNT_PATH, FlashKind::Warning, visit.say(key, &[])))
}
