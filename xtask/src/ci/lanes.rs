//! Steps beside each other: two at a time, each in a process of its own.

use std::{
    fs::{self, File},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};

use super::{Ended, Outcome, Step};
use crate::{process, report, workshop::Workshop};

/// Most of these steps keep one core busy, and wait in between.
const LANES: usize = 2;

/// Runs the steps, the first ones first; the answers are in the order in which they end.
/// One for which it is too late is not begun.
pub(super) fn run_beside(
    workshop: &Workshop,
    steps: &[&'static Step],
    is_late: &(dyn Fn(Duration) -> bool + Sync),
) -> Vec<Ended> {
    let waiting = Mutex::new(steps.iter());
    let ended = Mutex::new(Vec::new());
    let lane = || {
        while let Some(step) = next(&waiting) {
            if is_late(step.slow) {
                ended.lock().unwrap_or_else(PoisonError::into_inner).push(Ended::not_run(step));
                continue;
            }
            report::step(&format!("ci {}, beside others", step.name));
            let (outcome, time) = report::timed(|| as_process(workshop, step.name));
            let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
            // Under the lock, so that what two of them said is not mixed.
            let outcome = outcome.and_then(|said| {
                report::step(&format!("what ci {} said", step.name));
                report::said(&said.text);
                said.outcome.map(|()| Outcome::Passed)
            });
            let it = Ended { name: step.name, outcome, time };
            it.tell();
            ended.push(it);
        }
    };
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(lane);
        }
    });
    ended.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn next<'a>(waiting: &Mutex<impl Iterator<Item = &'a &'static Step>>) -> Option<&'static Step> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).next().copied()
}

/// What a process said, and whether it went well.
struct Said {
    text: Vec<u8>,
    outcome: Result<()>,
}

/// This program again, with that step alone; what it says is kept in a file.
fn as_process(workshop: &Workshop, name: &str) -> Result<Said> {
    let folder = workshop.state().join("ci");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let path = folder.join(format!("{name}.log"));
    let log = File::create(&path).with_context(|| format!("could not write {}", path.display()))?;
    let this = std::env::current_exe().context("could not find this program")?;
    let mut command = process::command(this, workshop.root());
    command.args(["ci", name]).stdout(log.try_clone()?).stderr(log);
    let outcome = process::run(&mut command);
    let text = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    Ok(Said { text, outcome })
}
