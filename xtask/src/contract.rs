//! `contract`: whether a real server keeps to its own OpenAPI document, asked by schemathesis.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    files, process, report,
    server::{self, Server},
    setup,
    task::Task,
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "contract",
    summary: "asks a real server whether it keeps to its OpenAPI document",
    help: "\
Serves a site with demo content and a collection of every kind of field, and lets schemathesis
send it requests made from the document that it serves: fitting ones, and ones that do not fit.
Fails on any answer of 5xx, on one that the document does not tell, and on a request that does
not fit and was taken.

Usage: cargo xtask contract [OPTIONS OF schemathesis run]

  cargo xtask contract --include-path-regex=/batch --max-examples=500

What is checked is in tests/contract/schemathesis.toml, with the reason of each exception. The
site, the server's log and the report are in target/xtask/contract; docs/testing.md tells more.

About 4 minutes after a build of the server. The tools of Python are installed the first time.",
    run,
};

/// The longest run; what schemathesis itself may take is in its configuration.
const LIMIT: Duration = Duration::from_secs(9 * 60);

/// How much of the server's log is shown when something failed, in lines.
const LOG_LINES_SHOWN: usize = 30;

/// The check with its usual options.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    run(workshop, &[])
}

fn run(workshop: &Workshop, options: &[String]) -> Result<()> {
    setup::contract(workshop)?;
    server::build(workshop)?;
    make_site(workshop)?;
    let create = ["token", "create", "--name", "contract", "--role", "owner"];
    let token = process::output(on_site(workshop).args(create))?;
    let address = server::free_address()?;
    let running = serve(workshop, &address)?;
    report::step("asking the server");
    let outcome = ask(workshop, &address, token.trim(), options);
    drop(running);
    if outcome.is_err() {
        show_log(workshop);
    }
    outcome
}

fn make_site(workshop: &Workshop) -> Result<()> {
    let folder = home(workshop);
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    process::run(smartcms(workshop).args(["init", "--demo"]).arg(site(workshop)))?;
    let collections = workshop.path("tests/contract/collections");
    for name in files::walk(workshop.root(), &collections)? {
        let from = workshop.path(&name);
        let file = from.file_name().context("a collection is a file")?;
        fs::copy(&from, site(workshop).join("collections").join(file))
            .with_context(|| format!("could not copy {name}"))?;
    }
    Ok(())
}

fn serve(workshop: &Workshop, address: &str) -> Result<Server> {
    let log = fs::File::create(log(workshop)).context("could not make the server's log")?;
    let mut command = on_site(workshop);
    command.args(["serve", "--listen", address]).stdout(Stdio::null()).stderr(log);
    Server::start(&mut command)
}

fn ask(workshop: &Workshop, address: &str, token: &str, options: &[String]) -> Result<()> {
    let tool = workshop.contract_venv().join("bin/schemathesis");
    let mut command = process::command(tool, &workshop.path("tests/contract"));
    command.arg("--config-file").arg(workshop.path("tests/contract/schemathesis.toml"));
    command.args(["run", &format!("http://{address}/api/v1/openapi.json"), "--no-color"]);
    command.arg(format!("--header=Authorization: Bearer {token}")).args(options);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("HYPOTHESIS_STORAGE_DIRECTORY", home(workshop).join("hypothesis"));
    if process::run_within(&mut command, LIMIT).is_err() {
        bail!("the server does not keep to its document; docs/testing.md tells how to go on");
    }
    Ok(())
}

fn show_log(workshop: &Workshop) {
    let text = fs::read_to_string(log(workshop)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    report::step(&format!("the end of {}", log(workshop).display()));
    let shown = lines.len().saturating_sub(LOG_LINES_SHOWN);
    lines.iter().skip(shown).for_each(|line| report::note(line));
}

fn home(workshop: &Workshop) -> PathBuf {
    workshop.state().join("contract")
}

fn site(workshop: &Workshop) -> PathBuf {
    home(workshop).join("site")
}

fn log(workshop: &Workshop) -> PathBuf {
    home(workshop).join("server.log")
}

fn on_site(workshop: &Workshop) -> Command {
    let mut command = smartcms(workshop);
    command.arg("--site").arg(site(workshop));
    command
}

fn smartcms(workshop: &Workshop) -> Command {
    process::command(workshop.path("target/debug/smartcms"), workshop.root())
}
