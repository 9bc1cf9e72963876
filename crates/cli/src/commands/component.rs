//! `smartcms component`: tools that work on files, and need no site.

mod compose;
mod confine;
mod restrict;
mod site_plugins;

use std::path::Path;

use anyhow::Context;
use smartcms_components::{ComponentError, ComponentFile, FILE_BYTES_MAX, Kind};
use smartcms_plugin_host::{Form, Requirement, requirement, to_component};

use super::{read_at_most, say};
use crate::args::ComponentCommand;
use crate::failure::{Failure, exit};

pub(super) fn component(command: ComponentCommand) -> anyhow::Result<()> {
    confine::confine()?;
    match command {
        ComponentCommand::New { module, output, wit, world } => {
            new(&module, &output, wit.as_deref(), world.as_deref())
        }
        ComponentCommand::Wit { file, capabilities } => wit(&file, capabilities),
        ComponentCommand::Compose { socket, plugs, grants, output } => {
            compose::compose(&socket, &plugs, &grants, &output)
        }
        ComponentCommand::Restrict { file, allowed, output } => {
            restrict::restrict(&file, &allowed, &output)
        }
        ComponentCommand::Validate { file } => validate(&file),
    }
}

fn new(
    module: &Path,
    output: &Path,
    wit: Option<&Path>,
    world: Option<&str>,
) -> anyhow::Result<()> {
    let mut file = read(module)?;
    if let Some(wit) = wit {
        file = smartcms_components::embed(&file, wit, world).map_err(explained)?;
    }
    let (component, form) = converted(&file)?;
    // What was a component already was not looked at so far.
    smartcms_components::validate(&component).map_err(explained)?;
    write(output, &component.bytes)?;
    let bytes = component.bytes.len();
    let what = match form {
        Form::Component => "was a component already",
        Form::ConvertedModule | Form::CoreModule => "made a component of a core module",
    };
    say(format_args!("{}  {bytes} bytes, {what}", output.display()));
    Ok(())
}

fn wit(path: &Path, as_capabilities: bool) -> anyhow::Result<()> {
    let file = read(path)?;
    if as_capabilities {
        return capabilities(&file);
    }
    let (component, _) = converted(&file)?;
    say(smartcms_components::wit(&component).map_err(explained)?.trim_end());
    Ok(())
}

/// Each import with the capability that it needs, in the order of the table of capabilities.
fn capabilities(file: &ComponentFile) -> anyhow::Result<()> {
    let inspection = smartcms_plugin_host::inspect(&file.bytes, None)
        .map_err(|error| invalid(&file.name, &error))?;
    for reach in &inspection.capabilities {
        for import in &reach.imports {
            say(format_args!("{:<14} {import}", reach.capability.name));
        }
    }
    for import in &inspection.harmless {
        say(format_args!("{:<14} {}", "-", import.import));
    }
    for refusal in &inspection.refused {
        let word = match requirement(&refusal.import) {
            Requirement::OtherVersion { .. } => "other version",
            Requirement::Needs(capability) => capability.name,
            Requirement::Free(_) | Requirement::Unknown => "unknown",
        };
        say(format_args!("{word:<14} {}", refusal.import));
    }
    Ok(())
}

fn validate(path: &Path) -> anyhow::Result<()> {
    let file = read(path)?;
    let valid = smartcms_components::validate(&file).map_err(explained)?;
    let kind = match valid.kind {
        Kind::Component => "a valid component",
        Kind::Module => "a valid core module",
    };
    say(format_args!(
        "{}  {kind}: {} bytes, {} imports, {} exports, {} core modules",
        path.display(),
        valid.bytes,
        valid.imports,
        valid.exports,
        valid.modules,
    ));
    Ok(())
}

/// Reads a file; text becomes binary.
fn read(path: &Path) -> anyhow::Result<ComponentFile> {
    let bytes = read_at_most(path, FILE_BYTES_MAX)?;
    let file = ComponentFile { name: path.display().to_string(), bytes };
    smartcms_components::binary(file).map_err(explained)
}

/// The component of a file.
fn converted(file: &ComponentFile) -> anyhow::Result<(ComponentFile, Form)> {
    let made = to_component(&file.bytes).map_err(|error| invalid(&file.name, &error))?;
    if made.form == Form::CoreModule {
        let message = format!(
            "{} is a core module that says nothing about its types, and imports nothing of WASI 0.1",
            file.name
        );
        let hint = "`smartcms component new FILE --wit PATH` tells it the types of a world";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    }
    let (bytes, form) = (made.wasm.into_owned(), made.form);
    Ok((ComponentFile { name: file.name.clone(), bytes }, form))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

fn invalid(name: &str, error: &dyn std::error::Error) -> anyhow::Error {
    let hint = "`smartcms component validate` says what a file is";
    Failure::hinted(format!("{name}: {error}"), hint, exit::INVALID)
}

fn explained(error: ComponentError) -> anyhow::Error {
    let exit = match &error {
        ComponentError::TooLarge { .. }
        | ComponentError::TextTooLarge { .. }
        | ComponentError::TooLargeTogether
        | ComponentError::TooManyPlugs(_)
        | ComponentError::TextTooLong { .. }
        | ComponentError::TooMuch { .. } => exit::LIMIT,
        _ => exit::INVALID,
    };
    Failure::hinted(error.to_string(), error.hint(), exit)
}
