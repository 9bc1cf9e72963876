//! `/admin/users`: who works on the site, for those who manage that.

mod invite;
mod list;
mod person;

use axum::Router;
use smartcms_app::ports::UserRecord;
use smartcms_app::roles::RoleView;
use smartcms_domain::actors::{Actor, UserId};
use smartcms_domain::people::{SecretText, UserState};
use smartcms_pages::admin::{LinkPage, UserRow};

use super::answer::{self, Answer};
use super::form::form_post;
use super::people_words::label_of;
use super::person::Person;
use super::visit::Visit;
use crate::routing::get;
use crate::state::AppState;

const URL: &str = "/admin/users";

/// The routes of it.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/users", get(list::show))
        .route("/admin/users/new", get(invite::new).merge(form_post(invite::invite)))
        .route("/admin/users/{id}", get(person::show).merge(form_post(person::change)))
}

fn row(visit: &Visit, roles: &[RoleView], looks: &Person, user: &UserRecord) -> UserRow {
    UserRow {
        url: url_of(user.id),
        name: user.name.as_str().to_owned(),
        email: user.email.to_string(),
        role: label_of(visit, roles, user.role.as_str()),
        state: match user.state {
            UserState::Disabled => "disabled",
            UserState::Active if has_come(user) => "active",
            UserState::Active => "invited",
        },
        has_totp: user.has_totp,
        passkeys: user.passkeys,
        signed_in_at: user
            .signed_in_at
            .map(smartcms_domain::Timestamp::as_millis)
            .unwrap_or_default(),
        is_self: is_self(looks, user.id),
    }
}

/// Whether somebody has anything to come in by.
fn has_come(user: &UserRecord) -> bool {
    user.has_password || user.passkeys > 0 || user.signed_in_at.is_some()
}

fn is_self(looks: &Person, id: UserId) -> bool {
    matches!(looks.actor, Actor::User { id: own, .. } if own == id)
}

fn url_of(id: UserId) -> String {
    format!("{URL}/{id}")
}

/// A link, shown this once.
fn show_link(
    state: &AppState,
    visit: &Visit,
    user: &UserRecord,
    link: &SecretText,
    is_invitation: bool,
) -> Answer {
    let title = if is_invitation { "users.invited_title" } else { "users.reset_title" };
    let (title, above) = (visit.say(title, &[]), visit.say("users.title", &[]));
    let page = LinkPage {
        frame: visit.frame_below(state, title, &[(&above, URL)]),
        name: user.name.as_str().to_owned(),
        email: user.email.to_string(),
        link: link.reveal().to_owned(),
        is_invitation,
        has_mail: state.app.people.has_mail(),
        back: url_of(user.id),
    };
    answer::page(state, &page)
}
