//! `dist` and `portable`: the portable build, composed for its hosts, and the suite that is the same for all of them.

mod dist;
mod for_size;
mod hosts;
mod shrink;
mod wasi_c;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use self::dist::{Absent, Built, Kind};
use crate::{e2e, plugins, process, report, server, setup, task::Task, workshop::Workshop};

pub(crate) const DIST: Task = Task {
    name: "dist",
    summary: "builds the portable component, composed for each host, to dist/portable",
    help: "\
Builds crates/wasm for wasm32-wasip2 (the core), the adapters of adapters/, and one component for
each host of both: dist/portable/smartcms.wasm is the core, smartcms-HOST.wasm what HOST runs, and
smartcms-wasmtime.cwasm the same compiled ahead of time for this machine. smartcms-p3.wasm,
smartcms-p3-wasmtime.wasm and .cwasm are the same for hosts that call WASI 0.3.

Usage: cargo xtask dist [--debug]

  --debug   quicker to build, larger and slower: for trying a change

SQLite is in the core, so a C compiler for WebAssembly is installed the first time (the package
ziglang, into target/xtask/portable-venv), and wasmtime beside it; with Node 20, wasm-opt too (the
package binaryen, into tests/portable/node_modules), and with rustup the source of the standard
library (rust-src): both make the components smaller. About 25 minutes the first time.",
    run: |workshop, arguments| dist::build(workshop, kind("dist", arguments)?).map(|_| ()),
};

pub(crate) use hosts::TASK as HOSTS;

pub(crate) const TASK: Task = Task {
    name: "portable",
    summary: "runs the suite of the portable build natively and under wasmtime",
    help: "\
Builds what `cargo xtask dist` builds, and the server, and runs tests/portable/suite.py on both: the
native server, and `wasmtime serve` with the composed components of WASI 0.2 and 0.3, their content
in a folder; and with the adapters for wasmCloud 1 and Spin, whose keys and settings come from a
component that pretends to be these hosts. Then tests/portable/plugins.py:
a site with plugins composed into it; and tests/portable/replicas.py: two servers of one site, whose
keys a native server keeps. At last the page of the original system uses the component, in a headless
Chromium: tests/e2e/stories.test.mjs.

Usage: cargo xtask portable [--debug]

The folders of the sites are in target/xtask/portable.",
    run: |workshop, arguments| check(workshop, kind("portable", arguments)?),
};

fn kind(task: &str, arguments: &[String]) -> Result<Kind> {
    match arguments {
        [] => Ok(Kind::Small),
        [word] if word == "--debug" => Ok(Kind::Debug),
        _ => bail!("{task} takes --debug or nothing; see `cargo xtask {task} --help`"),
    }
}

/// The folder of the components, built as they are given away.
pub(crate) fn built(workshop: &Workshop) -> Result<PathBuf> {
    dist::build(workshop, Kind::Small)?;
    Ok(workshop.path(dist::OUT))
}

/// The suite, on what is built quickly.
pub(crate) fn tried(workshop: &Workshop) -> Result<()> {
    check(workshop, Kind::Debug)
}

fn check(workshop: &Workshop, kind: Kind) -> Result<()> {
    let built = dist::build(workshop, kind)?;
    server::build(workshop)?;
    let folder = workshop.state().join("portable");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    report::step("the suite on the native server");
    suite(workshop, &native(workshop, &folder.join("native"))?)?;
    let settings = variables(str::to_owned);
    for (version, component) in [("0.2", &built.second), ("0.3", &built.third)] {
        report::step(&format!("the suite under wasmtime serve, WASI {version}"));
        let data = folder.join(format!("wasmtime-{version}"));
        suite(workshop, &under_wasmtime(workshop, component, &data, &settings)?)?;
    }
    as_if_under(workshop, &built, Absent::Spin, &folder.join("spin"))?;
    as_if_under(workshop, &built, Absent::WasmCloud1, &folder.join("wasmcloud1"))?;
    report::step("a site with plugins in it");
    with_plugins(workshop, &built.core, &folder.join("plugins"))?;
    report::step("two servers of one site, its keys on a third");
    let (host, keeper) = (wasmtime(workshop)?, workshop.path("target/debug/smartcms"));
    let component = &built.keys_elsewhere;
    replicas(workshop, host.as_ref(), &keeper, component, &folder.join("replicas"))?;
    report::step("the page of the original system under wasmtime serve");
    let (data, settings) = (folder.join("stories"), STORIES.map(str::to_owned));
    let server = under_wasmtime(workshop, &built.second, &data, &settings)?;
    e2e::stories_page(workshop, &server)
}

/// The suite with the adapters for a host that is not there: they get settings and keys as that host gives them.
fn as_if_under(workshop: &Workshop, built: &Built, absent: Absent, data: &Path) -> Result<()> {
    let is_secret = |it: &str| it.contains("_TOKEN=") || it.contains("_KEY=");
    let (host, options, settings) = match absent {
        Absent::Spin => {
            let given = |it: &str| match is_secret(it) {
                true => format!("SECRET_{it}"),
                false => it.to_owned(),
            };
            ("Spin", [].as_slice(), variables(given))
        }
        Absent::WasmCloud1 => {
            ("wasmCloud 1", ["--one-writer"].as_slice(), variables(|it| format!("GIVEN_{it}")))
        }
    };
    report::step(&format!(
        "the suite under wasmtime serve, with keys and settings as {host} gives them"
    ));
    let component = dist::pretended(workshop, built, absent)?;
    suite_with(workshop, options, &under_wasmtime(workshop, &component, data, &settings)?)
}

