//! Choosing a password by a link, and asking for such a link.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use smartcms_app::Fault;
use smartcms_app::people::{
    PASSWORD_PATH, PasswordLink, PeopleError, SignInOutcome, UsePasswordLink, ask_password_reset,
    find_password_link, use_password_link,
};
use smartcms_domain::people::SecretText;
use smartcms_pages::admin::{FlashKind, ForgottenPage, Mistake, PasswordPage};

use super::answer::{self, Answer};
use super::failure::AdminError;
use super::form::{Form, form_post};
use super::list::Pairs;
use super::sign_in::{By, code_page, entered};
use super::visit::Visit;
use crate::routing::get;
use crate::session::SIGN_IN_PATH;
use crate::state::AppState;

/// Where somebody asks for a link who has forgotten their password.
const FORGOTTEN_PATH: &str = "/admin/forgotten";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PASSWORD_PATH, get(show).merge(form_post(choose)))
        .route(FORGOTTEN_PATH, get(show_forgotten).merge(form_post(ask)))
}

async fn show(State(state): State<AppState>, visit: Visit, Query(pairs): Pairs) -> Answer {
    let secret = pairs.into_iter().find(|(it, _)| it == "link").map(|(_, it)| it);
    let secret = secret.unwrap_or_default();
    match find_password_link(&state.app, &secret).await? {
        Some(link) => answer::page(&state, &page(&state, &visit, &link, &secret, Vec::new())),
        None => Ok(gone(&state, &visit)),
    }
}

async fn choose(State(state): State<AppState>, visit: Visit, By(client): By, form: Form) -> Answer {
    let secret = form.get("secret").to_owned();
    let Some(link) = find_password_link(&state.app, &secret).await? else {
        return Ok(gone(&state, &visit));
    };
    let password = SecretText::new(form.get("password"));
    let command = UsePasswordLink { link: secret.clone(), password, client };
    let error = match use_password_link(&state.app, command).await {
        Ok(SignInOutcome::SignedIn(signed_in)) => return Ok(entered(&state, &signed_in, "")),
        Ok(SignInOutcome::SecondFactor { ticket }) => {
            let page = code_page(&state, &visit, ticket.reveal(), "", Vec::new());
            return answer::page(&state, &page);
        }
        Err(error) => error,
    };
    if matches!(error, PeopleError::LinkNotGood) {
        return Ok(gone(&state, &visit));
    }
    let label = visit.say("person.password", &[]);
    let mistake = |it: &smartcms_domain::Problem| Mistake {
        input: "password".to_owned(),
        label: label.clone(),
        text: it.message.clone(),
    };
    let mistakes: Vec<Mistake> = error.problems().iter().map(mistake).collect();
    if mistakes.is_empty() {
        return Err(AdminError::People(error));
    }
    let page = page(&state, &visit, &link, &secret, mistakes);
    answer::page_with(&state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn show_forgotten(State(state): State<AppState>, visit: Visit) -> Answer {
    let frame = visit.frame(&state, visit.say("forgotten.title", &[]));
    answer::page(&state, &ForgottenPage { frame })
}

/// The answer is the same whoever has an account, and whatever was typed.
async fn ask(State(state): State<AppState>, visit: Visit, By(client): By, form: Form) -> Answer {
    match ask_password_reset(&state.app, form.get("email").trim(), &client).await {
        Ok(()) => Ok(visit.done(&state, SIGN_IN_PATH, "forgotten.asked")),
        Err(PeopleError::TooOften { .. } | PeopleError::Busy) => {
            let text = visit.say("sign_in.later", &[]);
            Ok(visit.news(&state, FORGOTTEN_PATH, FlashKind::Warning, text))
        }
        Err(error) => Err(AdminError::People(error)),
    }
}

fn gone(state: &AppState, visit: &Visit) -> axum::response::Response {
    let text = visit.say("password.gone", &[]);
    visit.news(state, FORGOTTEN_PATH, FlashKind::Warning, text)
}

fn page(
    state: &AppState,
    visit: &Visit,
    link: &PasswordLink,
    secret: &str,
    mistakes: Vec<Mistake>,
) -> PasswordPage {
    PasswordPage {
        frame: visit.frame(state, visit.say("password.title", &[])),
        secret: secret.to_owned(),
        email: link.user.email.to_string(),
        is_invitation: link.is_invitation,
        mistakes,
    }
}
