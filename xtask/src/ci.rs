//! `ci`: what the continuous integration runs, step by step, here or there.

mod lanes;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use self::lanes::run_beside;
use crate::{
    author, contract, e2e, editor, first_party, grants, portable, process, report, task::Task,
    test, tidy, workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "ci",
    summary: "runs the checks that CI runs, or one of them",
    help: "\
Runs the checks that CI runs. All steps run even when one fails; the summary names each.
Where several steps run, one from test on that failed is tried once more at the end, alone on the machine:
browsers, servers and limits of time meet slow moments. The summary says so, and it is worth a look.
From author on, which mostly wait, two run at a time, each in a process of its own; what it
says is shown at its end, and kept in target/xtask/ci.

Usage: cargo xtask ci [--within MINUTES] [STEP...]

  fmt         cargo fmt --check, here, in examples/ and in plugins/
  tidy        cargo xtask tidy
  deny        cargo deny check bans licenses sources; skipped where cargo-deny is not installed
  clippy      cargo clippy --workspace --all-targets, warnings denied
  doc         rustdoc of our crates, warnings denied
  test        cargo xtask test
  portable    cargo xtask portable --debug
  e2e         cargo xtask e2e
  author      cargo xtask author
  first-party cargo xtask first-party
  grants      cargo xtask grants
  editor      cargo xtask editor
  contract    cargo xtask contract

Where a run may only take so long, --within begins no step that would not end in time on a slow machine;
the summary names it as NOT RUN.

About 40 minutes the first time on two idle cores, and 70 where they are slow or others work beside it.",
    run: |workshop, arguments| {
        let (within, names) = within(arguments)?;
        run(workshop, &chosen(names)?, within)
    },
};

/// The option that says how long all steps may take.
const WITHIN: &str = "--within";

/// What a step that did not fail came to.
enum Outcome {
    Passed,
    /// Not the first time, but alone on the machine.
    PassedAlone,
    Skipped(&'static str),
    /// There was no time for it.
    NotRun,
}

struct Step {
    name: &'static str,
    run: fn(&Workshop) -> Result<Outcome>,
    /// Whether others may run beside it.
    is_beside: bool,
    /// Whether it says the same each time it is run.
    is_certain: bool,
    /// What it takes on a slow machine, the first time.
    slow: Duration,
}

/// A step that reads: what it says of the same files is the same each time.
const fn certain(
    name: &'static str,
    slow: Duration,
    run: fn(&Workshop) -> Result<Outcome>,
) -> Step {
    Step { name, run, is_beside: false, is_certain: true, slow }
}

/// A step that is alone on the machine: it takes all of it, or measures its patience.
const fn alone(name: &'static str, slow: Duration, run: fn(&Workshop) -> Result<Outcome>) -> Step {
    Step { name, run, is_beside: false, is_certain: false, slow }
}

const fn beside(name: &'static str, slow: Duration, run: fn(&Workshop) -> Result<Outcome>) -> Step {
    Step { name, run, is_beside: true, is_certain: false, slow }
}

/// Cheap steps first: a slip in formatting is told in seconds.
const STEPS: &[Step] = &[
    certain("fmt", minutes(1), fmt),
    certain("tidy", minutes(1), |workshop| tidy::check(workshop).map(passed)),
    certain("deny", minutes(1), deny),
    certain("clippy", minutes(12), clippy),
    certain("doc", minutes(3), doc),
    alone("test", minutes(42), |workshop| test::all(workshop).map(passed)),
    alone("portable", minutes(17), |workshop| portable::tried(workshop).map(passed)),
    alone("e2e", minutes(14), |workshop| e2e::run(workshop).map(passed)),
    beside("author", minutes(15), |workshop| author::check(workshop).map(passed)),
    beside("first-party", minutes(13), |workshop| first_party::check(workshop).map(passed)),
    beside("grants", minutes(6), |workshop| grants::check(workshop).map(passed)),
    beside("editor", minutes(10), |workshop| editor::run(workshop).map(passed)),
    beside("contract", minutes(7), |workshop| contract::check(workshop).map(passed)),
];

/// How long all steps may take, where that is limited, and the other arguments.
fn within(arguments: &[String]) -> Result<(Option<Duration>, &[String])> {
    let [option, rest @ ..] = arguments else { return Ok((None, arguments)) };
    if option != WITHIN {
        return Ok((None, arguments));
    }
    let count = rest.first().and_then(|it| it.parse::<u64>().ok());
    let count = count.with_context(|| format!("{WITHIN} takes a number of minutes"))?;
    Ok((Some(minutes(count)), rest.get(1..).unwrap_or_default()))
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(60))
}

fn chosen(names: &[String]) -> Result<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let find = |name: &String| {
        STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
            anyhow::anyhow!("there is no step {name:?}; `cargo xtask ci --help` lists them")
        })
    };
    names.iter().map(find).collect()
}

/// What became of a step, and how long it took.
struct Ended {
    name: &'static str,
    outcome: Result<Outcome>,
    time: Duration,
}

