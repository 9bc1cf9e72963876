//! Plugins that are in the executable: their components are committed, with the hashes of what they were built from.
//!
//! Bytes differ from machine to machine, because paths of the standard library are in them; sources do not.

use std::fs;

use anyhow::{Context as _, Result, bail};

use super::project::Project;
use crate::{files, report, workshop::Workshop};

/// The plugins, and what each is built from, beside its own folder: files, or folders with a slash at the end.
const BUILT_IN: &[(&str, &[&str])] = &[
    (
        "minilm",
        &[
            "models/all-minilm-l6-v2/letters.bin",
            "models/all-minilm-l6-v2/pieces.bin",
            "sdk/rust/Cargo.toml",
            "sdk/rust/src/model_provider.rs",
            "sdk/rust/src/neural.rs",
            "wit/content/",
            "wit/deps/nn/",
            "wit/plugin/",
        ],
    ),
    (
        "storyteller",
        &[
            "models/storyteller/topics.txt",
            "models/storyteller/vocabulary.txt",
            "sdk/rust/Cargo.toml",
            "sdk/rust/src/chance.rs",
            "sdk/rust/src/model_provider.rs",
            "sdk/rust/src/neural.rs",
            "wit/content/",
            "wit/deps/nn/",
            "wit/deps/random/",
            "wit/plugin/",
        ],
    ),
];

/// Where the component and the list of its sources are.
fn dist(name: &str) -> String {
    format!("plugins/{name}/dist")
}

/// Compares the committed lists with the sources there are. With `accept` takes the plugin that was just built.
pub(super) fn check(workshop: &Workshop, project: &Project, accept: bool) -> Result<()> {
    let Some((name, others)) = BUILT_IN.iter().find(|it| it.0 == project.name) else {
        return Ok(());
    };
    let (folder, component) = (workshop.path(&dist(name)), format!("{name}.wasm"));
    let list = folder.join("SOURCES");
    if accept {
        fs::create_dir_all(&folder)?;
        fs::copy(project.file(), folder.join(&component))
            .with_context(|| format!("could not copy {}", project.file().display()))?;
        fs::write(&list, sources(workshop, name, others)?)
            .with_context(|| format!("could not write {}", list.display()))?;
        report::note(&format!("{}/{component} is what was built", dist(name)));
        return Ok(());
    }
    if fs::read_to_string(&list).unwrap_or_default() != sources(workshop, name, others)? {
        bail!(
            "{}/{component} is of other sources than there are; `cargo xtask first-party --accept {name}` builds it anew",
            dist(name)
        );
    }
    Ok(())
}

/// Every source and the component with their hashes, as `b3sum` prints them.
fn sources(workshop: &Workshop, name: &str, others: &[&str]) -> Result<String> {
    let own = format!("plugins/{name}/");
    let is_source = |path: &str| {
        let rest = path.strip_prefix(own.as_str());
        let is_own = rest.is_some_and(|it| it == "Cargo.toml" || it.starts_with("src/"));
        let is_component = rest == Some(&format!("dist/{name}.wasm"));
        let is_other =
            |it: &&str| if it.ends_with('/') { path.starts_with(it) } else { path == *it };
        is_own || is_component || others.iter().any(is_other)
    };
    let mut paths = files::walk(workshop.root(), workshop.root())?;
    paths.retain(|path| is_source(path));
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let bytes =
            fs::read(workshop.path(&path)).with_context(|| format!("could not read {path}"))?;
        text.push_str(&format!("{}  {path}\n", blake3::hash(&bytes).to_hex()));
    }
    Ok(text)
}

/// Whether every committed component is of the sources there are, without building any.
pub(crate) fn check_lists(workshop: &Workshop) -> Result<()> {
    for (name, others) in BUILT_IN {
        let list = workshop.path(&format!("{}/SOURCES", dist(name)));
        if fs::read_to_string(&list).unwrap_or_default() != sources(workshop, name, others)? {
            bail!(
                "{}/{name}.wasm is of other sources than there are; `cargo xtask first-party --accept {name}` builds it anew",
                dist(name)
            );
        }
    }
    Ok(())
}
