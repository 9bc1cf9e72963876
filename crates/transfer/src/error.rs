//! Why a source could not be read.

use std::path::Path;
use std::sync::Arc;

/// Where in a source something stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file, as the user named it or by its path inside the folder or archive.
    pub file: Arc<str>,
    /// The line, from 1; 0 when a line says nothing.
    pub line: u64,
}

impl Place {
    /// A line of a file.
    pub fn new(file: &Arc<str>, line: u64) -> Self {
        Self { file: Arc::clone(file), line }
    }

    /// A whole file.
    pub fn file(path: &Path) -> Self {
        Self { file: path.display().to_string().into(), line: 0 }
    }
}

/// `export.xml:12`, or the file alone.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 { write!(f, ":{}", self.line) } else { Ok(()) }
    }
}

/// Why reading a source came to its end early. What came before is whole.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file could not be read.
    #[error("{place}: could not {action}")]
    Read {
        /// Where.
        place: Place,
        /// What was tried.
        action: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{place}: {reason}")]
    Malformed {
        /// Where.
        place: Place,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The file holds something that is never read.
    #[error("{place}: {reason}")]
    Refused {
        /// Where.
        place: Place,
        /// What, and why not.
        reason: String,
    },
    /// Something is larger than its limit.
    #[error("{place}: {what} has {size}; the limit is {limit}")]
    TooLarge {
        /// Where.
        place: Place,
        /// What is too large.
        what: String,
        /// How large it is, as far as it was read.
        size: u64,
        /// How large it may be.
        limit: u64,
    },
    /// The one who takes the items wants no more.
    #[error("the import was stopped")]
    Stopped,
}

impl SourceError {
    /// A file that could not be read.
    pub fn read(path: &Path, action: &'static str, source: std::io::Error) -> Self {
        Self::Read { place: Place::file(path), action, source }
    }

    /// A file that is not what it should be.
    pub fn malformed(place: Place, reason: impl Into<String>) -> Self {
        Self::Malformed { place, reason: reason.into() }
    }
}
