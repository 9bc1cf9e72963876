//! Puts a manifest into a component's file, where it travels with it.

use super::sections::MANIFEST_SECTION;

/// Magic number and version.
const HEADER_LEN: usize = 8;
/// The id of custom sections, in modules and components alike.
const CUSTOM: u8 = 0;

/// The file with this manifest in the place of any it held; `None` when it is not laid out as WebAssembly is.
#[must_use]
pub fn with_manifest(wasm: &[u8], manifest: &str) -> Option<Vec<u8>> {
    let (header, mut rest) = wasm.split_at_checked(HEADER_LEN)?;
    let mut out = Vec::with_capacity(wasm.len() + manifest.len() + MANIFEST_SECTION.len() + 16);
    out.extend_from_slice(header);
    while !rest.is_empty() {
        let (section, after) = section(rest)?;
        if !section.is_manifest {
            out.extend_from_slice(rest.get(..rest.len() - after.len())?);
        }
        rest = after;
    }
    let mut content = Vec::new();
    write_number(&mut content, MANIFEST_SECTION.len());
    content.extend_from_slice(MANIFEST_SECTION.as_bytes());
    content.extend_from_slice(manifest.as_bytes());
    out.push(CUSTOM);
    write_number(&mut out, content.len());
    out.extend_from_slice(&content);
    Some(out)
}

struct Section {
    is_manifest: bool,
}

/// The first section, and what follows it.
fn section(bytes: &[u8]) -> Option<(Section, &[u8])> {
    let (id, rest) = bytes.split_first()?;
    let (size, rest) = read_number(rest)?;
    let (content, after) = rest.split_at_checked(size)?;
    let name = || {
        let (length, rest) = read_number(content)?;
        rest.get(..length)
    };
    let is_manifest = *id == CUSTOM && name()? == MANIFEST_SECTION.as_bytes();
    Some((Section { is_manifest }, after))
}

/// A number in LEB128 of at most 32 bits.
fn read_number(mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_u64;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((u32::try_from(number).ok()? as usize, bytes));
        }
    }
    None
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        out.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{inspect, sections};
    use super::with_manifest;

    const FIRST: &str = "id = \"first\"";
    const SECOND: &str = "id = \"second\"\nname = \"The second\"";

    #[test]
    fn a_file_carries_the_last_manifest_it_was_given() {
        for text in ["(component (core module) (component))", "(module (func (export \"run\")))"] {
            let bare = wat::parse_str(text).unwrap();
            let first = with_manifest(&bare, FIRST).unwrap();
            let second = with_manifest(&first, SECOND).unwrap();
            assert_eq!(second.len(), bare.len() + SECOND.len() + 14, "the first one is gone");
            let found = sections::read(&second).unwrap();
            assert_eq!(found.manifest.as_deref(), Some(SECOND));
            let inspection = inspect(&second, None).unwrap();
            assert_eq!(inspection.manifest.unwrap().id, "second");
        }
    }

    #[test]
    fn what_is_not_laid_out_as_webassembly_is_left_alone() {
        let bare = wat::parse_str("(component (core module))").unwrap();
        for bytes in
            [&b""[..], b"short", &bare[..bare.len() - 1], &[&bare[..], &[1, 0xff]].concat()]
        {
            assert_eq!(with_manifest(bytes, FIRST), None);
        }
    }
}
