//! Signing in and out, and the first owner of a new site.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use smartcms_app::Fault;
use smartcms_app::people::{
    Client, CreateOwner, FinishSignIn, OWNER_PATH, PeopleError, SignIn, SignInOutcome, SignedIn,
    create_owner, finish_sign_in, list_providers, owner_link_is_good, passkeys_available, sign_in,
    sign_out,
};
use smartcms_app::ports::{AuditClient, ProviderName};
use smartcms_domain::people::SecretText;
use smartcms_pages::admin::{
    FirstOwnerPage, FlashKind, Mistake, OfferedProvider, SecondFactorPage, SignInPage,
};

use super::answer::{self, Answer};
use super::failure::AdminError;
use super::form::{Form, form_post};
use super::list::Pairs;
use super::person::Person;
use super::visit::Visit;
use crate::routing::get;
use crate::session::{CurrentSession, SIGN_IN_PATH, client_of, no_session_cookie, session_cookie};
use crate::state::AppState;

/// Where somebody is who has signed in.
const HOME: &str = "/admin";

/// The routes of those who have not signed in.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(SIGN_IN_PATH, get(show).merge(form_post(enter)))
        .route(OWNER_PATH, get(show_owner).merge(form_post(make_owner)))
        .route("/admin/sign-in/code", get(ask_code).merge(form_post(enter_code)))
        .route("/admin/sign-out", form_post(leave))
}

/// The person of a session.
pub(super) fn person_of(CurrentSession(session): &CurrentSession) -> Person {
    Person {
        actor: session.actor(),
        name: session.user.name.as_str().to_owned(),
        role: session.user.role.to_string(),
        form_token: session.form_token.reveal().to_owned(),
        client: AuditClient::default(),
    }
}

/// Who tries something.
pub(super) struct By(pub(super) Client);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(client_of(parts)))
    }
}

async fn show(State(state): State<AppState>, visit: Visit, Query(pairs): Pairs) -> Answer {
    if visit.is_known() {
        return Ok(Redirect::to(HOME).into_response());
    }
    let asked = |name: &str| pairs.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str());
    let mut mistakes = Vec::new();
    if let Some(code) = asked("problem") {
        mistakes.push(of_provider(&visit, code));
    }
    let next = asked("next").unwrap_or_default();
    answer::page(&state, &sign_in_page(&state, &visit, "", next, mistakes))
}

/// Why somebody came back from an identity provider without being let in.
fn of_provider(visit: &Visit, code: &str) -> Mistake {
    let text = match code {
        "people.too-often" | "people.busy" => "sign_in.later",
        "people.refused" => "sign_in.not_here",
        _ => "sign_in.not_now",
    };
    Mistake {
        input: "email".to_owned(),
        label: visit.say("sign_in.title", &[]),
        text: visit.say(text, &[]),
    }
}

async fn enter(State(state): State<AppState>, visit: Visit, By(client): By, form: Form) -> Answer {
    let (email, next) = (form.get("email").to_owned(), form.get("next").to_owned());
    let password = SecretText::new(form.get("password"));
    let command = SignIn { email: email.clone(), password, client };
    match sign_in(&state.app, command).await {
        Ok(SignInOutcome::SignedIn(signed_in)) => Ok(entered(&state, &signed_in, &next)),
        Ok(SignInOutcome::SecondFactor { ticket }) => {
            answer::page(&state, &code_page(&state, &visit, ticket.reveal(), &next, Vec::new()))
        }
        Err(error) => {
            let (status, text) = refused(&visit, error, "sign_in.wrong")?;
            let mistake =
                Mistake { input: "email".to_owned(), label: visit.say("person.email", &[]), text };
            let page = sign_in_page(&state, &visit, &email, &next, vec![mistake]);
            answer::page_with(&state, status, &page)
        }
    }
}

/// The second step of who comes from an identity provider. Without what the first step gave one begins with that.
async fn ask_code(State(state): State<AppState>, visit: Visit, Query(pairs): Pairs) -> Answer {
    match pairs.iter().find(|(it, _)| it == "ticket") {
        Some((_, ticket)) => {
            answer::page(&state, &code_page(&state, &visit, ticket, "", Vec::new()))
        }
        None => Ok(Redirect::to(SIGN_IN_PATH).into_response()),
    }
}

async fn enter_code(
    State(state): State<AppState>,
    visit: Visit,
    By(client): By,
    form: Form,
) -> Answer {
    let (ticket, next) = (form.get("ticket").to_owned(), form.get("next").to_owned());
    let code = form.get("code").trim().to_owned();
    let command = FinishSignIn { ticket: ticket.clone(), code, client };
    let error = match finish_sign_in(&state.app, command).await {
        Ok(signed_in) => return Ok(entered(&state, &signed_in, &next)),
        Err(error) => error,
    };
    if matches!(error, PeopleError::LinkNotGood) {
        let text = visit.say("sign_in.needed", &[]);
        return Ok(visit.news(&state, SIGN_IN_PATH, FlashKind::Warning, text));
    }
    let (status, text) = refused(&visit, error, "sign_in.code_wrong")?;
    let label = visit.say("sign_in.code", &[]);
    let mistake = Mistake { input: "code".to_owned(), label, text };
    let page = code_page(&state, &visit, &ticket, &next, vec![mistake]);
    answer::page_with(&state, status, &page)
}

