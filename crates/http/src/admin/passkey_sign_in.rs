//! Signing in with a passkey: two requests of a script, before which nobody is known.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::{Extension, Router};
use serde_json::{Value, json};
use smartcms_app::people::{
    PasskeyQuestion, PasskeySignIn, PeopleError, begin_passkey_sign_in, sign_in_with_passkey,
    sign_out,
};

use super::answer::{self, Answer};
use super::failure::AdminError;
use super::form::{Script, form_post};
use super::sign_in::{By, destination};
use super::visit::Visit;
use crate::session::{CurrentSession, session_cookie};
use crate::state::AppState;

/// The routes of a sign-in by passkey.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/sign-in/passkey", form_post(enter))
        .route("/admin/sign-in/passkey/new", form_post(begin))
}

async fn begin(State(state): State<AppState>, visit: Visit, By(client): By, _: Script) -> Answer {
    match begin_passkey_sign_in(&state.app, &client).await {
        Ok(question) => asked(&question),
        Err(error) => refused(&visit, error),
    }
}

/// Lets somebody in. Who was in already has proved again who they are, and goes on in the new session alone.
async fn enter(
    State(state): State<AppState>,
    visit: Visit,
    By(client): By,
    before: Option<Extension<CurrentSession>>,
    Script(body): Script,
) -> Answer {
    let command = PasskeySignIn {
        ticket: text(&body, "ticket"),
        answer: text(&body, "answer"),
        client: client.clone(),
    };
    let signed_in = match sign_in_with_passkey(&state.app, command).await {
        Ok(signed_in) => signed_in,
        Err(error) => return refused(&visit, error),
    };
    if let Some(Extension(CurrentSession(before))) = before {
        let ended = sign_out(&state.app, &before, &client).await;
        ended.map_err(|error| AdminError::People(error.into()))?;
    }
    let next = text(&body, "next");
    let mut response = answer::json(&json!({ "to": destination(&next) }));
    let cookie = session_cookie(&state.app, &signed_in, true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A question to a browser.
pub(super) fn asked(asked: &PasskeyQuestion) -> Answer {
    let question: Value = serde_json::from_str(&asked.question)
        .map_err(|error| AdminError::BadForm(error.to_string()))?;
    Ok(answer::json(&json!({ "ticket": asked.ticket.reveal(), "question": question })))
}

/// A text of what a script sent; empty for none.
pub(super) fn text(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Why a passkey was not accepted, in a line that the script shows.
pub(super) fn refused(visit: &Visit, error: PeopleError) -> Answer {
    let (status, key) = match error {
        PeopleError::ProveAgain => (StatusCode::FORBIDDEN, "account.prove_first"),
        PeopleError::Refused | PeopleError::LinkNotGood | PeopleError::Passkey(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "passkey.refused")
        }
        PeopleError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "passkey.too_many"),
        PeopleError::TooOften { .. } | PeopleError::Busy => {
            (StatusCode::TOO_MANY_REQUESTS, "sign_in.later")
        }
        other => return Err(AdminError::People(other)),
    };
    Ok(answer::line(status, visit.say(key, &[])))
}
