//! `demo`: from a fresh checkout to a site that answers, with the example plugins in its path.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    plugins, process, report, setup,
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "demo",
    summary: "gets what is missing and serves a site with demo content and plugins",
    help: "\
Gets what is missing, builds the example plugins and a release server, makes a site with demo
content in ./site, adds the plugins with what they need, and serves http://127.0.0.1:8080.

Usage: cargo xtask demo

About 15 minutes the first time on two cores; seconds after that. The site in ./site is kept
between runs: delete the folder to begin anew. Stop the server with Ctrl+C.",
    run: |workshop, arguments| {
        expect_no_arguments("demo", arguments)?;
        run(workshop)
    },
};

/// Where the demo is served.
const ADDRESS: &str = "127.0.0.1:8080";

/// The plugins of the demo and what each is granted.
const PLUGINS: &[(&str, &[&str])] =
    &[("toc", &[]), ("shout", &[]), ("reading-time", &[]), ("visits", &["kv"])];

fn run(workshop: &Workshop) -> Result<()> {
    let rust = setup::all(workshop)?;
    plugins::build(workshop, &rust)?;
    report::slow_step("building the release server", 10);
    let build = ["build", "--release", "--package", "smartcms-cli"];
    process::run(&mut process::cargo(workshop.root(), &build))?;
    if !site(workshop).join("smartcms.toml").exists() {
        report::step("making a site with demo content in ./site");
        process::run(smartcms(workshop).args(["init", "--demo"]).arg(site(workshop)))?;
    }
    for (name, capabilities) in PLUGINS {
        add(workshop, name, capabilities)?;
    }
    report::step(&format!("serving http://{ADDRESS} (stop with Ctrl+C)"));
    become_program(on_site(workshop).args(["serve", "--listen", ADDRESS]))
}

/// Adding a plugin again is harmless: it replaces the file and keeps what was granted.
fn add(workshop: &Workshop, name: &str, capabilities: &[&str]) -> Result<()> {
    let file = workshop.plugins_out().join(format!("{name}.wasm"));
    report::step(&format!("adding the plugin {name}"));
    process::run(on_site(workshop).args(["plugin", "add"]).arg(&file))?;
    if capabilities.is_empty() {
        return Ok(());
    }
    process::run(on_site(workshop).args(["plugin", "grant", name]).args(capabilities))
}

fn site(workshop: &Workshop) -> PathBuf {
    workshop.path("site")
}

fn on_site(workshop: &Workshop) -> Command {
    let mut command = smartcms(workshop);
    command.arg("--site").arg(site(workshop));
    command
}

fn smartcms(workshop: &Workshop) -> Command {
    process::command(workshop.path("target/release/smartcms"), workshop.root())
}

/// Gives this process to the server, so that signals reach it and nothing else is left running.
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}
