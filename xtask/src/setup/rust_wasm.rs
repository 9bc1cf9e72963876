//! Rust for WebAssembly: the active toolchain where it can, a private one of Debian's where not.
//!
//! What to try is decided by [`plan`], a pure function of [`Facts`]; the rest gathers facts and
//! acts. `rustup update` and `rustup toolchain install` are never used: they may replace rustup.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result, bail};

use crate::{process, report, workshop::Workshop};

/// What guests and the portable build are compiled for.
const TARGETS: &[&str] = &["wasm32-wasip2", "wasm32-unknown-unknown", "wasm32-wasip1"];

/// The rustup name of the fallback.
const FALLBACK_NAME: &str = "smartcms-wasm";

const FALLBACK_SCRIPT: &str = include_str!("../../scripts/rust-wasm-from-debian.sh");

/// Without a network rustup retries for long; the fallback should get its turn.
const RUSTUP_TIME_MAX: Duration = Duration::from_secs(600);

/// The compiler to build guests with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GuestRust {
    /// The toolchain that builds everything else.
    Active,
    /// Debian's, under a rustup name.
    Linked,
    /// Debian's, on a machine without rustup; the path of its `rustc`.
    Direct(String),
}

/// What decides the plan.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    active_has_targets: bool,
    fallback_has_targets: bool,
    rustup: bool,
    /// `apt-get` on x86-64 Linux: what the fallback runs on.
    debian: bool,
}

/// One way to get the targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    UseActive,
    UseFallback,
    RustupTargetAdd,
    UnpackDebian,
}

impl GuestRust {
    /// Makes `command`, a cargo call, use this toolchain.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        match self {
            Self::Active => command,
            Self::Linked => command.env("RUSTUP_TOOLCHAIN", FALLBACK_NAME),
            Self::Direct(rustc) => command.env("RUSTC", rustc),
        }
    }

    /// The compiler's version, for stamps.
    pub(crate) fn version(&self, root: &Path) -> String {
        let program = if let Self::Direct(rustc) = self { rustc.as_str() } else { "rustc" };
        let mut command = process::command(program, root);
        process::probe(self.apply(command.arg("--version"))).unwrap_or_default()
    }
}

/// The toolchain that has every target, got by the first way that works.
pub(crate) fn ensure(workshop: &Workshop) -> Result<GuestRust> {
    let facts = facts(workshop);
    let ways = plan(facts);
    let mut failures = Vec::new();
    for way in &ways {
        match take(*way, facts, workshop) {
            Ok(rust) => return Ok(rust),
            Err(error) => {
                report::note(&format!("{error:#}"));
                failures.push(format!("{error:#}"));
            }
        }
    }
    if failures.is_empty() {
        bail!(
            "could not get Rust's targets {}: neither rustup nor, on x86-64 Debian, apt-get is here; \
             install Rust by rustup",
            TARGETS.join(" ")
        );
    }
    bail!("could not get Rust's targets {}: {}", TARGETS.join(" "), failures.join("; then: "));
}

/// The ways to try, in order; empty when nothing here can work.
fn plan(facts: Facts) -> Vec<Way> {
    if facts.active_has_targets {
        return vec![Way::UseActive];
    }
    if facts.fallback_has_targets {
        return vec![Way::UseFallback];
    }
    let mut ways = Vec::new();
    if facts.rustup {
        ways.push(Way::RustupTargetAdd);
    }
    if facts.debian {
        ways.push(Way::UnpackDebian);
    }
    ways
}

fn facts(workshop: &Workshop) -> Facts {
    let root = workshop.root();
    let has =
        |program: &str| process::probe(process::command(program, root).arg("--version")).is_some();
    let active_has_targets = has_targets("rustc", root);
    Facts {
        active_has_targets,
        fallback_has_targets: !active_has_targets && has_targets(&fallback_rustc(workshop), root),
        rustup: has("rustup"),
        debian: cfg!(all(target_os = "linux", target_arch = "x86_64")) && has("apt-get"),
    }
}

