//! Runs of tasks.

use bytes::Bytes;
use smartcms_app::ports::{
    Due, DueChange, PluginStore, RunCause, RunClaim, RunHold, RunQuery, RunState, SetSchedule,
    TaskProgress, TaskRun, TaskStore,
};
use smartcms_domain::plugins::TaskName;
use uuid::Uuid;

use super::plugins::record;
use crate::builders::{at, plugin};

const WORKER: Uuid = Uuid::from_u128(0x7a_0001);
const OTHER: Uuid = Uuid::from_u128(0x7a_0002);

/// The promises of [`TaskStore`].
pub async fn tasks<S: TaskStore + PluginStore>(store: &S) {
    a_run_is_held_by_one_worker_and_settled_by_it(store).await;
    what_a_worker_that_is_gone_held_is_given_to_another(store).await;
    runs_of_one_task_overlap_only_where_they_may(store).await;
    a_run_is_cancelled_at_once_or_when_its_worker_hears(store).await;
    a_time_that_has_come_makes_one_run(store).await;
    old_runs_are_forgotten_and_the_newest_stay(store).await;
    a_schedule_is_set_changed_and_taken_back(store).await;
    runs_go_with_their_plugin(store).await;
}

async fn a_schedule_is_set_changed_and_taken_back<S: TaskStore + PluginStore>(store: &S) {
    let (id, other) = (plugin("tasks-set"), plugin("tasks-other"));
    let set = |name: &str, schedule: Option<&str>| SetSchedule {
        task: task(name),
        schedule: schedule.map(str::to_owned),
    };
    store.save(record("tasks-set")).await.unwrap();
    store.set_schedule(&id, set("check", Some("@daily"))).await.unwrap();
    store.set_schedule(&id, set("sweep", Some("@hourly"))).await.unwrap();
    store.set_schedule(&other, set("check", Some("@weekly"))).await.unwrap();
    store.set_schedule(&id, set("check", None)).await.unwrap();
    let expected = [set("check", None), set("sweep", Some("@hourly"))];
    assert_eq!(store.set_schedules(&id).await.unwrap(), expected);
    store.unset_schedule(&id, &task("check")).await.unwrap();
    assert_eq!(store.set_schedules(&id).await.unwrap(), expected[1..]);
    store.remove(&id).await.unwrap();
    assert_eq!(store.set_schedules(&id).await.unwrap(), []);
    assert_eq!(store.set_schedules(&other).await.unwrap().len(), 1);
}

fn task(name: &str) -> TaskName {
    TaskName::parse(name).unwrap()
}

fn new_run(number: u128, of: &str) -> TaskRun {
    TaskRun {
        id: Uuid::from_u128(0x7a_1000 + number),
        plugin: plugin(of),
        task: task("check"),
        argument: Some("all".to_owned()),
        cause: RunCause::Person,
        overlap: false,
        state: RunState::Waiting,
        tries: 0,
        created_at: at(1_000),
        next_at: at(1_000),
        started_at: None,
        ended_at: None,
        cancelled: false,
        progress: None,
        outcome: None,
    }
}

fn claim(worker: Uuid, of: &str, now: i64) -> RunClaim {
    RunClaim { worker, plugins: vec![plugin(of)], only: None, now: at(now), until: at(now + 10) }
}

async fn taken(store: &dyn TaskStore, worker: Uuid, of: &str, now: i64) -> Option<TaskRun> {
    store.claim_run(claim(worker, of, now)).await.unwrap()
}

fn ended(run: &TaskRun, state: RunState, now: i64) -> TaskRun {
    TaskRun { state, ended_at: Some(at(now)), outcome: Some("so".to_owned()), ..run.clone() }
}

