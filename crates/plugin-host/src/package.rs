//! Puts into a component what its author says about it: the manifest, and the SDK that it was built with.

use wasm_metadata::AddMetadata;
use wasmparser::{Parser, Payload};

use crate::inspect::{CONTRACT_VERSIONS, STAMP_SECTION, Stamp, with_manifest};

/// An SDK with its version, as the section `producers` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sdk<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// A component could not take anything in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// It is none.
    #[error("the file is not a component; a core module has to be made one first")]
    NoComponent,
    /// Its sections cannot be read or written again.
    #[error("its sections cannot be written: {0}")]
    Sections(String),
}

/// A component with a manifest, and the name of its SDK, inside.
pub fn packaged(component: &[u8], manifest: &str, sdk: Sdk<'_>) -> Result<Vec<u8>, PackageError> {
    if !Parser::is_component(component) {
        return Err(PackageError::NoComponent);
    }
    let mut metadata = AddMetadata::default();
    metadata.sdk.push((sdk.name.to_owned(), sdk.version.to_owned()));
    let bytes = metadata
        .to_wasm(component)
        .map_err(|error| PackageError::Sections(format!("{error:#}")))?;
    let unread = || PackageError::Sections("they do not follow one another".to_owned());
    let mut bytes = with_manifest(&bytes, manifest).ok_or_else(unread)?;
    // The SDK of Rust stamps what is built with it by itself.
    if !component.windows(STAMP_SECTION.len()).any(|it| it == STAMP_SECTION.as_bytes()) {
        let contract = CONTRACT_VERSIONS.last().copied().unwrap_or_default().to_owned();
        Stamp { sdk: format!("{} {}", sdk.name, sdk.version), contract }.put(&mut bytes);
    }
    Ok(bytes)
}

/// A component whose imports and exports of one namespace are called by another one's name of the same length.
///
/// The runtimes of scripting languages can be told to do without `wasi:`, all of it: what a plugin shall still import
/// from there, or export for it, travels under another name until it is built. Only the names at the component's own
/// border change, as those inside belong to nobody else.
pub fn renamed_namespace(
    mut component: Vec<u8>,
    from: &str,
    to: &str,
) -> Result<Vec<u8>, PackageError> {
    let unread = |error: wasmparser::BinaryReaderError| PackageError::Sections(error.to_string());
    let start = component.as_ptr() as usize;
    // The names are parts of the bytes that are read.
    let place = |name: &str| {
        let is_named = name.strip_prefix(from).is_some_and(|rest| rest.starts_with(':'));
        is_named.then(|| name.as_ptr() as usize - start)
    };
    let mut places = Vec::new();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(&component) {
        match payload.map_err(unread)? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    places.extend(place(import.map_err(unread)?.name.name));
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    places.extend(place(export.map_err(unread)?.name.name));
                }
            }
            _ => {}
        }
    }
    for place in places {
        if let Some(name) =
            component.get_mut(place..place + from.len()).filter(|_| from.len() == to.len())
        {
            name.copy_from_slice(to.as_bytes());
        }
    }
    Ok(component)
}

#[cfg(test)]
mod tests {
    use super::{PackageError, Sdk, packaged, renamed_namespace};
    use crate::inspect::inspect;

    const SDK: Sdk<'_> = Sdk { name: "smartcms-plugin", version: "0.1.0" };

    #[test]
    fn a_packaged_component_tells_its_manifest_and_its_sdk() {
        let component = wat::parse_str("(component)").unwrap();
        let reason = "x".repeat(300);
        let manifest = format!("id = \"demo\"\ndescription = \"{reason}\"\n");
        let inspection = inspect(&packaged(&component, &manifest, SDK).unwrap(), None).unwrap();
        assert_eq!(inspection.manifest.unwrap().description, Some(reason));
        let sdk = "smartcms-plugin 0.1.0".to_owned();
        assert!(inspection.tools.contains(&sdk), "{:?}", inspection.tools);
        assert!(inspection.stamps.iter().any(|it| it.sdk == sdk), "{:?}", inspection.stamps);
    }

    #[test]
    fn a_core_module_is_no_plugin_yet() {
        let module = wat::parse_str("(module)").unwrap();
        assert_eq!(packaged(&module, "", SDK), Err(PackageError::NoComponent));
    }

    #[test]
    fn names_change_at_the_border_and_nowhere_else() {
        let text = r#"(component
            (import "host:config/store@0.2.0-rc.1" (instance $store (export "get" (func))))
            (import "hostile:config/store" (instance))
            (component $inner (import "host:inner/store" (instance))
                (instance $routes) (export "host:http/incoming-handler@0.2.12" (instance $routes)))
            (instance $store2 (instantiate $inner (with "host:inner/store" (instance $store))))
            (export "host:http/incoming-handler@0.2.12"
                (instance $store2 "host:http/incoming-handler@0.2.12"))
            (core module (import "host:config/store@0.2.0-rc.1" "get" (func))))"#;
        let component = renamed_namespace(wat::parse_str(text).unwrap(), "host", "wasi").unwrap();
        let inspection = inspect(&component, None).unwrap();
        let names: Vec<&str> = inspection.harmless.iter().map(|it| it.import.as_str()).collect();
        assert_eq!(names, ["wasi:config/store@0.2.0-rc.1"]);
        let points: Vec<&str> = inspection.extension_points.iter().map(|it| it.name).collect();
        assert_eq!(points, ["routes"]);
        let text = String::from_utf8_lossy(&component);
        for kept in ["hostile:config/store", "host:inner/store", "host:config/store@0.2.0-rc.1"] {
            assert!(text.contains(kept), "{kept}");
        }
    }
}