async fn leave(
    State(state): State<AppState>,
    visit: Visit,
    session: CurrentSession,
    By(client): By,
    _: Form,
) -> Result<Response, AdminError> {
    sign_out(&state.app, &session.0, &client)
        .await
        .map_err(smartcms_app::entries::ContentError::Store)?;
    let mut response = visit.done(&state, SIGN_IN_PATH, "sign_in.out");
    response.headers_mut().append(header::SET_COOKIE, no_session_cookie(&state.app));
    Ok(response)
}

async fn show_owner(State(state): State<AppState>, visit: Visit, Query(pairs): Pairs) -> Answer {
    let secret = pairs.into_iter().find(|(it, _)| it == "link").map(|(_, it)| it);
    let secret = secret.unwrap_or_default();
    match owner_link_is_good(&state.app, &secret).await {
        Ok(true) => {
            answer::page(&state, &owner_page(&state, &visit, &Form::default(), &secret, Vec::new()))
        }
        Ok(false) => {
            let text = visit.say("owner.gone", &[]);
            Ok(visit.news(&state, SIGN_IN_PATH, FlashKind::Warning, text))
        }
        Err(error) => Err(AdminError::People(error)),
    }
}

async fn make_owner(
    State(state): State<AppState>,
    visit: Visit,
    By(client): By,
    form: Form,
) -> Answer {
    let secret = form.get("secret").to_owned();
    let command = CreateOwner {
        link: secret.clone(),
        email: form.get("email").trim().to_owned(),
        name: form.get("name").trim().to_owned(),
        password: SecretText::new(form.get("password")),
        client,
    };
    let error = match create_owner(&state.app, command).await {
        Ok(signed_in) => return Ok(entered(&state, &signed_in, "")),
        Err(error) => error,
    };
    if matches!(error, PeopleError::LinkNotGood | PeopleError::OwnerExists) {
        let text = visit.say("owner.gone", &[]);
        return Ok(visit.news(&state, SIGN_IN_PATH, FlashKind::Warning, text));
    }
    let mistake = |it: &smartcms_domain::Problem| {
        let input = it.field.clone().unwrap_or_default();
        let label = visit.say(&format!("person.{input}"), &[]);
        Mistake { input, label, text: it.message.clone() }
    };
    let mistakes: Vec<Mistake> = error.problems().iter().map(mistake).collect();
    if mistakes.is_empty() {
        return Err(AdminError::People(error));
    }
    let page = owner_page(&state, &visit, &form, &secret, mistakes);
    answer::page_with(&state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Sends somebody who has signed in to where they wanted to go, if that is a page of the admin.
pub(super) fn entered(state: &AppState, signed_in: &SignedIn, next: &str) -> Response {
    let mut response = Redirect::to(destination(next)).into_response();
    let cookie = session_cookie(&state.app, signed_in, true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Where somebody goes who has signed in: where they wanted to, if that is a page of the admin.
pub(super) fn destination(next: &str) -> &str {
    let below =
        next.strip_prefix(HOME).is_some_and(|it| it.is_empty() || it.starts_with(['/', '?']));
    if below { next } else { HOME }
}

/// What is said to somebody who was not let in. The words are the same whoever has an account.
fn refused(
    visit: &Visit,
    error: PeopleError,
    wrong: &str,
) -> Result<(StatusCode, String), AdminError> {
    match error {
        PeopleError::Refused => Ok((StatusCode::UNPROCESSABLE_ENTITY, visit.say(wrong, &[]))),
        PeopleError::TooOften { .. } | PeopleError::Busy => {
            Ok((StatusCode::TOO_MANY_REQUESTS, visit.say("sign_in.later", &[])))
        }
        other => Err(AdminError::People(other)),
    }
}

fn sign_in_page(
    state: &AppState,
    visit: &Visit,
    email: &str,
    next: &str,
    mistakes: Vec<Mistake>,
) -> SignInPage {
    let frame = visit.frame(state, visit.say("sign_in.title", &[]));
    let offered = |it: ProviderName| OfferedProvider { name: it.id, label: it.name };
    let providers = list_providers(&state.app).into_iter().map(offered).collect();
    SignInPage {
        frame,
        email: email.to_owned(),
        next: next.to_owned(),
        providers,
        passkeys: passkeys_available(&state.app),
        mistakes,
    }
}

pub(super) fn code_page(
    state: &AppState,
    visit: &Visit,
    ticket: &str,
    next: &str,
    mistakes: Vec<Mistake>,
) -> SecondFactorPage {
    let frame = visit.frame(state, visit.say("sign_in.code_title", &[]));
    SecondFactorPage { frame, ticket: ticket.to_owned(), next: next.to_owned(), mistakes }
}

fn owner_page(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    secret: &str,
    mistakes: Vec<Mistake>,
) -> FirstOwnerPage {
    FirstOwnerPage {
        frame: visit.frame(state, visit.say("owner.title", &[])),
        secret: secret.to_owned(),
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        mistakes,
    }
}
