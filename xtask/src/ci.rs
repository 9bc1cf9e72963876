//! `ci`: what the continuous integration runs, step by step, here or there.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::{
    author, contract, e2e, editor, first_party, grants, process, report, setup, task::Task, test,
    tidy, workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "ci",
    summary: "runs the checks that CI runs, or one of them",
    help: "\
Runs the checks that CI runs. All steps run even when one fails; the summary names each.

Usage: cargo xtask ci [STEP...]

  fmt         cargo fmt --check, here, in examples/ and in plugins/
  tidy        cargo xtask tidy
  deny        cargo deny check bans licenses sources; skipped where cargo-deny is not installed
  clippy      cargo clippy --workspace --all-targets, warnings denied
  doc         rustdoc of our crates, warnings denied
  wasm        the portable crates and smartcms-wasm, built for wasm32-wasip2
  test        cargo xtask test
  contract    cargo xtask contract
  author      cargo xtask author
  grants      cargo xtask grants
  first-party cargo xtask first-party
  e2e         cargo xtask e2e
  editor      cargo xtask editor

About 40 minutes the first time on two cores.",
    run: |workshop, arguments| {
        let steps = chosen(arguments)?;
        run(workshop, &steps)
    },
};

/// What a step that did not fail came to.
enum Outcome {
    Passed,
    Skipped(&'static str),
}

struct Step {
    name: &'static str,
    run: fn(&Workshop) -> Result<Outcome>,
}

/// Cheap steps first: a slip in formatting is told in seconds.
const STEPS: &[Step] = &[
    Step { name: "fmt", run: fmt },
    Step { name: "tidy", run: |workshop| tidy::check(workshop).map(passed) },
    Step { name: "deny", run: deny },
    Step { name: "clippy", run: clippy },
    Step { name: "doc", run: doc },
    Step { name: "wasm", run: wasm },
    Step { name: "test", run: |workshop| test::all(workshop).map(passed) },
    Step { name: "contract", run: |workshop| contract::check(workshop).map(passed) },
    Step { name: "author", run: |workshop| author::check(workshop).map(passed) },
    Step { name: "grants", run: |workshop| grants::check(workshop).map(passed) },
    Step { name: "first-party", run: |workshop| first_party::check(workshop).map(passed) },
    Step { name: "e2e", run: |workshop| e2e::run(workshop).map(passed) },
    Step { name: "editor", run: |workshop| editor::run(workshop).map(passed) },
];

/// Crates without a composition root that must build for WebAssembly.
const PORTABLE: &[&str] = &["smartcms-domain", "smartcms-app", "smartcms-pages", "smartcms-http"];

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

fn run(workshop: &Workshop, steps: &[&Step]) -> Result<()> {
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    let mut total = Duration::ZERO;
    for step in steps {
        report::step(&format!("ci {}", step.name));
        let (outcome, duration) = report::timed(|| (step.run)(workshop));
        total += duration;
        let word = match outcome {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("skipped: {reason}"),
            Err(error) => {
                report::failure(&error);
                failed.push(step.name);
                "FAILED".to_owned()
            }
        };
        let line = format!("{:<12}{:>8}  {word}", step.name, report::duration_text(duration));
        report::note(&line);
        summary.push(line);
    }
    report::step(&format!("summary, {} in all", report::duration_text(total)));
    summary.iter().for_each(|line| report::note(line));
    if !failed.is_empty() {
        bail!("failed: {}; run one alone with `cargo xtask ci STEP`", failed.join(", "));
    }
    Ok(())
}

fn fmt(workshop: &Workshop) -> Result<Outcome> {
    process::run(&mut process::cargo(workshop.root(), &["fmt", "--all", "--check"]))?;
    for folder in [workshop.examples(), workshop.path("plugins")] {
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

fn wasm(workshop: &Workshop) -> Result<Outcome> {
    let rust = setup::rust_wasm(workshop)?;
    let mut check = process::cargo(workshop.root(), &["check", "--target", "wasm32-wasip2"]);
    for name in PORTABLE {
        check.args(["--package", name]);
    }
    process::run(rust.apply(&mut check))?;
    let build = ["build", "--package", "smartcms-wasm", "--target", "wasm32-wasip2"];
    process::run(rust.apply(&mut process::cargo(workshop.root(), &build))).map(passed)
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
    fn an_unknown_step_is_refused_by_name() {
        let error = chosen(&["lint".to_owned()]).err().unwrap();
        assert!(error.to_string().contains("\"lint\""));
    }
}
