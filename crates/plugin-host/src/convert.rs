//! Makes a component of what is handed in.
//!
//! A component stays as it is. A core module that carries a component's types, or that uses WASI 0.1, is wrapped:
//! its imports of WASI 0.1 are answered by an adapter module that speaks WASI 0.2. A core module with neither
//! says nothing about the types behind its numbers, so that it stays a core module.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
    WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Encoding, Parser, Payload};
use wit_component::ComponentEncoder;

/// What was made of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted<'a> {
    /// The WebAssembly to run.
    pub wasm: Cow<'a, [u8]>,
    /// What it is now.
    pub form: Form,
}

/// What a file is after conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A component that was one already.
    Component,
    /// A component made of a core module.
    ConvertedModule,
    /// A core module without a component's types.
    CoreModule,
}

/// A file could not be made a component.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// It is no WebAssembly at all.
    #[error("the file is not WebAssembly: {0}")]
    NotWasm(String),
    /// It is for a WASI from before version 0.1.
    #[error(
        "the module imports wasi_unstable, which is older than WASI 0.1; build it again with a current compiler"
    )]
    TooOld,
    /// What it imports and exports does not fit together.
    #[error("the core module could not be made a component: {0}")]
    Unfit(String),
}

/// What a core module says about itself.
#[derive(Debug, Default)]
struct CoreModule {
    has_types: bool,
    uses_wasi: bool,
    uses_old_wasi: bool,
    is_command: bool,
}

/// Makes a component of a file where that is possible.
pub fn to_component(wasm: &[u8]) -> Result<Converted<'_>, ConvertError> {
    if Parser::is_component(wasm) {
        return Ok(Converted { wasm: Cow::Borrowed(wasm), form: Form::Component });
    }
    if !Parser::is_core_wasm(wasm) {
        let message =
            "it does not begin as WebAssembly files do (00 61 73 6d); is it the built file?";
        return Err(ConvertError::NotWasm(message.to_owned()));
    }
    let module = read(wasm).map_err(|error| ConvertError::NotWasm(error.to_string()))?;
    if module.uses_old_wasi {
        return Err(ConvertError::TooOld);
    }
    if !module.has_types && !module.uses_wasi {
        return Ok(Converted { wasm: Cow::Borrowed(wasm), form: Form::CoreModule });
    }
    // The encoder trusts compilers more than outsiders deserve: what would end the process becomes an error.
    let encoded = catch_unwind(AssertUnwindSafe(|| encode(wasm, &module)));
    match encoded {
        Ok(Ok(component)) => {
            Ok(Converted { wasm: Cow::Owned(component), form: Form::ConvertedModule })
        }
        Ok(Err(message)) => Err(ConvertError::Unfit(message)),
        Err(_) => Err(ConvertError::Unfit("its parts contradict each other".to_owned())),
    }
}

fn encode(wasm: &[u8], module: &CoreModule) -> Result<Vec<u8>, String> {
    let adapter = if module.is_command {
        WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER
    } else {
        WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER
    };
    let mut encoder = ComponentEncoder::default();
    let mut work = || {
        encoder.module(wasm)?;
        if module.uses_wasi {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?;
        }
        encoder.validate(true).encode()
    };
    work().map_err(|error| format!("{error:#}"))
}

fn read(wasm: &[u8]) -> wasmparser::Result<CoreModule> {
    let mut found = CoreModule::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::Version { encoding: Encoding::Component, .. } => break,
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let module = import?.module;
                    found.uses_wasi |= module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;
                    found.uses_old_wasi |= module == "wasi_unstable";
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    found.is_command |= export?.name == "_start";
                }
            }
            Payload::CustomSection(section) => {
                found.has_types |= section.name().starts_with("component-type");
            }
            _ => {}
        }
    }
    Ok(found)
}
