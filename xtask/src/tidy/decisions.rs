//! Architecture decisions: `docs/adr/NNNN-title.md`, numbered from 0001 without a gap.

use super::tree::{Finding, Tree};

const FOLDER: &str = "docs/adr/";

/// Checks numbers and titles. `README.md` and `template.md` may lie beside them.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut expected = 1;
    for file in &tree.files {
        let Some(name) = file.path.strip_prefix(FOLDER) else { continue };
        if matches!(name, "README.md" | "template.md") {
            continue;
        }
        match number(name) {
            None => findings.push(Finding::error(
                &file.path,
                0,
                "is not named NNNN-title.md, in a-z, 0-9 and hyphens",
            )),
            Some(found) => {
                if found != expected {
                    let message = format!("has number {found:04}, but the next is {expected:04}");
                    findings.push(Finding::error(&file.path, 0, message));
                }
                expected = found + 1;
            }
        }
        if !file.text.starts_with("# ") {
            findings.push(Finding::error(
                &file.path,
                1,
                "does not begin with a title line (`# …`)",
            ));
        }
    }
    findings
}

/// `12` of `0012-some-title.md`.
fn number(name: &str) -> Option<u32> {
    let (number, title) = name.strip_suffix(".md")?.split_once('-')?;
    let plain = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    if number.len() != 4 || title.is_empty() || !title.chars().all(plain) {
        return None;
    }
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(names: &[&str]) -> Vec<Finding> {
        let paths: Vec<_> = names.iter().map(|name| format!("{FOLDER}{name}")).collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "# Title\n")).collect();
        check(&Tree::of(&files))
    }

    #[test]
    fn numbers_without_a_gap_pass() {
        assert_eq!(findings(&["0001-ports.md", "0002-pages.md", "README.md"]), []);
    }

    #[test]
    fn gaps_repeats_and_other_names_are_refused() {
        assert_eq!(findings(&["0001-a.md", "0003-b.md"]).len(), 1);
        assert_eq!(findings(&["0001-a.md", "0001-b.md"]).len(), 1);
        assert_eq!(findings(&["1-a.md"]).len(), 1);
        assert_eq!(findings(&["0001-Some_Title.md"]).len(), 1);
    }
}
