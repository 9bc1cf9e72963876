//! Makes the modules within a component smaller, with `wasm-opt` of Binaryen, which itself knows modules alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{process, report, setup, workshop::Workshop};

/// What the compiler uses anyway: nothing that a host would have to know in addition. Both are needed: the sections that
/// would say so are not in a stripped module.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Small before fast, where it is a choice. Nothing of ours lies in the first KiB of the memory, the far end of the stack: so
/// what is added to an address becomes a part of the access. The second round finds what the first one left. At last what is
/// called most often gets the shortest numbers.
const PASSES: [&str; 4] = ["--low-memory-unused", "-Oz", "-Oz", "--reorder-functions"];
/// Smaller modules pass values between the others, and there is nothing to win.
const MODULE_LEN_MIN: usize = 64 * 1024;
/// The magic number and the version.
const HEAD_LEN: usize = 8;
/// The kind of a section that holds a module.
const MODULE: u8 = 1;
/// The kind of a section that says something beside the program: here names of what is in it, which nothing reads.
const CUSTOM: u8 = 0;

/// Where the packages are pinned.
const FOLDER: &str = "tests/portable";

/// Rewrites a component to `to` with smaller modules. Where the tool cannot be had, it is copied as it is, and that is said.
pub(super) fn shrink(workshop: &Workshop, component: &Path, to: &Path) -> Result<()> {
    let bytes =
        fs::read(component).with_context(|| format!("could not read {}", component.display()))?;
    let small = match tool(workshop) {
        Ok(tool) => {
            report::slow_step("making it smaller with wasm-opt", 5);
            with_modules(&bytes, |module| optimised(workshop, &tool, module))?
        }
        Err(error) => {
            report::failure(&error);
            report::note("going on without wasm-opt: the component is larger than it has to be");
            bytes
        }
    };
    fs::write(to, small).with_context(|| format!("could not write {}", to.display()))
}

fn tool(workshop: &Workshop) -> Result<PathBuf> {
    let folder = workshop.path(FOLDER);
    setup::packages_of(workshop, "portable-npm", &folder)?;
    Ok(folder.join("node_modules/binaryen/bin/wasm-opt"))
}

fn optimised(workshop: &Workshop, tool: &Path, module: &[u8]) -> Result<Vec<u8>> {
    if module.len() < MODULE_LEN_MIN {
        return Ok(module.to_vec());
    }
    let folder = workshop.state().join("wasm-opt");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let (from, to) = (folder.join("from.wasm"), folder.join("to.wasm"));
    fs::write(&from, module).with_context(|| format!("could not write {}", from.display()))?;
    let mut node = process::command("node", workshop.root());
    node.arg(tool).args(PASSES).args(FEATURES).arg(&from).arg("-o").arg(&to);
    process::run(&mut node)?;
    fs::read(&to).with_context(|| format!("could not read {}", to.display()))
}

/// The component with each module replaced by what `change` makes of it, and without names.
fn with_modules(
    component: &[u8],
    mut change: impl FnMut(&[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let Some((head, mut rest)) = component.split_at_checked(HEAD_LEN) else {
        bail!("the component ends within its head");
    };
    let mut all = head.to_vec();
    while let Some((kind, after)) = rest.split_first() {
        let (len, after) = length(after).context("a section has no length")?;
        let Some((section, after)) = after.split_at_checked(len) else {
            bail!("the component ends within a section of {len} bytes");
        };
        rest = after;
        let section = match *kind {
            CUSTOM => continue,
            MODULE => change(section)?,
            _ => section.to_vec(),
        };
        all.push(*kind);
        all.extend(encoded(section.len()));
        all.extend(section);
    }
    Ok(all)
}

/// A length in LEB128, and what comes after it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (mut value, mut rest) = (0, bytes);
    for shift in [0, 7, 14, 21, 28] {
        let (byte, after) = rest.split_first()?;
        value |= usize::from(byte & 0x7f) << shift;
        rest = after;
        if *byte < 0x80 {
            return Some((value, rest));
        }
    }
    None
}

fn encoded(mut length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (length & 0x7f) as u8;
        length >>= 7;
        if length == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: [u8; HEAD_LEN] = *b"\0asm\x0d\0\x01\0";

    #[test]
    fn lengths_are_read_as_they_are_written() {
        for len in [0, 1, 127, 128, 300, 14_000_000] {
            let mut bytes = encoded(len);
            bytes.push(9);
            assert_eq!(length(&bytes), Some((len, &[9][..])), "{len}");
        }
        assert_eq!(length(&[0x80]), None);
    }

    #[test]
    fn modules_are_replaced_and_names_left_out() {
        let component = [&HEAD[..], &[7, 2, 1, 1], &[1, 3, 5, 6, 7], &[0, 1, 1]].concat();
        let doubled = with_modules(&component, |module| Ok(module.repeat(2))).unwrap();
        assert_eq!(doubled, [&HEAD[..], &[7, 2, 1, 1], &[1, 6, 5, 6, 7, 5, 6, 7]].concat());
        let same = with_modules(&component, |module| Ok(module.to_vec())).unwrap();
        assert_eq!(same, [&HEAD[..], &[7, 2, 1, 1], &[1, 3, 5, 6, 7]].concat());
        assert!(with_modules(&component[..10], |module| Ok(module.to_vec())).is_err());
    }
}
