//! `/admin/plugins/{id}/work`: tasks of a plugin, and events that wait for it.

use axum::extract::{Path, State};
use axum::response::Response;
use smartcms_app::OpContext;
use smartcms_app::events::{Retried, drop_parked, event_health, list_parked, retry_parked};
use smartcms_app::ports::{Heard, ParkedEvent, RunQuery, TaskRun};
use smartcms_app::tasks::{
    KnownTask, TaskError, WantedSchedule, cancel_run, known_tasks, list_runs, reschedule_task,
    start_task,
};
use smartcms_domain::plugins::PluginId;
use smartcms_pages::admin::{FlashKind, ParkedRow, PluginWorkPage, RunRow, TaskBox};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::person::Person;
use super::super::visit::Visit;
use super::{Known, URL, id_of, told, url_of};
use crate::state::AppState;

/// How many runs one page shows.
const RUNS: u32 = 20;

/// The tasks of a plugin, or why they are not known, and their last runs.
#[derive(Default)]
struct Work {
    tasks: Vec<KnownTask>,
    problem: String,
    runs: Vec<TaskRun>,
}

impl Work {
    #[cfg(not(target_family = "wasm"))]
    async fn of(ctx: &OpContext<'_>, plugin: &PluginId) -> Result<Self, TaskError> {
        let (tasks, problem) = match known_tasks(ctx.app, plugin).await {
            Ok(tasks) => (tasks, String::new()),
            Err(TaskError::NoTasks(_)) => (Vec::new(), String::new()),
            Err(error @ TaskError::Plugin(_)) => (Vec::new(), error.to_string()),
            Err(error) => return Err(error),
        };
        let query = RunQuery { plugin: plugin.clone(), task: None, limit: RUNS };
        Ok(Self { tasks, problem, runs: list_runs(ctx, query).await? })
    }

    /// Tasks are not called there.
    #[cfg(target_family = "wasm")]
    async fn of(_: &OpContext<'_>, _: &PluginId) -> Result<Self, TaskError> {
        Ok(Self::default())
    }
}

/// Shows tasks, runs and events.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let known = Known::find(&state, &person, &id).await?;
    let (ctx, plugin) = (person.context(&state.app), &known.record.id);
    let Work { tasks, problem, runs } = Work::of(&ctx, plugin).await?;
    let health = event_health(&ctx, plugin).await?;
    let parked = list_parked(&ctx, plugin).await?;
    let label = visit.say("nav.plugins", &[]);
    let page = PluginWorkPage {
        frame: visit.frame_below(&state, known.record.name.clone(), &[(&label, URL)]),
        head: known.head(&visit, "/work"),
        tasks: tasks.into_iter().map(task_box).collect(),
        problem,
        is_busy: runs.iter().any(|it| !it.state.is_over()),
        runs: runs.into_iter().map(run_row).collect(),
        listens: health.heard.is_some(),
        waiting: health.waiting,
        put_off: put_off(&visit, health.heard.as_ref()),
        parked: parked.into_iter().map(parked_row).collect(),
    };
    answer::page(&state, &page)
}

fn put_off(visit: &Visit, heard: Option<&Heard>) -> String {
    let Some(later) = heard.and_then(|it| it.put_off.as_ref()) else { return String::new() };
    visit.say("plugin.put_off", &[("n", &later.tries.to_string()), ("why", &later.reason)])
}

fn task_box(task: KnownTask) -> TaskBox {
    TaskBox {
        name: task.name.to_string(),
        description: task.description,
        schedule: task.schedule.map(|it| it.to_string()).unwrap_or_default(),
        next_at: task.next_at.map(smartcms_domain::Timestamp::as_millis),
        problem: task.problem.unwrap_or_default(),
    }
}

fn run_row(run: TaskRun) -> RunRow {
    let progress = run.progress.unwrap_or_default();
    RunRow {
        id: run.id.to_string(),
        task: run.task.to_string(),
        state: run.state.name(),
        at: run.created_at.as_millis(),
        said: run.outcome.unwrap_or(progress.message),
        done: progress.done,
        total: progress.total.unwrap_or_default(),
        may_cancel: !run.state.is_over(),
    }
}

fn parked_row(parked: ParkedEvent) -> ParkedRow {
    ParkedRow {
        id: parked.event.id.to_string(),
        kind: parked.event.kind.name(),
        subject: format!("{} {}", parked.event.collection, parked.event.entry),
        at: parked.at.as_millis(),
        tries: parked.tries,
        reason: parked.reason,
    }
}

/// Does what the button says.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let plugin = id_of(&id)?;
    let here = format!("{}/work", url_of(&plugin));
    let ctx = person.context(&state.app);
    let (action, of) = form.action();
    match action {
        "retry" | "drop" => events(&state, &visit, &ctx, (&plugin, &here), action, of).await,
        _ => match tasks(&ctx, &plugin, &form).await {
            Ok(Some(said)) => Ok(visit.done(&state, &here, said)),
            Ok(None) => Err(AdminError::NotFound),
            Err(error) => told(&state, &visit, &here, error),
        },
    }
}

/// No plugin has any there.
#[cfg(target_family = "wasm")]
async fn tasks(
    _: &OpContext<'_>,
    plugin: &PluginId,
    _: &Form,
) -> Result<Option<&'static str>, TaskError> {
    Err(TaskError::NoTasks(plugin.clone()))
}

/// What was done, as the key of a text.
#[cfg(not(target_family = "wasm"))]
async fn tasks(
    ctx: &OpContext<'_>,
    plugin: &PluginId,
    form: &Form,
) -> Result<Option<&'static str>, TaskError> {
    let (action, of) = form.action();
    let wanted = match action {
        "run" => {
            let argument = Some(form.get("argument").to_owned()).filter(|it| !it.is_empty());
            start_task(ctx, plugin, of, argument).await?;
            return Ok(Some("plugin.started"));
        }
        "cancel" => {
            cancel_run(ctx, of).await?;
            return Ok(Some("plugin.cancelled"));
        }
        "schedule" => WantedSchedule::At(form.get("when").trim().to_owned()),
        "never" => WantedSchedule::Never,
        "own" => WantedSchedule::Own,
        _ => return Ok(None),
    };
    reschedule_task(ctx, plugin, of, wanted).await?;
    Ok(Some("plugin.scheduled"))
}

async fn events(
    state: &AppState,
    visit: &Visit,
    ctx: &OpContext<'_>,
    (plugin, here): (&PluginId, &str),
    action: &str,
    event: &str,
) -> Result<Response, AdminError> {
    if action == "drop" {
        drop_parked(ctx, plugin, event).await?;
        return Ok(visit.done(state, here, "plugin.dropped"));
    }
    match retry_parked(ctx, plugin, event).await? {
        Retried::Handled => Ok(visit.done(state, here, "plugin.retried")),
        Retried::Parked(why) => {
            let text = visit.say("plugin.still_parked", &[("why", &why)]);
            Ok(visit.news(state, here, FlashKind::Warning, text))
        }
    }
}
