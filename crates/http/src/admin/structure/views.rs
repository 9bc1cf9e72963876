//! Views of lists that a person keeps: what stands above a list, and `POST /admin/views`.

use axum::extract::State;
use smartcms_app::Fault;
use smartcms_app::views::{KeepView, ViewError, keep_view, list_views, remove_view};
use smartcms_pages::admin::{FlashKind, ViewLink, ViewsPart};

use super::super::answer::Answer;
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::collection_of;
use super::super::person::Person;
use super::super::visit::Visit;
use crate::state::AppState;

/// What stands above a list of the person: `here` is its address with its filters.
pub(in super::super) async fn views_of(
    state: &AppState,
    person: &Person,
    list: &str,
    here: &str,
) -> Result<ViewsPart, AdminError> {
    let query = here.split_once('?').map(|(_, it)| it).unwrap_or_default();
    let kept = list_views(&person.context(&state.app), list).await?;
    let links: Vec<ViewLink> = kept
        .into_iter()
        .map(|it| ViewLink {
            id: it.id.to_string(),
            is_current: it.query == query,
            url: format!("/admin/{list}?{}", it.query),
            name: it.name,
        })
        .collect();
    let can_keep = !query.is_empty() && links.iter().all(|it| !it.is_current);
    Ok(ViewsPart { list: list.to_owned(), query: query.to_owned(), links, can_keep })
}

/// Keeps a view, or takes one away.
pub(in super::super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    let list = form.get("list");
    let collection = list.strip_prefix("content/").ok_or(AdminError::NotFound)?;
    collection_of(&state.app, &person, collection)?;
    let ctx = person.context(&state.app);
    let to = |query: &str| match query {
        "" => format!("/admin/{list}"),
        query => format!("/admin/{list}?{query}"),
    };
    if let ("remove", id) = form.action() {
        remove_view(&ctx, id).await?;
        return Ok(visit.done(&state, &to(""), "views.removed"));
    }
    let command = KeepView {
        list: list.to_owned(),
        name: form.get("name").to_owned(),
        query: form.get("query").to_owned(),
    };
    match keep_view(&ctx, command).await {
        Ok(view) => Ok(visit.done(&state, &to(&view.query), "views.kept")),
        Err(error @ (ViewError::Invalid(_) | ViewError::TooMany(_))) => {
            let problem = error.problems().first().map(|it| it.message.clone());
            let text = problem.unwrap_or_else(|| error.to_string());
            Ok(visit.news(&state, &to(""), FlashKind::Failed, text))
        }
        Err(error) => Err(error.into()),
    }
}
