//! `GET /admin/plugins/{id}`: what a plugin is and may reach.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use smartcms_app::plugins::replaced_version;
use smartcms_pages::admin::{Mistake, PluginPage};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::person::Person;
use super::super::visit::Visit;
use super::reach::{Reaches, facts_box};
use super::{Known, URL, numbers_of, words_of_bytes};
use crate::state::AppState;

/// Shows a plugin.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let page = page(&state, &visit, &person, &id, Vec::new()).await?;
    answer::page(&state, &page)
}

/// The same with what is wrong with a form.
pub(super) async fn refused(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    id: &str,
    mistake: Mistake,
) -> Answer {
    let page = page(state, visit, person, id, vec![mistake]).await?;
    answer::page_with(state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    id: &str,
    mistakes: Vec<Mistake>,
) -> Result<PluginPage, AdminError> {
    let known = Known::find(state, person, id).await?;
    let (record, facts) = (&known.record, known.facts.as_deref());
    let replaced = replaced_version(&person.context(&state.app), &record.id).await?;
    let reaches = Reaches { visit, person, facts, grants: &record.grants };
    let collections = state.app.collections.all();
    let label = visit.say("nav.plugins", &[]);
    Ok(PluginPage {
        frame: visit.frame_below(state, record.name.clone(), &[(&label, URL)]),
        head: known.head(visit, ""),
        facts: facts.map(|it| facts_box(visit, it)),
        reaches: reaches.imported(),
        others: reaches.others(),
        did: known.report.as_ref().filter(|_| record.enabled).map(numbers_of),
        added_at: record.added_at.as_millis(),
        digest: record.digest.to_string(),
        on_trial: replaced.as_ref().is_some_and(|it| it.on_trial),
        replaced: replaced.map(|it| it.record.version).unwrap_or_default(),
        size_max: state.app.plugin_files.bytes_max().map(words_of_bytes).unwrap_or_default(),
        is_fixed: state.app.plugin_store.is_fixed(),
        collections: collections.iter().map(|it| (it.name.to_string(), it.label.clone())).collect(),
        is_owner: person.actor.may_open_machine(),
        mistakes,
    })
}
