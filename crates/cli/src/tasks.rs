//! A worker for tasks of plugins: looks at the clock, takes runs, and holds those that are under way.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use smartcms_app::App;
use smartcms_app::ports::{StoreError, TaskRun};
use smartcms_app::tasks::{
    RunControl, StopReason, abandon_run, claim_run, perform_run, schedule_tasks,
};
use smartcms_domain::plugins::PluginId;
use smartcms_domain::with_causes;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

/// How soon a time that has come, a new run or a wish of a person is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a run is held on and its progress stored.
const KEEP_EVERY: Duration = Duration::from_secs(1);
/// How long a run may go on after it was told to stop.
const STOP_GRACE: Duration = Duration::from_secs(5);
/// How many runs are under way in one process.
const RUNS_MAX: usize = 8;
/// How many of them are of one plugin: a plugin with many tasks leaves room for others.
const RUNS_PER_PLUGIN_MAX: usize = 2;

/// Works until the server ends.
pub(crate) struct TaskWorker {
    app: App,
    id: Uuid,
}

impl TaskWorker {
    pub(crate) fn new(app: App) -> Self {
        let id = app.randomness.id(app.clock.now());
        Self { app, id }
    }

    /// Takes runs until it is told that the process ends, then lets those under way save where they are.
    pub(crate) async fn run(self, mut ending: watch::Receiver<bool>) {
        let mut runs = JoinSet::new();
        let mut counts: HashMap<PluginId, usize> = HashMap::new();
        while !*ending.borrow() {
            note(schedule_tasks(&self.app).await, "look at the schedules of tasks");
            while let Some(run) = self.next(&counts).await {
                *counts.entry(run.plugin.clone()).or_default() += 1;
                let (app, id, ending) = (self.app.clone(), self.id, ending.clone());
                runs.spawn(async move {
                    let plugin = run.plugin.clone();
                    work(&app, id, run, ending).await;
                    plugin
                });
            }
            tokio::select! {
                Some(Ok(plugin)) = runs.join_next() => ended(&mut counts, &plugin),
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = ending.changed() => {}
            }
        }
        while runs.join_next().await.is_some() {}
    }

    /// The next run, of a plugin that has not as many under way as it may.
    async fn next(&self, counts: &HashMap<PluginId, usize>) -> Option<TaskRun> {
        if counts.values().sum::<usize>() >= RUNS_MAX {
            return None;
        }
        let mut plugins = self.app.plugins.task_plugins();
        plugins.retain(|it| counts.get(it).is_none_or(|count| *count < RUNS_PER_PLUGIN_MAX));
        if plugins.is_empty() {
            return None;
        }
        note(claim_run(&self.app, self.id, plugins, None).await, "take a run of a task").flatten()
    }
}

fn ended(counts: &mut HashMap<PluginId, usize>, plugin: &PluginId) {
    match counts.get_mut(plugin) {
        Some(count) if *count > 1 => *count -= 1,
        _ => drop(counts.remove(plugin)),
    }
}

/// Runs one stretch of a run that was taken, and holds it meanwhile.
pub(crate) async fn work(app: &App, worker: Uuid, run: TaskRun, ending: watch::Receiver<bool>) {
    let control = Arc::new(RunControl::new(app.clone(), run.id, worker));
    let kept = run.clone();
    let settled = tokio::select! {
        settled = perform_run(app, run, &control) => settled,
        () = hold(&control, ending) => abandon_run(app, kept, &control).await,
    };
    let Some(run) = note(settled, "store what became of a run of a task") else { return };
    let outcome = run.outcome.unwrap_or_default();
    let state = run.state.name();
    tracing::info!(
        plugin.id = %run.plugin, task = %run.task, run.id = %run.id, state, outcome,
        "a stretch of a task is over"
    );
}

/// Holds a run on until it has to be ended: because it did not stop when it was told to, or is another worker's.
async fn hold(control: &RunControl, mut ending: watch::Receiver<bool>) {
    let mut told: Option<Instant> = None;
    loop {
        tokio::select! {
            () = tokio::time::sleep(KEEP_EVERY) => {}
            _ = ending.wait_for(|it| *it), if told.is_none() => control.stop(StopReason::Ending),
        }
        // A store that fails for a moment is asked again before the hold is over.
        note(control.keep().await, "hold a run of a task");
        match control.stop_reason() {
            None => {}
            Some(StopReason::Lost) => return,
            Some(_) if told.get_or_insert_with(Instant::now).elapsed() >= STOP_GRACE => return,
            Some(_) => {}
        }
    }
}

fn note<T>(outcome: Result<T, StoreError>, what: &str) -> Option<T> {
    outcome.inspect_err(|error| tracing::warn!(error = with_causes(error), "could not {what}")).ok()
}
