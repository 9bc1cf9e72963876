//! What comes before a component: text, and modules that do not say their types.

use std::path::Path;

use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::ComponentFile;
use crate::error::ComponentError;
use crate::guard::guarded;
use crate::limits::{FILE_BYTES_MAX, SOURCE_BYTES_MAX};

/// The binary form of a file: of its text, or itself when it is no text.
pub fn binary(file: ComponentFile) -> Result<ComponentFile, ComponentError> {
    let ComponentFile { name, bytes } = file;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ComponentError::TooLarge { file: name });
    }
    if bytes.starts_with(b"\0asm") {
        return Ok(ComponentFile { name, bytes });
    }
    if bytes.len() > SOURCE_BYTES_MAX {
        return Err(ComponentError::TextTooLarge { file: name });
    }
    let parsed = guarded(|| {
        wat::Parser::new()
            .parse_bytes(Some(Path::new(&name)), &bytes)
            .map(std::borrow::Cow::into_owned)
            .map_err(|error| error.to_string())
    });
    match parsed.unwrap_or_else(|| Err("it contradicts itself".to_owned())) {
        Ok(bytes) => Ok(ComponentFile { name, bytes }),
        Err(reason) => Err(ComponentError::NotText { file: name, reason }),
    }
}

/// Tells a core module the types of a world: `path` is a WIT file or a folder with one package and its `deps`.
pub fn embed(
    file: &ComponentFile,
    path: &Path,
    world: Option<&str>,
) -> Result<ComponentFile, ComponentError> {
    let wrong = |reason: String| ComponentError::Wit { path: path.display().to_string(), reason };
    let embedded = guarded(|| {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(path).map_err(|error| format!("{error:#}"))?;
        let world =
            resolve.select_world(&[package], world).map_err(|error| format!("{error:#}"))?;
        let mut bytes = file.bytes.clone();
        embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, false)
            .map_err(|error| format!("{error:#}"))?;
        Ok(bytes)
    });
    let bytes =
        embedded.unwrap_or_else(|| Err("it contradicts itself".to_owned())).map_err(wrong)?;
    Ok(ComponentFile { name: file.name.clone(), bytes })
}
