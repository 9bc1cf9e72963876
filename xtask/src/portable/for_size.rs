//! The core is built with a standard library that is built for size, with panics that end it without a text, and without
//! tables of Unicode for names of hosts. The compiler takes all of it from whoever says so; it is not stable, and the compiler
//! is pinned.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{process, report, setup::GuestRust, workshop::Workshop};

/// Without a network rustup retries for long.
const RUSTUP_TIME_MAX: Duration = Duration::from_secs(300);

/// A flag of the compiler for all crates: what is derived to be shown to a programmer tells a type's name and nothing of what is
/// in it. Nothing of that is shown to people.
const FLAGS: [&str; 1] = ["-Zfmt-debug=shallow"];

/// What cargo is told. A panic is a trap then: its message and its place would be in the core, for each of some thousands.
const ARGUMENTS: [&str; 5] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
    "-Zpanic-immediate-abort",
    "--config",
    "profile.portable.panic=\"immediate-abort\"",
];

/// The crate that knows names of hosts without tables, in the place of the one that is locked.
const NAMES: &str = "crates/wasm/names";

/// Makes a cargo call build so, and gives the compiler's flags that belong to it. Where the source of the standard library
/// cannot be had, all is left as it is, and that is said.
pub(super) fn apply(
    workshop: &Workshop,
    rust: &GuestRust,
    command: &mut Command,
) -> &'static [&'static str] {
    let ready = source(workshop, rust).and_then(|()| without_tables(workshop, command));
    match ready {
        Ok(()) => {
            command.env("RUSTC_BOOTSTRAP", "1").args(ARGUMENTS);
            &FLAGS
        }
        Err(error) => {
            report::failure(&error);
            report::note(
                "going on with the standard library as it comes: the component is larger than it has to be",
            );
            &[]
        }
    }
}

/// Has cargo take the crate for this call alone: what is locked for everything else stays as it is.
fn without_tables(workshop: &Workshop, command: &mut Command) -> Result<()> {
    let lock = workshop.state().join("for-size/Cargo.lock");
    let failed = || format!("could not copy Cargo.lock to {}", lock.display());
    fs::create_dir_all(workshop.state().join("for-size")).with_context(failed)?;
    fs::copy(workshop.path("Cargo.lock"), &lock).with_context(failed)?;
    // As texts of TOML: paths may have spaces in them.
    command.arg("-Zlockfile-path");
    command.arg("--config").arg(format!("resolver.lockfile-path={lock:?}"));
    let names = workshop.path(NAMES);
    command.arg("--config").arg(format!("patch.crates-io.idna_adapter.path={names:?}"));
    Ok(())
}

/// Gets the source of the standard library, if it is not there.
fn source(workshop: &Workshop, rust: &GuestRust) -> Result<()> {
    if *rust != GuestRust::Active {
        bail!("Debian's compiler comes without the source of its standard library");
    }
    if has_source(workshop) {
        return Ok(());
    }
    report::step("rustup component add rust-src");
    let mut command = process::command("rustup", workshop.root());
    process::run_within(command.args(["component", "add", "rust-src"]), RUSTUP_TIME_MAX)?;
    if !has_source(workshop) {
        bail!("rustup added rust-src, but the active rustc does not have it");
    }
    Ok(())
}

fn has_source(workshop: &Workshop) -> bool {
    let mut command = process::command("rustc", workshop.root());
    let folder = process::probe(command.args(["--print", "sysroot"]));
    folder.is_some_and(|it| Path::new(&it).join("lib/rustlib/src/rust/library/std").is_dir())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::NAMES;
    use crate::workshop::Workshop;

    /// Cargo would leave the other one aside, with no more than a warning.
    #[test]
    fn the_crate_without_tables_has_the_version_that_is_locked() {
        let workshop = Workshop::find().unwrap();
        let read = |path: &str| fs::read_to_string(workshop.path(path)).unwrap();
        let (lock, own) = (read("Cargo.lock"), read(&format!("{NAMES}/Cargo.toml")));
        let locked = lock.split("name = \"idna_adapter\"\n").nth(1).unwrap().lines().next();
        assert!(own.lines().any(|it| Some(it) == locked), "{locked:?}");
    }
}
