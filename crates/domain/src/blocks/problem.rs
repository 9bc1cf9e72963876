//! What is wrong with a document.

use std::fmt;

/// How many problems are told at once.
pub const PROBLEMS_MAX: usize = 20;

/// One thing wrong with one place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockProblem {
    /// Where, such as `blocks[3].content[0].text`; empty for the document as a whole.
    pub path: String,
    /// A stable word for programs, such as `unknown-key`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl fmt::Display for BlockProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.path, self.message)
    }
}
