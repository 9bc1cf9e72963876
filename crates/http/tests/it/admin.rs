//! The admin as somebody meets it who has signed in, without scripts.

mod account;
mod audit;
mod entries;
mod frame;
mod operate;
mod people;
mod rights;
mod roles;
mod structure;
mod users;

use axum::http::Method;
use smartcms_app::ports::AuditClient;
use smartcms_domain::actors::{Actor, Role, UserId};
use smartcms_http::AdminPerson;

use crate::client::{Answer, Site};

/// What the forms of the person bring back.
pub(crate) const TOKEN: &str = "token-of-the-session";

/// Somebody with a role.
pub(crate) fn person(role: Role) -> AdminPerson {
    let id = UserId::parse("01900000-0000-7000-8000-0000000000aa").unwrap();
    AdminPerson {
        role: role.name().to_owned(),
        actor: Actor::User { id, role },
        name: "Ada Reiher".to_owned(),
        form_token: TOKEN.to_owned(),
        client: AuditClient::default(),
    }
}

pub(crate) async fn get(site: &Site, role: Role, uri: &str) -> Answer {
    site.call(Method::GET, uri).signed_in(&person(role)).send().await
}

/// Sends a form with the token of the session.
pub(crate) async fn send(site: &Site, role: Role, uri: &str, pairs: &[(&str, &str)]) -> Answer {
    let pairs = [&[("csrf", TOKEN)], pairs].concat();
    site.call(Method::POST, uri).signed_in(&person(role)).form(&pairs).send().await
}

/// Stores an entry by the form; where it is edited.
async fn write(site: &Site, pairs: &[(&str, &str)]) -> String {
    let answer = send(site, Role::EDITOR, "/admin/content/posts/new", pairs).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}
