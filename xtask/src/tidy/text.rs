//! Words of code that belong to one place only.

use super::tree::{File, Finding, Tree};

/// Files that may contain `unsafe`, each with the reason. The lint asks for one at each use too.
const UNSAFE_FILES: &[(&str, &str)] = &[
    ("crates/keyed/src/vfs/methods.rs", "SQLite takes a file system as a table of C functions"),
    ("crates/plugin-host/src/cache.rs", "loads machine code that this site's key authenticates"),
    ("crates/plugin-host/src/compile/loader.rs", "loads machine code that its own child compiled"),
];

/// Files that decide by target or feature for a reason of their own: most leave code out of the portable core that could never
/// run there, where a module for each target would say everything twice (docs/adr/0056).
const TARGET_FILES: &[(&str, &str)] = &[
    ("crates/app/src/people/passkeys.rs", "what a passkey would do is not compiled into the core"),
    ("crates/app/src/people/providers.rs", "what an identity provider would do is not, either"),
    ("crates/app/src/rendering/blocks/dom.rs", "the sanitiser shows its tree where it is told to"),
    ("crates/config/src/collections/mod.rs", "the usual collections are read when it is built"),
    ("crates/config/src/reader.rs", "lists are read there without the parser of TOML"),
    ("crates/http/src/admin/plugins/mod.rs", "plugins cannot be changed there"),
    ("crates/http/src/admin/plugins/work.rs", "and have no tasks"),
    ("crates/http/src/admin/transfer/begin.rs", "imports are not compiled into the core"),
    ("crates/http/src/admin/transfer/mod.rs", "nor are their pages"),
    ("crates/http/src/plugin_routes.rs", "plugins have no routes there"),
    ("crates/media/src/lib.rs", "decoders are a feature"),
    ("crates/pages/src/engine.rs", "the engine of templates has there what the built-in ones use"),
    ("crates/store-sql/src/sqlite/readers.rs", "a pool of connections cannot be opened there"),
];

/// Folders where `cfg(feature)` and `cfg(target)` may decide: composition roots and the tasks.
const ROOTS: &[&str] = &["crates/cli/", "crates/wasm/", "xtask/"];

/// Checks all Rust code of the workspace but its tests.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let ours = |file: &&File| file.path.starts_with("crates/") || file.path.starts_with("xtask/");
    let mut findings = Vec::new();
    for file in tree.ending(".rs").filter(ours) {
        for (number, line) in file.code() {
            let broken = RULES.iter().filter(|rule| (rule.applies)(file) && (rule.finds)(line));
            findings.extend(broken.map(|rule| Finding::error(&file.path, number, rule.message)));
        }
    }
    findings
}

struct Rule {
    message: &'static str,
    applies: fn(&File) -> bool,
    finds: fn(&str) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        message: "reaches files or sockets, which have no place in a crate that builds for WebAssembly: use a port (plain addresses are in core::net)",
        applies: |file| is_portable(&file.path),
        finds: |line| contains_any(line, &["std::fs", "std::net"]),
    },
    Rule {
        message: "names StatusCode: status codes exist only where HTTP is spoken; return an error kind",
        applies: |file| {
            file.path.starts_with("crates/") && !speaks_http(&file.path) && !file.is_test()
        },
        finds: |line| contains_word(line, "StatusCode"),
    },
    Rule {
        message: "holds SQL, which belongs in crates/store-sql: use a repository port",
        applies: |file| {
            file.path.starts_with("crates/")
                && !file.path.starts_with("crates/store-sql/")
                && !file.is_test()
        },
        finds: |line| {
            contains_any(line, &["\"SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE "])
        },
    },
    Rule {
        message: "is unsafe outside the files listed with a reason in xtask/src/tidy/text.rs",
        applies: |file| {
            file.path != "xtask/src/tidy/text.rs"
                && !UNSAFE_FILES.iter().any(|(path, _)| *path == file.path)
        },
        finds: |line| {
            contains_any(line, &["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"])
        },
    },
    Rule {
        message: "decides by target or feature outside a composition root, enabled.rs or disabled.rs, and the files listed with a reason in xtask/src/tidy/text.rs",
        applies: |file| {
            !ROOTS.iter().any(|root| file.path.starts_with(root))
                && !TARGET_FILES.iter().any(|(path, _)| *path == file.path)
                && !file.path.ends_with("/enabled.rs")
                && !file.path.ends_with("/disabled.rs")
        },
        finds: |line| {
            line.contains("cfg")
                && contains_any(line, &["feature =", "(target_", "(unix", "(windows"])
        },
    },
];

fn is_portable(path: &str) -> bool {
    ["domain", "app", "pages", "http"]
        .iter()
        .any(|name| path.starts_with(&format!("crates/{name}/src/")))
}

/// `http`, the two roots with their listeners, and the plugin host's edge to `wasi:http`.
fn speaks_http(path: &str) -> bool {
    let roots = ["crates/http/", "crates/cli/", "crates/wasm/"];
    let edge = path.starts_with("crates/plugin-host/") && contains_any(path, &["http", "route"]);
    edge || roots.iter().any(|root| path.starts_with(root))
}

fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

fn contains_word(line: &str, word: &str) -> bool {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn allowed(path: &str, text: &str) {
        assert_eq!(check(&Tree::of(&[(path, text)])), [], "{path}");
    }

    #[track_caller]
    fn refused(path: &str, text: &str, words: &str) {
        let found = check(&Tree::of(&[(path, text)]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains(words), "{found:?}");
    }

    #[test]
    fn portable_crates_reach_no_files() {
        allowed("crates/blob/src/local.rs", "use std::fs;\n");
        allowed("crates/app/src/a.rs", "// std::fs is not for us\n#[cfg(test)]\nuse std::fs;\n");
        refused("crates/app/src/a.rs", "use std::fs;\n", "use a port");
    }

    #[test]
    fn status_codes_stay_at_the_http_edge() {
        allowed("crates/http/src/problem.rs", "use http::StatusCode;\n");
        allowed("crates/plugin-host/src/link/http.rs", "StatusCode::OK\n");
        refused("crates/app/src/entries/publish.rs", "StatusCode::OK\n", "return an error kind");
    }

    #[test]
    fn sql_stays_in_its_crate() {
        allowed("crates/store-sql/src/entries.rs", "\"INSERT INTO entry VALUES (?1)\"\n");
        refused("crates/app/src/a.rs", "\"INSERT INTO entry VALUES (?1)\"\n", "repository port");
    }

    #[test]
    fn unsafe_code_is_listed() {
        allowed("crates/cli/src/main.rs", "fn safe() {}\n");
        refused("crates/cli/src/main.rs", "let a = unsafe { b() };\n", "listed with a reason");
    }

    #[test]
    fn features_and_targets_are_decided_at_the_roots() {
        allowed("crates/cli/src/main.rs", "#[cfg(feature = \"a\")]\n");
        allowed("crates/blob/src/remote/disabled.rs", "#[cfg(not(feature = \"a\"))]\n");
        refused("crates/app/src/a.rs", "#[cfg(target_arch = \"wasm32\")]\n", "composition root");
    }
}
