//! Migration files: named so that they sort into the order they run in.

use super::tree::{Finding, Tree};

const FOLDER: &str = "crates/store-sql/migrations/";

/// The digits of `YYYYMMDDHHMM`.
const STAMP_DIGITS: usize = 12;

/// Checks names, and that no two migrations of one database have the same moment.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut last: Option<(String, u64)> = None;
    for file in tree.ending(".sql").filter(|file| file.path.starts_with(FOLDER)) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
        let Some(version) = version(name) else {
            findings.push(Finding::error(
                &file.path,
                0,
                "is not named like a migration: write YYYYMMDDHHMM_what_it_does.sql, in a-z, 0-9 and _",
            ));
            continue;
        };
        if let Some((previous_folder, previous)) = &last
            && previous_folder == folder
            && version <= *previous
        {
            findings.push(Finding::error(
                &file.path,
                0,
                format!("has the moment {version}, but stands after {previous}: give each its own, later one"),
            ));
        }
        last = Some((folder.to_owned(), version));
    }
    findings
}

/// `202611220000` of `202611220000_what.sql`.
fn version(name: &str) -> Option<u64> {
    let (number, what) = name.strip_suffix(".sql")?.split_once('_')?;
    let plain = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_'
    };
    if number.len() != STAMP_DIGITS || what.is_empty() || !what.chars().all(plain) {
        return None;
    }
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(names: &[&str]) -> Vec<Finding> {
        let mut paths: Vec<_> = names.iter().map(|name| format!("{FOLDER}{name}")).collect();
        paths.sort();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "")).collect();
        check(&Tree::of(&files))
    }

    #[test]
    fn migrations_that_sort_as_they_run_pass() {
        assert_eq!(findings(&["202611220000_entries.sql", "202611230000_outbox.sql"]), []);
        let both = ["postgres/202611220000_entries.sql", "sqlite/202611220000_entries.sql"];
        assert_eq!(findings(&both), []);
    }

    #[test]
    fn bad_names_and_moments_are_refused() {
        assert_eq!(findings(&["entries.sql"]).len(), 1);
        assert_eq!(findings(&["202611220000_Entries.sql"]).len(), 1);
        assert_eq!(findings(&["20261122_entries.sql"]).len(), 1);
        assert_eq!(findings(&["202611220000_a.sql", "202611220000_b.sql"]).len(), 1);
    }
}
