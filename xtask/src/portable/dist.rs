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

/// A host, and the adapters that the core is composed with for it: one that stands behind another answers it too.
pub(super) struct Profile {
    host: &'static str,
    adapters: &'static [&'static str],
}

const PROFILES: [Profile; 5] = [
    Profile { host: "wasmtime", adapters: &["folder"] },
    Profile { host: "wasmcloud", adapters: &["keyvalue_draft"] },
    Profile { host: "wasmcloud1", adapters: &["keyvalue_draft", "config_runtime"] },
    Profile { host: "spin", adapters: &["keyvalue_draft2", "spin_variables"] },
    Profile { host: "http", adapters: &["http"] },
];

/// The adapters for hosts that give no environment variables, behind the one for folders; the last pretends to be them.
const PRETENDED: [&str; 4] =
    ["adapter_folder", "adapter_spin_variables", "adapter_config_runtime", "pretended_host"];

/// What was built.
pub(super) struct Built {
    /// The component for wasmtime, compiled ahead of time.
    pub(super) precompiled: PathBuf,
    /// The one whose keys are on a server, compiled ahead of time.
    pub(super) precompiled_http: PathBuf,
    core: PathBuf,
    /// The folder of the adapters.
    adapters: PathBuf,
}

pub(super) fn build(workshop: &Workshop, kind: Kind) -> Result<Built> {
    let rust = setup::portable(workshop)?;
    server::build(workshop)?;
    let out = workshop.path("dist/portable");
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    let core = core(workshop, &rust, kind)?;
    put(&core, &out.join("smartcms.wasm"))?;
    let folder = adapters(workshop, &rust)?;
    for Profile { host, adapters } in PROFILES {
        let plugs = adapters.iter().map(|it| folder.join(format!("smartcms_adapter_{it}.wasm")));
        compose(workshop, &core, plugs, &out.join(format!("smartcms-{host}.wasm")))?;
    }
    let precompiled = precompile(workshop, &out.join("smartcms-wasmtime.wasm"))?;
    let precompiled_http = precompile(workshop, &out.join("smartcms-http.wasm"))?;
    Ok(Built { precompiled, precompiled_http, core, adapters: folder })
}

/// A component for wasmtime that gets its settings as it would on hosts that are not there, compiled ahead of time.
pub(super) fn pretended(workshop: &Workshop, built: &Built) -> Result<PathBuf> {
    let plugs = PRETENDED.iter().map(|it| built.adapters.join(format!("smartcms_{it}.wasm")));
    let composed = workshop.state().join("portable-pretended.wasm");
    compose(workshop, &built.core, plugs, &composed)?;
    precompile(workshop, &composed)
}

fn precompile(workshop: &Workshop, component: &Path) -> Result<PathBuf> {
    let precompiled = component.with_extension("cwasm");
    report::step("compiling ahead of time for this machine");
    let mut compile = process::command(super::wasmtime(workshop)?, workshop.root());
    compile.arg("compile").arg(component).arg("-o").arg(&precompiled);
    process::run(&mut compile)?;
    Ok(precompiled)
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

fn compose(
    workshop: &Workshop,
    core: &Path,
    plugs: impl Iterator<Item = PathBuf>,
    to: &Path,
) -> Result<()> {
    let smartcms = workshop.path("target/debug/smartcms");
    let mut command = process::command(smartcms, workshop.root());
    command.args(["component", "compose"]).arg(core).arg("-o").arg(to);
    for plug in plugs {
        command.arg("--plug").arg(plug);
    }
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
