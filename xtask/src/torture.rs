//! `torture`: the test that kills a writing server, with its full number of rounds.

use anyhow::{Context as _, Result, bail};

use crate::{process, report, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "torture",
    summary: "kills a server in the middle of writes, many times, and counts what is lost",
    help: "\
Kills a server with SIGKILL while many clients write, starts it again, and compares what
was acknowledged with what is there. Fails when a write is lost or half applied.

Usage: cargo xtask torture [--rounds N]

  --rounds N   how often (200); CI runs the same test with a small number

About 2 minutes for 200 rounds, after a build of the tests.",
    run,
};

/// How often the server is killed unless told otherwise.
const ROUNDS: u32 = 200;

/// What the test reads its number of rounds from.
const VARIABLE: &str = "SMARTCMS_TORTURE_ROUNDS";

fn run(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let rounds = rounds(arguments)?;
    setup::all(workshop)?;
    report::step(&format!("killing a server {rounds} times in the middle of writes"));
    let test = ["test", "--package", "smartcms-cli", "--test", "it", "torture", "--"];
    let mut command = process::cargo(workshop.root(), &test);
    process::run(command.arg("--nocapture").env(VARIABLE, rounds.to_string()))
}

fn rounds(arguments: &[String]) -> Result<u32> {
    let text = match arguments {
        [] => return Ok(ROUNDS),
        [name, value] if name == "--rounds" => value,
        [joined] if joined.starts_with("--rounds=") => joined.trim_start_matches("--rounds="),
        _ => bail!("torture takes --rounds N alone; see `cargo xtask torture --help`"),
    };
    text.parse().with_context(|| format!("{text:?} is no number of rounds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Option<u32> {
        rounds(&arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn the_number_of_rounds_can_be_given() {
        assert_eq!(read(&[]), Some(ROUNDS));
        assert_eq!(read(&["--rounds", "3"]), Some(3));
        assert_eq!(read(&["--rounds=3"]), Some(3));
        assert_eq!(read(&["--rounds", "many"]), None);
        assert_eq!(read(&["3"]), None);
    }
}
