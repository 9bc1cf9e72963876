//! Python: componentize-py, in a virtual environment that all projects share.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

use super::super::files::{read, with_ending};
use super::super::project::Project;
use super::super::tools::{self, Installed, command, note, run};
use super::super::world;
use crate::failure::{Failure, exit};

pub(super) const INSTALL: &str =
    "install Python 3.11 or newer with venv (on Debian the packages python3 and python3-venv)";

const TOOLS: [&str; 1] = ["sdk/python/tools/requirements.txt"];

/// The interpreters to try, the best first; `PYTHON` in the environment comes before them.
const INTERPRETERS: [&str; 4] = ["python3", "python3.11", "python3.12", "python3.13"];

/// The oldest minor version of Python 3 that the tools run on.
const MINOR_MIN: u32 = 11;

/// What interfaces are called in Python. Without this their names would change with what else a world imports.
/// `host` stands for `wasi` here: see `world`.
const NAMES: [&str; 8] = [
    "smartcms:content/types@0.1.0=content",
    "smartcms:content/reader@0.1.0=reader",
    "smartcms:content/writer@0.1.0=writer",
    "host:http/types@0.2.12=http_types",
    "host:config/store@0.2.0-rc.1=config",
    "host:keyvalue/atomics@0.2.0-draft=atomics",
    "host:keyvalue/store@0.2.0-draft=keyvalue",
    "host:logging/logging@0.1.0-draft=logging",
];

/// Makes the component of the module that pyproject.toml names.
pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    let module = module(&project.folder)?;
    let out = project.kit("plugin.wasm");
    let mut tool = componentize(project)?;
    // Without WASI of its own Python imports nothing: the plugin asks for what its world names and no more.
    tool.args(["componentize", "--stub-wasi", "--python-path", "src", "--python-path"]);
    tool.arg(project.kit("sdk/python")).arg("--output").arg(&out).arg(module);
    run(&mut tool, INSTALL)?;
    let built = std::fs::read(&out);
    world::with_wasi(built.with_context(|| format!("could not read {}", out.display()))?)
}

/// Runs the tests in Python, against generated bindings that stand in for the host; none where there are no tests.
pub(in super::super) fn test(project: &Project) -> Option<anyhow::Result<()>> {
    let files = with_ending(&project.folder.join("tests"), &["py"]).ok()?;
    if files.is_empty() { None } else { Some(run_tests(project)) }
}

fn run_tests(project: &Project) -> anyhow::Result<()> {
    let bindings = project.kit("bindings");
    if bindings.exists() {
        std::fs::remove_dir_all(&bindings)
            .with_context(|| format!("could not remove {}", bindings.display()))?;
    }
    run(componentize(project)?.arg("bindings").arg(&bindings), INSTALL)?;
    let folders = [project.folder.join("src"), project.kit("sdk/python"), bindings];
    let python = environment(&project.folder, "python", &TOOLS, ABOUT)?;
    let mut tests = command(python, &project.folder);
    tests.env("PYTHONPATH", std::env::join_paths(folders)?).env("PYTHONDONTWRITEBYTECODE", "1");
    run(tests.args(["-m", "unittest", "discover", "--start-directory", "tests"]), INSTALL)
}

const ABOUT: &str = "the tools for Python, about 110 MB";

/// componentize-py with the project's world.
fn componentize(project: &Project) -> anyhow::Result<Command> {
    let python = environment(&project.folder, "python", &TOOLS, ABOUT)?;
    let world = world::assemble_without_wasi(project)?;
    let mut tool = command(python.with_file_name("componentize-py"), &project.folder);
    tool.arg("--quiet").arg("--wit-path").arg(world).args(["--world", world::NAME]);
    for name in NAMES {
        tool.args(["--import-interface-name", name]);
    }
    Ok(tool)
}

/// The interpreter of a virtual environment with what the requirements name.
pub(super) fn environment(
    folder: &Path,
    name: &str,
    files: &[&str],
    about: &str,
) -> anyhow::Result<PathBuf> {
    let tools = tools::installed(name, files, |tools| {
        note(format_args!("installing {about}, once for all projects"));
        let python = interpreter(folder)?;
        run(command(python, tools).args(["-m", "venv", "--clear", "venv"]), INSTALL)?;
        let mut pip = command(tools.join("venv/bin/python"), tools);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        run(pip.args(["--requirement", "requirements.txt"]), INSTALL)?;
        Ok(Installed)
    })?;
    Ok(tools.join("venv/bin/python"))
}

fn interpreter(folder: &Path) -> anyhow::Result<String> {
    let chosen = std::env::var("PYTHON").ok();
    let candidates = chosen.into_iter().chain(INTERPRETERS.iter().map(|it| (*it).to_owned()));
    for python in candidates {
        let asked = command(&python, folder).arg("--version").stderr(Stdio::null()).output();
        let Ok(asked) = asked else { continue };
        if minor(&String::from_utf8_lossy(&asked.stdout)).is_some_and(|it| it >= MINOR_MIN) {
            return Ok(python);
        }
    }
    let message = format!("could not find Python 3.{MINOR_MIN} or newer");
    Err(Failure::hinted(message, INSTALL, exit::NOT_FOUND))
}

/// `11` of `Python 3.11.7`; none for any other major version.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("Python 3.")?.split('.').next()?.trim().parse().ok()
}

/// The module that pyproject.toml names.
fn module(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("pyproject.toml");
    let project: toml::Table = toml::from_str(&read(&path)?)
        .with_context(|| format!("could not read {}", path.display()))?;
    let module = project.get("tool").and_then(|it| it.get("smartcms")?.get("module")?.as_str());
    module.map(str::to_owned).ok_or_else(|| {
        let message = format!("{} does not say which module is the plugin", path.display());
        Failure::hinted(message, "add [tool.smartcms] with module = \"NAME\"", exit::INVALID)
    })
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn only_python_three_counts() {
        assert_eq!(minor("Python 3.11.7\n"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
    }
}
