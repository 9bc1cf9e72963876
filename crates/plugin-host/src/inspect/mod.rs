//! What a plugin's file can reach and where it takes part, found in the binary without running it.

mod capabilities;
mod check;
mod embed;
mod exports;
mod manifest;
mod sections;
mod stamp;

use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest, Sha256};
use smartcms_domain::plugins::Grant;
use wasmparser::{Validator, WasmFeatures};

pub use capabilities::{CAPABILITIES, Capability, Requirement, Without, requirement};
pub use check::{Finding, check as check_plugin};
pub use embed::with_manifest;
pub use exports::{ExtensionPoint, extension_point, misfit};
pub use manifest::{Manifest, ManifestError, ManifestTask};
pub use stamp::Stamp;

use crate::convert::{ConvertError, Form, to_component};
use crate::error::PluginFault;
use sections::Sections;

pub(crate) use capabilities::CONTRACT_VERSIONS;
pub(crate) use capabilities::InterfaceName;
pub(crate) use stamp::STAMP_SECTION;

/// Everything that a plugin's file tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// What kind of file it is.
    pub kind: Kind,
    /// Its size in bytes.
    pub bytes: usize,
    /// How many of these are for debuggers only.
    pub debug_bytes: usize,
    /// The SHA-256 of the file, as `sha256:` and hexadecimal digits.
    pub digest: String,
    /// The BLAKE3 of the file in hexadecimal digits, by which the site stores it.
    pub blake3: String,
    /// What it can reach if everything is granted, by capability.
    pub capabilities: Vec<Reach>,
    /// Imports that do no harm and need no grant.
    pub harmless: Vec<Import>,
    /// Imports that this host cannot answer, so that the plugin is refused.
    pub refused: Vec<Refusal>,
    /// What its SDKs say about the version of the contract that it was built for.
    pub stamps: Vec<Stamp>,
    /// Why this host does not run it though every import could be answered: versions of the contract that it does not
    /// have.
    pub misfits: Vec<String>,
    /// Where it takes part.
    pub extension_points: Vec<ExtensionPoint>,
    /// Everything that it exports, by full name.
    pub exports: Vec<String>,
    /// The languages it was written in, as its makers say.
    pub languages: Vec<String>,
    /// The tools that made it, as they say.
    pub tools: Vec<String>,
    /// What its author says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
    /// What the operator should know before granting.
    pub warnings: Vec<String>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A component.
    Component,
    /// A core module that is converted to a component before it runs.
    ConvertedModule,
    /// A core module that only `run --invoke` can use.
    CoreModule,
}

/// A capability and the imports that ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The capability.
    #[serde(flatten)]
    pub capability: Capability,
    /// Whether the plugin is refused without it.
    pub required: bool,
    /// The imports.
    pub imports: Vec<String>,
}

/// A harmless import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// Its full name.
    pub import: String,
    /// What it gives.
    pub words: &'static str,
}

/// An import that this host cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its full name.
    pub import: String,
    /// Why, and what to do.
    pub reason: String,
}

/// A file that cannot be taken as a plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InspectError {
    /// It is not WebAssembly, or cannot be made a component.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// It breaks the rules of WebAssembly.
    #[error("the file is not valid WebAssembly: {0}")]
    Invalid(String),
    /// Its manifest cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its manifest hides something.
    #[error(
        "plugin.toml does not name the capability {capability}, but the binary imports {import}; \
         name it there with its reason, or build the plugin without it"
    )]
    Understated {
        /// What is missing in the manifest.
        capability: &'static str,
        /// What gives it away.
        import: String,
    },
}

/// Inspects a file. `beside` is the text of the manifest beside it, which goes before one in the file.
pub fn inspect(file: &[u8], beside: Option<&str>) -> Result<Inspection, InspectError> {
    let converted = to_component(file)?;
    let wasm: &[u8] = &converted.wasm;
    validate(wasm)?;
    let sections = sections::read(wasm).map_err(InspectError::Invalid)?;
    let manifest = beside.or(sections.manifest.as_deref()).map(Manifest::parse).transpose()?;
    let mut inspection = Inspection {
        kind: Kind::from(converted.form),
        bytes: file.len(),
        debug_bytes: sections.debug_bytes,
        digest: format!("sha256:{}", hex(&Sha256::digest(file))),
        blake3: blake3::hash(file).to_hex().to_string(),
        capabilities: Vec::new(),
        harmless: Vec::new(),
        refused: Vec::new(),
        misfits: misfits(&sections),
        extension_points: extension_points(&sections),
        stamps: sections.stamps,
        exports: sections.exports.iter().map(|it| it.name.clone()).collect(),
        languages: sections.languages.into_iter().collect(),
        tools: sections.tools.into_iter().collect(),
        manifest: None,
        warnings: Vec::new(),
    };
    for import in sections.imports {
        inspection.add_import(import);
    }
    inspection.set_manifest(manifest)?;
    Ok(inspection)
}

/// The grants that the author asks for in a file; none where that cannot be read.
pub(crate) fn wanted_grants(file: &[u8]) -> Vec<Grant> {
    let manifest = inspect(file, None).ok().and_then(|it| it.manifest);
    manifest.and_then(|it| it.grants().ok()).unwrap_or_default()
}

