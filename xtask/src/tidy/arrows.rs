//! The arrows between crates, and outside crates that only one place may name.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::tree::Finding;

/// What each crate may use of this workspace: ARCHITECTURE.md draws the same arrows.
const ARROWS: &[(&str, &[&str])] = &[
    ("smartcms-domain", &[]),
    ("smartcms-app", &["smartcms-domain"]),
    ("smartcms-pages", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-http", &["smartcms-pages", "smartcms-app", "smartcms-domain"]),
    ("smartcms-store-sql", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-blob", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-keyed", &["smartcms-app"]),
    ("smartcms-plugin-host", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-config", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-ai", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-inference", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-components", &[]),
    ("smartcms-media", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-transfer", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-distribution", &["smartcms-app", "smartcms-domain"]),
    ("smartcms-identity", &["smartcms-app", "smartcms-domain"]),
    (
        "smartcms-cli",
        &[
            "smartcms-ai",
            "smartcms-app",
            "smartcms-blob",
            "smartcms-components",
            "smartcms-config",
            "smartcms-distribution",
            "smartcms-domain",
            "smartcms-http",
            "smartcms-identity",
            "smartcms-inference",
            "smartcms-media",
            "smartcms-pages",
            "smartcms-plugin-host",
            "smartcms-store-sql",
            "smartcms-transfer",
        ],
    ),
    (
        "smartcms-wasm",
        &[
            "smartcms-ai",
            "smartcms-app",
            "smartcms-config",
            "smartcms-domain",
            "smartcms-http",
            "smartcms-identity",
            "smartcms-keyed",
            "smartcms-media",
            "smartcms-pages",
            "smartcms-store-sql",
        ],
    ),
    ("smartcms-testkit", &["smartcms-http", "smartcms-pages", "smartcms-app", "smartcms-domain"]),
    ("guest-host", &[]),
    (
        "smartcms-benches",
        &[
            "smartcms-app",
            "smartcms-blob",
            "smartcms-domain",
            "smartcms-http",
            "smartcms-inference",
            "smartcms-media",
            "smartcms-pages",
            "smartcms-plugin-host",
            "smartcms-store-sql",
        ],
    ),
    ("xtask", &[]),
];

/// Test code only: a shipped crate that used it would carry its fakes.
const TESTKIT: &str = "smartcms-testkit";

/// Crates that also build for WebAssembly, where these cannot follow.
pub(super) const PORTABLE: &[&str] =
    &["smartcms-domain", "smartcms-app", "smartcms-pages", "smartcms-http"];
const NOT_PORTABLE: &[&str] = &["tokio", "sqlx", "wasmtime", "rusqlite"];

/// Outside crates (by the start of their names) that only these may name, tests included.
const RESERVED: &[(&str, &[&str])] = &[
    ("wasmtime", &["guest-host", "smartcms-benches", "smartcms-plugin-host"]),
    ("rten", &["smartcms-benches", "smartcms-inference"]),
    ("rusqlite", &["smartcms-benches", "smartcms-keyed", "smartcms-store-sql"]),
    ("anyhow", &["guest-host", "smartcms-benches", "smartcms-cli", "xtask"]),
];

/// One crate of the workspace.
pub(super) struct Package {
    name: String,
    manifest: String,
    uses: Vec<Use>,
}

struct Use {
    name: String,
    is_dev: bool,
    default_features: bool,
}

/// Reads the output of `cargo metadata --no-deps`.
pub(super) fn parse(metadata: &str) -> Result<Vec<Package>> {
    let metadata: Value =
        serde_json::from_str(metadata).context("could not read cargo's metadata")?;
    let root = text(&metadata, "workspace_root");
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.context("cargo's metadata has no packages")?;
    Ok(packages.iter().map(|package| parse_package(package, &root)).collect())
}

/// Checks every arrow.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            findings.push(package.finding(
                "is not in the table of xtask/src/tidy/arrows.rs; a new crate needs a decision in docs/adr first",
            ));
            continue;
        };
        for used in &package.uses {
            findings.extend(package.check_use(used, allowed));
        }
    }
    findings
}

