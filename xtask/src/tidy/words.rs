//! Words no file may hold: host names of package registries, and paths of one machine.
//!
//! A registry is chosen by the user's own settings, never by this repository.

use super::tree::{File, Finding, Tree};

/// Host names, cut in two so that this file does not hold them.
const HOSTS: &[(&str, &str)] = &[
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("deb.debian", ".org"),
    ("rust-lang", ".org/dist"),
    ("proxy.golang", ".org"),
    ("ghcr", ".io"),
    ("docker", ".io"),
];

/// Starts of paths that exist on one machine only, cut the same way.
const PATHS: &[(&str, &str)] =
    &[("/ro", "ot/"), ("/wo", "rk/"), ("/home/", "runner/"), ("../sha", "red/")];

/// Written by tools that always name their registry.
const GENERATED: &[&str] = &["Cargo.lock"];

/// Checks every text file.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let generated = |file: &&File| GENERATED.iter().any(|name| file.path.ends_with(name));
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| !generated(file)) {
        for (number, line) in file.lines() {
            findings.extend(
                check_line(line).map(|message| Finding::error(&file.path, number, message)),
            );
        }
    }
    findings
}

fn check_line(line: &str) -> Option<String> {
    for (start, end) in HOSTS {
        let host = format!("{start}{end}");
        if line.contains(&host) {
            return Some(format!(
                "names the registry host {host}: leave it to the user's settings"
            ));
        }
    }
    for (start, end) in PATHS {
        let path = format!("{start}{end}");
        if stands_alone(line, &path) {
            return Some(format!(
                "holds the machine path {path}: write it from the repository's root"
            ));
        }
    }
    None
}

/// Whether `path` occurs in `line` and is not the tail of a longer path.
fn stands_alone(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before
            .is_some_and(|character| character.is_alphanumeric() || "._-}>)/".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<Finding> {
        check(&Tree::of(&[(path, text)]))
    }

    #[test]
    fn ordinary_text_passes() {
        assert!(
            findings("README.md", "see crates/io and src/root/mod.rs, network/work/a\n").is_empty()
        );
        let lock = format!("source = \"https://{}{}\"", "crates", ".io");
        assert!(findings("Cargo.lock", &lock).is_empty());
    }

    #[test]
    fn registry_hosts_and_machine_paths_are_refused() {
        let host = format!("https://registry.{}{}/left-pad", "npmjs", ".org");
        assert_eq!(findings("examples/package-lock.json", &host).len(), 1);
        let path = format!("open {}{}main/Cargo.toml", "/wo", "rk/");
        assert_eq!(findings("docs/a.md", &path).len(), 1);
    }
}
