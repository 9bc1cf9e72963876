//! What every public error can tell an edge.

use smartcms_domain::Problem;

/// The kinds of failures. Each edge translates them in one place: to a status, an exit code, a WIT case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The thing does not exist, or the actor may not know that it does.
    NotFound,
    /// The state has moved on, or two things want the same name.
    Conflict,
    /// The actor may not do this.
    Forbidden,
    /// The input was refused.
    Invalid,
    /// A limit was passed.
    Limit,
    /// A plugin failed or refused to answer.
    Plugin,
    /// It cannot be done now; trying again may help.
    Unavailable,
    /// A defect of ours.
    Internal,
}

/// An error with a kind, a stable code and help for the one who meets it.
pub trait Fault: std::error::Error {
    /// How edges treat it.
    fn kind(&self) -> FaultKind;

    /// A word for programs; never renamed.
    fn code(&self) -> &str;

    /// What is wrong with which field.
    fn problems(&self) -> &[Problem] {
        &[]
    }

    /// What the reader can do about it.
    fn hint(&self) -> Option<String> {
        None
    }
}
