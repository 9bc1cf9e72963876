//! Files that never change once published: each folder lists their BLAKE3 hashes in `HASHES`,
//! in the form `b3sum` prints and checks.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result};

use super::tree::{Finding, Tree};
use crate::{report, workshop::Workshop};

/// Each folder, and the ending of the files it lists. A folder without such files needs no list.
const FROZEN: &[(&str, &str)] =
    &[("crates/store-sql/migrations", ".sql"), ("wit/released", ".wit")];

/// Checks each list against its files, both ways.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    FROZEN.iter().flat_map(|(folder, ending)| check_folder(tree, folder, ending)).collect()
}

/// Adds the files that are in no list yet; refuses while a listed one differs.
pub(super) fn write(workshop: &Workshop) -> Result<()> {
    let tree = Tree::load(workshop.root())?;
    for (folder, ending) in FROZEN {
        let list_path = format!("{folder}/HASHES");
        let mut list = listed(&tree, &list_path);
        let mut added = 0;
        for (name, hash) in present(&tree, folder, ending) {
            list.entry(name).or_insert_with(|| {
                added += 1;
                hash
            });
        }
        if added > 0 {
            let lines: String =
                list.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
            fs::write(workshop.path(&list_path), lines)
                .with_context(|| format!("could not write {list_path}"))?;
            report::note(&format!("{list_path}: {added} added"));
        }
    }
    super::check(workshop)
}

fn check_folder(tree: &Tree, folder: &str, ending: &str) -> Vec<Finding> {
    let list_path = format!("{folder}/HASHES");
    let list = listed(tree, &list_path);
    let present = present(tree, folder, ending);
    let mut findings = Vec::new();
    for (name, hash) in &present {
        let path = format!("{folder}/{name}");
        match list.get(name) {
            Some(kept) if kept == hash => {}
            Some(_) => findings.push(Finding::error(
                &path,
                0,
                format!("differs from its hash in {list_path}: a published file never changes, add a new one"),
            )),
            None => findings.push(Finding::error(
                &path,
                0,
                format!("is not listed in {list_path}: run `cargo xtask tidy --write-hashes`"),
            )),
        }
    }
    for name in list.keys().filter(|name| !present.contains_key(*name)) {
        findings.push(Finding::error(
            &list_path,
            0,
            format!("lists {name}, which is gone: published files stay"),
        ));
    }
    findings
}

/// Name and hash of each line of a list.
fn listed(tree: &Tree, list_path: &str) -> BTreeMap<String, String> {
    let text = tree.at(list_path).map_or("", |file| file.text.as_str());
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    pairs.map(|(hash, name)| (name.trim().to_owned(), hash.to_owned())).collect()
}

fn present(tree: &Tree, folder: &str, ending: &str) -> BTreeMap<String, String> {
    let files = tree.ending(ending).filter_map(|file| {
        let name = file.path.strip_prefix(folder)?.strip_prefix('/')?;
        Some((name.to_owned(), file.hash.clone()))
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: &str = "crates/store-sql/migrations/202611220000_a.sql";
    const LIST: &str = "crates/store-sql/migrations/HASHES";

    fn findings(list: &str) -> Vec<String> {
        let tree = Tree::of(&[(SQL, "create table a;"), (LIST, list)]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_listed_file_that_is_unchanged_passes() {
        let hash = blake3::hash(b"create table a;").to_hex();
        assert!(findings(&format!("{hash}  202611220000_a.sql\n")).is_empty());
        assert!(check(&Tree::of(&[])).is_empty());
    }

    #[test]
    fn a_changed_or_unlisted_or_removed_file_is_refused() {
        assert!(findings("00ff  202611220000_a.sql\n")[0].contains("differs"));
        assert!(findings("")[0].contains("is not listed"));
        let hash = blake3::hash(b"create table a;").to_hex();
        let found = findings(&format!("{hash}  202611220000_a.sql\n00ff  202611230000_b.sql\n"));
        assert!(found[0].contains("lists 202611230000_b.sql, which is gone"), "{found:?}");
    }
}
