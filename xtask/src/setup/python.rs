//! Tools in Python, in virtual environments of pinned packages: of the guests and the host, and of the contract test.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};

use crate::{files, process, report, stamps::Stamp, workshop::Workshop};

/// The interpreters to try, best first; `PYTHON` in the environment comes before them.
const INTERPRETERS: &[&str] = &["python3", "python3.11", "python3.12", "python3.13"];

/// The oldest minor version of Python 3 that the pinned packages run on.
const MINOR_MIN: u32 = 11;

/// The environment of the Python guests and the host.
pub(crate) fn ensure(workshop: &Workshop) -> Result<()> {
    let about = "the Python guest tools into target/xtask/venv, about 100 MB";
    environment(workshop, "examples/requirements.txt", &workshop.venv(), "python-venv", about)
}

/// The environment of the contract test.
pub(crate) fn ensure_contract(workshop: &Workshop) -> Result<()> {
    let about = "the tools of the contract test into target/xtask/contract-venv, about 90 MB";
    let requirements = "tests/contract/requirements.txt";
    environment(workshop, requirements, &workshop.contract_venv(), "contract-venv", about)
}

/// The environment of the portable build.
pub(crate) fn ensure_portable(workshop: &Workshop) -> Result<()> {
    let about =
        "a C compiler for WebAssembly and wasmtime into target/xtask/portable-venv, about 500 MB";
    let requirements = "tests/portable/requirements.txt";
    environment(workshop, requirements, &workshop.portable_venv(), "portable-venv", about)
}

/// The environment of the hosts beside wasmtime.
pub(crate) fn ensure_hosts(workshop: &Workshop) -> Result<()> {
    let about = "wasmCloud and NATS into target/xtask/hosts-venv, about 110 MB";
    let requirements = "tests/portable/hosts-requirements.txt";
    environment(workshop, requirements, &workshop.hosts_venv(), "hosts-venv", about)
}

/// Creates an environment, or creates it anew when its inputs changed.
fn environment(
    workshop: &Workshop,
    requirements: &str,
    venv: &Path,
    name: &str,
    about: &str,
) -> Result<()> {
    let requirements = workshop.path(requirements);
    if !requirements.is_file() {
        return Ok(());
    }
    let (python, version) = interpreter(workshop)?;
    let hash = files::hash(workshop.root(), std::slice::from_ref(&requirements), &[version])?;
    let stamp = Stamp::new(workshop, name, hash);
    if stamp.is_current() && venv.join("bin/python").exists() {
        return Ok(());
    }
    report::slow_step(&format!("installing {about}"), 2);
    stamp.clear();
    if venv.exists() {
        fs::remove_dir_all(venv).with_context(|| format!("could not remove {}", venv.display()))?;
    }
    process::run(process::command(&python, workshop.root()).args(["-m", "venv"]).arg(venv))
        .context(
            "could not create a virtual environment; on Debian it needs the package python3-venv",
        )?;
    let mut pip = process::command(venv.join("bin/python"), workshop.root());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(&requirements))?;
    stamp.set()
}

/// An interpreter that is new enough, and its version.
pub(super) fn interpreter(workshop: &Workshop) -> Result<(String, String)> {
    let chosen = std::env::var("PYTHON").ok();
    let candidates = chosen.into_iter().chain(INTERPRETERS.iter().map(|name| (*name).to_owned()));
    for python in candidates {
        let mut command = process::command(&python, workshop.root());
        if let Some(version) = process::probe(command.arg("--version"))
            && minor(&version).is_some_and(|minor| minor >= MINOR_MIN)
        {
            return Ok((python, version));
        }
    }
    bail!(
        "could not find Python 3.{MINOR_MIN} or newer as {}; install it, or name it in the variable PYTHON",
        INTERPRETERS.join(", ")
    );
}

/// `11` of `Python 3.11.7`; `None` for any other major version.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_python_three_counts() {
        assert_eq!(minor("Python 3.11.7"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
    }
}
