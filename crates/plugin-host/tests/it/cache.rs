//! The cache of compiled files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use smartcms_plugin_host::{
    Cache, CacheKey, CompileLimits, Compiler, CompilerCommand, ComponentLoader, RunError,
    RunOutcome, run,
};
use tempfile::TempDir;

use crate::support::{engine, invoke, request, wasm};

const MODULE: &str = r#"(module (func (export "answer") (result i32) (i32.const 42)))"#;

/// A loader whose compiler cannot even start: whatever it loads comes from the cache.
fn only_cache(folder: &Path, key: u8) -> ComponentLoader {
    let nothing =
        CompilerCommand { program: PathBuf::from("/nowhere/compiler"), arguments: Vec::new() };
    let compiler = Compiler::in_child(nothing, CompileLimits::default());
    ComponentLoader::new(engine(), compiler, Some(cache(folder, key)))
}

fn cache(folder: &Path, key: u8) -> Cache {
    Cache::open(folder, CacheKey::new([key; 32])).unwrap()
}

async fn answer(loader: &ComponentLoader) -> Result<RunOutcome, RunError> {
    run(loader, request(wasm(MODULE), invoke("answer()"))).await
}

async fn filled(key: u8) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let loader =
        ComponentLoader::new(engine(), Compiler::in_process(), Some(cache(folder.path(), key)));
    answer(&loader).await.unwrap();
    let files: Vec<PathBuf> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("one file expected: {files:?}") };
    let file = file.clone();
    (folder, file)
}

#[tokio::test]
async fn what_was_compiled_once_is_loaded_without_a_compiler() {
    let (folder, file) = filled(1).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    let outcome = answer(&only_cache(folder.path(), 1)).await.unwrap();
    assert_eq!(outcome, RunOutcome::Values(vec!["42".to_owned()]));
}

#[tokio::test]
async fn a_changed_file_is_ignored_wherever_it_was_changed() {
    let (folder, file) = filled(1).await;
    let good = fs::read(&file).unwrap();
    for at in [0, good.len() / 2, good.len() - 33, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&file, bad).unwrap();
        assert!(answer(&only_cache(folder.path(), 1)).await.is_err(), "changed at {at}");
    }
    for size in [0, 31, 32, good.len() - 1] {
        fs::write(&file, &good[..size]).unwrap();
        assert!(answer(&only_cache(folder.path(), 1)).await.is_err(), "cut to {size}");
    }
    fs::write(&file, good).unwrap();
    assert!(answer(&only_cache(folder.path(), 1)).await.is_ok());
}

#[tokio::test]
async fn a_file_of_another_site_is_ignored() {
    let (folder, _) = filled(1).await;
    assert!(answer(&only_cache(folder.path(), 2)).await.is_err());
}

#[tokio::test]
async fn a_file_of_another_component_is_ignored() {
    let (folder, file) = filled(1).await;
    let other = wasm(r#"(module (func (export "answer") (result i32) (i32.const 43)))"#);
    let name = file.file_name().unwrap().to_str().unwrap();
    let (_, engine) = name.split_once('-').unwrap();
    fs::copy(&file, folder.path().join(format!("{}-{engine}", blake3::hash(&other).to_hex())))
        .unwrap();
    let outcome = run(&only_cache(folder.path(), 1), request(other, invoke("answer()"))).await;
    assert!(outcome.is_err());
}

#[tokio::test]
async fn a_file_that_others_can_write_is_ignored() {
    let (folder, file) = filled(1).await;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(answer(&only_cache(folder.path(), 1)).await.is_err());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(answer(&only_cache(folder.path(), 1)).await.is_ok());
}

#[tokio::test]
async fn a_bad_file_is_compiled_anew_and_replaced() {
    let (folder, file) = filled(1).await;
    fs::write(&file, b"\x7fELF and then nothing").unwrap();
    let loader =
        ComponentLoader::new(engine(), Compiler::in_process(), Some(cache(folder.path(), 1)));
    assert!(answer(&loader).await.is_ok());
    assert!(answer(&only_cache(folder.path(), 1)).await.is_ok());
}

#[tokio::test]
async fn the_folder_stays_within_its_size() {
    let folder = TempDir::new().unwrap();
    let open = || Cache::with_size(folder.path(), CacheKey::new([1; 32]), 1).unwrap();
    let loader = ComponentLoader::new(engine(), Compiler::in_process(), Some(open()));
    for number in 0..3 {
        let module = wasm(&format!(
            r#"(module (func (export "answer") (result i32) (i32.const {number})))"#
        ));
        run(&loader, request(module, invoke("answer()"))).await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
