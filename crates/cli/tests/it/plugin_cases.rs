//! Hostile plugins, each against a real server with ordinary readers beside it.
//!
//! Each is contained: its failure is typed, its log names it, no reader notices, and the next good call works.

use crate::support::case::{Case, Step};
use crate::support::load::Load;
use crate::support::report;
use crate::support::stage::Stage;

/// What readers ask for meanwhile.
const ORDINARY: [&str; 5] =
    ["/", "/posts/ordinary", "/api/v1/content/posts", "/api/v1/content/posts/ordinary", "/healthz"];
/// More memory than this would be the plugin's: an idle server has a tenth of it.
const RESIDENT_BYTES_MAX: u64 = 600 * 1024 * 1024;

/// One test for each case, and one that none was forgotten.
macro_rules! cases {
    ($($function:ident = $folder:literal,)*) => {
        $(#[test]
        fn $function() {
            contained($folder);
        })*

        #[test]
        fn every_case_has_a_test() {
            let mut tested = vec![$($folder),*];
            tested.sort_unstable();
            assert_eq!(Case::names(), tested);
        }
    };
}

cases! {
    actor = "actor",
    actor_granted = "actor-granted",
    at_blocks = "at-blocks",
    at_filters = "at-filters",
    at_functions = "at-functions",
    at_models = "at-models",
    at_routes = "at-routes",
    at_routes_3 = "at-routes-3",
    at_run = "at-run",
    bucket_of_another = "bucket-of-another",
    compile_bomb = "compile-bomb",
    connection_header = "connection-header",
    cookie = "cookie",
    deep_recursion = "deep-recursion",
    endless_body = "endless-body",
    endless_filter = "endless-filter",
    endless_loop = "endless-loop",
    endless_loop_in_start = "endless-loop-in-start",
    endless_route = "endless-route",
    environment = "environment",
    environment_granted = "environment-granted",
    escape_by_link = "escape-by-link",
    escape_by_own_link = "escape-by-own-link",
    escape_by_path = "escape-by-path",
    etc_passwd = "etc-passwd",
    event_deep_recursion = "event-deep-recursion",
    event_endless_loop = "event-endless-loop",
    event_forbidden_import = "event-forbidden-import",
    event_host_call_flood = "event-host-call-flood",
    event_huge_answer = "event-huge-answer",
    event_log_flood = "event-log-flood",
    event_memory_bomb = "event-memory-bomb",
    event_trap = "event-trap",
    half_body = "half-body",
    handle_leak = "handle-leak",
    header_flood = "header-flood",
    hook_reentrancy = "hook-reentrancy",
    hooks_in_turns = "hooks-in-turns",
    host_call_flood = "host-call-flood",
    http_elsewhere = "http-elsewhere",
    http_flood = "http-flood",
    http_link_local = "http-link-local",
    http_loopback = "http-loopback",
    http_loopback_v6 = "http-loopback-v6",
    http_metadata = "http-metadata",
    http_name_of_loopback = "http-name-of-loopback",
    http_not_granted = "http-not-granted",
    http_number = "http-number",
    http_other_port = "http-other-port",
    http_private = "http-private",
    http_redirect = "http-redirect",
    http_redirect_metadata = "http-redirect-metadata",
    huge_argument = "huge-argument",
    huge_list = "huge-list",
    huge_returned_string = "huge-returned-string",
    key_flood = "key-flood",
    keys_of_another = "keys-of-another",
    log_flood = "log-flood",
    many_endless_loops = "many-endless-loops",
    many_tables = "many-tables",
    memory_bomb = "memory-bomb",
    memory_declared = "memory-declared",
    model_endless_text = "model-endless-text",
    model_slow_start = "model-slow-start",
    not_text = "not-text",
    panicking_route = "panicking-route",
    program_endless_loop = "program-endless-loop",
    program_etc_passwd = "program-etc-passwd",
    program_memory_bomb = "program-memory-bomb",
    program_output_flood = "program-output-flood",
    program_trap = "program-trap",
    repeated_failure = "repeated-failure",
    silent_route = "silent-route",
    slow_body = "slow-body",
    sockets = "sockets",
    split_header = "split-header",
    stdout_flood = "stdout-flood",
    table_growth = "table-growth",
    task_deep_recursion = "task-deep-recursion",
    task_endless_loop = "task-endless-loop",
    task_forbidden_import = "task-forbidden-import",
    task_host_call_flood = "task-host-call-flood",
    task_huge_checkpoint = "task-huge-checkpoint",
    task_list_endless = "task-list-endless",
    task_log_flood = "task-log-flood",
    task_memory_bomb = "task-memory-bomb",
    task_trap = "task-trap",
    write_elsewhere = "write-elsewhere",
    write_to_read_only = "write-to-read-only",
    write_without_grant = "write-without-grant",
    wrong_pointer = "wrong-pointer",
}

#[track_caller]
fn contained(name: &str) {
    let case = Case::read(name);
    let mut stage = Stage::set(&case);
    let server = stage.server.pid();
    let load = Load::begin(stage.server.address, &ORDINARY);
    stage.play(&case, &case.bad);
    if let Some(again) = &case.again {
        stage.play(&case, again);
    }
    if case.heals_by.is_some() {
        stage.disable(case.id());
    }
    let ordinary = ordinary_save();
    let good = case.good.as_ref().unwrap_or(&ordinary);
    stage.play(&case, good);
    for step in &case.more {
        stage.play(&case, step);
        stage.play(&case, good);
    }
    let load = load.end();
    stage.server.expect_alive();
    assert_eq!(stage.server.pid(), server);
    let resident = stage.server.resident_peak_bytes();
    report::record(name, &load, resident);
    assert!(resident < RESIDENT_BYTES_MAX, "{resident} bytes were resident");
    assert!(
        load.failures.is_empty(),
        "{} of {} ordinary requests failed: {:#?}",
        load.failures.len(),
        load.requests,
        load.failures
    );
    assert!(load.requests > 0);
    let children = stage.server.children();
    assert!(children.is_empty(), "processes {children:?} were left behind");
}

/// Saving goes on: with the hook, or without the plugin.
fn ordinary_save() -> Step {
    Step { save: Some("good".to_owned()), status: Some(201), ..Step::default() }
}
