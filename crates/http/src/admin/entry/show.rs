//! `GET` of the form: a new entry, or one that is there.

use axum::extract::{Path, Query, State};
use smartcms_domain::actors::Permission;

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::list::Pairs;
use super::super::person::Person;
use super::super::visit::Visit;
use super::draft::Desk;
use super::pick::Look;
use crate::state::AppState;

/// Shows an empty form.
pub(in super::super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(collection): Path<String>,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let wanted = (value("locale"), value("translation_of"));
    let desk = Desk::of_new(&state, visit, person, &collection, wanted)?;
    if !desk.person.actor.may_some(Permission::Create, &desk.definition.name) {
        return Err(AdminError::Denied);
    }
    let mut draft = desk.draft().await?;
    if let Some(original) = desk.translation_of {
        // What all translations share stands in the form of a new one.
        let ctx = desk.person.context(&state.app);
        let view = smartcms_app::entries::View::Newest;
        let id = original.to_string();
        let original = smartcms_app::entries::get_entry(&ctx, &collection, &id, view).await?;
        draft.fields = draft.fields.with(desk.definition.shared(&original.fields));
    }
    answer::page(&state, &desk.page(draft, Vec::new(), Look::default()).await?)
}

/// Shows the form of an entry, with what its author has not saved yet.
pub(in super::super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let draft = desk.draft().await?;
    answer::page(&state, &desk.page(draft, Vec::new(), Look::default()).await?)
}
