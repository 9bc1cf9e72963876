//! What the rules look at, and what they find.

use std::{fmt, fs, path::Path};

use anyhow::Result;

use crate::files;

/// Every file of the repository; the text of those that are text.
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// One file.
pub(super) struct File {
    /// From the root, with `/` between its parts.
    pub(super) path: String,
    /// Empty for a file that is not UTF-8.
    pub(super) text: String,
    /// The BLAKE3 hash of its bytes.
    pub(super) hash: String,
}

/// A rule that is not kept, or nearly.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    /// Counted from 1; 0 for the whole file.
    pub(super) line: usize,
    pub(super) path: String,
    pub(super) message: String,
}

/// Whether a finding fails the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Error,
    Warning,
}

impl Tree {
    /// Reads every file below `root` that git would keep.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for path in files::walk(root, root)? {
            let bytes = fs::read(root.join(&path))?;
            let hash = blake3::hash(&bytes).to_hex().to_string();
            files.push(File { path, text: String::from_utf8(bytes).unwrap_or_default(), hash });
        }
        Ok(Self { files })
    }

    /// The files whose path ends with `ending`.
    pub(super) fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.ends_with(ending))
    }

    /// The file at `path`.
    pub(super) fn at(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file or a folder at `path`.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    }

    /// A tree of given files, for tests of rules.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        };
        Self { files: files.iter().map(file).collect() }
    }
}

impl File {
    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the whole file is test code, or code that tests run.
    pub(super) fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "crates/testkit/"].iter().any(|part| self.path.contains(part))
    }

    /// The lines of code of a Rust file: no comments, and nothing from its test module on.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines()
            .take_while(|(_, line)| line.trim_start() != "#[cfg(test)]")
            .map(|(number, line)| (number, without_comment(line)))
    }
}

impl Finding {
    /// A broken rule.
    pub(super) fn error(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, line, path: path.to_owned(), message: message.into() }
    }

    /// A rule that is nearly broken.
    pub(super) fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, line, message) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(formatter, "{severity}: {}", self.path)?;
        if self.line > 0 {
            write!(formatter, ":{}", self.line)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// Cuts a line comment off; `//` inside a URL is left alone.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.find(" //").and_then(|at| line.get(..at)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_leaves_out_comments_and_the_test_module() {
        let text =
            "//! std::fs\nuse a; // std::fs\nlet url = \"http://b\";\n#[cfg(test)]\nmod tests {}\n";
        let tree = Tree::of(&[("a.rs", text)]);
        let code: Vec<_> = tree.files[0].code().map(|(_, line)| line).collect();
        assert_eq!(code, ["", "use a;", "let url = \"http://b\";"]);
    }

    #[test]
    fn a_finding_is_shown_with_its_place() {
        assert_eq!(Finding::error("a.rs", 3, "no").to_string(), "error: a.rs:3: no");
        assert_eq!(Finding::warning("a.rs", 0, "hm").to_string(), "warning: a.rs: hm");
    }
}
