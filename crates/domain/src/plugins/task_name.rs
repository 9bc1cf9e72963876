//! Names of tasks.

use std::fmt;

/// The longest name of a task, in bytes.
pub const TASK_NAME_LEN_MAX: usize = 64;

/// The name of a task, unique in its plugin: `a-z`, `0-9` and inner hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskName(String); // Invariant: checked by `parse`.

/// The text is not the name of a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a task: 1 to {TASK_NAME_LEN_MAX} of a-z, 0-9 and inner hyphens, beginning with a letter"
)]
pub struct TaskNameError(String);

impl TaskName {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, TaskNameError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = text.len() <= TASK_NAME_LEN_MAX && text.chars().all(allowed);
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if fits && begins && !text.ends_with('-') {
            return Ok(Self(text.to_owned()));
        }
        // A guest may have chosen it: what is shown of it is bounded and cannot steer a terminal.
        let shown = text.chars().take(TASK_NAME_LEN_MAX).filter(|c| !c.is_control());
        Err(TaskNameError(shown.collect()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::TaskName;

    #[test]
    fn a_name_is_safe_on_a_command_line() {
        for good in ["a", "check-links", "step-2"] {
            assert!(TaskName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "2a", "a b", "a/b", "\u{1b}[31m", &"a".repeat(65)] {
            assert!(TaskName::parse(bad).is_err(), "{bad}");
        }
    }
}
