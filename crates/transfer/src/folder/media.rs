//! Media of a folder: files inside it, and never others.

use std::path::{Path, PathBuf};

use crate::html::decode_percent;

/// Where addresses of media lead.
pub(crate) struct MediaRoots {
    root: PathBuf,
    content: PathBuf,
    roots: Vec<PathBuf>,
}

impl MediaRoots {
    /// `root` is the folder that nothing may leave; addresses that begin with `/` are looked for in `roots`, others beside
    /// their entry, whose path inside `content` is given to [`MediaRoots::find`].
    pub(crate) fn new(root: &Path, content: &Path, roots: Vec<PathBuf>) -> Self {
        Self { root: root.to_owned(), content: content.to_owned(), roots }
    }

    /// The file that an address in an entry names, if it is inside the folder.
    pub(crate) fn find(&self, url: &str, entry: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = decode_percent(path);
        if path.is_empty() || path.contains('\0') || path.contains("://") || path.starts_with("//")
        {
            return None;
        }
        let beside = self.content.join(entry);
        let beside = beside.parent().unwrap_or(&self.content).to_owned();
        let candidates: Vec<PathBuf> = match path.strip_prefix('/') {
            Some(path) => self.roots.iter().map(|it| it.join(path)).collect(),
            None => std::iter::once(&beside).chain(&self.roots).map(|it| it.join(&path)).collect(),
        };
        candidates.into_iter().find_map(|it| self.inside(&it))
    }

    /// The real path of a file, if that is inside the folder: neither `..` nor a link leads out.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let path = std::fs::canonicalize(path).ok()?;
        (path.starts_with(&self.root) && path.is_file()).then_some(path)
    }
}
