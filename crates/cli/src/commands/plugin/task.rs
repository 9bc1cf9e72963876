//! `smartcms plugin task`.

mod run;

use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::ports::{RunQuery, TaskRun};
use smartcms_app::tasks::{
    KnownTask, WantedSchedule, cancel_run, known_tasks, list_runs, reschedule_task,
};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::{PluginId, TaskName};

use super::super::say;
use super::plugin_id;
use crate::args::{Folders, TaskCommand};
use crate::compose::{open_for_operator, open_with_plugins};
use crate::failure::{Failure, exit, fault};

pub(super) async fn task(folders: &Folders, command: TaskCommand) -> anyhow::Result<()> {
    match command {
        TaskCommand::List { id, json } => list(folders, id.as_deref(), json).await,
        TaskCommand::Run { id, task, argument, detach } => {
            let wanted = run::Wanted { plugin: plugin_id(&id)?, task, argument };
            run::run(folders, wanted, detach).await
        }
        TaskCommand::Runs { id, task, lines, json } => {
            runs(folders, plugin_id(&id)?, task.as_deref(), lines, json).await
        }
        TaskCommand::Schedule { id, task, when } => {
            schedule(folders, &plugin_id(&id)?, &task, when).await
        }
        TaskCommand::Cancel { run } => cancel(folders, &run).await,
    }
}

/// A plugin that cannot tell its tasks is shown with the reason, beside those that can.
async fn list(folders: &Folders, id: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let app = open_with_plugins(folders).await?.app;
    let plugins = match id {
        Some(id) => vec![plugin_id(id)?],
        None => app.plugins.task_plugins(),
    };
    let mut items = Vec::new();
    for plugin in plugins {
        match known_tasks(&app, &plugin).await {
            Ok(tasks) if as_json => items.extend(tasks.iter().map(|it| json_of(&plugin, it))),
            Ok(tasks) => tasks.iter().for_each(|it| print(&plugin, it)),
            Err(error) if id.is_some() => return Err(fault(error)),
            Err(error) if as_json => {
                items.push(json!({ "plugin": plugin.as_str(), "problem": error.to_string() }));
            }
            Err(error) => say(format_args!("{plugin}: {error}")),
        }
    }
    if as_json {
        say(serde_json::to_string_pretty(&items)?);
    }
    Ok(())
}

fn print(plugin: &PluginId, task: &KnownTask) {
    let next = task.next_at.map(|it| format!(", next at {it}")).unwrap_or_default();
    let when = match (&task.schedule, &task.problem) {
        (Some(schedule), _) => format!("{schedule}{next}"),
        (None, Some(problem)) => format!("never by itself: {problem}"),
        (None, None) => "by hand".to_owned(),
    };
    let when = if task.set { format!("{when} (set by the operator)") } else { when };
    say(format_args!("{:<20} {:<20} {when}", plugin.as_str(), task.name.as_str()));
    if !task.description.is_empty() {
        say(format_args!("  {}", task.description));
    }
}

fn json_of(plugin: &PluginId, task: &KnownTask) -> Value {
    json!({
        "plugin": plugin.as_str(),
        "task": task.name.as_str(),
        "description": task.description,
        "schedule": task.schedule.as_ref().map(ToString::to_string),
        "overlap": task.overlap,
        "next_at": task.next_at.map(|it| it.to_string()),
        "problem": task.problem,
    })
}

async fn runs(
    folders: &Folders,
    plugin: PluginId,
    task: Option<&str>,
    limit: u32,
    as_json: bool,
) -> anyhow::Result<()> {
    let operator = open_for_operator(folders)?;
    let ctx = OpContext::new(&operator.app, &Actor::Operator);
    let task = task.map(TaskName::parse).transpose().map_err(|error| {
        Failure::hinted(
            error.to_string(),
            "`smartcms plugin task list` shows the tasks",
            exit::INVALID,
        )
    })?;
    let runs = list_runs(&ctx, RunQuery { plugin, task, limit }).await.map_err(fault)?;
    if as_json {
        let items: Vec<Value> = runs.iter().map(json_of_run).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for run in &runs {
        let said = run.outcome.clone().or(run.progress.as_ref().map(|it| it.message.clone()));
        say(format_args!(
            "{} {} {:<20} {:<9} by {:<8} tries {} {}",
            run.created_at,
            run.id,
            run.task.as_str(),
            state(run),
            run.cause.name(),
            run.tries,
            said.unwrap_or_default(),
        ));
    }
    Ok(())
}

async fn schedule(
    folders: &Folders,
    plugin: &PluginId,
    task: &str,
    when: String,
) -> anyhow::Result<()> {
    let app = open_with_plugins(folders).await?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    let wanted = match when.as_str() {
        "never" => WantedSchedule::Never,
        "own" => WantedSchedule::Own,
        _ => WantedSchedule::At(when),
    };
    let task = reschedule_task(&ctx, plugin, task, wanted).await.map_err(fault)?;
    // When it runs next is known once a server has looked.
    print(plugin, &KnownTask { next_at: None, ..task });
    Ok(())
}

async fn cancel(folders: &Folders, id: &str) -> anyhow::Result<()> {
    let operator = open_for_operator(folders)?;
    let ctx = OpContext::new(&operator.app, &Actor::Operator);
    let run = cancel_run(&ctx, id).await.map_err(fault)?;
    let so = if run.state.is_over() { "cancelled" } else { "told to stop" };
    say(format_args!("run {} of task {} of plugin {} is {so}", run.id, run.task, run.plugin));
    Ok(())
}

fn state(run: &TaskRun) -> &'static str {
    if run.cancelled && !run.state.is_over() { "stopping" } else { run.state.name() }
}

fn json_of_run(run: &TaskRun) -> Value {
    let progress = run.progress.as_ref();
    json!({
        "id": run.id.to_string(),
        "plugin": run.plugin.as_str(),
        "task": run.task.as_str(),
        "argument": run.argument,
        "cause": run.cause.name(),
        "state": run.state.name(),
        "cancelled": run.cancelled,
        "tries": run.tries,
        "created_at": run.created_at.to_string(),
        "next_at": (!run.state.is_over()).then(|| run.next_at.to_string()),
        "started_at": run.started_at.map(|it| it.to_string()),
        "ended_at": run.ended_at.map(|it| it.to_string()),
        "progress": progress.map(|it| json!({ "done": it.done, "total": it.total, "message": it.message })),
        "outcome": run.outcome,
    })
}
