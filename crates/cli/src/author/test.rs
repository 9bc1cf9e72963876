//! `smartcms plugin test`: the plugin in the real host, against recorded content.

mod call;
mod compare;

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use smartcms_domain::plugins::{Grants, PluginId};

use self::call::called;
use self::compare::difference;
use super::args::TestArgs;
use super::case::{self, Case};
use super::project::Project;
use super::{build, say};
use crate::commands::plugin_grants;
use crate::compose::Rehearsal;
use crate::failure::{Failure, exit};

/// What became of the tests.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

/// Builds the plugin, runs the tests in its own language, and every case.
pub(super) async fn test(args: &TestArgs) -> anyhow::Result<()> {
    let project = Project::open(&args.folder)?;
    let file = if args.no_build { project.output() } else { build::build(&project)? };
    let mut tally = Tally::default();
    if !args.cases_only {
        run_own_tests(&project, &mut tally);
    }
    run_cases(&project, &file, args.patience, &mut tally).await?;
    let summary = format!("{} passed, {} failed", tally.passed, tally.failed);
    say(&summary);
    if tally.failed > 0 {
        let message = format!("the plugin {} does not keep its promises", project.manifest.id);
        return Err(Failure::hinted(message, "the differences stand above", exit::FAILED));
    }
    Ok(())
}

/// Runs every case of a project and says what became of each.
pub(super) async fn check(project: &Project, file: &Path) -> anyhow::Result<bool> {
    let mut tally = Tally::default();
    run_cases(project, file, 1, &mut tally).await?;
    Ok(tally.failed == 0)
}

fn run_own_tests(project: &Project, tally: &mut Tally) {
    let Some((name, outcome)) = build::test(project) else { return };
    match outcome {
        Ok(()) => {
            tally.passed += 1;
            say(format_args!("ok    {name}"));
        }
        Err(error) => {
            tally.failed += 1;
            say(format_args!("FAIL  {name}: {error}"));
        }
    }
}

async fn run_cases(
    project: &Project,
    file: &Path,
    patience: u32,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let cases = case::find(&project.folder)?;
    if cases.is_empty() {
        say("no cases: tests/ has no .toml or .json file");
        return Ok(());
    }
    let component =
        std::fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let id = PluginId::parse(&project.manifest.id)?;
    let rehearsal =
        Rehearsal::of(id, Bytes::from(component), &project.folder.join("tests/collections"))
            .await?
            .with_patience(patience);
    for path in cases {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match run_case(&rehearsal, &path).await {
            Ok((about, time, None)) => {
                tally.passed += 1;
                say(format_args!("ok    {name:<36} {:>7.1} ms  {about}", milliseconds(time)));
            }
            Ok((about, _, Some(difference))) => {
                tally.failed += 1;
                say(format_args!("FAIL  {name:<36} {about}\n{difference}"));
            }
            Err(error) => {
                tally.failed += 1;
                say(format_args!("FAIL  {name:<36} {error:#}"));
            }
        }
    }
    Ok(())
}

/// What a case is about, how long the call took, and where its outcome differs.
async fn run_case(
    rehearsal: &Rehearsal,
    path: &Path,
) -> anyhow::Result<(String, Duration, Option<String>)> {
    let case = Case::read(path)?;
    let grants: Grants = plugin_grants(&case.grants)?.into_iter().collect();
    let settings = serde_json::to_string(&case.settings)?;
    let stage = rehearsal.stage(grants, settings).await?;
    let outcome = called(&stage, &case).await?;
    Ok((case.about.clone(), outcome.time, difference(&case.expect, outcome.result)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
