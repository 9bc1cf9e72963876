//! Packs the migrations together, with the hash of each: their texts are a good part of a small executable, and are needed
//! where one is applied, which is seldom.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("migrations/sqlite");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs\ncargo::rerun-if-changed=migrations/sqlite");
    let mut names = Vec::new();
    for file in fs::read_dir(&folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".sql").map(str::to_owned));
    }
    names.sort();
    let (mut list, mut all) = ("&[\n".to_owned(), String::new());
    for name in names {
        let path = folder.join(format!("{name}.sql"));
        let sql = fs::read_to_string(&path).map_err(|it| format!("{}: {it}", path.display()))?;
        let version = name.split('_').next().unwrap_or_default();
        let (hash, start) = (blake3::hash(sql.as_bytes()).to_hex(), all.len());
        all.push_str(&sql);
        let end = all.len();
        writeln!(
            list,
            "Migration {{ name: {name:?}, version: {version}, hash: {:?}, start: {start}, end: {end} }},",
            hash.as_str()
        )?;
    }
    list.push(']');
    fs::write(out.join("migrations.rs"), list)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(all.as_bytes())?;
    Ok(fs::write(out.join("migrations.pack"), encoder.finish()?)?)
}
