//! What a task is: a name, two texts and a function.

use anyhow::{Result, bail};

use crate::workshop::Workshop;

/// One entry of `cargo xtask`.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    /// One line for the overview.
    pub(crate) summary: &'static str,
    /// What `--help` prints.
    pub(crate) help: &'static str,
    pub(crate) run: fn(&Workshop, &[String]) -> Result<()>,
}

/// Refuses arguments of a task that takes none.
pub(crate) fn expect_no_arguments(task: &str, arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("{task} takes no argument {argument:?}; see `cargo xtask {task} --help`");
    }
    Ok(())
}
