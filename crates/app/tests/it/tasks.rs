//! Tasks run when they are due, once, and go on where they were.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    DeclaredTask, Delivery, FilterContext, Filtered, HookFailure, NoPlugins, PluginFailure,
    PluginRequest, PluginResponse, Plugins, RouteError, RunCause, RunQuery, RunState, SaveDraft,
    TaskCall, TaskControl, TaskOutcome, TaskProgress, TaskRun,
};
use smartcms_app::tasks::{
    RunControl, StopReason, TaskError, WantedSchedule, cancel_run, claim_run, find_task, list_runs,
    perform_run, reschedule_task, schedule_tasks, start_task,
};
use smartcms_app::{App, AppParts, CallChain, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::plugin;
use uuid::Uuid;

use crate::support::{check_code, token};

const WORKER: Uuid = Uuid::from_u128(7);

/// A plugin with the task `sum`, of the schedule that is set; it stops after its first stretch when it is told to.
struct Counting {
    schedule: Mutex<Option<String>>,
    given: Mutex<Vec<Option<Bytes>>>,
}

#[async_trait]
impl Plugins for Counting {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        chain: &CallChain,
    ) -> Result<Fields, HookFailure> {
        NoPlugins.before_save(draft, chain).await
    }

    async fn before_publish(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn before_delete(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn filter_html(&self, context: FilterContext<'_>, html: String) -> Filtered {
        NoPlugins.filter_html(context, html).await
    }

    fn listeners(&self) -> Vec<PluginId> {
        Vec::new()
    }

    async fn deliver(&self, _: &PluginId, _: &Event) -> Delivery {
        Delivery::Handled
    }

    fn task_plugins(&self) -> Vec<PluginId> {
        vec![plugin("counting")]
    }

    async fn tasks(&self, _: &PluginId) -> Result<Vec<DeclaredTask>, PluginFailure> {
        let schedule = self.schedule.lock().unwrap().clone();
        let (name, description) = ("sum".to_owned(), String::new());
        Ok(vec![DeclaredTask { name, description, schedule, overlap: false }])
    }

    async fn run_task(
        &self,
        _: &PluginId,
        call: TaskCall,
        control: Arc<dyn TaskControl>,
    ) -> Result<TaskOutcome, PluginFailure> {
        self.given.lock().unwrap().push(call.checkpoint);
        control.report(TaskProgress { done: 1, total: Some(2), message: "half".to_owned() });
        control.save_checkpoint(Bytes::from_static(b"half")).await.unwrap();
        Ok(match control.should_stop() {
            true => TaskOutcome::Stopped,
            false => TaskOutcome::Done("summed".to_owned()),
        })
    }

    async fn route(
        &self,
        _: &PluginId,
        _: &Actor,
        _: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        Err(RouteError::NoRoute)
    }
}

fn counting(schedule: Option<&str>) -> (TestApp, Arc<Counting>) {
    let plugin = Arc::new(Counting {
        schedule: Mutex::new(schedule.map(str::to_owned)),
        given: Mutex::default(),
    });
    let app = TestApp::with(|parts| AppParts { plugins: plugin.clone(), ..parts });
    (app, plugin)
}

async fn runs(app: &App) -> Vec<TaskRun> {
    let query = RunQuery { plugin: plugin("counting"), task: None, limit: 100 };
    list_runs(&OpContext::new(app, &Actor::Operator), query).await.unwrap()
}

/// Runs one stretch of what waits, told to stop beforehand if there is a reason.
async fn work(app: &App, stop: Option<StopReason>) -> TaskRun {
    let run = claim_run(app, WORKER, vec![plugin("counting")], None).await.unwrap().unwrap();
    let control = Arc::new(RunControl::new(app.clone(), run.id, WORKER));
    stop.into_iter().for_each(|it| control.stop(it));
    perform_run(app, run, &control).await.unwrap()
}

fn set(app: &TestApp, time: &str) {
    let time = Timestamp::parse(time).unwrap().as_millis();
    app.clock.advance(time - app.app.clock.now().as_millis());
}

#[tokio::test]
async fn however_many_times_were_missed_one_run_makes_up_for_them() {
    let (app, _) = counting(Some("@hourly"));
    set(&app, "2026-11-28T10:20:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0, "it counts from now on");
    let next = find_task(&app, &plugin("counting"), "sum").await.unwrap().next_at;
    assert_eq!(next.map(|it| it.to_string()).as_deref(), Some("2026-11-28T11:00:00Z"));
    set(&app, "2026-11-28T10:59:59.999Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0);
    // The server was off for two days.
    set(&app, "2026-11-30T10:20:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 1);
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0, "once");
    let run = work(&app, None).await;
    assert_eq!((run.state, run.cause), (RunState::Done, RunCause::Schedule));
    assert_eq!(runs(&app).await.len(), 1);
    set(&app, "2026-11-30T11:00:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 1, "the next time comes in its turn");
}

#[tokio::test]
async fn another_schedule_counts_from_now_on_and_none_ends_it() {
    let (app, plugin) = counting(Some("@hourly"));
    set(&app, "2026-11-28T10:20:00Z");
    schedule_tasks(&app).await.unwrap();
    *plugin.schedule.lock().unwrap() = Some("30 * * * *".to_owned());
    set(&app, "2026-11-28T12:20:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0, "it is another schedule");
    set(&app, "2026-11-28T12:30:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 1);
    *plugin.schedule.lock().unwrap() = None;
    schedule_tasks(&app).await.unwrap();
    set(&app, "2026-12-28T12:30:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0);
    assert_eq!(runs(&app).await.len(), 1);
}

#[tokio::test]
async fn the_operators_schedule_wins_until_it_is_taken_back_and_is_for_managers_alone() {
    let (app, _) = counting(Some("@hourly"));
    let (ctx, id) = (OpContext::new(&app, &Actor::Operator), plugin("counting"));
    let at = |text: &str| WantedSchedule::At(text.to_owned());
    set(&app, "2026-11-28T10:20:00Z");
    schedule_tasks(&app).await.unwrap();
    let task = reschedule_task(&ctx, &id, "sum", at("@daily")).await.unwrap();
    assert!(task.set && task.schedule.is_some_and(|it| it.to_string() == "@daily"));
    schedule_tasks(&app).await.unwrap();
    set(&app, "2026-11-28T23:59:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0, "its own schedule does not count");
    set(&app, "2026-11-29T00:00:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 1);
    work(&app, None).await;
    reschedule_task(&ctx, &id, "sum", WantedSchedule::Never).await.unwrap();
    schedule_tasks(&app).await.unwrap();
    set(&app, "2026-12-29T00:00:00Z");
    assert_eq!(schedule_tasks(&app).await.unwrap(), 0);
    let task = reschedule_task(&ctx, &id, "sum", WantedSchedule::Own).await.unwrap();
    assert!(!task.set && task.schedule.is_some_and(|it| it.to_string() == "@hourly"));

    let wrong = reschedule_task(&ctx, &id, "sum", at("soon")).await;
    assert!(matches!(wrong, Err(TaskError::Schedule(_))), "{wrong:?}");
    let reader = OpContext::new(&app, &Actor::Anonymous);
    let denied = reschedule_task(&reader, &id, "sum", WantedSchedule::Never).await;
    assert!(matches!(denied, Err(TaskError::Denied(_))), "{denied:?}");
    assert!(!find_task(&app, &id, "sum").await.unwrap().set, "nothing was written");
}

#[tokio::test]
async fn a_run_that_stopped_goes_on_with_its_checkpoint() {
    let (app, plugin_of) = counting(None);
    let ctx = OpContext::new(&app, &Actor::Operator);
    start_task(&ctx, &plugin("counting"), "sum", None).await.unwrap();
    let run = work(&app, Some(StopReason::Ending)).await;
    assert_eq!(run.state, RunState::Waiting);
    let run = work(&app, None).await;
    assert_eq!((run.state, run.outcome.as_deref()), (RunState::Done, Some("summed")));
    assert_eq!(run.progress.map(|it| it.message).as_deref(), Some("half"));
    assert_eq!(*plugin_of.given.lock().unwrap(), [None, Some(Bytes::from_static(b"half"))]);
}

#[tokio::test]
async fn a_cancelled_run_never_begins_and_only_managers_of_the_site_touch_runs() {
    let (app, plugin_of) = counting(None);
    let ctx = OpContext::new(&app, &Actor::Operator);
    let run = start_task(&ctx, &plugin("counting"), "sum", None).await.unwrap();
    for role in [Role::EDITOR, Role::VIEWER] {
        let actor = token(role);
        let ctx = OpContext::new(&app, &actor);
        check_code(start_task(&ctx, &plugin("counting"), "sum", None).await, "task.denied");
        check_code(cancel_run(&ctx, &run.id.to_string()).await, "task.denied");
    }
    let owner = token(Role::OWNER);
    cancel_run(&OpContext::new(&app, &owner), &run.id.to_string()).await.unwrap();
    let free = claim_run(&app, WORKER, vec![plugin("counting")], None).await.unwrap();
    assert_eq!(free, None);
    assert!(plugin_of.given.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_argument_has_a_limit() {
    let (app, _) = counting(None);
    let ctx = OpContext::new(&app, &Actor::Operator);
    let long = "a".repeat(smartcms_app::tasks::ARGUMENT_BYTES_MAX);
    start_task(&ctx, &plugin("counting"), "sum", Some(long.clone())).await.unwrap();
    let refused = start_task(&ctx, &plugin("counting"), "sum", Some(long + "a")).await;
    assert!(matches!(refused, Err(TaskError::ArgumentTooLong { .. })), "{refused:?}");
}
