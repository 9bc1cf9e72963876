//! Plugins for tests: components from text, and guests that were built before.

use std::fs;
use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// An example plugin that was built before.
#[track_caller]
pub(crate) fn example(name: &str) -> String {
    built("dist/plugins", name)
}

/// A hostile guest that was built before.
#[track_caller]
pub(crate) fn hostile(name: &str) -> String {
    built("dist/plugin-cases", name)
}

#[track_caller]
fn built(folder: &str, name: &str) -> String {
    let path = root().join(folder).join(format!("{name}.wasm"));
    assert!(path.is_file(), "{} is not there: `cargo xtask plugins` builds it", path.display());
    path.to_str().unwrap().to_owned()
}

/// A component from text: of a component, or of a core module that has these imports and exports by the contract.
#[track_caller]
pub(crate) fn component(text: &str, imports: &[String], exports: &[String]) -> Vec<u8> {
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    if text.contains("\n(component") { bytes } else { lifted(bytes, imports, exports) }
}

/// Makes a component of a core module.
#[track_caller]
pub(crate) fn lifted(mut module: Vec<u8>, imports: &[String], exports: &[String]) -> Vec<u8> {
    let mut world = "package tests:case;\nworld plugin {\n".to_owned();
    world.extend(imports.iter().map(|it| format!("import {it};\n")));
    world.extend(exports.iter().map(|it| format!("export {it};\n")));
    world.push('}');
    let mut resolve = contract();
    let package = resolve.push_str("case.wit", &world).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let mut encoder = ComponentEncoder::default();
    encoder
        .module(&module)
        .unwrap()
        .validate(true)
        .encode()
        .unwrap_or_else(|error| panic!("{error:?}"))
}

/// The contract in `wit/`, and what it stands on.
fn contract() -> Resolve {
    let wit = root().join("wit");
    let mut resolve = Resolve::default();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(wit.join("deps")).unwrap().map(|it| it.unwrap().path()).collect();
    folders.retain(|it| it.is_dir());
    // What others stand on comes first.
    let is_base = |folder: &PathBuf| !(folder.ends_with("io") || folder.ends_with("clocks"));
    folders.sort_by_key(|it| (is_base(it), !it.ends_with("io"), it.clone()));
    folders.extend(["content", "plugin", "kvstore", "portable"].map(|it| wit.join(it)));
    for folder in folders {
        resolve.push_dir(&folder).unwrap_or_else(|error| panic!("{}: {error:?}", folder.display()));
    }
    resolve
}
