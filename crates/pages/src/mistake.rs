//! Where a template is wrong, for those who write it.

use std::error::Error as _;
use std::fmt;

use minijinja::Error;

/// How many lines are shown before and after the mistake.
const LINES_AROUND: usize = 2;
/// The longest part of a line that is shown, in characters.
const LINE_LEN_MAX: usize = 160;

/// A mistake in a template: which, where, and the lines around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateMistake {
    /// The file.
    pub template: String,
    /// Its line, from 1; `None` where the engine knows none.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// The lines around it: number, text, whether it is the one.
    pub lines: Vec<(usize, String, bool)>,
}

impl TemplateMistake {
    /// Finds the place in the innermost template: a page that extends a layout fails in the layout's file.
    pub(crate) fn new(
        fallback: &str,
        error: &Error,
        source: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut innermost = error;
        let mut next = error.source();
        while let Some(inner) = next.and_then(|it| it.downcast_ref::<Error>()) {
            innermost = inner;
            next = inner.source();
        }
        let placed = if innermost.line().is_some() { innermost } else { error };
        let template = placed.name().unwrap_or(fallback).to_owned();
        let line = placed.line().filter(|it| *it > 0);
        let lines = match (line, source(&template)) {
            (Some(line), Some(text)) => around(&text, line),
            _ => Vec::new(),
        };
        let kind = innermost.kind().to_string();
        let message = match innermost.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind,
        };
        Self { template, line, message, lines }
    }
}

fn around(text: &str, line: usize) -> Vec<(usize, String, bool)> {
    let first = line.saturating_sub(LINES_AROUND + 1);
    let shown = text.lines().enumerate().skip(first).take(line + LINES_AROUND - first);
    shown
        .map(|(at, text)| (at + 1, text.chars().take(LINE_LEN_MAX).collect(), at + 1 == line))
        .collect()
}

/// `home.html:3: undefined value`, then the lines around it.
impl fmt::Display for TemplateMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        for (number, text, is_wrong) in &self.lines {
            let mark = if *is_wrong { '>' } else { ' ' };
            write!(f, "\n{mark} {number:4} | {text}")?;
        }
        Ok(())
    }
}
