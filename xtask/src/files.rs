//! Reading the repository's files: what `.gitignore` leaves out is left out here too, so the
//! checks see what a fresh clone would hold, with or without git.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// The rules of one `.gitignore`; only the forms this repository uses.
pub(crate) struct Ignored {
    rules: Vec<Rule>,
}

enum Rule {
    /// `/name` or `/folder/*/name`: from the root.
    Root(String),
    /// `name` or `**/name`: at any depth.
    Anywhere(String),
    /// `*.ext`: by the end of the name.
    Suffix(String),
}

impl Ignored {
    /// Reads the rules of the repository at `root`; none when it has no such file.
    pub(crate) fn load(root: &Path) -> Self {
        Self::parse(&fs::read_to_string(root.join(".gitignore")).unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().map(|line| line.trim().trim_end_matches('/'));
        let rules = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
            if let Some(name) = line.strip_prefix("**/") {
                Rule::Anywhere(name.to_owned())
            } else if let Some(name) = line.strip_prefix('/') {
                Rule::Root(name.to_owned())
            } else if let Some(suffix) = line.strip_prefix('*') {
                Rule::Suffix(suffix.to_owned())
            } else {
                Rule::Anywhere(line.to_owned())
            }
        });
        let git = Rule::Anywhere(".git".to_owned());
        Self { rules: rules.chain([git]).collect() }
    }

    /// Whether the file or folder at `relative` (with `/` between its parts) is left out.
    fn covers(&self, relative: &str) -> bool {
        let name = relative.rsplit('/').next().unwrap_or(relative);
        self.rules.iter().any(|rule| match rule {
            Rule::Root(pattern) => matches(pattern, relative),
            Rule::Anywhere(wanted) => name == wanted,
            Rule::Suffix(suffix) => name.ends_with(suffix.as_str()),
        })
    }
}

/// Whether the parts of `path` are those of `pattern`, where `*` stands for any one part.
fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let fits = |wanted: &str| parts.next().is_some_and(|part| wanted == "*" || wanted == part);
    pattern.split('/').all(fits) && parts.next().is_none()
}

/// Every file below `folder` that is not ignored, as sorted paths from `root`.
pub(crate) fn walk(root: &Path, folder: &Path) -> Result<Vec<String>> {
    let ignored = Ignored::load(root);
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for path in entries(&next)? {
            let relative = relative(root, &path);
            if ignored.covers(&relative) || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(relative);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// One hash over the names and bytes of every file at or below `paths`, and over `facts`, such as
/// tool versions, that change the result just as the files do.
pub(crate) fn hash(root: &Path, paths: &[PathBuf], facts: &[String]) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let names = if path.is_dir() { walk(root, path)? } else { vec![relative(root, path)] };
        for name in names {
            let bytes =
                fs::read(root.join(&name)).with_context(|| format!("could not read {name}"))?;
            hasher.update(format!("{name}\0{}\0", bytes.len()).as_bytes());
            hasher.update(&bytes);
        }
    }
    for fact in facts {
        hasher.update(format!("fact\0{fact}\0").as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Folders directly below `folder`, sorted; none when it does not exist.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found: Vec<_> = entries(folder)?.into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read =
        fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    read.map(|entry| Ok(entry?.path())).collect()
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, ignored: bool) {
        let rules = Ignored::parse(
            "/target\n/examples/*/out\n**/node_modules\n__pycache__\n# words\n*.pyc\n",
        );
        assert_eq!(rules.covers(path), ignored, "{path}");
    }

    #[test]
    fn ignore_rules_are_read_as_git_reads_them() {
        check("target", true);
        check("examples/target", false);
        check("examples/shout/out", true);
        check("examples/out", false);
        check("crates/app/out", false);
        check("examples/shout/node_modules", true);
        check("a/__pycache__", true);
        check("a/b.pyc", true);
        check(".git", true);
        check("src/words", false);
    }

    #[test]
    fn the_hash_changes_with_content_name_and_facts() {
        let folder = std::env::temp_dir().join(format!("xtask-hash-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let of = |facts: &[String]| hash(&folder, std::slice::from_ref(&folder), facts).unwrap();
        fs::write(folder.join("a"), "1").unwrap();
        let first = of(&[]);
        assert_eq!(first, of(&[]));
        assert_ne!(first, of(&["rustc 2".to_owned()]));
        fs::write(folder.join("a"), "2").unwrap();
        let second = of(&[]);
        assert_ne!(first, second);
        fs::rename(folder.join("a"), folder.join("b")).unwrap();
        assert_ne!(second, of(&[]));
        fs::remove_dir_all(&folder).unwrap();
    }
}
