//! `smartcms plugin task run`: makes a run, works on it unless a server does, and shows how far it is.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use smartcms_app::ports::{RunState, TaskRun};
use smartcms_app::tasks::{cancel_run, claim_run, find_run, start_task};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;
use tokio::sync::watch;
use uuid::Uuid;

use super::super::super::say;
use crate::args::Folders;
use crate::compose::open_with_plugins;
use crate::failure::{Failure, exit, fault};
use crate::tasks::work;

/// How often it is looked how far the run is.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is to be run.
pub(super) struct Wanted {
    pub(super) plugin: PluginId,
    pub(super) task: String,
    pub(super) argument: Option<String>,
}

pub(super) async fn run(folders: &Folders, wanted: Wanted, detach: bool) -> anyhow::Result<()> {
    let app = open_with_plugins(folders).await?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    let Wanted { plugin, task, argument } = wanted;
    let run = start_task(&ctx, &plugin, &task, argument).await.map_err(fault)?;
    if detach {
        say(run.id);
        return Ok(());
    }
    // Held to the end of this function: its end is the end of this process for the run.
    let (_ending, told) = watch::channel(false);
    let worker = tokio::spawn(take(app.clone(), plugin, run.id, told));
    let ended = follow(&ctx, &run).await;
    worker.abort();
    report(&ended?)
}

/// Works on the run whenever it is free. A server that runs on the same data may be quicker, which is as good.
async fn take(app: App, plugin: PluginId, run: Uuid, told: watch::Receiver<bool>) {
    let worker = app.randomness.id(app.clock.now());
    loop {
        match claim_run(&app, worker, vec![plugin.clone()], Some(run)).await {
            Ok(Some(run)) => work(&app, worker, run, told.clone()).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "could not take the run"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Shows how far the run is until it is over. The first Ctrl-C cancels it, the second one leaves it.
async fn follow(ctx: &OpContext<'_>, run: &TaskRun) -> anyhow::Result<TaskRun> {
    let (bar, id) = (bar(), run.id.to_string());
    let mut interrupted = false;
    loop {
        let now = find_run(ctx, &id).await.map_err(fault)?;
        if now.state.is_over() {
            bar.finish_and_clear();
            return Ok(now);
        }
        show(&bar, &now);
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = tokio::signal::ctrl_c() => {
                if std::mem::replace(&mut interrupted, true) {
                    let hint = format!("`smartcms plugin task runs {}` shows what became of it", run.plugin);
                    return Err(Failure::hinted(format!("left run {id}"), hint, exit::INTERRUPTED));
                }
                // One that has just ended needs no cancelling.
                let _ = cancel_run(ctx, &id).await;
            }
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.enable_steady_tick(LOOK_EVERY);
    bar
}

fn show(bar: &ProgressBar, run: &TaskRun) {
    let progress = run.progress.clone().unwrap_or_default();
    let message = match run.state {
        RunState::Waiting => run.outcome.clone().unwrap_or_else(|| "waits".to_owned()),
        _ if run.cancelled => format!("stopping · {}", progress.message),
        _ => progress.message,
    };
    let template = match progress.total {
        Some(_) => "[{bar:30}] {pos}/{len} {elapsed_precise} {wide_msg}",
        None => "{spinner} {pos} {elapsed_precise} {wide_msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    if let Some(total) = progress.total {
        bar.set_length(total);
    }
    bar.set_position(progress.done);
    bar.set_message(message);
}

/// What it did is printed; a run that did not end well is a failure.
fn report(run: &TaskRun) -> anyhow::Result<()> {
    let said = run.outcome.clone().unwrap_or_default();
    match run.state {
        RunState::Done => {
            say(if said.is_empty() { "done" } else { said.as_str() });
            Ok(())
        }
        RunState::Cancelled => {
            let message = format!("task {} of plugin {} was cancelled", run.task, run.plugin);
            let hint = "what it saved is gone; `smartcms plugin task run` begins anew";
            Err(Failure::hinted(message, hint, exit::INTERRUPTED))
        }
        _ => {
            let message = format!("task {} of plugin {} failed: {said}", run.task, run.plugin);
            let hint = format!("`smartcms plugin logs {}` shows what it said", run.plugin);
            Err(Failure::hinted(message, hint, exit::FAILED))
        }
    }
}
