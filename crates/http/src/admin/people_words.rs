//! What pages about people say: which browser a session is in, what a role is called, what is wrong with a form.

use axum::http::StatusCode;
use smartcms_app::people::{PeopleError, ShownSession};
use smartcms_app::roles::RoleView;
use smartcms_domain::actors::Role;
use smartcms_pages::admin::{ChoiceContext, Mistake, SessionRow};
use uuid::Uuid;

use super::failure::AdminError;
use super::visit::Visit;

/// How much is shown of what a program says of itself that we do not know, in characters.
const UNKNOWN_LEN_MAX: usize = 60;
/// What browsers have in what they say of themselves, the particular ones before those that they all name.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
/// The same of systems.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// A session, as pages show it.
pub(super) fn session_row(
    visit: &Visit,
    session: &ShownSession,
    current: Option<Uuid>,
) -> SessionRow {
    SessionRow {
        id: session.id.to_string(),
        browser: browser(visit, &session.user_agent),
        address: session.address.clone().unwrap_or_default(),
        created_at: session.created_at.as_millis(),
        seen_at: session.seen_at.as_millis(),
        is_current: current == Some(session.id),
    }
}

/// A browser in a few words, from what it says of itself. Nothing depends on it.
pub(super) fn browser(visit: &Visit, said: &str) -> String {
    let named = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            visit.say("sessions.on", &[("browser", browser), ("system", system)])
        }
        (Some(browser), None) => browser.to_owned(),
        _ if said.is_empty() => visit.say("sessions.unknown_browser", &[]),
        _ => said.chars().take(UNKNOWN_LEN_MAX).collect(),
    }
}

/// What people call a role.
pub(super) fn role_label(visit: &Visit, role: &Role) -> String {
    match role {
        Role::BuiltIn(rank) => visit.say(&format!("role.{}", rank.name()), &[]),
        Role::Custom(role) => role.label.clone(),
    }
}

/// What people call the role with this name; the name itself for one that is not there.
pub(super) fn label_of(visit: &Visit, roles: &[RoleView], name: &str) -> String {
    let found = roles.iter().find(|it| it.role.name() == name);
    found.map_or_else(|| name.to_owned(), |it| role_label(visit, &it.role))
}

/// Roles to choose from.
pub(super) fn role_choices(visit: &Visit, roles: &[RoleView], chosen: &str) -> Vec<ChoiceContext> {
    let choice = |it: &RoleView| ChoiceContext {
        value: it.role.name().to_owned(),
        label: role_label(visit, &it.role),
        selected: it.role.name() == chosen,
    };
    roles.iter().map(choice).collect()
}

/// What is wrong with one input.
pub(super) fn mistake(visit: &Visit, input: &str, text: String) -> Mistake {
    let label = match input {
        "role" => "users.role",
        "code" => "totp.code",
        "current" => "account.current",
        "proof" | "password" => "person.password",
        "name" => "users.name",
        "email" => "person.email",
        "ends" => "tokens.ends",
        "scoped" => "tokens.scope",
        "label" => "roles.label",
        "base" => "roles.base",
        _ => return Mistake { input: String::new(), label: String::new(), text },
    };
    Mistake { input: input.to_owned(), label: visit.say(label, &[]), text }
}

/// What an error on people says of a form; one that is no mistake of its person is handed back.
pub(super) fn mistakes_of(
    visit: &Visit,
    error: PeopleError,
) -> Result<(StatusCode, Vec<Mistake>), AdminError> {
    let one = |status, input: &str, key: &str| {
        Ok((status, vec![mistake(visit, input, visit.say(key, &[]))]))
    };
    match error {
        PeopleError::EmailTaken(_) => one(StatusCode::CONFLICT, "email", "users.taken"),
        PeopleError::LastOwner => one(StatusCode::CONFLICT, "role", "users.last_owner"),
        PeopleError::Role(smartcms_app::roles::RoleError::Beyond { .. }) => {
            one(StatusCode::FORBIDDEN, "role", "users.role_beyond")
        }
        PeopleError::TooOften { .. } | PeopleError::Busy => {
            one(StatusCode::TOO_MANY_REQUESTS, "", "sign_in.later")
        }
        PeopleError::Invalid(problems) => {
            let of = |it: &smartcms_domain::Problem| {
                mistake(visit, it.field.as_deref().unwrap_or_default(), it.message.clone())
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, problems.iter().map(of).collect()))
        }
        other => Err(AdminError::People(other)),
    }
}
