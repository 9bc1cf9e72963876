//! What a binary says about itself: its names, its makers, its manifest. Nothing is compiled or run.

use std::collections::BTreeSet;

use wasmparser::{
    ComponentExternalKind, Encoding, KnownCustom, Parser, Payload, ProducersSectionReader,
};

use super::stamp::{STAMP_SECTION, Stamp};

/// The custom section that may hold a manifest.
const MANIFEST_SECTION: &str = "plugin.toml";

/// More imports, exports or makers than any plugin has; beyond it the file is not read on.
const NAMES_MAX: usize = 10_000;

/// What was found in a binary.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sections {
    pub(super) is_component: bool,
    pub(super) imports: Vec<String>,
    pub(super) exports: Vec<Exported>,
    pub(super) languages: BTreeSet<String>,
    pub(super) tools: BTreeSet<String>,
    pub(super) manifest: Option<String>,
    pub(super) stamps: Vec<Stamp>,
    /// Bytes of custom sections that only debuggers read.
    pub(super) debug_bytes: usize,
}

/// One export.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exported {
    pub(super) name: String,
    pub(super) is_interface: bool,
}

/// Reads a component or a core module.
pub(super) fn read(wasm: &[u8]) -> Result<Sections, String> {
    let mut found = Sections::default();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| error.to_string())?;
        match payload {
            Payload::Version { encoding, .. } => {
                found.is_component |= depth == 0 && encoding == Encoding::Component;
                depth += 1;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section)
                if matches!(section.as_known(), KnownCustom::Producers(_)) =>
            {
                found
                    .add_producers(section.data(), section.data_offset())
                    .map_err(|error| error.to_string())?;
            }
            Payload::CustomSection(section) if section.name() == STAMP_SECTION => {
                Stamp::read(section.data(), &mut found.stamps);
            }
            Payload::CustomSection(section) if is_for_debuggers(section.name()) => {
                found.debug_bytes += section.data().len();
            }
            other if depth == 1 => found.add_own(other).map_err(|error| error.to_string())?,
            _ => {}
        }
        if found.names() > NAMES_MAX {
            return Err(format!("it has more than {NAMES_MAX} imports, exports and makers"));
        }
    }
    Ok(found)
}

/// DWARF and the names of functions: nothing of it is needed to run.
fn is_for_debuggers(name: &str) -> bool {
    name.starts_with(".debug_") || name == "name" || name == "sourceMappingURL"
}

impl Sections {
    fn names(&self) -> usize {
        self.imports.len() + self.exports.len() + self.languages.len() + self.tools.len()
    }

    /// Takes in what belongs to the outermost component or module.
    fn add_own(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.imports.push(import?.name.full_name().into_owned());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    let is_interface = export.kind == ComponentExternalKind::Instance;
                    // Types are exported too; they are no places to call.
                    if is_interface || export.kind == ComponentExternalKind::Func {
                        self.exports.push(Exported {
                            name: export.name.full_name().into_owned(),
                            is_interface,
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.imports.push(format!("{}.{}", import.module, import.name));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if matches!(
                        export.kind,
                        wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact
                    ) {
                        self.exports
                            .push(Exported { name: export.name.to_owned(), is_interface: false });
                    }
                }
            }
            Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                self.manifest = Some(String::from_utf8_lossy(section.data()).into_owned());
            }
            _ => {}
        }
        Ok(())
    }

    fn add_producers(&mut self, bytes: &[u8], offset: u64) -> wasmparser::Result<()> {
        for field in ProducersSectionReader::new(wasmparser::BinaryReader::new(bytes, offset))? {
            let field = field?;
            let names =
                if field.name == "language" { &mut self.languages } else { &mut self.tools };
            for value in field.values {
                let value = value?;
                names.insert(format!("{} {}", value.name, value.version).trim().to_owned());
            }
        }
        Ok(())
    }
}