/// Plugins are composed into a site, which is served and asked.
fn with_plugins(workshop: &Workshop, core: &Path, folder: &Path) -> Result<()> {
    plugins::build_for_pages(workshop, &setup::portable(workshop)?)?;
    let mut command = process::command("python3", workshop.root());
    command.arg(workshop.path("tests/portable/plugins.py"));
    command.arg(workshop.path("target/debug/smartcms")).arg(wasmtime(workshop)?).arg(core);
    command.arg(workshop.path(dist::OUT).join("adapters"));
    command.arg(workshop.plugins_out()).arg(workshop.path("dist/plugin-cases"));
    command.arg(made(folder)?);
    process::run(command.env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// Two servers of one site: the program that runs them, and the one that keeps their keys.
fn replicas(
    workshop: &Workshop,
    host: &Path,
    keeper: &Path,
    component: &Path,
    folder: &Path,
) -> Result<()> {
    let mut command = process::command("python3", workshop.root());
    command.arg(workshop.path("tests/portable/replicas.py")).arg(host).arg(keeper);
    command.arg(component).arg(made(folder)?);
    process::run(command.env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// The settings of the suite, as a host is told of them.
fn variables(named: impl Fn(&str) -> String) -> Vec<String> {
    SETTINGS.iter().chain([&MODEL]).map(|it| named(it)).collect()
}

/// What a site of the suite is set to; the words in braces are the suite's.
const SETTINGS: [&str; 12] = [
    "SMARTCMS_STORIES=true",
    "SMARTCMS_PEOPLE_OWNER_TOKEN={token}",
    "SMARTCMS_SITE_BASE_URL=http://{address}",
    "SMARTCMS_API_CORS_ORIGINS=http://stories.example",
    "SMARTCMS_API_ADDRESS_REQUESTS_PER_MINUTE=0",
    "SMARTCMS_API_TOKEN_REQUESTS_PER_MINUTE=0",
    "SMARTCMS_AI_PROVIDER=ollama",
    "SMARTCMS_AI_ADDRESS={ai}",
    "SMARTCMS_MAIL_TRANSPORT=http",
    "SMARTCMS_MAIL_HTTP_ADDRESS=http://{mail}/emails",
    "SMARTCMS_MAIL_HTTP_KEY=key-of-the-suite",
    // Natively a service on this machine has to be named.
    "SMARTCMS_OUTBOUND_ALLOW={mail}",
];
const MODEL: &str = "SMARTCMS_AI_MODEL=tiny";

/// What a site is set to that serves the page of the original system; the words in braces are the test's.
const STORIES: [&str; 7] = [
    "SMARTCMS_STORIES=true",
    "SMARTCMS_PEOPLE_OWNER_TOKEN=smc_0123456789abcdefghijklmnopqrstuvwxyz",
    "SMARTCMS_SITE_BASE_URL=http://{address}",
    "SMARTCMS_API_CORS_ORIGINS=*",
    "SMARTCMS_AI_PROVIDER=openai",
    "SMARTCMS_AI_ADDRESS={ai}",
    "SMARTCMS_AI_MODEL=a-model",
];

fn native(workshop: &Workshop, site: &Path) -> Result<Vec<String>> {
    let site = made(site)?;
    let program = workshop.path("target/debug/smartcms").display().to_string();
    let settings = variables(str::to_owned);
    let serve = [program, "--site".into(), site, "serve".into(), "--listen".into()];
    Ok(["env".to_owned()]
        .into_iter()
        .chain(settings)
        .chain(serve)
        .chain(["{address}".into()])
        .collect())
}

fn under_wasmtime(
    workshop: &Workshop,
    component: &Path,
    data: &Path,
    settings: &[String],
) -> Result<Vec<String>> {
    let data = made(data)?;
    let mut command = vec![wasmtime(workshop)?, "serve".to_owned(), "--addr={address}".to_owned()];
    command.extend(SERVE_OPTIONS.map(str::to_owned));
    command.push(format!("--dir={data}::/data"));
    command.extend(settings.iter().map(|it| format!("--env={it}")));
    command.extend(["--allow-precompiled".to_owned(), component.display().to_string()]);
    Ok(command)
}

/// Instances are reused: opening a site costs more than most answers.
const SERVE_OPTIONS: [&str; 2] = ["-Scli", "--max-instance-reuse-count=10000"];

fn made(folder: &Path) -> Result<String> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder.display().to_string())
}

fn suite(workshop: &Workshop, server: &[String]) -> Result<()> {
    suite_with(workshop, &[], server)
}

fn suite_with(workshop: &Workshop, options: &[&str], server: &[String]) -> Result<()> {
    let mut command = process::command("python3", workshop.root());
    command.arg(workshop.path("tests/portable/suite.py")).args(options).args(server);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    process::run(&mut command)
}

/// The program in the environment of the portable build.
pub(crate) fn wasmtime(workshop: &Workshop) -> Result<String> {
    setup::portable(workshop)?;
    let ask = "import os, wasmtime_cli; print(os.path.dirname(wasmtime_cli.__file__))";
    let mut python = process::command(workshop.portable_venv().join("bin/python"), workshop.root());
    let folder = process::output(python.args(["-c", ask]))?;
    let program = Path::new(folder.trim()).join("wasmtime");
    // The package's own script sets this when it first runs.
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))
        .with_context(|| format!("could not make {} a program", program.display()))?;
    Ok(program.display().to_string())
}
