//! Errors with what is behind them.

use std::error::Error;

/// An error and all that is behind it, in one line: `could not keep a page: the disk is full`.
///
/// Logs for programs have the text of the error alone where they are given the error itself.
#[must_use]
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::with_causes;

    #[derive(Debug, thiserror::Error)]
    #[error("could not keep a page")]
    struct Outer(#[source] io::Error);

    #[test]
    fn everything_behind_an_error_is_told() {
        let error = Outer(io::Error::other("the disk is full"));
        assert_eq!(with_causes(&error), "could not keep a page: the disk is full");
        assert_eq!(with_causes(&io::Error::other("alone")), "alone");
    }
}
