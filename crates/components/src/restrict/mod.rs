//! Closes imports for good: a stub that is generated from the component's own WIT answers them with "denied".
//!
//! The stub is a component too. It exports what is closed, imports only types of what stays open, and is composed
//! with the component, so that the result asks its host for less, whatever that host is.

mod answer;
mod module;
mod plan;
#[cfg(test)]
mod tests;
mod world;

pub use answer::Answer;

use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

use crate::compose::compose;
use crate::error::ComponentError;
use crate::guard::guarded;
use crate::{ComponentFile, validate};

/// A component that asks for less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restricted {
    /// The component.
    pub wasm: Vec<u8>,
    /// What was closed.
    pub closed: Vec<Closed>,
    /// What it still imports.
    pub open: Vec<String>,
}

/// An import that was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Its full name.
    pub import: String,
    /// Its functions, and what each answers now.
    pub functions: Vec<(String, Answer)>,
}

/// Closes the imports that `closes` picks by their full names.
///
/// A function answers "denied" in its own error type, or with an empty list or nothing where its type has no error.
/// Where the type leaves no honest answer, it traps, and its name in the trap says why.
pub fn restrict(
    file: &ComponentFile,
    closes: impl Fn(&str) -> bool + Send,
) -> Result<Restricted, ComponentError> {
    validate::component(file)?;
    let made = guarded(|| stub(file, closes));
    let made = made.unwrap_or_else(|| Err(failed(file, "its types contradict each other")))?;
    let Some(stub) = made.stub else {
        return Ok(Restricted { wasm: file.bytes.clone(), closed: Vec::new(), open: made.open });
    };
    let name = format!("the stub for {}", file.name);
    let composed = compose(file, &[ComponentFile { name, bytes: stub }])?;
    Ok(Restricted { wasm: composed.wasm, closed: made.closed, open: made.open })
}

struct Made {
    /// None when nothing is closed.
    stub: Option<Vec<u8>>,
    closed: Vec<Closed>,
    open: Vec<String>,
}

fn stub(file: &ComponentFile, closes: impl Fn(&str) -> bool) -> Result<Made, ComponentError> {
    let decoded = wit_component::decode(&file.bytes).map_err(|error| {
        ComponentError::NotComponent { file: file.name.clone(), reason: format!("{error:#}") }
    })?;
    let DecodedWasm::Component(mut resolve, world) = decoded else {
        let reason = "it is a package of WIT in its binary form".to_owned();
        return Err(ComponentError::NotComponent { file: file.name.clone(), reason });
    };
    let split = world::split(&mut resolve, world, closes).map_err(|error| error.of(file))?;
    let Some(world) = split.stub else {
        return Ok(Made { stub: None, closed: Vec::new(), open: split.open });
    };
    let (module, closed) = plan::plan(&resolve, world)
        .and_then(|plan| Ok((module::build(&plan)?, plan.closed())))
        .map_err(|what| ComponentError::TooMuch { file: file.name.clone(), what })?;
    let stub = component(&resolve, world, module).map_err(|reason| failed(file, &reason))?;
    Ok(Made { stub: Some(stub), closed, open: split.open })
}

/// The component of a module that was written for a world.
pub(crate) fn component(
    resolve: &Resolve,
    world: WorldId,
    mut module: Vec<u8>,
) -> Result<Vec<u8>, String> {
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, false)
        .map_err(|error| format!("{error:#}"))?;
    let mut encoder = ComponentEncoder::default();
    encoder.module(&module).map_err(|error| format!("{error:#}"))?;
    encoder.validate(true).encode().map_err(|error| format!("{error:#}"))
}

fn failed(file: &ComponentFile, reason: &str) -> ComponentError {
    ComponentError::Stub { file: file.name.clone(), reason: reason.to_owned() }
}
