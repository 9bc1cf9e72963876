//! Counts the entries that readers see, a page at a time, so that it can stop and go on.

use smartcms_plugin::content::reader::{self, Query};
use smartcms_plugin::task_runner::{self, Task, TaskEnd, TaskError, TaskRun, progress};

const COLLECTION_DEFAULT: &str = "posts";

/// How many entries one page has.
const PAGE: u32 = 100;

struct Plugin;

impl task_runner::Guest for Plugin {
    fn list() -> Vec<Task> {
        vec![Task {
            name: "count".to_owned(),
            description: "Counts the entries that readers see.".to_owned(),
            schedule: Some("@daily".to_owned()),
            overlap: false,
        }]
    }

    fn run(run: TaskRun) -> Result<TaskEnd, TaskError> {
        // What the operator wrote after the task's name.
        let collection = run.argument.unwrap_or_else(|| COLLECTION_DEFAULT.to_owned());
        let mut state = State::of(&run.checkpoint.unwrap_or_default());
        loop {
            let cursor = state.cursor.take();
            let query = Query { collection: collection.clone(), limit: PAGE, cursor };
            let page = reader::list(&query).map_err(|it| TaskError::Retry(it.to_string()))?;
            state.count += page.entries.len() as u64;
            progress::report(state.count, None, &format!("counting {collection}"));
            let Some(next) = page.next else {
                return Ok(TaskEnd::Done(format!("{} entries of {collection}", state.count)));
            };
            state.cursor = Some(next);
            progress::save_checkpoint(&state.to_bytes());
            if progress::should_stop() {
                return Ok(TaskEnd::Stopped);
            }
        }
    }
}

task_runner::export!(Plugin);

/// What a run needs to go on: how many it counted, and where the next page begins.
#[derive(Debug, Default, PartialEq, Eq)]
struct State {
    count: u64,
    cursor: Option<String>,
}

impl State {
    /// Reads a checkpoint; begins anew without one.
    fn of(checkpoint: &[u8]) -> Self {
        let text = String::from_utf8_lossy(checkpoint);
        let (count, cursor) = text.split_once(' ').unwrap_or_default();
        let cursor = (!cursor.is_empty()).then(|| cursor.to_owned());
        Self { count: count.parse().unwrap_or_default(), cursor }
    }

    fn to_bytes(&self) -> Vec<u8> {
        format!("{} {}", self.count, self.cursor.as_deref().unwrap_or_default()).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn a_checkpoint_is_read_as_it_was_written() {
        let state = State { count: 200, cursor: Some("abc".to_owned()) };
        assert_eq!(State::of(&state.to_bytes()), state);
        assert_eq!(State::of(b""), State::default());
    }
}
