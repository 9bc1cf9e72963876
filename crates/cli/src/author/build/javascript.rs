//! JavaScript and TypeScript: esbuild bundles the modules, componentize-qjs makes a component of them.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::super::args::Language;
use super::super::files::with_ending;
use super::super::project::Project;
use super::super::tools::{self, Installed, command, note, output, run};
use super::super::world;
use crate::failure::{Failure, exit};

const INSTALL: &str = "install Node 20 or newer, with npm";

/// The oldest Node that the tools are tried with.
const NODE_MAJOR_MIN: u32 = 20;

/// What is installed for all projects.
const TOOLS: [&str; 4] = [
    "sdk/js/tools/package.json",
    "sdk/js/tools/package-lock.json",
    "sdk/js/tools/.npmrc",
    "sdk/js/tools/build.mjs",
];

/// Builds the module that package.json names and gives the component.
pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    let tools = ready(project)?;
    if project.language == Language::Ts {
        check_types(project, &tools)?;
    }
    let world = world::assemble_without_wasi(project)?;
    let out = project.kit("plugin.wasm");
    let mut node = command("node", &project.folder);
    node.arg(tools.join("build.mjs")).arg("component").arg(&project.folder);
    run(node.arg(entry(&project.folder)?).arg(world).arg(&out), INSTALL)?;
    let built = std::fs::read(&out);
    world::with_wasi(built.with_context(|| format!("could not read {}", out.display()))?)
}

/// Runs the tests under Node; none where there are no files for it.
pub(in super::super) fn test(project: &Project) -> Option<anyhow::Result<()>> {
    let files = with_ending(&project.folder.join("tests"), &["js", "ts", "mjs"]).ok()?;
    let is_test =
        |path: &PathBuf| path.file_stem().is_some_and(|it| it.to_string_lossy().ends_with(".test"));
    let files: Vec<PathBuf> = files.into_iter().filter(is_test).collect();
    if files.is_empty() { None } else { Some(run_tests(project, &files)) }
}

fn run_tests(project: &Project, files: &[PathBuf]) -> anyhow::Result<()> {
    let tools = ready(project)?;
    let out = project.kit("tests");
    let mut bundle = command("node", &project.folder);
    bundle.arg(tools.join("build.mjs")).arg("tests").arg(&project.folder).arg(&out).args(files);
    run(&mut bundle, INSTALL)?;
    let mut node = command("node", &project.folder);
    // Under another Node's test runner this one would report to it instead of running.
    node.env_remove("NODE_TEST_CONTEXT").args([
        "--enable-source-maps",
        "--test",
        "--test-reporter=spec",
    ]);
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        node.arg(out.join(format!("{name}.mjs")));
    }
    run(&mut node, INSTALL)
}

/// The folder of the tools, with everything there that a build needs.
fn ready(project: &Project) -> anyhow::Result<PathBuf> {
    require_node(&project.folder)?;
    let tools = tools::installed("javascript", &TOOLS, |folder| {
        note("installing the tools for JavaScript, about 75 MB, once for all projects");
        run(
            command("npm", folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
            INSTALL,
        )?;
        Ok(Installed)
    })?;
    // The SDK is in the project; npm makes it known under its name, with what else the project depends on.
    if !project.folder.join("node_modules/smartcms-plugin").exists() {
        let mut npm = command("npm", &project.folder);
        run(npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]), INSTALL)?;
    }
    Ok(tools)
}

fn check_types(project: &Project, tools: &Path) -> anyhow::Result<()> {
    let mut node = command("node", &project.folder);
    run(node.arg(tools.join("node_modules/typescript/bin/tsc")).args(["--project", "."]), INSTALL)
}

fn require_node(folder: &Path) -> anyhow::Result<()> {
    let version = output(command("node", folder).arg("--version"), INSTALL)?;
    if major(&version).is_some_and(|it| it >= NODE_MAJOR_MIN) {
        return Ok(());
    }
    let message =
        format!("found Node {}; the tools need {NODE_MAJOR_MIN} or newer", version.trim());
    Err(Failure::hinted(message, INSTALL, exit::NOT_FOUND))
}

/// `20` of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// What package.json says is the main module.
fn entry(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("package.json");
    let package: serde_json::Value = serde_json::from_str(&super::super::files::read(&path)?)
        .with_context(|| format!("could not read {}", path.display()))?;
    let main = package.get("main").and_then(serde_json::Value::as_str);
    main.map(str::to_owned).ok_or_else(|| {
        let message = format!("{} does not say what the main module is", path.display());
        Failure::hinted(message, "add \"main\": \"src/plugin.js\"", exit::INVALID)
    })
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("next"), None);
    }
}
