//! `smartcms plugin task`: a real plugin's tasks, by hand and by schedule, with and without a server.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::command::executable;
use crate::support::component::hostile;
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// A site with the plugin `points`.
#[track_caller]
fn site() -> Site {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("points")]).expect_success();
    site.run(&["plugin", "grant", "points", "kv"]).expect_success();
    site
}

/// The runs of the plugin, the newest first, without those of the task that a server begins at every full minute.
#[track_caller]
fn runs(site: &Site) -> Vec<Value> {
    let listed = site.run(&["plugin", "task", "runs", "points", "--json"]).expect_json();
    listed.as_array().unwrap().iter().filter(|it| it["task"] != "often").cloned().collect()
}

/// Looks at the newest run until it is as wanted.
#[track_caller]
fn wait_for_run(site: &Site, is_so: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let runs = runs(site);
        if let Some(run) = runs.first().filter(|it| is_so(it)) {
            return run.clone();
        }
        assert!(begun.elapsed() < HANG_GUARD, "{runs:#?}");
    }
}

fn is_at_work(run: &Value) -> bool {
    run["progress"]["done"].as_u64().is_some_and(|it| it > 0)
}

/// Starts a command and does not wait for its end.
fn begin(site: &Site, arguments: &[&str]) -> Child {
    let mut command = executable();
    command.args(arguments).current_dir(site.path()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn the_tasks_of_a_plugin_are_listed_with_what_is_wrong_with_them() {
    let site = site();
    let listed = site.run(&["plugin", "task", "list", "--json"]).expect_json();
    let tasks = listed.as_array().unwrap();
    let names: Vec<&str> = tasks.iter().map(|it| it["task"].as_str().unwrap()).collect();
    assert_eq!(names, ["count", "odd", "often", "crooked"], "what has no name is left out");
    assert_eq!(tasks[2]["schedule"], "* * * * *");
    assert!(tasks[3]["problem"].as_str().unwrap().contains("`every minute` is not a schedule"));
    let text = site.run(&["plugin", "task", "list", "points"]);
    for words in ["count", "by hand", "The task count.", "* * * * *", "never by itself"] {
        assert!(text.expect_success().contains(words), "no {words:?} in {text:?}");
    }
}

#[test]
fn a_task_runs_by_hand_without_a_server_and_its_output_is_in_the_log() {
    let site = site();
    let ran = site.run(&["plugin", "task", "run", "points", "count", "3"]);
    assert_eq!(ran.expect_success(), "counted to 3 from 0\n");
    let run = &runs(&site)[0];
    assert_eq!((&run["state"], &run["cause"]), (&Value::from("done"), &Value::from("person")));
    assert_eq!(run["progress"]["done"], 3);
    let log = site.run(&["plugin", "logs", "points"]);
    assert!(log.expect_success().contains("counting from 0"), "{log:?}");
    let said = site.run(&["plugin", "task", "run", "points", "odd", "terminal"]);
    assert!(!said.expect_success().contains('\u{1b}'), "it cannot steer the terminal: {said:?}");
}

#[test]
fn what_cannot_be_run_is_an_error_with_a_hint() {
    let site = site();
    let run = |arguments: &[&str]| site.run(&[&["plugin", "task", "run"], arguments].concat());
    run(&["nobody", "count"]).expect_failure(4, &["plugin `nobody` has no tasks"], "plugin list");
    let unknown = run(&["points", "cont"]);
    assert_eq!(unknown.code, 4, "{unknown:?}");
    assert!(unknown.stderr.contains("has no task `cont`; it has count, odd"), "{unknown:?}");
    run(&["points", "odd", "fail"]).expect_failure(1, &["failed: it is odd"], "plugin logs points");
    run(&["points", "odd", "stop"]).expect_failure(1, &["without a checkpoint"], "plugin logs");
    let cancel = |id: &str| site.run(&["plugin", "task", "cancel", id]);
    cancel("nothing").expect_failure(4, &["there is no run `nothing`"], "task runs");
    let over = runs(&site)[0]["id"].as_str().unwrap().to_owned();
    cancel(&over).expect_failure(5, &["is failed already"], "task runs");
}

#[test]
fn a_run_goes_on_from_its_checkpoint_after_its_process_was_killed() {
    let site = site();
    let mut first = begin(&site, &["plugin", "task", "run", "points", "count", "60"]);
    wait_for_run(&site, is_at_work);
    first.kill().unwrap();
    first.wait().unwrap();
    let server = Server::start(&site);
    let run = wait_for_run(&site, |it| it["state"] == "done");
    let outcome = run["outcome"].as_str().unwrap();
    assert!(outcome.starts_with("counted to 60 from "), "{outcome}");
    assert!(!outcome.ends_with(" from 0"), "it began anew: {outcome}");
    assert_eq!(run["tries"], 1, "{run}");
    drop(server);
}

#[test]
fn a_server_that_stops_leaves_its_run_to_the_next_one() {
    let site = site();
    let mut server = Server::start(&site);
    let id = site.run(&["plugin", "task", "run", "points", "count", "60", "--detach"]);
    let id = id.expect_success().trim().to_owned();
    wait_for_run(&site, is_at_work);
    server.terminate();
    assert!(server.wait().success());
    let run = &runs(&site)[0];
    assert_eq!((&run["id"], &run["state"]), (&Value::from(id), &Value::from("waiting")), "{run}");
    let _server = Server::start(&site);
    let run = wait_for_run(&site, |it| it["state"] == "done");
    assert!(!run["outcome"].as_str().unwrap().ends_with(" from 0"), "{run}");
    assert_eq!(run["tries"], 0, "a restart is no failure: {run}");
}

#[test]
fn a_run_is_cancelled_whether_it_hears_of_it_or_not() {
    let site = site();
    let _server = Server::start(&site);
    for (task, argument) in [("count", "1000"), ("odd", "deaf")] {
        let id = site.run(&["plugin", "task", "run", "points", task, argument, "--detach"]);
        let id = id.expect_success().trim();
        wait_for_run(&site, is_at_work);
        let told = site.run(&["plugin", "task", "cancel", id]);
        assert!(told.expect_success().contains("told to stop"), "{told:?}");
        let run = wait_for_run(&site, |it| it["state"] != "running");
        assert_eq!(run["state"], "cancelled", "{task}: {run}");
    }
}

#[test]
fn an_interrupted_command_cancels_its_run() {
    let site = site();
    let mut child = begin(&site, &["plugin", "task", "run", "points", "count", "1000"]);
    wait_for_run(&site, is_at_work);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(runs(&site)[0]["state"], "cancelled");
}

#[test]
fn runs_of_one_task_wait_for_each_other() {
    let site = site();
    let mut first = begin(&site, &["plugin", "task", "run", "points", "count", "40"]);
    wait_for_run(&site, is_at_work);
    let second = site.run(&["plugin", "task", "run", "points", "count", "1"]);
    assert_eq!(second.expect_success(), "counted to 1 from 0\n");
    assert!(first.wait().unwrap().success());
    let runs = runs(&site);
    let times = |run: &Value, key: &str| run[key].as_str().unwrap().to_owned();
    assert!(times(&runs[0], "started_at") >= times(&runs[1], "ended_at"), "{runs:#?}");
}

#[test]
fn a_server_says_when_a_task_runs_next() {
    let site = site();
    let _server = Server::start(&site);
    let begun = Instant::now();
    loop {
        let listed = site.run(&["plugin", "task", "list", "points", "--json"]).expect_json();
        if let Some(next) = listed[2]["next_at"].as_str() {
            assert!(next.ends_with(":00Z"), "{next}");
            return;
        }
        assert!(begun.elapsed() < HANG_GUARD, "{listed}");
    }
}