/// Why a file was built for a contract that this host does not have, before anything of it is instantiated.
pub(crate) fn check_contract(wasm: &[u8]) -> Result<(), PluginFault> {
    let sections = sections::read(wasm).map_err(PluginFault::Host)?;
    sections.stamps.iter().find_map(Stamp::fault).map_or(Ok(()), Err)
}

fn misfits(sections: &Sections) -> Vec<String> {
    let stamps = sections.stamps.iter().filter_map(Stamp::fault);
    let interfaces = sections.exports.iter().filter(|it| it.is_interface);
    let exports = interfaces.filter_map(|it| misfit(&it.name));
    stamps.chain(exports).map(|it| it.to_string()).collect()
}

/// Why an import is refused whatever is granted; `None` for one that is not.
pub fn refusal(import: &str) -> Option<PluginFault> {
    match requirement(import) {
        Requirement::OtherVersion { interface, built_for, offered, plugin_is_newer } => {
            let advice = if plugin_is_newer {
                "update this program, or build the plugin for a version that it has"
            } else {
                "build the plugin again for a version that this host has"
            };
            Some(PluginFault::UnknownVersion { interface, built_for, offered, advice })
        }
        Requirement::Unknown => {
            Some(PluginFault::UnknownImport { import: import.to_owned(), hint: hint(import) })
        }
        Requirement::Needs(capability) if capability.without == Without::Never => {
            let hint =
                "; a plugin reaches other machines through wasi:http and a grant for each host"
                    .to_owned();
            Some(PluginFault::UnknownImport { import: import.to_owned(), hint })
        }
        Requirement::Free(_) | Requirement::Needs(_) => None,
    }
}

impl Inspection {
    /// The capabilities without which the plugin does not run.
    pub fn required(&self) -> impl Iterator<Item = &Reach> {
        self.capabilities.iter().filter(|it| it.required)
    }

    /// Every import, whatever becomes of it.
    pub fn imports(&self) -> Vec<&str> {
        let reach = self.capabilities.iter().flat_map(|it| it.imports.iter());
        let others = self.harmless.iter().map(|it| &it.import);
        let refused = self.refused.iter().map(|it| &it.import);
        let mut imports: Vec<&str> =
            reach.chain(others).chain(refused).map(String::as_str).collect();
        imports.sort_unstable();
        imports
    }

    fn add_import(&mut self, import: String) {
        if self.kind == Kind::CoreModule {
            let reason = "a core module without a component's types can import nothing".to_owned();
            self.refused.push(Refusal { import, reason });
        } else if let Some(fault) = refusal(&import) {
            self.refused.push(Refusal { import, reason: fault.to_string() });
        } else {
            match requirement(&import) {
                Requirement::Free(words) => self.harmless.push(Import { import, words }),
                Requirement::Needs(capability) => self.add_reach(capability, import),
                Requirement::OtherVersion { .. } | Requirement::Unknown => {}
            }
        }
    }

    fn add_reach(&mut self, capability: &'static Capability, import: String) {
        match self.capabilities.iter_mut().find(|it| it.capability.name == capability.name) {
            Some(reach) => reach.imports.push(import),
            None => {
                let required = capability.without == Without::Refused;
                self.capabilities.push(Reach {
                    capability: *capability,
                    required,
                    imports: vec![import],
                });
            }
        }
    }

    /// Holds the manifest against the binary: asking for less is an error, asking for more a warning.
    fn set_manifest(&mut self, manifest: Option<Manifest>) -> Result<(), InspectError> {
        let Some(manifest) = manifest else { return Ok(()) };
        let asked: BTreeSet<&'static str> =
            manifest.grants()?.iter().map(Grant::capability).collect();
        for reach in self.required() {
            if !asked.contains(reach.capability.name) {
                let import = reach.imports.first().cloned().unwrap_or_default();
                return Err(InspectError::Understated {
                    capability: reach.capability.name,
                    import,
                });
            }
        }
        for name in asked {
            let imported = self.capabilities.iter().any(|it| it.capability.name == name);
            // These two change what the host does with a plugin, not what it imports.
            if !imported && name != "html:trusted" && name != "actor:read" {
                self.warnings
                    .push(format!("plugin.toml asks for {name}, which the binary never imports"));
            }
        }
        self.manifest = Some(manifest);
        Ok(())
    }
}

impl From<Form> for Kind {
    fn from(form: Form) -> Self {
        match form {
            Form::Component => Self::Component,
            Form::ConvertedModule => Self::ConvertedModule,
            Form::CoreModule => Self::CoreModule,
        }
    }
}

fn validate(wasm: &[u8]) -> Result<(), InspectError> {
    let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(wasm);
    valid.map(|_| ()).map_err(|error| InspectError::Invalid(error.to_string()))
}

fn extension_points(sections: &Sections) -> Vec<ExtensionPoint> {
    let interfaces = sections.exports.iter().filter(|it| it.is_interface);
    interfaces.filter_map(|it| extension_point(&it.name)).copied().collect()
}

fn hint(import: &str) -> String {
    match InterfaceName::parse(import).package {
        "" => "; plugins import interfaces with a package, such as wasi:clocks/wall-clock@0.2.0"
            .to_owned(),
        "smartcms:ai" => "; models are not part of this version".to_owned(),
        package if package.starts_with("smartcms:") => {
            "; is the interface's name right?".to_owned()
        }
        _ => "; compose the plugin with a component that offers it, or build it without".to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
