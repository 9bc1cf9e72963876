//! Building and composing.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::{for_size, shrink::shrink, wasi_c};
use crate::{process, report, server, setup, setup::GuestRust, workshop::Workshop};

const TARGET: &str = "wasm32-wasip2";
/// The stack of the core as it is given away, in bytes. The suite's deeply nested texts were answered with a half of it; they
/// are tried with it by `cargo xtask portable`, and not with `--debug`. The smaller it is, the lower lie its data, whose addresses are a part of its code.
const STACK_LEN: usize = 256 * 1024;
/// Where it is put.
pub(super) const OUT: &str = "dist/portable";

/// How it is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As it is given away.
    Small,
    /// As it is tried.
    Debug,
}

/// The core: one for each version of WASI that hosts call it by.
#[derive(Clone, Copy)]
struct Core {
    name: &'static str,
    features: &'static [&'static str],
    hosts: &'static [Host],
}

/// A host, and the adapters that a core is composed with for it: one that stands behind another answers it too.
#[derive(Clone, Copy)]
struct Host {
    name: &'static str,
    adapters: &'static [&'static str],
}

const WASMTIME: Host = Host { name: "wasmtime", adapters: &["folder"] };
const WASMCLOUD: Host = Host { name: "wasmcloud", adapters: &["keyvalue_draft"] };
const WASMCLOUD1: Host =
    Host { name: "wasmcloud1", adapters: &["keyvalue_draft", "config_runtime"] };
const SPIN: Host = Host { name: "spin", adapters: &["keyvalue_draft2", "spin_variables"] };
/// Any host: its keys are on a server.
const HTTP: Host = Host { name: "http", adapters: &["http"] };
/// Any host that lets components connect: they are in NATS.
const NATS: Host = Host { name: "nats", adapters: &["nats"] };

const OF_0_2: [Host; 6] = [WASMTIME, WASMCLOUD, WASMCLOUD1, SPIN, HTTP, NATS];
const CORES: [Core; 2] = [
    Core { name: "smartcms", features: &[], hosts: &OF_0_2 },
    Core { name: "smartcms-p3", features: &["--features=wasi-0-3"], hosts: &[WASMTIME] },
];

/// What stands behind the adapters for a host that is not there: what pretends to be it, and where that keeps its keys.
const PRETENDED: [&str; 2] = ["pretended_host", "adapter_folder"];

/// What was built for wasmtime, compiled ahead of time.
pub(super) struct Built {
    /// The core of WASI 0.2, its keys in a folder.
    pub(super) second: PathBuf,
    /// That of WASI 0.3.
    pub(super) third: PathBuf,
    /// That of WASI 0.2, its keys on a server.
    pub(super) keys_elsewhere: PathBuf,
    /// The core of WASI 0.2, with nothing composed into it.
    pub(super) core: PathBuf,
    /// The folder of the adapters.
    adapters: PathBuf,
}

pub(super) fn build(workshop: &Workshop, kind: Kind) -> Result<Built> {
    let rust = setup::portable(workshop)?;
    server::build(workshop)?;
    let out = workshop.path(OUT);
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    let folder = adapters(workshop, &rust)?;
    give_adapters(workshop, &folder)?;
    for core in CORES {
        let built = build_core(workshop, &rust, kind, core)?;
        let file = out.join(format!("{}.wasm", core.name));
        match kind {
            Kind::Small => shrink(workshop, &built, &file)?,
            Kind::Debug => put(&built, &file)?,
        }
        size(&file)?;
        for host in core.hosts {
            let plugs =
                host.adapters.iter().map(|it| folder.join(format!("smartcms_adapter_{it}.wasm")));
            compose(
                workshop,
                &file,
                plugs,
                &out.join(format!("{}-{}.wasm", core.name, host.name)),
            )?;
        }
    }
    let precompiled = |name: &str| precompile(workshop, &out.join(name));
    Ok(Built {
        second: precompiled("smartcms-wasmtime.wasm")?,
        third: precompiled("smartcms-p3-wasmtime.wasm")?,
        keys_elsewhere: precompiled("smartcms-http.wasm")?,
        core: out.join("smartcms.wasm"),
        adapters: folder,
    })
}

/// Hosts that are not there, whose adapters are tried all the same.
#[derive(Clone, Copy)]
pub(super) enum Absent {
    /// Without compare-and-swap, all settings in a configuration.
    WasmCloud1,
    /// With it, secrets in variables.
    Spin,
}

