//! What becomes of a run after a stretch of it: pure rules, with the time passed in.

use std::time::Duration;

use smartcms_domain::Timestamp;

use super::control::StopReason;
use super::declared::printable;
use super::start::later;
use crate::ports::{PluginFailure, PluginFailureKind, RunState, TaskOutcome, TaskRun};

/// How often a run fails or is interrupted before it is not tried again.
pub const RUN_TRIES_MAX: u32 = 5;
/// How long a run may go on, all its stretches and pauses together.
pub const RUN_AGE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The pause after the first failure; it doubles with each.
const RETRY_PAUSE: Duration = Duration::from_secs(10);
/// The pause while a plugin cannot be called.
const UNAVAILABLE_PAUSE: Duration = Duration::from_secs(30);
/// How much of a plugin's own words is kept.
const OUTCOME_CHARS_MAX: usize = 1_000;

/// How a stretch went.
pub(super) struct Stretch {
    /// What the plugin said, or how it failed.
    pub(super) outcome: Result<TaskOutcome, PluginFailure>,
    /// What the run was told meanwhile.
    pub(super) stop: Option<StopReason>,
    /// Whether the stretch saved a checkpoint.
    pub(super) has_checkpoint: bool,
    /// When it ended.
    pub(super) now: Timestamp,
}

/// What becomes of a run that must not begin again: it was interrupted too often, was cancelled, or is too old.
pub(super) fn may_begin(run: &TaskRun, now: Timestamp) -> Option<TaskRun> {
    if run.cancelled {
        return Some(over(run.clone(), RunState::Cancelled, None, now));
    }
    let reason = if run.tries >= RUN_TRIES_MAX {
        format!("it failed or was interrupted {} times, which is the limit", run.tries)
    } else if later(run.created_at, RUN_AGE_MAX) <= now {
        format!("it was not done {} hours after it was made", RUN_AGE_MAX.as_secs() / 3600)
    } else {
        return None;
    };
    Some(over(run.clone(), RunState::Failed, Some(reason), now))
}

/// What becomes of a run after a stretch.
pub(super) fn settled(run: TaskRun, stretch: Stretch) -> TaskRun {
    let now = stretch.now;
    let cancelled = stretch.stop == Some(StopReason::Cancelled);
    match stretch.outcome {
        Ok(TaskOutcome::Done(text)) => over(run, RunState::Done, Some(text), now),
        Ok(TaskOutcome::Stopped) if cancelled => over(run, RunState::Cancelled, None, now),
        Ok(TaskOutcome::Retry(reason) | TaskOutcome::Failed(reason)) if cancelled => {
            over(run, RunState::Cancelled, Some(reason), now)
        }
        Ok(TaskOutcome::Stopped) if stretch.stop.is_some() || stretch.has_checkpoint => {
            waiting(run, None, now)
        }
        Ok(TaskOutcome::Stopped) => {
            let reason =
                "it stopped at the end of its time without a checkpoint: it would never end";
            over(run, RunState::Failed, Some(reason.to_owned()), now)
        }
        Ok(TaskOutcome::Retry(reason)) => tried(run, reason, now),
        Ok(TaskOutcome::Failed(reason)) => over(run, RunState::Failed, Some(reason), now),
        Err(failure) if cancelled => over(run, RunState::Cancelled, Some(failure.to_string()), now),
        // Nothing of it ran, so that nothing speaks against another try.
        Err(failure) if failure.kind == PluginFailureKind::Unavailable => {
            waiting(run, Some(failure.to_string()), later(now, UNAVAILABLE_PAUSE))
        }
        Err(failure) => over(run, RunState::Failed, Some(failure.to_string()), now),
    }
}

/// What becomes of a run that was ended by force.
pub(super) fn abandoned(run: TaskRun, reason: StopReason, now: Timestamp) -> TaskRun {
    match reason {
        StopReason::Cancelled => {
            let text = "it did not stop when it was told to, and was ended".to_owned();
            over(run, RunState::Cancelled, Some(text), now)
        }
        StopReason::Ending | StopReason::Lost => waiting(run, None, now),
    }
}

fn tried(run: TaskRun, reason: String, now: Timestamp) -> TaskRun {
    let tries = run.tries.saturating_add(1);
    let run = TaskRun { tries, ..run };
    if tries >= RUN_TRIES_MAX {
        let reason = format!("{reason} (it was tried {tries} times)");
        return over(run, RunState::Failed, Some(reason), now);
    }
    let pause = RETRY_PAUSE.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
    waiting(run, Some(reason), later(now, pause))
}

fn waiting(run: TaskRun, outcome: Option<String>, next_at: Timestamp) -> TaskRun {
    let outcome = outcome.map(|it| printable(&it, OUTCOME_CHARS_MAX));
    TaskRun { state: RunState::Waiting, next_at, outcome, ..run }
}

