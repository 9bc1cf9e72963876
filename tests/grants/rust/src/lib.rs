//! Tries every capability, and says what came of it.

use std::time::SystemTime;

use smartcms_plugin::content::reader::{self, Query};
use smartcms_plugin::content::types::ContentError;
use smartcms_plugin::content::writer::{self, NewEntry};
use smartcms_plugin::task_runner::{self, Task, TaskEnd, TaskError, TaskRun};
use smartcms_plugin::{fields, keys, log, settings};
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{ErrorCode, Fields, OutgoingRequest, Scheme};

use crate::component::smartcms::kvstore;

wit_bindgen::generate!({
    inline: "package tests:probe; world keys { import component:smartcms/kvstore; }",
    path: [".smartcms/wit/kvstore"],
    world: "tests:probe/keys",
    generate_all,
});

/// Nothing where it was denied.
type Said = Option<String>;

const TRIALS: [(&str, fn(&str) -> Said); 11] = [
    ("kv", |_| keys::increment("n", 1).ok().map(|it| it.to_string())),
    ("kvstore", kept),
    ("read", read),
    ("write", write),
    ("http", answered),
    ("fs", |_| std::fs::read_to_string("/shared/open.txt").ok()),
    ("env", |_| std::env::var("PROBE_WORD").ok()),
    ("settings", |_| settings::get("word").ok().flatten()),
    ("log", logged),
    ("clocks", |_| (SystemTime::now() > SystemTime::UNIX_EPOCH).then(|| "a time".to_owned())),
    ("random", differ),
];

struct Probe;

impl task_runner::Guest for Probe {
    fn list() -> Vec<Task> {
        let task = |(name, _): &(&str, _)| Task {
            name: (*name).to_owned(),
            description: "Tries it.".to_owned(),
            schedule: None,
            overlap: false,
        };
        TRIALS.iter().map(task).collect()
    }

    fn run(run: TaskRun) -> Result<TaskEnd, TaskError> {
        let trial = TRIALS.iter().find(|it| it.0 == run.task).map(|it| it.1);
        let said = trial.and_then(|it| it(&run.argument.unwrap_or_default()));
        said.map(TaskEnd::Done).ok_or_else(|| TaskError::Failed("denied".to_owned()))
    }
}

task_runner::export!(Probe);

fn kept(_: &str) -> Said {
    kvstore::set("k", "kept");
    kvstore::get("k")
}

fn read(_: &str) -> Said {
    let page = reader::list(&Query { collection: "posts".to_owned(), limit: 10, cursor: None });
    unless_denied(page.map(|it| format!("{} entries", it.entries.len())))
}

fn write(_: &str) -> Said {
    let fields = vec![fields::field("title", "Written")];
    let entry = NewEntry { collection: "posts".to_owned(), slug: None, fields };
    unless_denied(writer::create(&entry).map(|_| "written".to_owned()))
}

fn answered(authority: &str) -> Said {
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&Scheme::Http)).ok()?;
    request.set_authority(Some(authority)).ok()?;
    request.set_path_with_query(Some("/")).ok()?;
    let future = match handle(request, None) {
        Ok(future) => future,
        Err(error) => return refused(&error),
    };
    future.subscribe().block();
    match future.get()?.ok()? {
        Ok(response) => Some(format!("answered {}", response.status())),
        Err(error) => refused(&error),
    }
}

/// Nothing for a refused request; what else went wrong is told.
fn refused(error: &ErrorCode) -> Said {
    let denied = matches!(error, ErrorCode::HttpRequestDenied);
    (!denied).then(|| format!("failed with {error:?}"))
}

fn logged(_: &str) -> Said {
    log::info("a line of the probe");
    Some("logged".to_owned())
}

fn differ(_: &str) -> Said {
    let number = wasip2::random::random::get_random_u64;
    (number() != number()).then(|| "two numbers".to_owned())
}

/// What was not granted is answered like what is not there.
fn unless_denied(outcome: Result<String, ContentError>) -> Said {
    match outcome {
        Ok(said) => Some(said),
        Err(ContentError::Denied(_) | ContentError::NotFound(_)) => None,
        Err(error) => Some(format!("failed with {error:?}")),
    }
}
