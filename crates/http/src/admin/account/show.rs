//! `GET` and `POST /admin/account`: name, password, and what else lets the person in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_app::people::{
    ChangePassword, PeopleError, Session, change_password, list_passkeys, passkeys_available,
    prove_again, rename_user,
};
use smartcms_app::ports::PasskeyRecord;
use smartcms_domain::people::SecretText;
use smartcms_pages::admin::{AccountPage, Mistake, PasskeyRow};

use super::{ACCOUNT_PATH, go_on, or_prove, tabs};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::{mistake, mistakes_of};
use crate::admin::person::Person;
use crate::admin::sign_in::By;
use crate::admin::visit::Visit;
use crate::session::CurrentSession;
use crate::state::AppState;

/// Shows it.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
) -> Answer {
    answer::page(&state, &page(&state, &visit, &session, Vec::new()).await?)
}

/// A page that was the answer to a form is not there when it is asked for by itself.
pub(super) async fn back(_: Person) -> Redirect {
    Redirect::to(ACCOUNT_PATH)
}

/// Changes the name or the password.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
    By(client): By,
    form: Form,
) -> Answer {
    let outcome = match form.action().0 {
        "name" => {
            let ctx = person.context(&state.app);
            let renamed = rename_user(&ctx, session.user.id, form.get("name").trim()).await;
            renamed.map(|_| visit.done(&state, ACCOUNT_PATH, "account.name_saved"))
        }
        "password" => {
            let command = ChangePassword {
                current: SecretText::new(form.get("current")),
                new: SecretText::new(form.get("password")),
                client,
            };
            let changed = change_password(&state.app, &session, command).await;
            changed.map(|it| go_on(&state, &visit, &it, "account.password_changed"))
        }
        _ => return Err(AdminError::NotFound),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(error) => refused(&state, &visit, &session, "current", error).await,
    }
}

/// Proves again who somebody is.
pub(super) async fn prove(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    By(client): By,
    form: Form,
) -> Answer {
    let password = SecretText::new(form.get("proof"));
    match prove_again(&state.app, &session, &password, &client).await {
        Ok(signed_in) => Ok(go_on(&state, &visit, &signed_in, "account.proved")),
        Err(error) => refused(&state, &visit, &session, "proof", error).await,
    }
}

/// The page with what was wrong. `password` is the input of the password that has to fit.
async fn refused(
    state: &AppState,
    visit: &Visit,
    session: &Session,
    password: &str,
    error: PeopleError,
) -> Result<Response, AdminError> {
    let (status, mistakes) = match error {
        PeopleError::Refused => {
            let text = visit.say("account.wrong_password", &[]);
            (StatusCode::UNPROCESSABLE_ENTITY, vec![mistake(visit, password, text)])
        }
        error @ PeopleError::ProveAgain => return or_prove(state, visit, error),
        error => mistakes_of(visit, error)?,
    };
    let page = page(state, visit, session, mistakes).await?;
    answer::page_with(state, status, &page).map(IntoResponse::into_response)
}

async fn page(
    state: &AppState,
    visit: &Visit,
    session: &Session,
    mistakes: Vec<Mistake>,
) -> Result<AccountPage, AdminError> {
    let user = &session.user;
    let passkeys = list_passkeys(&state.app, session).await?;
    Ok(AccountPage {
        frame: visit.frame(state, visit.say("nav.account", &[])),
        tabs: tabs(visit, ACCOUNT_PATH),
        name: user.name.as_str().to_owned(),
        email: user.email.to_string(),
        is_fresh: session.is_fresh(state.app.clock.now()),
        has_password: user.has_password,
        has_totp: user.has_totp,
        recovery_codes: user.recovery_codes,
        passkeys_available: passkeys_available(&state.app),
        passkeys: passkeys.iter().map(row).collect(),
        mistakes,
    })
}

fn row(passkey: &PasskeyRecord) -> PasskeyRow {
    PasskeyRow {
        id: URL_SAFE_NO_PAD.encode(&passkey.id),
        name: passkey.name.clone(),
        created_at: passkey.created_at.as_millis(),
        used_at: passkey.used_at.map(smartcms_domain::Timestamp::as_millis).unwrap_or_default(),
    }
}