fn over(run: TaskRun, state: RunState, outcome: Option<String>, now: Timestamp) -> TaskRun {
    let outcome = outcome.map(|it| printable(&it, OUTCOME_CHARS_MAX)).filter(|it| !it.is_empty());
    TaskRun { state, ended_at: Some(now), outcome, ..run }
}

#[cfg(test)]
mod tests {
    use smartcms_domain::plugins::{PluginId, TaskName};
    use uuid::Uuid;

    use super::*;
    use crate::ports::RunCause;

    const NOW: i64 = 1_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn run() -> TaskRun {
        TaskRun {
            id: Uuid::from_u128(1),
            plugin: PluginId::parse("links").unwrap(),
            task: TaskName::parse("check").unwrap(),
            argument: None,
            cause: RunCause::Person,
            overlap: false,
            state: RunState::Running,
            tries: 0,
            created_at: at(NOW),
            next_at: at(NOW),
            started_at: Some(at(NOW)),
            ended_at: None,
            cancelled: false,
            progress: None,
            outcome: None,
        }
    }

    fn after(
        outcome: Result<TaskOutcome, PluginFailureKind>,
        stop: Option<StopReason>,
        has_checkpoint: bool,
    ) -> TaskRun {
        let outcome = outcome.map_err(|kind| PluginFailure {
            plugin: run().plugin,
            kind,
            message: "failed".to_owned(),
        });
        settled(run(), Stretch { outcome, stop, has_checkpoint, now: at(NOW + 5) })
    }

    #[test]
    fn a_run_is_done_when_it_says_so_even_while_it_should_stop() {
        for stop in [None, Some(StopReason::Ending), Some(StopReason::Cancelled)] {
            let done = after(Ok(TaskOutcome::Done("3 links".to_owned())), stop, false);
            assert_eq!((done.state, done.ended_at), (RunState::Done, Some(at(NOW + 5))));
            assert_eq!(done.outcome.as_deref(), Some("3 links"));
        }
    }

    #[test]
    fn a_run_that_stopped_goes_on_unless_it_was_cancelled_or_would_never_end() {
        let state = |stop, saved| after(Ok(TaskOutcome::Stopped), stop, saved).state;
        assert_eq!(state(Some(StopReason::Ending), false), RunState::Waiting);
        assert_eq!(state(Some(StopReason::Cancelled), true), RunState::Cancelled);
        assert_eq!(state(None, true), RunState::Waiting, "its time was over");
        assert_eq!(state(None, false), RunState::Failed);
    }

    #[test]
    fn retries_have_growing_pauses_and_an_end() {
        let mut pauses = Vec::new();
        let mut run = run();
        while run.state != RunState::Failed {
            let outcome = Ok(TaskOutcome::Retry("busy".to_owned()));
            let stretch = Stretch { outcome, stop: None, has_checkpoint: false, now: at(NOW) };
            run = settled(run, stretch);
            pauses.push(run.next_at.as_millis() - NOW);
        }
        assert_eq!(pauses, [10_000, 20_000, 40_000, 80_000, 80_000]);
        assert_eq!(run.outcome.as_deref(), Some("busy (it was tried 5 times)"));
    }

    #[test]
    fn a_trap_fails_the_run_and_a_paused_plugin_only_delays_it() {
        for kind in
            [PluginFailureKind::Trapped, PluginFailureKind::TimedOut, PluginFailureKind::Limit]
        {
            assert_eq!(after(Err(kind), None, true).state, RunState::Failed, "{kind:?}");
        }
        let delayed = after(Err(PluginFailureKind::Unavailable), None, false);
        assert_eq!((delayed.state, delayed.tries), (RunState::Waiting, 0));
        assert_eq!(delayed.next_at, at(NOW + 5 + 30_000));
    }

    #[test]
    fn a_run_that_was_interrupted_too_often_or_is_too_old_does_not_begin() {
        assert_eq!(may_begin(&run(), at(NOW)), None);
        let often = TaskRun { tries: RUN_TRIES_MAX, ..run() };
        assert_eq!(may_begin(&often, at(NOW)).unwrap().state, RunState::Failed);
        let day = i64::try_from(RUN_AGE_MAX.as_millis()).unwrap();
        assert_eq!(may_begin(&run(), at(NOW + day - 1)), None);
        assert_eq!(may_begin(&run(), at(NOW + day)).unwrap().state, RunState::Failed);
        let cancelled = TaskRun { cancelled: true, ..run() };
        assert_eq!(may_begin(&cancelled, at(NOW)).unwrap().state, RunState::Cancelled);
    }
}