impl Package {
    fn check_use(&self, used: &Use, allowed: &[&str]) -> Option<Finding> {
        let name = used.name.as_str();
        let ours = ARROWS.iter().any(|(package, _)| *package == name);
        if name == TESTKIT {
            return (!used.is_dev)
                .then(|| self.finding("uses smartcms-testkit outside [dev-dependencies]"));
        }
        if ours {
            return (!allowed.contains(&name)).then(|| {
                self.finding(&format!(
                    "uses {name}, against the arrows; it may use {}",
                    list(allowed)
                ))
            });
        }
        let portable = PORTABLE.contains(&self.name.as_str());
        if portable && !used.is_dev && NOT_PORTABLE.contains(&name) {
            return Some(
                self.finding(&format!("uses {name}, but must build for WebAssembly; use a port")),
            );
        }
        if portable && name == "axum" && used.default_features {
            return Some(self.finding("uses axum with default features, which bring tokio in"));
        }
        let (_, owners) = RESERVED.iter().find(|(start, _)| name.starts_with(start))?;
        (!owners.contains(&self.name.as_str()))
            .then(|| self.finding(&format!("uses {name}, which is for {} only", list(owners))))
    }

    fn finding(&self, what: &str) -> Finding {
        Finding::error(&self.manifest, 0, format!("{} {what}", self.name))
    }
}

fn parse_package(package: &Value, root: &str) -> Package {
    let manifest = text(package, "manifest_path");
    let uses = package.get("dependencies").and_then(Value::as_array);
    Package {
        name: text(package, "name"),
        manifest: manifest
            .strip_prefix(root)
            .unwrap_or(&manifest)
            .trim_start_matches('/')
            .to_owned(),
        uses: uses.into_iter().flatten().map(parse_use).collect(),
    }
}

fn parse_use(used: &Value) -> Use {
    Use {
        name: text(used, "name"),
        is_dev: used.get("kind").and_then(Value::as_str) == Some("dev"),
        default_features: used.get("uses_default_features") == Some(&Value::Bool(true)),
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none of ours".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One package that uses one other; `None` when the arrow is allowed.
    fn finding(package: &str, used: &str, kind: Option<&str>) -> Option<String> {
        let metadata = serde_json::json!({
            "workspace_root": "/r",
            "packages": [{
                "name": package,
                "manifest_path": "/r/crates/x/Cargo.toml",
                "dependencies": [{ "name": used, "kind": kind, "uses_default_features": true }],
            }],
        });
        let mut findings = check(&parse(&metadata.to_string()).unwrap());
        assert!(findings.len() < 2);
        findings.pop().map(|finding| finding.to_string())
    }

    #[track_caller]
    fn allowed(package: &str, used: &str, kind: Option<&str>) {
        assert_eq!(finding(package, used, kind), None);
    }

    #[track_caller]
    fn refused(package: &str, used: &str, kind: Option<&str>, words: &str) {
        let found = finding(package, used, kind).expect("the arrow should be refused");
        assert!(found.starts_with("error: crates/x/Cargo.toml: "), "{found}");
        assert!(found.contains(words), "{found}");
    }

    #[test]
    fn arrows_point_from_the_edge_to_the_domain() {
        allowed("smartcms-http", "smartcms-app", None);
        refused("smartcms-domain", "smartcms-app", None, "it may use none of ours");
        refused("smartcms-app", "smartcms-store-sql", None, "against the arrows");
        refused("smartcms-blob", "smartcms-http", Some("dev"), "against the arrows");
    }

    #[test]
    fn only_the_command_line_joins_the_adapters() {
        allowed("smartcms-cli", "smartcms-plugin-host", None);
        refused("smartcms-wasm", "smartcms-plugin-host", None, "against the arrows");
        refused("smartcms-cli", "smartcms-wasm", None, "against the arrows");
    }

    #[test]
    fn the_testkit_is_for_tests() {
        allowed("smartcms-app", "smartcms-testkit", Some("dev"));
        refused("smartcms-app", "smartcms-testkit", None, "outside [dev-dependencies]");
    }

    #[test]
    fn portable_crates_stay_portable() {
        allowed("smartcms-app", "tokio", Some("dev"));
        allowed("smartcms-cli", "tokio", None);
        refused("smartcms-app", "tokio", None, "must build for WebAssembly");
        refused("smartcms-http", "axum", None, "default features");
    }

    #[test]
    fn reserved_crates_stay_in_their_crate() {
        allowed("smartcms-plugin-host", "wasmtime-wasi", None);
        allowed("xtask", "anyhow", None);
        refused("smartcms-cli", "wasmtime-wasi", None, "smartcms-plugin-host only");
        refused("smartcms-plugin-host", "rusqlite", Some("dev"), "smartcms-store-sql only");
        refused("smartcms-app", "anyhow", None, "smartcms-cli, xtask only");
    }

    #[test]
    fn a_new_crate_needs_a_decision() {
        refused("smartcms-extra", "serde", None, "needs a decision");
    }
}
