//! `GET` and `POST /admin/tokens`: the tokens of everybody.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use smartcms_app::ports::TokenRecord;
use smartcms_app::roles::{RoleView, list_roles};
use smartcms_app::tokens::{list_tokens, revoke_token};
use smartcms_domain::Timestamp;
use smartcms_pages::admin::{TokenRow, TokensPage};

use super::answer::{self, Answer};
use super::failure::AdminError;
use super::form::{Form, form_post};
use super::names::Names;
use super::people_words::label_of;
use super::person::Person;
use super::visit::Visit;
use crate::routing::get;
use crate::state::AppState;

const URL: &str = "/admin/tokens";

/// The routes of it.
pub(super) fn router() -> Router<AppState> {
    Router::new().route("/admin/tokens", get(show).merge(form_post(revoke)))
}

/// Shows them to one who manages the site: the others have a page of their own tokens.
async fn show(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let ctx = person.context(&state.app);
    let (tokens, roles) = (list_tokens(&ctx).await?, list_roles(&ctx).await?);
    let authors: Vec<String> = tokens.iter().map(author).collect();
    let names = Names::of(&state, &visit, authors.iter().map(String::as_str)).await;
    let now = state.app.clock.now();
    let rows = tokens.iter().zip(&authors);
    let page = TokensPage {
        frame: visit.frame(&state, visit.say("tokens.title", &[])),
        tabs: Vec::new(),
        url: URL,
        is_of_all: true,
        rows: rows.map(|(it, author)| row(&visit, &roles, it, names.get(author), now)).collect(),
    };
    answer::page(&state, &page)
}

/// Takes one away.
async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Result<Response, AdminError> {
    let ("revoke", name) = form.action() else { return Err(AdminError::NotFound) };
    revoke_token(&person.context(&state.app), name).await?;
    Ok(visit.done(&state, URL, "tokens.revoked"))
}

/// A token, as pages show it.
pub(super) fn row(
    visit: &Visit,
    roles: &[RoleView],
    token: &TokenRecord,
    made_by: String,
    now: Timestamp,
) -> TokenRow {
    TokenRow {
        name: token.name.clone(),
        role: label_of(visit, roles, token.role.as_str()),
        scopes: token.scopes.iter().flatten().map(ToString::to_string).collect(),
        made_by,
        created_at: token.created_at.as_millis(),
        expires_at: token.expires_at.map(smartcms_domain::Timestamp::as_millis).unwrap_or_default(),
        is_over: token.expires_at.is_some_and(|it| it <= now),
    }
}

fn author(token: &TokenRecord) -> String {
    token.made_by.map_or_else(|| "operator".to_owned(), |id| format!("user {id}"))
}