async fn a_run_is_held_by_one_worker_and_settled_by_it(store: &dyn TaskStore) {
    let run = new_run(1, "held");
    store.add_run(run.clone()).await.unwrap();
    assert_eq!(store.find_run(run.id).await.unwrap(), Some(run.clone()));
    assert_eq!(taken(store, WORKER, "held", 999).await, None, "its time has not come");
    assert_eq!(taken(store, WORKER, "unheld", 1_000).await, None, "of another plugin");
    let only = RunClaim { only: Some(OTHER), ..claim(WORKER, "held", 1_000) };
    assert_eq!(store.claim_run(only).await.unwrap(), None, "another run is wanted");
    let held = taken(store, WORKER, "held", 1_000).await.unwrap();
    assert_eq!((held.state, held.started_at, held.tries), (RunState::Running, Some(at(1_000)), 0));
    assert_eq!(taken(store, OTHER, "held", 1_005).await, None, "it is held");

    let progress = TaskProgress { done: u64::MAX >> 1, total: Some(7), message: "on".to_owned() };
    let keep =
        async |worker, progress| store.keep_run(run.id, worker, at(1_020), progress).await.unwrap();
    assert_eq!(keep(WORKER, Some(progress.clone())).await, RunHold::Held { cancelled: false });
    assert_eq!(keep(WORKER, None).await, RunHold::Held { cancelled: false });
    assert_eq!(keep(OTHER, None).await, RunHold::Lost);
    assert_eq!(store.find_run(run.id).await.unwrap().unwrap().progress, Some(progress));
    assert_eq!(store.checkpoint(run.id).await.unwrap(), None);
    let saved = Bytes::from_static(&[0, 1, 2]);
    assert!(!store.save_checkpoint(run.id, OTHER, Bytes::from_static(b"no")).await.unwrap());
    assert!(store.save_checkpoint(run.id, WORKER, saved.clone()).await.unwrap());

    let again = TaskRun { state: RunState::Waiting, next_at: at(2_000), tries: 1, ..held.clone() };
    assert!(!store.settle_run(OTHER, again.clone()).await.unwrap());
    assert!(store.settle_run(WORKER, again).await.unwrap());
    assert_eq!(taken(store, WORKER, "held", 1_999).await, None, "it waits");
    let held = taken(store, OTHER, "held", 2_000).await.unwrap();
    assert_eq!((held.started_at, held.tries), (Some(at(1_000)), 1), "the same run goes on");
    assert_eq!(store.checkpoint(run.id).await.unwrap(), Some(saved));
    assert!(store.settle_run(OTHER, ended(&held, RunState::Done, 2_001)).await.unwrap());
    let done = store.find_run(run.id).await.unwrap().unwrap();
    assert_eq!((done.state, done.outcome.as_deref()), (RunState::Done, Some("so")));
    assert_eq!(store.checkpoint(run.id).await.unwrap(), None, "nobody needs it any more");
    assert_eq!(taken(store, WORKER, "held", 9_000).await, None, "it is over");
}

async fn what_a_worker_that_is_gone_held_is_given_to_another(store: &dyn TaskStore) {
    let run = new_run(2, "gone");
    store.add_run(run.clone()).await.unwrap();
    taken(store, WORKER, "gone", 1_000).await.unwrap();
    assert_eq!(taken(store, OTHER, "gone", 1_009).await, None);
    let held = taken(store, OTHER, "gone", 1_010).await.unwrap();
    assert_eq!((held.id, held.tries), (run.id, 1), "an interruption counts as a try");
    assert_eq!(
        store.keep_run(run.id, WORKER, at(1_030), None).await.unwrap(),
        RunHold::Lost,
        "the first worker hears that it was late"
    );
    assert!(!store.settle_run(WORKER, ended(&held, RunState::Failed, 1_011)).await.unwrap());
    assert!(store.settle_run(OTHER, ended(&held, RunState::Done, 1_012)).await.unwrap());
}

async fn runs_of_one_task_overlap_only_where_they_may(store: &dyn TaskStore) {
    let first = new_run(3, "apart");
    let second = TaskRun { next_at: at(1_001), ..new_run(4, "apart") };
    let elsewhere = TaskRun { task: task("other"), next_at: at(1_002), ..new_run(5, "apart") };
    for run in [&second, &first, &elsewhere] {
        store.add_run(run.clone()).await.unwrap();
    }
    let order =
        [taken(store, WORKER, "apart", 1_005).await, taken(store, OTHER, "apart", 1_005).await];
    let ids = order.map(|it| it.map(|it| it.id));
    assert_eq!(ids, [Some(first.id), Some(elsewhere.id)], "the longest wait first, none beside");
    assert_eq!(taken(store, OTHER, "apart", 1_005).await, None);
    let beside = TaskRun { overlap: true, ..new_run(6, "apart") };
    store.add_run(beside.clone()).await.unwrap();
    assert_eq!(taken(store, OTHER, "apart", 1_005).await.map(|it| it.id), Some(beside.id));
}

