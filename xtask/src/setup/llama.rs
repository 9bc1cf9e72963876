//! llama.cpp's server, for the tests of models: one that is named, or Debian's.

use std::{fs, path::PathBuf};

use crate::{process, report, workshop::Workshop};

/// Names an executable to be used instead.
const VARIABLE: &str = "LLAMA_SERVER";
const SCRIPT: &str = include_str!("../../scripts/llama-server-from-debian.sh");

/// The executable; `None`, and said, where it cannot be had.
pub(super) fn ensure(workshop: &Workshop) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let folder = workshop.state().join("llama");
    let program = folder.join("llama-server");
    let runs = || {
        let mut version = process::command(&program, workshop.root());
        process::probe(version.arg("--version")).is_some()
    };
    if runs() {
        return Some(program);
    }
    report::slow_step("unpacking Debian's llama-server, about 13 MB", 1);
    let script = folder.join("from-debian.sh");
    let unpacked = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&script, SCRIPT))
        .map_err(anyhow::Error::from)
        .and_then(|()| {
            process::run(process::command("bash", workshop.root()).arg(&script).arg(&folder))
        });
    match unpacked {
        Ok(()) => Some(program),
        Err(error) => {
            report::note(&format!("{error:#}"));
            None
        }
    }
}
