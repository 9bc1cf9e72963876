//! The model all-MiniLM-L6-v2, which is too large for the repository.

use std::path::PathBuf;

/// Its file. A test that needs it fails where it is missing: one that passed would say nothing.
#[track_caller]
pub(crate) fn model() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let cache =
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    let cache = cache.map(|it| it.join("smartcms/models"));
    let folder = variable("SMARTCMS_TEST_MODELS").or(cache).unwrap_or_default();
    let file = folder.join("all-minilm-l6-v2.onnx");
    assert!(
        file.is_file(),
        "{} is missing: `cargo xtask models` makes it, or SMARTCMS_TEST_MODELS names its folder",
        file.display()
    );
    file
}

/// The plugin's component, as it is committed.
pub(crate) fn plugin() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/minilm/dist/minilm.wasm");
    path.to_owned()
}
