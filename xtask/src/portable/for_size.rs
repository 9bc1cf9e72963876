//! The core is built with a standard library that is built for size, and with panics that end it without a text. The compiler
//! takes both from whoever says so; they are not stable, and the compiler is pinned.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

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

/// Makes a cargo call build so, and gives the compiler's flags that belong to it. Where the source of the standard library
/// cannot be had, it is left as it is, and that is said.
pub(super) fn apply(
    workshop: &Workshop,
    rust: &GuestRust,
    command: &mut Command,
) -> &'static [&'static str] {
    match source(workshop, rust) {
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
