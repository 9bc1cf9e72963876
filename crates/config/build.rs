//! Writes the usual collections as JSON, for builds that read no TOML.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

/// Their names, in their order.
const NAMES: [&str; 5] = ["posts", "pages", "authors", "tags", "categories"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("collections");
    println!("cargo::rerun-if-changed=build.rs\ncargo::rerun-if-changed=collections");
    let mut all = Vec::new();
    for name in NAMES {
        let path = folder.join(format!("{name}.toml"));
        let text = fs::read_to_string(&path).map_err(|it| format!("{}: {it}", path.display()))?;
        let document: Value = toml::from_str(&text)?;
        all.push(json!([name, document]));
    }
    let to = PathBuf::from(env::var("OUT_DIR")?).join("collections.json");
    Ok(fs::write(to, Value::Array(all).to_string())?)
}
