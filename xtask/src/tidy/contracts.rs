//! What plugins see never grows in place: each package of `wit/` is held against its last release.
//!
//! A released package lies in `wit/released/FOLDER@VERSION`, where FOLDER is its folder in `wit/`; its files are frozen
//! by their hashes (see `hashes`).

mod compare;
mod shape;

use std::collections::BTreeMap;

use self::{compare::changes, shape::Shape};
use super::tree::{Finding, Tree};

const RELEASED: &str = "wit/released/";

/// Compares each released package with what its folder in `wit/` holds now.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, release) in newest(tree) {
        let now = format!("wit/{folder}");
        let compared = Shape::of(tree, &release)
            .and_then(|released| Ok((released, Shape::of(tree, &now)?)))
            .map(|(released, now)| changes(&released, &now));
        match compared {
            Ok(changes) => {
                let finding =
                    |change| Finding::error(&now, 0, format!("{change} (released in {release})"));
                findings.extend(changes.into_iter().map(finding));
            }
            Err(problem) => findings.push(problem),
        }
    }
    findings
}

/// The newest release of each folder.
fn newest(tree: &Tree) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, (Vec<u64>, String)> = BTreeMap::new();
    for file in tree.ending(".wit") {
        let Some((release, _)) = file.path.strip_prefix(RELEASED).and_then(|it| it.split_once('/'))
        else {
            continue;
        };
        let (folder, version) = release.split_once('@').unwrap_or((release, ""));
        let numbers: Vec<u64> = version.split('.').filter_map(|it| it.parse().ok()).collect();
        let entry = (numbers, format!("{RELEASED}{release}"));
        let kept = found.entry(folder.to_owned()).or_insert_with(|| entry.clone());
        if kept.0 < entry.0 {
            *kept = entry;
        }
    }
    found.into_iter().map(|(folder, (_, release))| (folder, release)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASE: &str = "
        package acme:things@0.1.0;
        interface types {
            enum colour { red, green }
            variant value { none, text(string) }
            record thing { name: string, colour: colour }
            flags marks { hot }
            resource box { open: func() -> value; }
        }
        interface reader {
            use types.{thing};
            find: func(name: string) -> option<thing>;
        }
        interface hook { before: func(name: string) -> result<_, string>; }
        world plugin { import reader; export hook; }";

    #[track_caller]
    fn findings(now: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("wit/released/things@0.1.0/things.wit", RELEASE),
            ("wit/things/things.wit", now),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    /// Checks that one change of the release is found, and told like this.
    #[track_caller]
    fn check_change(from: &str, to: &str, words: &str) {
        assert!(RELEASE.contains(from), "{from}");
        let now = RELEASE.replacen(from, to, 1).replace("@0.1.0", "@0.1.1");
        let found = findings(&now);
        assert!(found.iter().any(|it| it.contains(words)), "no {words:?} in {found:?}");
    }

    #[test]
    fn what_is_unchanged_passes() {
        assert_eq!(findings(RELEASE), Vec::<String>::new());
        assert_eq!(
            findings(&RELEASE.replace("interface reader", "/// Reads.\ninterface reader")),
            [""; 0]
        );
        assert!(check(&Tree::of(&[("wit/things/things.wit", RELEASE)])).is_empty());
    }

    #[test]
    fn types_that_grow_in_place_are_refused_by_name() {
        check_change(
            "red, green",
            "red, green, blue",
            "enum `colour` of types has a new case `blue`",
        );
        check_change("text(string)", "text(string), number(u8)", "a new case `number(u8)`");
        check_change(
            "name: string, colour",
            "name: string, size: u8, colour",
            "a new field `size: u8`",
        );
        check_change("flags marks { hot }", "flags marks { hot, cold }", "a new flag `cold`");
        check_change("red, green", "red", "enum `colour` of types lacks the case `green`");
        check_change("text(string)", "text(u8)", "lacks the case `text(string)`");
        check_change(
            "red, green",
            "green, red",
            "enum `colour` of types has its cases in another order",
        );
    }

    #[test]
    fn functions_that_change_are_refused_by_name() {
        check_change("find: func(name: string)", "find: func(id: u64)", "`find` of reader was");
        check_change("find: func(name: string) -> option<thing>;", "", "`find` of reader is gone");
        check_change(
            "open: func() -> value",
            "open: func() -> u8",
            "`[method]box.open` of types was",
        );
        check_change("interface hook {", "interface hook { after: func();", "plugins export hook");
        check_change("export hook;", "", "world plugin lacks");
        check_change("export hook;", "export hook; import types;", "world plugin has");
    }

    #[test]
    fn new_things_beside_the_old_ones_pass_with_a_new_version() {
        let more = RELEASE
            .replace("interface reader {", "interface reader { count: func() -> u64;")
            .replace(
                "world plugin",
                "interface more { f: func(); }\nworld second { export more; }\nworld plugin",
            );
        let found = findings(&more);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("is still version 0.1.0"), "{found:?}");
        assert_eq!(findings(&more.replace("@0.1.0", "@0.1.1")), [""; 0]);
    }

    #[test]
    fn another_line_of_versions_may_be_different() {
        let other = RELEASE.replace("red, green", "red, green, blue").replace("@0.1.0", "@0.2.0");
        assert_eq!(findings(&other), [""; 0]);
    }

    /// The contract of this repository, with one text of a file changed.
    fn with_change(path: &str, from: &str, to: &str) -> Vec<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut tree = Tree::load(&root.join("wit")).unwrap();
        for file in &mut tree.files {
            file.path = format!("wit/{}", file.path);
            if file.path == path {
                assert!(file.text.contains(from), "{path} lacks {from:?}");
                file.text = file.text.replacen(from, to, 1);
            }
        }
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_released_contract_is_held_and_does_not_grow_in_place() {
        assert_eq!(with_change("", "", ""), [""; 0]);
        for (path, from, to, words) in [
            ("content/content", "    archived,", "    archived,\n    reviewed,", "case `reviewed`"),
            (
                "content/content",
                "    slug: string,",
                "    slug: string,\n    author: string,",
                "field `author: string`",
            ),
            (
                "plugin/ai-provider",
                "    refused(string),",
                "    refused(string),\n    busy,",
                "case `busy`",
            ),
            (
                "plugin/tasks",
                "    overlap: bool,",
                "    overlap: bool,\n    title: string,",
                "field `title: string`",
            ),
            (
                "kvstore/kvstore",
                "get: func(key: string)",
                "get: func(key: u64)",
                "`get` of kvstore was",
            ),
        ] {
            let found = with_change(&format!("wit/{path}.wit"), from, to);
            assert!(found.iter().any(|it| it.contains(words)), "no {words:?} in {found:?}");
        }
    }

    #[test]
    fn the_newest_release_counts_and_one_that_cannot_be_read_is_told() {
        let tree = Tree::of(&[
            ("wit/released/things@0.1.10/a.wit", RELEASE),
            ("wit/released/things@0.1.9/a.wit", "package a:b;"),
            ("wit/things/a.wit", "interface {"),
        ]);
        assert_eq!(newest(&tree)["things"], "wit/released/things@0.1.10");
        let found = check(&tree);
        assert!(found[0].to_string().contains("wit/things"), "{found:?}");
    }
}
