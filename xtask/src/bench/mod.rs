//! `bench`: builds what is measured and what it is measured against, and prints one table.

mod extism;
mod hello;
mod wasmtime;

use std::process::Command;

use anyhow::Result;

use crate::{
    e2e, models, plugins, portable, process, report, setup, task::Task, workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "bench",
    summary: "measures speed and memory beside references, in one table",
    help: "\
Measures a release build beside what it stands on (a bare hyper server, raw wasmtime, `wasmtime
serve`, raw SQLite), in turns on the same machine, and prints one table of ratios with targets.
A missed target is told in the table; it is no failure.

Usage: cargo xtask bench [plugins|admin|smart|portable] [--rounds=N] [--seconds=N] [--long] [--many=N] [--only=PART,...]

  plugins         only how plugins are called, loaded and stopped, beside the crate extism too
  admin           only the pages of the admin at 100,000 entries: the server's time for each, the
                  scripts they bring, and when Chromium shows them with a processor that is four
                  times as slow, beside a page of one line
  smart           only functions in SQL, beside the same ones native in SQLite, the search by meaning,
                  and the meaning of texts and stories through the plugins, beside the same engine
                  called natively
  portable        only the portable build under `wasmtime serve`: its size, its first answer, and its
                  requests beside those of a component that answers with one line

  --rounds=N      how often each row is measured (5); the median is shown
  --seconds=N     how long a server is under load in one round (2)
  --long          watches memory under load for 10 minutes instead of one
  --many=N        how many plugins are loaded together (500)
  --entries=N     how many entries the site of `admin` has (100000)
  --only=PART     pages, calls, routes, startup, saves, large, imports, images, theme, memory,
                  plugins, many-plugins, admin, smart, embeddings, stories, portable

About 20 minutes, after a release build of 15 and, the first time, one of `wasmtime` of 15 more
(into target/xtask/tools). `plugins` takes about 5, after builds of 10 and, for extism, of 8. `admin` takes about 4,
after a build of 15, with Node 20 and Chromium. `portable` takes about 3, after what `cargo xtask dist` does and a build
of 5. The load comes from `wrk` where it is installed. Close what else runs.",
    run,
};

/// The parts of the table that are about plugins, and the word for them.
const PLUGINS: &str = "plugins";
const PLUGIN_PARTS: &str = "--only=plugins,many-plugins";
/// The part that is about the admin, and the word for it.
const ADMIN: &str = "admin";
const ADMIN_PART: &str = "--only=admin";
/// The parts that are about functions in SQL and about models, and the word for them.
const SMART: &str = "smart";
const SMART_PARTS: &str = "--only=smart,embeddings,stories";
/// The part that is about the portable build, and the word for it.
const PORTABLE: &str = "portable";
const PORTABLE_PART: &str = "--only=portable";

fn run(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, rest)) if first == PLUGINS => plugins_alone(workshop, rest),
        Some((first, rest)) if first == ADMIN => admin_alone(workshop, rest),
        Some((first, rest)) if first == SMART => smart_alone(workshop, rest),
        Some((first, rest)) if first == PORTABLE => portable_alone(workshop, rest),
        _ => everything(workshop, arguments),
    }
}

fn everything(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let rust = setup::all(workshop)?;
    plugins::build(workshop, &rust)?;
    let wasmtime = wasmtime::find(workshop);
    let extism = extism::find(workshop);
    report::slow_step("building the release server and the references", 15);
    // Two builds: in one, features that only the references need would also be the server's.
    for package in ["smartcms-cli", "smartcms-benches"] {
        build(workshop, package)?;
    }
    let mut bench = measuring(workshop);
    let minilm = models::ensure(workshop).ok();
    for (name, program) in [("wasmtime", wasmtime), ("extism", extism), ("minilm", minilm)] {
        if let Some(program) = program {
            bench.arg(format!("--{name}={}", program.display()));
        }
    }
    process::run(bench.args(arguments))
}

/// No server takes part, and of the example plugins those in Rust are enough.
fn plugins_alone(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let rust = setup::rust_wasm(workshop)?;
    plugins::build_rust(workshop, &rust)?;
    let extism = extism::find(workshop);
    report::slow_step("building the references", 10);
    build(workshop, "smartcms-benches")?;
    let mut bench = measuring(workshop);
    if let Some(program) = extism {
        bench.arg(format!("--extism={}", program.display()));
    }
    process::run(bench.arg(PLUGIN_PARTS).args(arguments))
}

/// Nothing of this needs a plugin.
fn admin_alone(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let browser = e2e::browser(workshop)?;
    e2e::packages(workshop)?;
    report::slow_step("building the release server", 15);
    for package in ["smartcms-cli", "smartcms-benches"] {
        build(workshop, package)?;
    }
    let mut bench = measuring(workshop);
    bench.arg(format!("--browser={browser}")).arg(ADMIN_PART);
    process::run(bench.args(arguments))
}

/// Nothing of this needs a server.
fn smart_alone(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let minilm = models::ensure(workshop)?;
    plugins::build_rust(workshop, &setup::portable(workshop)?)?;
    report::slow_step("building the bench", 10);
    build(workshop, "smartcms-benches")?;
    let mut bench = measuring(workshop);
    bench.arg(format!("--minilm={}", minilm.display()));
    process::run(bench.arg(SMART_PARTS).args(arguments))
}

/// The server is the portable build itself, on a host that is installed and not built. Nothing that is measured runs in the
/// program that measures, so it is built as tests are, which takes minutes less.
fn portable_alone(workshop: &Workshop, arguments: &[String]) -> Result<()> {
    let built = portable::built(workshop)?;
    let hello = hello::build(workshop, &setup::portable(workshop)?)?;
    report::slow_step("building the bench", 5);
    let build = ["build", "--quiet", "--workspace", "--bin", "smartcms-benches"];
    process::run(&mut process::cargo(workshop.root(), &build))?;
    let mut bench = measuring_by(workshop, "target/debug/smartcms-benches");
    let wasmtime = portable::wasmtime(workshop)?.into();
    for (name, path) in [
        ("portable", built),
        ("hello", hello.second),
        ("hello3", hello.third),
        ("wasmtime", wasmtime),
    ] {
        bench.arg(format!("--{name}={}", path.display()));
    }
    process::run(bench.arg(PORTABLE_PART).args(arguments))
}

fn build(workshop: &Workshop, package: &str) -> Result<()> {
    let build = ["build", "--release", "--package", package];
    process::run(&mut process::cargo(workshop.root(), &build))
}

fn measuring(workshop: &Workshop) -> Command {
    measuring_by(workshop, "target/release/smartcms-benches")
}

fn measuring_by(workshop: &Workshop, program: &str) -> Command {
    report::step("measuring; a quiet machine gives better figures");
    process::command(workshop.path(program), workshop.root())
}
