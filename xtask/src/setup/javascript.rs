//! Tools of the JavaScript guests: the packages their lock files pin.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{files, process, report, stamps::Stamp, workshop::Workshop};

/// What the component tools are tried with.
const NODE_MAJOR_MIN: u32 = 20;

/// Installs the packages of `examples/` when its lock file or a `package.json` changed since.
pub(crate) fn ensure(workshop: &Workshop) -> Result<()> {
    let examples = workshop.examples();
    let mut inputs = vec![examples.join("package-lock.json")];
    if !examples.join("package-lock.json").is_file() {
        return Ok(());
    }
    inputs.push(examples.join("package.json"));
    inputs.extend(files::folders(&examples)?.iter().map(|folder| folder.join("package.json")));
    inputs.retain(|path| path.is_file());
    let hash = files::hash(workshop.root(), &inputs, &[node_version(workshop)?])?;
    let stamp = Stamp::new(workshop, "npm", hash);
    if stamp.is_current() && examples.join("node_modules").is_dir() {
        return Ok(());
    }
    report::slow_step("npm ci in examples/, about 380 MB", 3);
    install(&examples, &stamp)
}

/// Installs the packages of a folder without others below it, when its lock file or `package.json` changed since.
pub(super) fn packages_of(workshop: &Workshop, stamp: &str, folder: &Path) -> Result<()> {
    let inputs = ["package-lock.json", "package.json"].map(|name| folder.join(name));
    let hash = files::hash(workshop.root(), &inputs, &[node_version(workshop)?])?;
    let stamp = Stamp::new(workshop, stamp, hash);
    if stamp.is_current() && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    report::step(&format!("npm ci in {}", folder.display()));
    install(folder, &stamp)
}

fn install(folder: &Path, stamp: &Stamp) -> Result<()> {
    stamp.clear();
    let mut npm = process::command("npm", folder);
    process::run(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    stamp.set()
}

fn node_version(workshop: &Workshop) -> Result<String> {
    let found = process::probe(process::command("node", workshop.root()).arg("--version"));
    let Some(version) = found else {
        bail!(
            "could not run `node`; the JavaScript example needs Node {NODE_MAJOR_MIN} or newer: install it"
        );
    };
    match major(&version) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(version),
        _ => bail!(
            "found Node {version}; the JavaScript example needs Node {NODE_MAJOR_MIN} or newer"
        ),
    }
}

/// `20` of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("next"), None);
    }
}