fn take(way: Way, facts: Facts, workshop: &Workshop) -> Result<GuestRust> {
    match way {
        Way::UseActive => Ok(GuestRust::Active),
        Way::UseFallback => use_fallback(facts, workshop),
        Way::RustupTargetAdd => rustup_target_add(workshop.root()),
        Way::UnpackDebian => {
            unpack_debian(workshop)?;
            use_fallback(facts, workshop)
        }
    }
}

fn rustup_target_add(root: &Path) -> Result<GuestRust> {
    report::slow_step(&format!("rustup target add {}", TARGETS.join(" ")), 2);
    let mut command = process::command("rustup", root);
    process::run_within(command.args(["target", "add"]).args(TARGETS), RUSTUP_TIME_MAX)?;
    if !has_targets("rustc", root) {
        bail!("rustup added the targets, but the active rustc does not have them");
    }
    Ok(GuestRust::Active)
}

fn unpack_debian(workshop: &Workshop) -> Result<()> {
    report::slow_step("unpacking Debian's Rust for WebAssembly, about 190 MB", 5);
    let folder = workshop.state();
    let script = folder.join("rust-wasm-from-debian.sh");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    fs::write(&script, FALLBACK_SCRIPT)
        .with_context(|| format!("could not write {}", script.display()))?;
    let mut command = process::command("bash", workshop.root());
    command.arg(script).arg(folder.join("rust-wasm")).args(TARGETS);
    // The proxies set this for xtask itself; the script looks at the toolchain of the repository.
    process::run(command.env_remove("RUSTUP_TOOLCHAIN"))
}

fn use_fallback(facts: Facts, workshop: &Workshop) -> Result<GuestRust> {
    let rustc = fallback_rustc(workshop);
    if !facts.rustup {
        return Ok(GuestRust::Direct(rustc));
    }
    // Linking again is free, and mends a link to another checkout's folder.
    let toolchain = workshop.state().join("rust-wasm/toolchain");
    let mut link = process::command("rustup", workshop.root());
    process::run(link.args(["toolchain", "link", FALLBACK_NAME]).arg(toolchain))?;
    Ok(GuestRust::Linked)
}

fn fallback_rustc(workshop: &Workshop) -> String {
    workshop.state().join("rust-wasm/toolchain/bin/rustc").to_string_lossy().into_owned()
}

fn has_targets(rustc: &str, root: &Path) -> bool {
    TARGETS.iter().all(|target| {
        let mut command = process::command(rustc, root);
        process::probe(command.args(["--print", "target-libdir", "--target", target]))
            .is_some_and(|folder| has_std(Path::new(&folder)))
    })
}

fn has_std(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("libstd-") && Path::new(&name).extension().is_some_and(|end| end == "rlib")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(facts: Facts, expected: &[Way]) {
        assert_eq!(plan(facts), expected, "{facts:?}");
    }

    #[test]
    fn nothing_is_fetched_when_the_active_toolchain_has_the_targets() {
        let facts = Facts {
            active_has_targets: true,
            fallback_has_targets: true,
            rustup: true,
            debian: true,
        };
        check(facts, &[Way::UseActive]);
        check(Facts { active_has_targets: true, ..Facts::default() }, &[Way::UseActive]);
    }

    #[test]
    fn an_unpacked_fallback_is_used_without_asking_rustup_again() {
        let facts =
            Facts { fallback_has_targets: true, rustup: true, debian: true, ..Facts::default() };
        check(facts, &[Way::UseFallback]);
    }

    #[test]
    fn rustup_comes_before_debian() {
        let facts = Facts { rustup: true, debian: true, ..Facts::default() };
        check(facts, &[Way::RustupTargetAdd, Way::UnpackDebian]);
    }

    #[test]
    fn only_what_this_machine_can_do_is_tried() {
        check(Facts { rustup: true, ..Facts::default() }, &[Way::RustupTargetAdd]);
        check(Facts { debian: true, ..Facts::default() }, &[Way::UnpackDebian]);
        check(Facts::default(), &[]);
    }

    #[test]
    fn guests_of_the_fallback_are_built_under_its_name() {
        let mut command = Command::new("cargo");
        GuestRust::Linked.apply(&mut command);
        let set: Vec<_> = command.get_envs().collect();
        assert_eq!(set, [("RUSTUP_TOOLCHAIN".as_ref(), Some(FALLBACK_NAME.as_ref()))]);
    }
}
