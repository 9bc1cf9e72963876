//! `GET /admin/roles`: which there are.

use axum::extract::State;
use smartcms_app::roles::{RoleView, list_roles};
use smartcms_domain::actors::Role;
use smartcms_pages::admin::{RoleRow, RolesPage};

use super::URL;
use crate::admin::answer::{self, Answer};
use crate::admin::people_words::role_label;
use crate::admin::person::Person;
use crate::admin::visit::Visit;
use crate::state::AppState;

/// Shows them.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    let roles = list_roles(&person.context(&state.app)).await?;
    let (built_in, custom): (Vec<_>, Vec<_>) =
        roles.iter().map(|it| row(&visit, it)).partition(|it| it.changed_at == 0);
    let page = RolesPage {
        frame: visit.frame(&state, visit.say("roles.title", &[])),
        built_in,
        custom,
        may_manage: person.actor.may_manage_site(),
    };
    answer::page(&state, &page)
}

fn row(visit: &Visit, view: &RoleView) -> RoleRow {
    let about = match &view.role {
        Role::BuiltIn(rank) => visit.say(&format!("roles.about.{}", rank.name()), &[]),
        Role::Custom(role) => {
            let base = visit.say(&format!("role.{}", role.base.name()), &[]);
            visit.say("roles.about.custom", &[("base", &base)])
        }
    };
    RoleRow {
        url: format!("{URL}/{}", view.role.name()),
        name: view.role.name().to_owned(),
        label: role_label(visit, &view.role),
        about,
        changed_at: view.record.as_ref().map(|it| it.changed_at.as_millis()).unwrap_or_default(),
    }
}
