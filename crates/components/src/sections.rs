//! Custom sections of the outermost component, and how much there is of the rest.

use wasmparser::{Encoding, Parser, Payload};

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) encoding: Encoding,
    pub(crate) imports: usize,
    pub(crate) exports: usize,
    pub(crate) modules: usize,
}

/// Counts what is outermost, and the modules at any depth.
pub(crate) fn count(wasm: &[u8]) -> wasmparser::Result<Counted> {
    let mut found = Counted { encoding: Encoding::Module, imports: 0, exports: 0, modules: 0 };
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::Version { encoding, .. } => {
                if depth == 0 {
                    found.encoding = encoding;
                }
                found.modules += usize::from(encoding == Encoding::Module);
                depth += 1;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                found.imports += section.count() as usize;
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                found.exports += section.count() as usize;
            }
            Payload::ImportSection(section) if depth == 1 => {
                found.imports += section.count() as usize;
            }
            Payload::ExportSection(section) if depth == 1 => {
                found.exports += section.count() as usize;
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The full names of what the outermost component imports.
pub(crate) fn imports(wasm: &[u8]) -> wasmparser::Result<Vec<String>> {
    let mut found = Vec::new();
    outermost(wasm, |part| {
        if let Payload::ComponentImportSection(section) = part {
            for import in section {
                found.push(import?.name.full_name().into_owned());
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// The full names of what the outermost component exports.
pub(crate) fn exports(wasm: &[u8]) -> wasmparser::Result<Vec<String>> {
    let mut found = Vec::new();
    outermost(wasm, |part| {
        if let Payload::ComponentExportSection(section) = part {
            for export in section {
                found.push(export?.name.full_name().into_owned());
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// Shows every part of the outermost component, and none of what is inside of it.
fn outermost<'a>(
    wasm: &'a [u8],
    mut each: impl FnMut(Payload<'a>) -> wasmparser::Result<()>,
) -> wasmparser::Result<()> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            part if depth == 1 => each(part)?,
            _ => {}
        }
    }
    Ok(())
}

/// The data of the outermost custom sections that are called like this.
pub(crate) fn custom<'a>(wasm: &'a [u8], name: &str) -> wasmparser::Result<Vec<&'a [u8]>> {
    let mut found = Vec::new();
    outermost(wasm, |part| {
        if let Payload::CustomSection(section) = part
            && section.name() == name
        {
            found.push(section.data());
        }
        Ok(())
    })?;
    Ok(found)
}

/// Adds a custom section at the end, where every tool finds it and none is disturbed.
pub(crate) fn append(wasm: &mut Vec<u8>, name: &str, data: &[u8]) {
    use wasm_encoder::{CustomSection, Encode, Section};
    let section = CustomSection { name: name.into(), data: data.into() };
    wasm.push(section.id());
    section.encode(wasm);
}
