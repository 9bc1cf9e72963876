//! `Cargo.toml` files: lints and versions are written once, in the root.

use super::tree::{File, Finding, Tree};

/// Checks every crate of the workspace, and that the SDKs stand alone.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending("Cargo.toml") {
        if is_member(&file.path) {
            findings.extend(check_lints(file));
            findings.extend(check_versions(file));
        } else if file.path.starts_with("sdk/") || file.path.starts_with("plugins/") {
            findings.extend(check_stands_alone(file));
        }
    }
    findings
}

fn is_member(path: &str) -> bool {
    path == "xtask/Cargo.toml" || (path.starts_with("crates/") && path.split('/').count() == 3)
}

fn check_lints(file: &File) -> Option<Finding> {
    let inherits = sections(file)
        .any(|(_, section, line)| section == "lints" && line.replace(' ', "") == "workspace=true");
    (!inherits).then(|| {
        Finding::error(
            &file.path,
            0,
            "does not take the workspace's lints: add `[lints] workspace = true`",
        )
    })
}

fn check_versions(file: &File) -> Vec<Finding> {
    let outside = sections(file).filter(|(_, section, line)| {
        let inherits = line.replace(' ', "").contains("workspace=true");
        section.ends_with("dependencies") && line.contains('=') && !inherits
    });
    let tables = sections(file).filter(|(_, section, line)| {
        section.contains("dependencies.") && line.starts_with("version")
    });
    outside
        .chain(tables)
        .map(|(number, _, line)| {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            Finding::error(
                &file.path,
                number,
                format!("{name} has its version here: name it in the root's [workspace.dependencies] and write `{name}.workspace = true`"),
            )
        })
        .collect()
}

fn check_stands_alone(file: &File) -> Vec<Finding> {
    let inner = file.lines().filter(|(_, line)| line.contains("path") && line.contains("crates/"));
    inner
        .map(|(number, _)| {
            Finding::error(
                &file.path,
                number,
                "plugin code must not use crates/: it has wit/ and sdk/ only",
            )
        })
        .collect()
}

/// Each line with the section it stands in.
fn sections(file: &File) -> impl Iterator<Item = (usize, String, &str)> {
    let mut section = String::new();
    file.lines().filter_map(move |(number, line)| {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned();
            return None;
        }
        (!line.is_empty()).then(|| (number, section.clone(), line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_crate_takes_lints_and_versions_from_the_workspace() {
        let good = "[lints]\nworkspace = true\n\n[dependencies]\nserde.workspace = true\n\
                    tokio = { workspace = true, features = [\"fs\"] }\n";
        assert!(findings("crates/app/Cargo.toml", good).is_empty());
    }

    #[test]
    fn a_version_outside_the_root_is_refused() {
        let bad = "[lints]\nworkspace = true\n[target.'cfg(unix)'.dependencies]\nserde = \"1\"\n\
                   [dependencies.url]\nversion = \"2\"\n";
        let found = findings("crates/app/Cargo.toml", bad);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("Cargo.toml:4: serde has its version here"), "{found:?}");
    }

    #[test]
    fn a_crate_without_the_lints_is_refused() {
        let found = findings("xtask/Cargo.toml", "[dependencies]\nanyhow.workspace = true\n");
        assert!(found[0].contains("does not take the workspace's lints"), "{found:?}");
    }

    #[test]
    fn the_sdk_uses_nothing_of_the_server() {
        let good = "[dependencies]\nwit-bindgen = \"0.63\"\n";
        assert!(findings("sdk/rust/Cargo.toml", good).is_empty());
        let bad = "[dependencies]\nsmartcms-app = { path = \"../../crates/app\" }\n";
        assert_eq!(findings("sdk/rust/Cargo.toml", bad).len(), 1);
    }
}
