//! Packs the files of the admin: they are sent packed, and make the executable smaller.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::{Compression, GzBuilder};

/// Where they are, and what they are called there and in the executable.
const FILES: [(&str, &str); 10] = [
    ("src/admin/files/admin.css", "admin.css"),
    ("src/admin/files/admin.js", "admin.js"),
    ("src/admin/files/help.js", "help.js"),
    ("src/admin/files/passkeys.js", "passkeys.js"),
    ("src/admin/files/htmx.min.js", "htmx.min.js"),
    ("src/admin/files/icons.svg", "icons.svg"),
    ("src/admin/files/favicon.svg", "favicon.svg"),
    ("admin-editor/dist/editor.js", "editor.js"),
    ("admin-editor/dist/editor.css", "editor.css"),
    ("admin-editor/dist/licences.txt", "editor-licences.txt"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    for (path, name) in FILES {
        println!("cargo::rerun-if-changed={path}");
        pack(&folder.join(path), &out.join(format!("{name}.gz")))?;
    }
    Ok(())
}

/// Without a name and a time, so that the same content gives the same bytes.
fn pack(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(fs::write(to, encoder.finish()?)?)
}
