//! Tools of the Python guests and host: a virtual environment of pinned packages.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::{files, process, report, stamps::Stamp, workshop::Workshop};

/// The interpreters to try, best first; `PYTHON` in the environment comes before them.
const INTERPRETERS: &[&str] = &["python3", "python3.11", "python3.12", "python3.13"];

/// The oldest minor version of Python 3 that the pinned packages run on.
const MINOR_MIN: u32 = 11;

/// Creates the environment, or creates it anew when its inputs changed.
pub(crate) fn ensure(workshop: &Workshop) -> Result<()> {
    let requirements = workshop.path("examples/requirements.txt");
    if !requirements.is_file() {
        return Ok(());
    }
    let (python, version) = interpreter(workshop)?;
    let hash = files::hash(workshop.root(), std::slice::from_ref(&requirements), &[version])?;
    let stamp = Stamp::new(workshop, "python-venv", hash);
    if stamp.is_current() && workshop.venv_program("python").exists() {
        return Ok(());
    }
    report::slow_step("installing the Python guest tools into target/xtask/venv, about 100 MB", 2);
    stamp.clear();
    let venv = workshop.venv();
    if venv.exists() {
        fs::remove_dir_all(&venv)
            .with_context(|| format!("could not remove {}", venv.display()))?;
    }
    process::run(process::command(&python, workshop.root()).args(["-m", "venv"]).arg(&venv))
        .context(
            "could not create a virtual environment; on Debian it needs the package python3-venv",
        )?;
    let mut pip = process::command(workshop.venv_program("python"), workshop.root());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(&requirements))?;
    stamp.set()
}

fn interpreter(workshop: &Workshop) -> Result<(String, String)> {
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
