//! Tasks of plugins: when they are due, starting them by hand, and what becomes of each run.
//!
//! Runs are rows in the store, so that nothing is lost with a process. Any process that has the plugins loaded can be
//! a worker: the server is one, and `smartcms plugin task run` is one for its own run.

mod control;
mod declared;
mod due;
mod error;
mod manage;
mod perform;
mod reschedule;
mod settle;
mod start;

pub use control::{RunControl, StopReason};
pub use declared::{DESCRIPTION_CHARS_MAX, KnownTask, TASKS_MAX, find_task, known_tasks};
pub use due::schedule_tasks;
pub use error::TaskError;
pub use manage::{
    RUNS_KEPT_DAYS, RUNS_KEPT_MAX, RUNS_LISTED_MAX, cancel_run, find_run, forget_runs, list_runs,
};
pub use perform::{abandon_run, perform_run};
pub use reschedule::{WantedSchedule, reschedule_task};
pub use settle::{RUN_AGE_MAX, RUN_TRIES_MAX};
pub use start::{ARGUMENT_BYTES_MAX, claim_run, start_task};
