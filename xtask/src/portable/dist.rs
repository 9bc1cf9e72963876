//! Building and composing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::wasi_c;
use crate::{process, report, server, setup, setup::GuestRust, workshop::Workshop};

const TARGET: &str = "wasm32-wasip2";

/// How it is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As it is given away.
    Small,
    /// As it is tried.
    Debug,
}

/// A host, and the adapter that the core is composed with for it.
pub(super) struct Profile {
    host: &'static str,
    adapter: &'static str,
}

const PROFILES: [Profile; 4] = [
    Profile { host: "wasmtime", adapter: "folder" },
    Profile { host: "wasmcloud", adapter: "keyvalue_draft" },
    Profile { host: "spin", adapter: "keyvalue_draft2" },
    Profile { host: "http", adapter: "http" },
];

/// What was built.
pub(super) struct Built {
    /// The component for wasmtime, compiled ahead of time.
    pub(super) precompiled: PathBuf,
    /// The one whose keys are on a server, compiled ahead of time.
    pub(super) precompiled_http: PathBuf,
}

pub(super) fn build(workshop: &Workshop, kind: Kind) -> Result<Built> {
    let rust = setup::portable(workshop)?;
    server::build(workshop)?;
    let out = workshop.path("dist/portable");
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    let core = core(workshop, &rust, kind)?;
    put(&core, &out.join("smartcms.wasm"))?;
    let adapters = adapters(workshop, &rust)?;
    for Profile { host, adapter } in PROFILES {
        let adapter = adapters.join(format!("smartcms_adapter_{adapter}.wasm"));
        compose(workshop, &core, &adapter, &out.join(format!("smartcms-{host}.wasm")))?;
    }
    report::step("compiling ahead of time for this machine");
    Ok(Built {
        precompiled: compiled(workshop, &out.join("smartcms-wasmtime.wasm"))?,
        precompiled_http: compiled(workshop, &out.join("smartcms-http.wasm"))?,
    })
}

fn compiled(workshop: &Workshop, component: &Path) -> Result<PathBuf> {
    let to = component.with_extension("cwasm");
    let mut compile = process::command(super::wasmtime(workshop)?, workshop.root());
    process::run(compile.arg("compile").arg(component).arg("-o").arg(&to))?;
    Ok(to)
}

fn core(workshop: &Workshop, rust: &GuestRust, kind: Kind) -> Result<PathBuf> {
    report::slow_step("building the portable core", 10);
    let profile = if kind == Kind::Small { "portable" } else { "dev" };
    let arguments =
        ["build", "--package", "smartcms-wasm", "--target", TARGET, "--profile", profile];
    let mut command = process::cargo(workshop.root(), &arguments);
    wasi_c::apply(workshop, &mut command)?;
    // With its debug sections it is larger than what is composed.
    command.env("CARGO_PROFILE_DEV_STRIP", "symbols");
    process::run(rust.apply(&mut command))?;
    let folder = if kind == Kind::Small { "portable" } else { "debug" };
    Ok(workshop.path("target").join(TARGET).join(folder).join("smartcms_wasm.wasm"))
}

/// The folder of the built adapters.
fn adapters(workshop: &Workshop, rust: &GuestRust) -> Result<PathBuf> {
    report::step("building the adapters");
    let folder = workshop.path("adapters");
    let arguments = ["build", "--quiet", "--release", "--workspace", "--target", TARGET];
    process::run(rust.apply(&mut process::cargo(&folder, &arguments)))?;
    Ok(folder.join("target").join(TARGET).join("release"))
}

fn compose(workshop: &Workshop, core: &Path, adapter: &Path, to: &Path) -> Result<()> {
    let smartcms = workshop.path("target/debug/smartcms");
    let mut command = process::command(smartcms, workshop.root());
    command.args(["component", "compose"]).arg(core).arg("--plug").arg(adapter).arg("-o").arg(to);
    process::run(&mut command)?;
    size(to)
}

fn put(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .with_context(|| format!("could not copy {} to {}", from.display(), to.display()))?;
    size(to)
}

fn size(of: &Path) -> Result<()> {
    let bytes = fs::metadata(of).with_context(|| format!("could not find {}", of.display()))?.len();
    report::note(&format!("{}, {} KiB", of.display(), bytes / 1024));
    Ok(())
}