/// A component for wasmtime with the adapters for a host that is not there, and one that pretends to be it, compiled ahead of
/// time.
pub(super) fn pretended(workshop: &Workshop, built: &Built, absent: Absent) -> Result<PathBuf> {
    let host = match absent {
        Absent::WasmCloud1 => WASMCLOUD1,
        Absent::Spin => SPIN,
    };
    let adapters = host.adapters.iter().map(|it| format!("adapter_{it}"));
    let plugs = adapters.chain(PRETENDED.map(str::to_owned));
    let plugs = plugs.map(|it| built.adapters.join(format!("smartcms_{it}.wasm")));
    let composed = workshop.state().join(format!("portable-{}.wasm", host.name));
    compose(workshop, &built.core, plugs, &composed)?;
    precompile(workshop, &composed)
}

/// A component as wasmtime runs it, compiled for this machine.
pub(super) fn precompile(workshop: &Workshop, component: &Path) -> Result<PathBuf> {
    let precompiled = component.with_extension("cwasm");
    report::step(&format!("compiling {} ahead of time for this machine", component.display()));
    let mut compile = process::command(super::wasmtime(workshop)?, workshop.root());
    process::run(compile.arg("compile").arg(component).arg("-o").arg(&precompiled))?;
    Ok(precompiled)
}

fn build_core(workshop: &Workshop, rust: &GuestRust, kind: Kind, core: Core) -> Result<PathBuf> {
    report::slow_step(&format!("building the portable core {}", core.name), 10);
    let (profile, folder) =
        if kind == Kind::Small { ("portable", "portable") } else { ("dev", "debug") };
    let folder = workshop.path("target").join(TARGET).join(folder);
    // The cores are one library with different features, and cargo does not tell the files of libraries apart by these: it
    // would take the other core for this one.
    let linked = folder.join("deps/smartcms_wasm.wasm");
    if linked.exists() {
        fs::remove_file(&linked)
            .with_context(|| format!("could not remove {}", linked.display()))?;
    }
    // As a component and nothing else: what is a library of Rust as well is not optimised as one with what it stands on.
    let arguments = [
        "rustc",
        "--package",
        "smartcms-wasm",
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        TARGET,
        "--profile",
        profile,
    ];
    let mut command = process::cargo(workshop.root(), &arguments);
    command.args(core.features);
    // The sanitiser shows its tree of HTML, so that the parser is there once.
    let mut flags = vec!["--cfg=ammonia_unstable".to_owned()];
    if kind == Kind::Small {
        flags.extend(for_size::apply(workshop, rust, &mut command).iter().map(|&it| it.to_owned()));
        flags.extend(short_paths());
        flags.push(format!("-Clink-arg=-zstack-size={STACK_LEN}"));
    }
    // As text of TOML: a path may have spaces in it.
    command.arg("--config").arg(format!("target.{TARGET}.rustflags={flags:?}"));
    wasi_c::apply(workshop, &mut command)?;
    // With its debug sections it is larger than what is composed.
    command.env("CARGO_PROFILE_DEV_STRIP", "symbols");
    process::run(rust.apply(&mut command))?;
    Ok(folder.join("smartcms_wasm.wasm"))
}

/// What keeps keys of plugins that are composed in.
const PLUGIN_KEYS: &str = "plugin_keys";

/// Puts the adapters beside the core: who composes plugins into it composes one of them, too.
fn give_adapters(workshop: &Workshop, built: &Path) -> Result<()> {
    let to = workshop.path(OUT).join("adapters");
    fs::create_dir_all(&to).with_context(|| format!("could not create {}", to.display()))?;
    let of_hosts = CORES.iter().flat_map(|it| it.hosts).flat_map(|it| it.adapters);
    for name in of_hosts.chain([&PLUGIN_KEYS]) {
        let from = built.join(format!("smartcms_adapter_{name}.wasm"));
        put(&from, &to.join(format!("{}.wasm", name.replace('_', "-"))))?;
    }
    Ok(())
}

/// Flags of the compiler by which what names the files of a crate does so without the folder in which crates lie here: the
/// component does not tell where it was built. None where crates lie elsewhere.
fn short_paths() -> Vec<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.and_then(|it| fs::read_dir(it.join("registry/src")).ok());
    let folders = registries.into_iter().flatten().filter_map(Result::ok).map(|it| it.path());
    folders.map(|it| format!("--remap-path-prefix={}/=", it.display())).collect()
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
    Ok(())
}

fn size(of: &Path) -> Result<()> {
    let bytes = fs::metadata(of).with_context(|| format!("could not find {}", of.display()))?.len();
    report::note(&format!("{}, {} KiB", of.display(), bytes / 1024));
    Ok(())
}
