//! Whether a file keeps the rules of WebAssembly.

use wasmparser::{Encoding, Parser, Validator, WasmFeatures};

use crate::error::ComponentError;
use crate::guard::guarded;
use crate::limits::FILE_BYTES_MAX;
use crate::{ComponentFile, sections};

/// A file that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validated {
    /// What it is.
    pub kind: Kind,
    /// Its size in bytes.
    pub bytes: usize,
    /// How many things it imports.
    pub imports: usize,
    /// How many things it exports.
    pub exports: usize,
    /// How many core modules it holds.
    pub modules: usize,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A component.
    Component,
    /// A core module.
    Module,
}

/// Checks a file against the rules of WebAssembly and of the component model, proposals included.
pub fn validate(file: &ComponentFile) -> Result<Validated, ComponentError> {
    let name = &file.name;
    let invalid = |reason: String| ComponentError::Invalid { file: name.clone(), reason };
    if file.bytes.len() > FILE_BYTES_MAX {
        return Err(ComponentError::TooLarge { file: name.clone() });
    }
    if !Parser::is_component(&file.bytes) && !Parser::is_core_wasm(&file.bytes) {
        let reason = "it does not begin as WebAssembly files do (00 61 73 6d)".to_owned();
        return Err(ComponentError::NotComponent { file: name.clone(), reason });
    }
    let checked = guarded(|| {
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(&file.bytes)
            .map_err(|error| error.to_string())?;
        sections::count(&file.bytes).map_err(|error| error.to_string())
    });
    let counted = checked
        .unwrap_or_else(|| Err("its parts contradict each other".to_owned()))
        .map_err(invalid)?;
    let kind = match counted.encoding {
        Encoding::Component => Kind::Component,
        Encoding::Module => Kind::Module,
    };
    Ok(Validated {
        kind,
        bytes: file.bytes.len(),
        imports: counted.imports,
        exports: counted.exports,
        modules: counted.modules,
    })
}

/// The same for what has to be a component.
pub(crate) fn component(file: &ComponentFile) -> Result<(), ComponentError> {
    match validate(file)?.kind {
        Kind::Component => Ok(()),
        Kind::Module => Err(ComponentError::NotComponent {
            file: file.name.clone(),
            reason: "it is a core module".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, validate};
    use crate::ComponentFile;

    fn file(bytes: Vec<u8>) -> ComponentFile {
        ComponentFile { name: "a.wasm".to_owned(), bytes }
    }

    #[test]
    fn what_keeps_the_rules_is_counted() {
        let text = r#"(component (import "f" (func)) (core module) (export "g" (func 0)))"#;
        let valid = validate(&file(wat::parse_str(text).unwrap())).unwrap();
        assert_eq!((valid.kind, valid.imports, valid.exports), (Kind::Component, 1, 1));
        assert_eq!(valid.modules, 1);
        let module = validate(&file(wat::parse_str("(module)").unwrap())).unwrap();
        assert_eq!(module.kind, Kind::Module);
    }

    #[test]
    fn every_beginning_of_a_component_is_refused_without_a_panic() {
        let text = r#"(component (import "f" (func)) (core module (func)) (export "g" (func 0)))"#;
        let whole = wat::parse_str(text).unwrap();
        // A section more or less is a component too, so that not every beginning is wrong.
        let refused = (0..whole.len())
            .filter(|end| validate(&file(whole.iter().copied().take(*end).collect())).is_err());
        assert!(refused.count() > whole.len() / 2);
    }
}
