//! The program that calls the crate extism, for comparison.

use std::path::PathBuf;

use crate::{process, report, workshop::Workshop};

/// The crate beside the workspace that it is built from.
const FOLDER: &str = "benches/extism";

/// The program, built when something of it changed; without it some rows are left out.
pub(super) fn find(workshop: &Workshop) -> Option<PathBuf> {
    report::slow_step("building the crate extism", 8);
    let target = workshop.state().join("extism-build");
    let mut cargo = process::cargo(&workshop.path(FOLDER), &["build", "--release", "--locked"]);
    match process::run(cargo.arg("--target-dir").arg(&target)) {
        Ok(()) => Some(target.join("release/extism-reference")),
        Err(error) => {
            report::failure(&error);
            report::note("going on without it: the rows beside extism are left out");
            None
        }
    }
}