impl Ended {
    fn not_run(step: &Step) -> Self {
        Self { name: step.name, outcome: Ok(Outcome::NotRun), time: Duration::ZERO }
    }

    fn line(&self) -> String {
        let word = match &self.outcome {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::PassedAlone) => "passed the second time, alone: FLAKY".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("skipped: {reason}"),
            Ok(Outcome::NotRun) => "NOT RUN: it might not have ended in time".to_owned(),
            Err(_) => "FAILED".to_owned(),
        };
        format!("{:<12}{:>8}  {word}", self.name, report::duration_text(self.time))
    }

    fn tell(&self) {
        if let Err(error) = &self.outcome {
            report::failure(error);
        }
        report::note(&self.line());
    }
}

fn run(workshop: &Workshop, steps: &[&'static Step], within: Option<Duration>) -> Result<()> {
    let begun = Instant::now();
    let is_late =
        |time: Duration| within.is_some_and(|it| begun.elapsed().saturating_add(time) > it);
    let mut ended = Vec::new();
    for group in steps.chunk_by(|one, next| one.is_beside && next.is_beside) {
        match group {
            [step] if is_late(step.slow) => ended.push(Ended::not_run(step)),
            [step] => ended.push(run_alone(workshop, step)),
            _ => ended.extend(run_beside(workshop, group, &is_late)),
        }
    }
    for failed in ended.iter_mut().filter(|it| it.outcome.is_err()) {
        let step = steps.iter().find(|it| it.name == failed.name && !it.is_certain);
        // A step that somebody runs by itself is looked at the first time. What it compiled is there for a second one.
        let Some(step) = step.filter(|_| steps.len() > 1) else { continue };
        if !is_late(step.slow / 2) {
            run_again(workshop, step, failed);
        }
    }
    report::step(&format!("summary, {} in all", report::duration_text(begun.elapsed())));
    ended.iter().for_each(|it| report::note(&it.line()));
    let failed: Vec<&str> =
        ended.iter().filter(|it| it.outcome.is_err()).map(|it| it.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}; run one alone with `cargo xtask ci STEP`", failed.join(", "));
    }
    Ok(())
}

fn run_alone(workshop: &Workshop, step: &Step) -> Ended {
    report::step(&format!("ci {}", step.name));
    let (outcome, time) = report::timed(|| (step.run)(workshop));
    let ended = Ended { name: step.name, outcome, time };
    ended.tell();
    ended
}

/// Once more, alone. What it said the first time stands above.
fn run_again(workshop: &Workshop, step: &Step, failed: &mut Ended) {
    let again = run_alone(workshop, step);
    failed.time += again.time;
    failed.outcome = again.outcome.map(|outcome| match outcome {
        Outcome::Passed => Outcome::PassedAlone,
        other => other,
    });
}

fn fmt(workshop: &Workshop) -> Result<Outcome> {
    process::run(&mut process::cargo(workshop.root(), &["fmt", "--all", "--check"]))?;
    for folder in
        [workshop.examples(), workshop.path("plugins"), workshop.path("crates/wasm/names")]
    {
        if folder.join("Cargo.toml").is_file() {
            process::run(&mut process::cargo(&folder, &["fmt", "--all", "--check"]))?;
        }
    }
    Ok(Outcome::Passed)
}

fn deny(workshop: &Workshop) -> Result<Outcome> {
    let root = workshop.root();
    if process::probe(&mut process::cargo(root, &["deny", "--version"])).is_none() {
        return Ok(Outcome::Skipped("cargo-deny is not installed"));
    }
    // Advisories are left out: their database lives on a host that CI may not reach.
    let arguments = ["deny", "--offline", "check", "bans", "licenses", "sources"];
    process::run(&mut process::cargo(root, &arguments)).map(passed)
}

fn clippy(workshop: &Workshop) -> Result<Outcome> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    process::run(&mut process::cargo(workshop.root(), &arguments)).map(passed)
}

fn doc(workshop: &Workshop) -> Result<Outcome> {
    let mut command = process::cargo(workshop.root(), &["doc", "--workspace", "--no-deps"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings")).map(passed)
}

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_run_by_default_and_each_alone() {
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
        for step in STEPS {
            assert_eq!(chosen(&[step.name.to_owned()]).unwrap()[0].name, step.name);
            assert!(TASK.help.contains(&format!("\n  {} ", step.name)), "{}", step.name);
        }
    }

    #[test]
    fn the_time_that_there_is_is_an_option_before_the_steps() {
        let words = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let given = words(&["--within", "80", "fmt"]);
        assert_eq!(within(&given).unwrap(), (Some(minutes(80)), &given[2..]));
        assert_eq!(within(&words(&["fmt"])).unwrap().0, None);
        assert!(within(&words(&["--within"])).is_err());
        assert!(within(&words(&["--within", "soon"])).is_err());
    }

    #[test]
    fn an_unknown_step_is_refused_by_name() {
        let error = chosen(&["lint".to_owned()]).err().unwrap();
        assert!(error.to_string().contains("\"lint\""));
    }
}
