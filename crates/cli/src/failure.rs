//! How failures reach the person at the command line.

use std::fmt::Write;
use std::process::ExitCode;

use smartcms_app::{Fault, FaultKind};
use smartcms_domain::with_causes;

use crate::printable::printable;

/// An error of an operation with its help and exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    exit: u8,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure with what the reader can do about it.
    pub(crate) fn hinted(
        message: impl Into<String>,
        hint: impl Into<String>,
        exit: u8,
    ) -> anyhow::Error {
        Self { message: message.into(), hint: Some(hint.into()), exit, source: None }.into()
    }

    /// A failure of another kind than most.
    pub(crate) fn with_exit<E>(error: E, exit: u8) -> anyhow::Error
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let source = error.source().map(|source| with_causes(source).into());
        Self { message: error.to_string(), hint: None, exit, source }.into()
    }
}

/// The exit codes; `smartcms --help` lists them.
pub(crate) mod exit {
    pub(crate) const FAILED: u8 = 1;
    pub(crate) const DENIED: u8 = 3;
    pub(crate) const NOT_FOUND: u8 = 4;
    pub(crate) const CONFLICT: u8 = 5;
    pub(crate) const INVALID: u8 = 6;
    pub(crate) const LIMIT: u8 = 7;
    /// What shells say of a command that Ctrl-C ended.
    pub(crate) const INTERRUPTED: u8 = 130;
}

/// Takes over what an operation says of its failure.
pub(crate) fn fault<E: Fault + Send + Sync + 'static>(error: E) -> anyhow::Error {
    let exit = match error.kind() {
        FaultKind::NotFound => exit::NOT_FOUND,
        FaultKind::Conflict => exit::CONFLICT,
        FaultKind::Forbidden => exit::DENIED,
        FaultKind::Invalid => exit::INVALID,
        FaultKind::Limit => exit::LIMIT,
        FaultKind::Plugin | FaultKind::Unavailable | FaultKind::Internal => exit::FAILED,
    };
    let mut message = error.to_string();
    for problem in error.problems() {
        let _ = write!(message, "\n  {problem}"); // Writing to a string cannot fail.
    }
    let hint = error.hint();
    // A transparent error repeats the text of its source: the chain goes on below it.
    let source = error.source().map(|source| with_causes(source).into());
    Failure { message, hint, exit, source }.into()
}

/// Prints a failure with its causes, each once, and the hint.
#[expect(clippy::print_stderr, reason = "this is where the command line speaks")]
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {}", printable(&error.to_string()));
    for cause in error.chain().skip(1) {
        eprintln!("  because {}", printable(&cause.to_string()));
    }
    let failure = error.downcast_ref::<Failure>();
    if let Some(hint) = failure.and_then(|it| it.hint.as_ref()) {
        eprintln!("hint: {}", printable(hint));
    }
    ExitCode::from(failure.map_or(exit::FAILED, |it| it.exit))
}
