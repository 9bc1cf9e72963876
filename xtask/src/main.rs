//! Repository tasks: everything a contributor or CI does here beyond plain `cargo build`.
//!
//! One module per task. Kept to four dependencies without features, so that `cargo xtask` itself builds
//! within a minute on a fresh machine. A new task is a module with a `TASK` and one line in [`TASKS`].

mod author;
mod bench;
mod ci;
mod contract;
mod demo;
mod e2e;
mod editor;
mod files;
mod first_party;
mod grants;
mod models;
mod plugins;
mod portable;
mod process;
mod report;
mod server;
mod setup;
mod stamps;
mod task;
mod test;
mod tidy;
mod torture;
mod workshop;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{task::Task, workshop::Workshop};

const TASKS: &[Task] = &[
    setup::TASK,
    plugins::TASK,
    models::TASK,
    demo::TASK,
    test::TASK,
    contract::TASK,
    e2e::TASK,
    editor::TASK,
    author::TASK,
    grants::TASK,
    first_party::TASK,
    ci::TASK,
    portable::DIST,
    portable::TASK,
    portable::HOSTS,
    tidy::TASK,
    bench::TASK,
    torture::TASK,
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        report::text(&overview());
        bail!("no task was named");
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        report::text(&overview());
        return Ok(());
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        bail!("there is no task {name:?}; `cargo xtask --help` lists them");
    };
    if rest.iter().any(|argument| matches!(argument.as_str(), "--help" | "-h")) {
        report::text(task.help);
        return Ok(());
    }
    (task.run)(&Workshop::find()?, rest)
}

fn overview() -> String {
    let mut text =
        String::from("Tasks of this repository.\n\nUsage: cargo xtask TASK [OPTIONS]\n\nTasks:\n");
    for task in TASKS {
        text.push_str(&format!("  {:<13}{}\n", task.name, task.summary));
    }
    text.push_str("\nEvery task has --help.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_listed_with_help_of_its_own() {
        for task in TASKS {
            assert!(overview().contains(task.name));
            assert!(task.help.contains(&format!("cargo xtask {}", task.name)), "{}", task.name);
        }
    }

    #[test]
    fn an_unknown_task_is_refused_by_name() {
        let error = dispatch(&["deploy".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("\"deploy\""));
    }
}