async fn a_run_is_cancelled_at_once_or_when_its_worker_hears(store: &dyn TaskStore) {
    let cancel = async |id: Uuid, now| store.cancel_run(id, at(now)).await.unwrap();
    let waits = new_run(7, "cancelled");
    store.add_run(waits.clone()).await.unwrap();
    let run = cancel(waits.id, 1_000).await.unwrap();
    assert_eq!((run.state, run.ended_at), (RunState::Cancelled, Some(at(1_000))));
    let runs = new_run(8, "cancelled");
    store.add_run(runs.clone()).await.unwrap();
    taken(store, WORKER, "cancelled", 1_000).await.unwrap();
    let run = cancel(runs.id, 1_001).await.unwrap();
    assert_eq!((run.state, run.cancelled), (RunState::Running, true));
    let kept = store.keep_run(runs.id, WORKER, at(1_011), None).await.unwrap();
    assert_eq!(kept, RunHold::Held { cancelled: true });
    let run = cancel(runs.id, 1_011).await.unwrap();
    assert_eq!(run.state, RunState::Cancelled, "its worker is gone");
    assert_eq!(cancel(Uuid::from_u128(0x7a_ffff), 1_000).await, None);
    assert_eq!(cancel(runs.id, 1_012).await.unwrap().ended_at, Some(at(1_011)), "once");
}

async fn a_time_that_has_come_makes_one_run(store: &dyn TaskStore) {
    let (owner, name) = (plugin("due"), task("check"));
    let due = |millis| Some(Due { schedule: "@daily".to_owned(), at: at(millis) });
    let change =
        |seen, next, run| DueChange { plugin: owner.clone(), task: name.clone(), seen, next, run };
    assert_eq!(store.due(&owner, &name).await.unwrap(), None);
    assert!(store.set_due(change(None, due(1_000), None)).await.unwrap());
    assert_eq!(store.due(&owner, &name).await.unwrap(), due(1_000));
    let run = new_run(9, "due");
    assert!(store.set_due(change(due(1_000), due(2_000), Some(run.clone()))).await.unwrap());
    let late = change(due(1_000), due(2_000), Some(new_run(10, "due")));
    assert!(!store.set_due(late).await.unwrap(), "another process was quicker");
    let next = change(due(2_000), due(3_000), Some(new_run(11, "due")));
    assert!(store.set_due(next).await.unwrap());
    let query = RunQuery { plugin: owner.clone(), task: Some(name.clone()), limit: 10 };
    assert_eq!(store.list_runs(query).await.unwrap(), [run], "one waits already");
    assert!(store.set_due(change(due(3_000), None, None)).await.unwrap());
    assert_eq!(store.due(&owner, &name).await.unwrap(), None);
}

async fn old_runs_are_forgotten_and_the_newest_stay(store: &dyn TaskStore) {
    for number in 20..25 {
        store.add_run(TaskRun { overlap: true, ..new_run(number, "old") }).await.unwrap();
        let run = taken(store, WORKER, "old", 1_000).await.unwrap();
        let end = i64::try_from(number).unwrap();
        assert!(store.settle_run(WORKER, ended(&run, RunState::Done, end)).await.unwrap());
    }
    store.add_run(new_run(25, "old")).await.unwrap();
    let left = async || {
        let query = RunQuery { plugin: plugin("old"), task: None, limit: 10 };
        let runs = store.list_runs(query).await.unwrap();
        runs.iter().map(|it| it.id.as_u128() - 0x7a_1000).collect::<Vec<_>>()
    };
    assert_eq!(left().await, [25, 24, 23, 22, 21, 20], "the newest first");
    while store.forget_runs(at(22), 1_000, 1).await.unwrap() > 0 {}
    assert_eq!(left().await, [25, 24, 23, 22], "those that ended before");
    while store.forget_runs(at(0), 2, 100).await.unwrap() > 0 {}
    assert_eq!(left().await, [25, 24, 23], "two that are over, and what is not");
}

async fn runs_go_with_their_plugin<S: TaskStore + PluginStore>(store: &S) {
    store.save(record("with-tasks")).await.unwrap();
    let run = new_run(30, "with-tasks");
    store.add_run(run.clone()).await.unwrap();
    let due = Some(Due { schedule: "@daily".to_owned(), at: at(1) });
    let (plugin, task) = (run.plugin.clone(), run.task.clone());
    let change = DueChange { plugin, task, seen: None, next: due, run: None };
    assert!(store.set_due(change).await.unwrap());
    assert!(store.remove(&run.plugin).await.unwrap());
    assert_eq!(store.find_run(run.id).await.unwrap(), None);
    assert_eq!(store.due(&run.plugin, &run.task).await.unwrap(), None);
}
