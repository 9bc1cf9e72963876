//! Makes a component of a core module that carries its WIT, as modules built with wit-bindgen do:
//!
//! ```text
//! componentize MODULE.wasm COMPONENT.wasm
//! ```
//!
//! A module that imports WASI 0.1 gets the adapter that turns it into WASI 0.2.

use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::ComponentEncoder;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module_path, component_path] = arguments.as_slice() else {
        bail!("expected two paths: componentize MODULE.wasm COMPONENT.wasm");
    };
    let module = fs::read(module_path).with_context(|| format!("cannot read {module_path}"))?;
    let component = component_of(&module)
        .with_context(|| format!("cannot make a component of {module_path}"))?;
    fs::write(component_path, &component)
        .with_context(|| format!("cannot write {component_path}"))?;
    println!("built {component_path} ({} KiB)", component.len().div_ceil(1024));
    Ok(())
}

fn component_of(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .module(module)?
        .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)?
        .validate(true)
        .encode()
}
