//! `/admin/account/passkeys`: what a browser asks and answers for a new passkey, and what is done with those that there are.

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use smartcms_app::people::{
    AddPasskey, PeopleError, add_passkey, begin_passkey, remove_passkey, rename_passkey,
};
use smartcms_pages::admin::FlashKind;

use super::{ACCOUNT_PATH, or_prove};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::{Form, Script};
use crate::admin::passkey_sign_in::{asked, refused, text};
use crate::admin::sign_in::By;
use crate::admin::visit::Visit;
use crate::session::CurrentSession;
use crate::state::AppState;

/// What the browser is asked.
pub(super) async fn begin(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    _: Script,
) -> Answer {
    match begin_passkey(&state.app, &session).await {
        Ok(question) => asked(&question),
        Err(error) => refused(&visit, error),
    }
}

/// Takes over what it answered.
pub(super) async fn add(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    By(client): By,
    Script(body): Script,
) -> Answer {
    let command = AddPasskey {
        ticket: text(&body, "ticket"),
        answer: text(&body, "answer"),
        name: text(&body, "name"),
        client,
    };
    if let Err(error) = add_passkey(&state.app, &session, command).await {
        return refused(&visit, error);
    }
    let mut response = answer::json(&json!({ "to": ACCOUNT_PATH }));
    let told = visit.done(&state, ACCOUNT_PATH, "passkey.is_added");
    for cookie in told.headers().get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}

/// Renames one, or takes it away.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    By(client): By,
    form: Form,
) -> Result<Response, AdminError> {
    let id = URL_SAFE_NO_PAD.decode(form.get("id")).map_err(|_| AdminError::NotFound)?;
    let app = &state.app;
    let (outcome, key) = match form.action().0 {
        "rename" => {
            let name = form.get("name");
            (rename_passkey(app, &session, &id, name, &client).await, "passkey.renamed")
        }
        "remove" => (remove_passkey(app, &session, &id, &client).await, "passkey.removed"),
        _ => return Err(AdminError::NotFound),
    };
    match outcome {
        Ok(()) => Ok(visit.done(&state, ACCOUNT_PATH, key)),
        Err(PeopleError::Invalid(problems)) => {
            let text = problems.into_iter().next().map(|it| it.message).unwrap_or_default();
            Ok(visit.news(&state, ACCOUNT_PATH, FlashKind::Failed, text))
        }
        Err(error) => or_prove(&state, &visit, error),
    }
}
