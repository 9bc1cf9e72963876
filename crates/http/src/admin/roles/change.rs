//! `GET` and `POST /admin/roles/new` and `/admin/roles/{name}`: making a role, changing one, taking one away.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use smartcms_app::roles::{RoleError, RoleView, SeenRole, get_role, remove_role, save_role};
use smartcms_domain::Problem;
use smartcms_domain::actors::{Held, Rank, Role};
use smartcms_domain::entries::Revision;
use smartcms_pages::admin::{FlashKind, Mistake};

use super::URL;
use super::document::{document_of, reach_input};
use super::form_page::ShownRole;
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::mistake;
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// The name that the address of the form has.
const NEW: &str = "new";

/// A form for a new one.
pub(super) async fn new(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let document = json!({ "label": "", "base": Rank::Contributor.name() });
    let page = shown_new(&document, "", Vec::new()).page(&state, &visit);
    answer::page(&state, &page)
}

/// Shows one.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
) -> Answer {
    let view = get_role(&person.context(&state.app), &name).await?;
    let document = document_of_view(&view);
    answer::page(&state, &shown(&person, &view, &document, Vec::new()).page(&state, &visit))
}

/// Makes one.
pub(super) async fn make(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let name = form.get("name").trim().to_owned();
    let document = document_of(&form);
    let ctx = person.context(&state.app);
    let error = if name == NEW {
        RoleError::Unknown(name.clone())
    } else {
        match save_role(&ctx, &name, &document, SeenRole::Nothing).await {
            Ok((_, record)) => {
                let url = format!("{URL}/{}", record.role.name);
                return Ok(visit.done(&state, &url, "roles.saved"));
            }
            Err(error) => error,
        }
    };
    let (status, mistakes) = mistakes_of(&state, &visit, error)?;
    let page = shown_new(&document, &name, mistakes).page(&state, &visit);
    answer::page_with(&state, status, &page)
}

/// Stores it as the form has it, or takes it away.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
    form: Form,
) -> Answer {
    let seen = form.get("revision").parse().map(Revision::new);
    let seen = seen.map_err(|_| AdminError::NotFound)?;
    match form.action().0 {
        "save" => save(&state, &visit, &person, &name, seen, &form).await,
        "remove" => remove(&state, &visit, &person, &name, seen).await,
        _ => Err(AdminError::NotFound),
    }
}

async fn save(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    name: &str,
    seen: Revision,
    form: &Form,
) -> Answer {
    let (ctx, document) = (person.context(&state.app), document_of(form));
    let url = format!("{URL}/{name}");
    let saved = save_role(&ctx, name, &document, SeenRole::State(seen)).await;
    let Err(error) = saved else { return Ok(visit.done(state, &url, "roles.saved")) };
    let (status, mistakes) = mistakes_of(state, visit, error)?;
    let view = get_role(&ctx, name).await?;
    answer::page_with(state, status, &shown(person, &view, &document, mistakes).page(state, visit))
}

async fn remove(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    name: &str,
    seen: Revision,
) -> Result<Response, AdminError> {
    let text = match remove_role(&person.context(&state.app), name, Some(seen)).await {
        Ok(()) => return Ok(visit.done(state, URL, "roles.removed")),
        Err(RoleError::InUse { people, tokens, .. }) => {
            let (people, tokens) = (people.to_string(), tokens.to_string());
            visit.say("roles.in_use", &[("people", &people), ("tokens", &tokens)])
        }
        Err(RoleError::Stale(_)) => visit.say("roles.stale", &[]),
        Err(error) => return Err(error.into()),
    };
    Ok(visit.news(state, &format!("{URL}/{name}"), FlashKind::Failed, text))
}

fn shown_new<'a>(document: &'a Value, name: &'a str, mistakes: Vec<Mistake>) -> ShownRole<'a> {
    ShownRole {
        document,
        name,
        revision: 0,
        is_new: true,
        beyond: Vec::new(),
        may_change: true,
        mistakes,
    }
}

fn shown<'a>(
    person: &Person,
    view: &'a RoleView,
    document: &'a Value,
    mistakes: Vec<Mistake>,
) -> ShownRole<'a> {
    let held = person.actor.held();
    let beyond = held.map(|it| it.beyond(&Held::of(&view.role))).unwrap_or_default();
    let is_own = view.record.is_some();
    ShownRole {
        document,
        name: view.role.name(),
        revision: view.record.as_ref().map(|it| it.revision.number()).unwrap_or_default(),
        is_new: false,
        may_change: is_own && person.actor.may_manage_site() && beyond.is_empty(),
        beyond,
        mistakes,
    }
}

fn document_of_view(view: &RoleView) -> Value {
    match &view.role {
        Role::Custom(role) => role.document(),
        Role::BuiltIn(rank) => json!({ "label": rank.name(), "base": rank.name() }),
    }
}

/// What an error says of the form; one that is no mistake of its person is handed back.
fn mistakes_of(
    state: &AppState,
    visit: &Visit,
    error: RoleError,
) -> Result<(StatusCode, Vec<Mistake>), AdminError> {
    let one = |status, input: &str, text: String| Ok((status, vec![mistake(visit, input, text)]));
    let say = |key: &str| visit.say(key, &[]);
    match error {
        RoleError::BadName(_) | RoleError::Unknown(_) | RoleError::BuiltIn(_) => {
            one(StatusCode::UNPROCESSABLE_ENTITY, "name", say("roles.bad_name"))
        }
        RoleError::Present(_) => one(StatusCode::CONFLICT, "name", say("roles.present")),
        RoleError::Stale(_) => one(StatusCode::CONFLICT, "", say("roles.stale")),
        RoleError::Beyond { beyond, .. } => {
            let what = beyond.join("; ");
            let text = visit.say("roles.goes_beyond", &[("what", &what)]);
            one(StatusCode::FORBIDDEN, "", text)
        }
        RoleError::Invalid(problems) => {
            let of = |it: &Problem| of_problem(state, visit, it);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, problems.iter().map(of).collect()))
        }
        other => Err(AdminError::Role(other)),
    }
}

/// A problem of the document, at the input that it is about.
fn of_problem(state: &AppState, visit: &Visit, problem: &Problem) -> Mistake {
    let path = problem.field.as_deref().unwrap_or_default();
    let cell = path.strip_prefix("collections.").and_then(|it| it.split_once('.'));
    let Some((collection, permission)) = cell.filter(|(_, it)| !it.contains('.')) else {
        return mistake(visit, path, problem.message.clone());
    };
    let found = state.app.collections.find(collection);
    let label = found.map_or_else(|| visit.say("roles.elsewhere", &[]), |it| it.label.clone());
    let permission_label = visit.say(&format!("permission.{permission}"), &[]);
    Mistake {
        input: reach_input(collection, permission),
        label: format!("{label}: {permission_label}"),
        text: match problem.code.as_str() {
            "blind" => visit.say("roles.blind", &[]),
            _ => problem.message.clone(),
        },
    }
}
