//! Writing help beside a form: what a person can ask for, and the answers as they are written.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use smartcms_app::assist::{AssistError, AssistStatus, Task, assist_status, take_suggestions};
use smartcms_app::entries::ContentError;
use smartcms_app::ports::SUGGESTIONS_NAMED_MAX;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::Help;
use smartcms_pages::admin::{HelpBox, PickOption};

use super::super::answer::Answer;
use super::super::form::{Form, Script};
use super::super::person::Person;
use super::draft::Desk;
use super::form_page::description_field;
use crate::members::Members;
use crate::problem::HttpProblem;
use crate::rest::v1::ai;
use crate::state::AppState;

/// The name of the inputs with the suggestions that were taken.
pub(super) const SUGGESTION: &str = "suggestion";

/// `POST /admin/help/{task}`: a suggestion, as it is written.
pub(in super::super) async fn help(
    State(state): State<AppState>,
    person: Person,
    Path(task): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Script(sent): Script,
) -> Answer {
    let as_events = ai::wants_events(&headers);
    let answered = suggested(&state, &person, (&task, uri.path()), sent, as_events).await;
    Ok(answered.unwrap_or_else(IntoResponse::into_response))
}

async fn suggested(
    state: &AppState,
    person: &Person,
    (task, path): (&str, &str),
    sent: Value,
    as_events: bool,
) -> Result<Response, HttpProblem> {
    let ask = ai::asked(task, Members::of(sent)?)?;
    let ask = ask.ok_or_else(|| HttpProblem::unknown_route(path))?;
    ai::suggested(&person.context(&state.app), ask, as_events).await
}

/// The help that a person can have; `None` where there is none.
pub(in super::super) async fn offered(
    state: &AppState,
    person: &Person,
) -> Result<Option<(HelpBox, Vec<Task>)>, AssistError> {
    let status = assist_status(&person.context(&state.app)).await?;
    let Some((of_person, of_site)) = status.budget else { return Ok(None) };
    let tasks = tasks_there(&status);
    let locales = state.app.site.locales.iter().map(|it| PickOption {
        value: it.to_string(),
        label: smartcms_pages::language_name(it.as_str()),
        ..PickOption::default()
    });
    let shown =
        HelpBox { tokens_left: of_person.left().min(of_site.left()), locales: locales.collect() };
    Ok(Some((shown, tasks)).filter(|(_, tasks)| !tasks.is_empty()))
}

/// The tasks that a model is there for.
fn tasks_there(status: &AssistStatus) -> Vec<Task> {
    status.tasks.iter().filter(|it| it.lacking.is_none()).map(|it| it.task).collect()
}

impl Desk {
    /// The tasks that help with a field, by their names.
    pub(super) fn tasks_for(&self, field: &FieldDefinition, there: &[Task]) -> Vec<&'static str> {
        let fitting = fitting(&self.definition, field, |it| {
            let target = self.state.app.collections.get(it);
            target.is_some_and(|it| it.taxonomy.is_some())
        });
        fitting.iter().filter(|it| there.contains(it)).map(|it| it.name()).collect()
    }

    /// What the suggestions that were taken into the form leave with the saved state.
    ///
    /// One that is too old by now, or gone, leaves nothing: the text is the person's to save all the same.
    pub(super) async fn help_taken(&self, form: &Form) -> Result<Vec<Help>, ContentError> {
        let ctx = self.person.context(&self.state.app);
        let mut taken: Vec<Help> = Vec::new();
        for id in form.all(SUGGESTION).take(SUGGESTIONS_NAMED_MAX) {
            match take_suggestions(&ctx, &[id.to_owned()]).await {
                Ok(help) => taken.extend(help),
                Err(AssistError::Store(error)) => return Err(error.into()),
                Err(_) => {}
            }
        }
        Ok(taken)
    }
}

/// The tasks that fit a field, the likeliest first.
fn fitting(
    definition: &CollectionDefinition,
    field: &FieldDefinition,
    is_taxonomy: impl Fn(&smartcms_domain::collections::CollectionName) -> bool,
) -> &'static [Task] {
    let name = field.name.as_str();
    match &field.kind {
        FieldKind::RichText | FieldKind::Markdown => {
            &[Task::Draft, Task::Continue, Task::Rewrite, Task::Translate]
        }
        FieldKind::Text if definition.title == field.name => {
            &[Task::Title, Task::Rewrite, Task::Translate]
        }
        FieldKind::Text | FieldKind::LongText if description_field(definition) == Some(name) => {
            &[Task::SeoDescription, Task::Summary, Task::Rewrite, Task::Translate]
        }
        FieldKind::LongText => &[Task::Summary, Task::Draft, Task::Rewrite, Task::Translate],
        FieldKind::Relation(relation) if is_taxonomy(&relation.to) => &[Task::Tags],
        _ => &[],
    }
}
