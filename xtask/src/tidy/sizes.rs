//! File sizes: a long file usually has a seam.

use super::tree::{File, Finding, Tree};

/// Above this a file is refused unless it says why.
const LINES_MAX: usize = 600;

/// Above this a file is pointed out.
const LINES_WARN: usize = 400;

/// What a module comment writes before its reason, such as `Long because: one table.`
const MARKER: &str = "Long because:";

/// Checks every Rust file.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.ending(".rs").filter_map(check_file).collect()
}

fn check_file(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    if lines <= LINES_WARN || says_why(file) {
        return None;
    }
    if lines <= LINES_MAX {
        let message = format!("has {lines} lines; look for a seam above {LINES_WARN}");
        return Some(Finding::warning(&file.path, 0, message));
    }
    let message = format!(
        "has {lines} lines, more than {LINES_MAX}: split it, or write `{MARKER} …` in its module comment"
    );
    Some(Finding::error(&file.path, 0, message))
}

fn says_why(file: &File) -> bool {
    file.text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .any(|line| line.split_once(MARKER).is_some_and(|(_, reason)| !reason.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(head: &str, lines: usize) -> Vec<Finding> {
        let text = format!("{head}\n{}", "a();\n".repeat(lines - 1));
        check(&Tree::of(&[("crates/app/src/a.rs", &text)]))
    }

    #[test]
    fn a_file_of_moderate_size_passes() {
        assert!(findings("//! Words.", LINES_WARN).is_empty());
    }

    #[test]
    fn a_long_file_is_pointed_out_and_a_longer_one_refused() {
        let found = findings("//! Words.", LINES_WARN + 1);
        assert!(found[0].to_string().starts_with("warning: "), "{found:?}");
        let found = findings("//! Words.", LINES_MAX + 1);
        assert!(found[0].to_string().starts_with("error: "), "{found:?}");
    }

    #[test]
    fn a_reason_in_the_module_comment_allows_length() {
        assert!(findings("//! Words. Long because: one table.", LINES_MAX + 1).is_empty());
        assert_eq!(findings("//! Words. Long because:", LINES_MAX + 1).len(), 1);
    }
}
