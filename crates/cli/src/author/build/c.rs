//! C: bindings made here, compiled by the clang of the package ziglang, which brings its own libc.

use std::path::{Path, PathBuf};

use anyhow::Context;
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;

use super::super::files::with_ending;
use super::super::project::Project;
use super::super::tools::{command, run};
use super::super::world;
use super::python::{self, INSTALL};

const TOOLS: [&str; 1] = ["sdk/c/tools/requirements.txt"];

/// Compiles `src/*.c` with the bindings and gives the core module, which carries its types.
pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    let python =
        python::environment(&project.folder, "c", &TOOLS, "the compiler for C, about 400 MB")?;
    let bindings = project.kit("bindings");
    make_bindings(&world::assemble(project)?, &bindings)?;
    let out = project.kit("plugin.wasm");
    let mut compiler = command(python, &project.folder);
    compiler.args(["-m", "ziglang", "cc", "-target", "wasm32-wasi", "-mexec-model=reactor"]);
    compiler.args(["-std=c17", "-Os", "-Wall", "-Wextra"]);
    compiler.arg("-I").arg(&bindings).arg("-I").arg(project.kit("sdk/c"));
    compiler.args(with_ending(&project.folder.join("src"), &["c"])?);
    // What is generated is not the author's to tidy.
    compiler.arg("-w").args(with_ending(&bindings, &["c", "o"])?);
    run(compiler.arg("-o").arg(&out), INSTALL)?;
    std::fs::read(&out).with_context(|| format!("could not read {}", out.display()))
}

/// Writes `plugin.h`, `plugin.c` and the object file that carries the types.
fn make_bindings(world: &Path, folder: &Path) -> anyhow::Result<()> {
    let failed = || format!("could not make C of {}", world.display());
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(world).with_context(failed)?;
    let chosen = resolve.select_world(&[package], Some(world::NAME)).with_context(failed)?;
    let mut files = Files::default();
    let mut generator = wit_bindgen_c::Opts::default().build();
    generator.generate(&mut resolve, chosen, &mut files).with_context(failed)?;
    for (name, bytes) in files.iter() {
        let path: PathBuf = folder.join(name);
        std::fs::create_dir_all(folder).with_context(failed)?;
        std::fs::write(&path, bytes)
            .with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}
