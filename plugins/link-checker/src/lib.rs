//! Looks whether the links of published entries still lead somewhere.
//!
//! A run first collects the links, then checks one after the other. Both go on where they were when the run is
//! interrupted. The report of the last whole run is at `/ext/link-checker/`.

mod ask;
mod check;
mod collect;
mod links;
mod report;
mod state;

use smartcms_plugin::routes::{self, Request, Response};
use smartcms_plugin::task_runner::{self, Task, TaskEnd, TaskError, TaskRun, progress};
use smartcms_plugin::{clock, keys, log};

use crate::report::Report;
use crate::state::{Phase, State};

/// The key of the last report.
const REPORT: &str = "report";

struct Plugin;

impl task_runner::Guest for Plugin {
    fn list() -> Vec<Task> {
        vec![Task {
            name: "check".to_owned(),
            description: "Looks whether the links of published entries still lead somewhere."
                .to_owned(),
            schedule: Some("@weekly".to_owned()),
            overlap: false,
        }]
    }

    fn run(run: TaskRun) -> Result<TaskEnd, TaskError> {
        let mut state = State::of(run.checkpoint.as_deref());
        if state.phase == Phase::Collecting && !collect::go_on(&mut state)? {
            return Ok(TaskEnd::Stopped);
        }
        if !check::go_on(&mut state) {
            return Ok(TaskEnd::Stopped);
        }
        let report = Report::of(state, clock::seconds());
        let words = report.words();
        report.hosts.iter().for_each(|host| log::info(format!("not granted: http={host}")));
        keys::set(REPORT, &report.to_bytes())
            .map_err(|error| TaskError::Retry(error.to_string()))?;
        Ok(TaskEnd::Done(words))
    }
}

impl routes::Guest for Plugin {
    const BODY_BYTES_MAX: usize = 0;

    fn answer(request: Request) -> Response {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Response::text(405, "Only GET.\n").with("allow", "GET, HEAD");
        }
        let report = match keys::get(REPORT) {
            Ok(report) => report,
            Err(error) => {
                log::error(format!("the report could not be read: {error}"));
                return Response::text(503, "The report cannot be read just now.\n");
            }
        };
        match request.path.as_str() {
            "/" => report::page(report.as_deref().and_then(Report::parse).as_ref()),
            "/report.json" => match report {
                Some(json) => Response::of(200, "application/json", json),
                None => Response::json(404, "null"),
            },
            _ => Response::text(404, "There is nothing here.\n"),
        }
    }
}

task_runner::export!(Plugin);
routes::export!(Plugin);

/// Keeps what is needed to go on from here; whether the run should stop.
fn save(state: &State) -> bool {
    progress::save_checkpoint(&state.to_bytes());
    progress::should_stop()
}
