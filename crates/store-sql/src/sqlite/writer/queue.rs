//! What waits to be written.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use smartcms_app::ports::LogLine;
use tokio::sync::Semaphore;

use super::group::{Group, Job};
use crate::sqlite::SqliteSettings;

/// The most lines of plugins' logs that wait to be stored.
const LOG_LINES_WAITING_MAX: usize = 4_096;
/// The most bytes of them.
const LOG_BYTES_WAITING_MAX: usize = 4 * 1024 * 1024;
/// How long lines wait for a write to go along with, before they get a commit of their own.
const LOG_WAIT: Duration = Duration::from_millis(200);

/// Bounded: writes wait for room, lines of logs push out the oldest.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// One permit for each free place.
    pub(super) room: Semaphore,
    group_len_max: usize,
    log_lines_lost: AtomicU64,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    log: VecDeque<LogLine>,
    log_bytes: usize,
    /// When the oldest waiting line came.
    log_since: Option<Instant>,
    closed: bool,
}

/// Tells those who wait when the thread ends, also by a panic.
pub(super) struct Ending<'a>(pub(super) &'a Queue);

impl Queue {
    pub(super) fn new(settings: &SqliteSettings) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            room: Semaphore::new(settings.write_queue_len_max),
            group_len_max: settings.write_group_len_max.max(1),
            log_lines_lost: AtomicU64::new(0),
        }
    }

    pub(super) fn push(&self, job: Box<dyn Job>) {
        let mut state = self.state();
        // After the end a job is dropped, which tells its caller.
        if !state.closed {
            state.jobs.push_back(job);
            self.changed.notify_one();
        }
    }

    pub(super) fn append(&self, lines: Vec<LogLine>) {
        let mut state = self.state();
        if state.closed || lines.is_empty() {
            return;
        }
        state.log_since.get_or_insert_with(Instant::now);
        state.log_bytes += lines.iter().map(size).sum::<usize>();
        state.log.extend(lines);
        let mut lost = 0;
        while state.log.len() > LOG_LINES_WAITING_MAX || state.log_bytes > LOG_BYTES_WAITING_MAX {
            let Some(line) = state.log.pop_front() else { break };
            state.log_bytes -= size(&line);
            lost += 1;
        }
        self.log_lines_lost.fetch_add(lost, Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Waits for something to commit; `None` when nothing is left and nothing more will come.
    pub(super) fn next(&self) -> Option<Group> {
        let mut state = self.state();
        loop {
            let log_wait = state.log_since.map(|since| LOG_WAIT.saturating_sub(since.elapsed()));
            match log_wait {
                _ if !state.jobs.is_empty() => break,
                Some(wait) if wait.is_zero() || state.closed => break,
                None if state.closed => return None,
                wait => state = self.wait(state, wait),
            }
        }
        let len = state.jobs.len().min(self.group_len_max);
        self.room.add_permits(len);
        state.log_since = None;
        state.log_bytes = 0;
        let log = std::mem::take(&mut state.log);
        Some(Group { jobs: state.jobs.drain(..len).collect(), log })
    }

    /// How many lines were pushed out.
    pub(super) fn log_lines_lost(&self) -> u64 {
        self.log_lines_lost.load(Ordering::Relaxed)
    }

    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        at_most: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        match at_most {
            None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(wait) => {
                let waited = self.changed.wait_timeout(state, wait);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.room.close();
        self.changed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.close();
        self.0.state().jobs.clear();
    }
}

fn size(line: &LogLine) -> usize {
    size_of::<LogLine>() + line.text.len() + line.source.len()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{line, mark};
    use super::{Group, LOG_BYTES_WAITING_MAX, LOG_LINES_WAITING_MAX, Queue};
    use crate::sqlite::SqliteSettings;

    #[test]
    fn past_its_bounds_the_waiting_log_loses_its_oldest_lines() {
        let queue = Queue::new(&SqliteSettings::default());
        let lines = |len: usize| (0..len).map(|it| line(&it.to_string())).collect::<Vec<_>>();
        queue.append(lines(LOG_LINES_WAITING_MAX));
        assert_eq!(queue.log_lines_lost(), 0);
        queue.append(lines(3));
        assert_eq!(queue.log_lines_lost(), 3);
        assert_eq!(queue.state().log.front().unwrap().text, "3");
        queue.append(vec![line(&"x".repeat(LOG_BYTES_WAITING_MAX))]);
        assert!(queue.state().log.is_empty(), "a line past the bound is lost as well");
        assert_eq!(queue.state().log_bytes, 0);
    }

    #[test]
    fn everything_that_waits_goes_into_one_commit_up_to_its_bound() {
        let settings = SqliteSettings { write_group_len_max: 2, ..SqliteSettings::default() };
        let queue = Queue::new(&settings);
        for names in [&["a"], &["b"], &["c"]] {
            queue.push(mark(names).0);
        }
        queue.append(vec![line("goes along")]);
        queue.close();
        let groups: Vec<Group> = std::iter::from_fn(|| queue.next()).collect();
        let sizes: Vec<_> = groups.iter().map(|it| (it.jobs.len(), it.log.len())).collect();
        assert_eq!(sizes, [(2, 1), (1, 0)]);
    }
}
