//! `bench`: builds what is measured and what it is measured against, and prints one table.

mod wasmtime;

use anyhow::Result;

use crate::{plugins, process, report, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "bench",
    summary: "measures speed and memory beside references, in one table",
    help: "\
Measures a release build beside what it stands on (a bare hyper server, raw wasmtime, `wasmtime
serve`, raw SQLite), in turns on the same machine, and prints one table of ratios with targets.
A missed target is told in the table; it is no failure.

Usage: cargo xtask bench [--rounds=N] [--seconds=N] [--long] [--only=PART,...]

  --rounds=N      how often each row is measured (5); the median is shown
  --seconds=N     how long a server is under load in one round (2)
  --long          watches memory under load for 10 minutes instead of one
  --only=PART     pages, calls, routes, startup, saves, large, imports, images, theme, memory

About 15 minutes, after a release build of 15 and, the first time, one of `wasmtime` of 15 more
(into target/xtask/tools). The load comes from `wrk` where it is installed. Close what else runs.",
    run,
};

fn run(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let rust = setup::all(workshop)?;
    plugins::build(workshop, &rust)?;
    let wasmtime = wasmtime::find(workshop);
    report::slow_step("building the release server and the references", 15);
    // Two builds: in one, features that only the references need would also be the server's.
    for package in ["smartcms-cli", "smartcms-benches"] {
        let build = ["build", "--release", "--package", package];
        process::run(&mut process::cargo(workshop.root(), &build))?;
    }
    report::step("measuring; a quiet machine gives better figures");
    let mut bench =
        process::command(workshop.path("target/release/smartcms-benches"), workshop.root());
    if let Some(program) = wasmtime {
        bench.arg(format!("--wasmtime={}", program.display()));
    }
    process::run(bench.args(arguments))
}
