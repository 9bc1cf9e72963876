//! A plain program, `wasi:cli/run`, as the task of a plugin.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::command::Outcome;
use crate::support::component::{example, hostile};
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// A site with the plugin `program`, of a file that was built with no thought of this server.
#[track_caller]
fn site() -> Site {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("program")]).expect_success();
    site
}

fn run(site: &Site, argument: &[&str]) -> Outcome {
    site.run(&[&["plugin", "task", "run", "program", "run"], argument].concat())
}

fn log(site: &Site) -> String {
    site.run(&["plugin", "logs", "program"]).expect_success().to_owned()
}

#[track_caller]
fn schedule(site: &Site) -> Value {
    let listed = site.run(&["plugin", "task", "list", "program", "--json"]).expect_json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(listed[0]["task"], "run");
    listed[0]["schedule"].clone()
}

#[test]
fn a_program_is_a_task_and_what_it_prints_is_in_the_log() {
    let site = site();
    assert_eq!(run(&site, &[]).expect_success(), "ended with exit code 0\n");
    assert!(log(&site).contains("program swept the floor"), "{}", log(&site));
    run(&site, &["two words"]).expect_success();
    assert!(log(&site).contains("program was told \"two words\""), "{}", log(&site));
    // WASI 0.2 as Rust uses it knows success and failure, and no other codes.
    let failed = ["task run of plugin program failed: it ended with exit code 1"];
    run(&site, &["fail"]).expect_failure(1, &failed, "plugin logs program");
    assert!(log(&site).contains("the broom is broken"), "{}", log(&site));
    let runs = site.run(&["plugin", "task", "runs", "program", "--json"]).expect_json();
    assert_eq!(runs[0]["state"], "failed");
    let health = site.run(&["plugin", "list"]);
    assert!(!health.expect_success().contains("paused"), "its own failure is no trap: {health:?}");
}

#[test]
fn a_program_of_wasi_0_3_is_a_task_too() {
    let site = Site::new();
    site.run(&["plugin", "add", &example("args3")]).expect_success();
    let run =
        |words: &[&str]| site.run(&[&["plugin", "task", "run", "args3", "run"], words].concat());
    assert_eq!(run(&["two words"]).expect_success(), "ended with exit code 0\n");
    let log = site.run(&["plugin", "logs", "args3"]);
    assert!(log.expect_success().contains("two words"), "{log:?}");
    let failed = ["task run of plugin args3 failed: it ended with exit code 1"];
    run(&["--", "--exit"]).expect_failure(1, &failed, "plugin logs args3");
    let log = site.run(&["plugin", "logs", "args3"]);
    assert!(log.expect_success().contains("--exit needs a value"), "{log:?}");
}

#[test]
fn a_program_reads_the_folder_that_it_was_granted_and_no_other() {
    let site = site();
    site.write("stories/one.txt", "a program was granted a folder");
    run(&site, &["stories"]).expect_failure(1, &["exit code 1"], "plugin logs");
    site.run(&["plugin", "grant", "program", "fs=./stories:/stories:ro"]).expect_success();
    run(&site, &["stories"]).expect_success();
    assert!(log(&site).contains("once: a program was granted a folder"), "{}", log(&site));
    run(&site, &["read"]).expect_failure(1, &["exit code 1"], "plugin logs");
}

#[test]
fn the_operator_sets_when_a_task_runs() {
    let site = site();
    let set = |when: &str| site.run(&["plugin", "task", "schedule", "program", "run", when]);
    assert_eq!(schedule(&site), Value::Null);
    let said = set("30 3 * * 1-5");
    assert!(said.expect_success().contains("30 3 * * 1-5 (set by the operator)"), "{said:?}");
    assert_eq!(schedule(&site), "30 3 * * 1-5");
    set("now and then").expect_failure(6, &["`now and then` is not a schedule"], "`never`");
    assert_eq!(schedule(&site), "30 3 * * 1-5");
    let unknown = site.run(&["plugin", "task", "schedule", "program", "sweep", "@daily"]);
    assert_eq!(unknown.code, 4, "{unknown:?}");
    assert!(set("never").expect_success().contains("by hand (set by the operator)"));
    assert_eq!(schedule(&site), Value::Null);
    assert!(!set("own").expect_success().contains("set by"));
}

#[test]
fn plugin_toml_says_when_a_program_runs_until_the_operator_does() {
    let site = Site::new();
    let file = site.write("sweep/sweep.wasm", std::fs::read(hostile("program")).unwrap());
    let manifest = "id = \"program\"\nversion = \"0.1.0\"\n\n\
                    [tasks.run]\ndescription = \"Sweeps the floor.\"\nschedule = \"@weekly\"\n";
    site.write("sweep/plugin.toml", manifest);
    site.run(&["plugin", "add", &file]).expect_success();
    assert_eq!(schedule(&site), "@weekly");
    let listed = site.run(&["plugin", "task", "list"]);
    assert!(listed.expect_success().contains("Sweeps the floor."), "{listed:?}");
    let set = |when: &str| site.run(&["plugin", "task", "schedule", "program", "run", when]);
    set("never").expect_success();
    assert_eq!(schedule(&site), Value::Null);
    set("own").expect_success();
    assert_eq!(schedule(&site), "@weekly");
}

#[test]
fn a_program_runs_on_its_schedule_in_the_server() {
    let site = site();
    let _server = Server::start(&site);
    // Every minute: the test waits for the beginning of the next one.
    let set = site.run(&["plugin", "task", "schedule", "program", "run", "* * * * *"]);
    set.expect_success();
    let begun = Instant::now();
    loop {
        let runs = site.run(&["plugin", "task", "runs", "program", "--json"]).expect_json();
        if runs[0]["state"] == "done" {
            assert_eq!(runs[0]["cause"], "schedule");
            break;
        }
        assert!(begun.elapsed() < HANG_GUARD, "{runs:#}");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(log(&site).contains("program swept the floor"), "{}", log(&site));
}
