//! The table that is printed.

use std::fmt;

use crate::rounds::{Rounds, median};

/// One line: what was measured, and what it was measured against.
#[derive(Debug, Clone)]
pub struct Row {
    name: String,
    ours: String,
    against: String,
    reference: String,
    ratio: String,
    target: String,
    met: &'static str,
}

const COLUMNS: usize = 7;

/// What a row should reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The ratio or the figure is at least this.
    AtLeast(f64),
    /// The ratio or the figure is at most this.
    AtMost(f64),
    /// Shown for the reader, judged by nobody.
    None,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// How many each second: more is better.
    PerSecond,
    /// Nanoseconds each: less is better.
    Nanos,
    /// Microseconds each: less is better.
    Micros,
    /// Milliseconds.
    Millis,
    /// Thousands of bytes.
    Kilobytes,
    /// Millions of bytes.
    Megabytes,
    /// Mebibytes.
    Mebibytes,
    /// Mebibytes more each minute.
    MebibytesPerMinute,
    /// Of a hundred.
    Percent,
}

impl Row {
    /// A ratio of two sides.
    #[must_use]
    pub fn ratio(
        name: impl Into<String>,
        against: &str,
        unit: Unit,
        rounds: &Rounds,
        goal: Goal,
    ) -> Self {
        let ((low, high), ratio) = (rounds.spread(), rounds.ratio());
        Self {
            name: name.into(),
            ours: unit.show(rounds.ours()),
            against: against.to_owned(),
            reference: unit.show(rounds.reference()),
            ratio: format!("{ratio:.2} ({low:.2}–{high:.2})"),
            target: goal.show(""),
            met: goal.verdict(ratio),
        }
    }

    /// A figure that has its goal in itself.
    #[must_use]
    pub fn figure(name: impl Into<String>, unit: Unit, figures: &[f64], goal: Goal) -> Self {
        let figure = median(figures);
        Self {
            name: name.into(),
            ours: unit.show(figure),
            against: "–".to_owned(),
            reference: "–".to_owned(),
            ratio: "–".to_owned(),
            target: goal.show(unit.name()),
            met: goal.verdict(figure),
        }
    }

    /// A figure that has its goal in itself, with what stands beside it.
    #[must_use]
    pub fn figure_beside(
        name: impl Into<String>,
        against: &str,
        unit: Unit,
        rounds: &Rounds,
        goal: Goal,
    ) -> Self {
        let judged = Self::figure("", unit, &[rounds.ours()], goal);
        let Self { target, met, .. } = judged;
        Self { target, met, ..Self::ratio(name, against, unit, rounds, Goal::None) }
    }

    /// A row that could not be measured, and why.
    #[must_use]
    pub fn missing(name: impl Into<String>, against: &str, why: impl fmt::Display) -> Self {
        let none = || "–".to_owned();
        let (against, reference) = (against.to_owned(), format!("not measured: {why}"));
        let (ours, ratio, target) = (none(), none(), none());
        Self { name: name.into(), ours, against, reference, ratio, target, met: "–" }
    }

    fn cells(&self) -> [&str; COLUMNS] {
        let Self { name, ours, against, reference, ratio, target, met } = self;
        [name, ours, against, reference, ratio, target, met]
    }
}

impl Goal {
    fn show(self, unit: &str) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}{unit}"),
            Self::AtMost(most) => format!("≤ {most}{unit}"),
            Self::None => "–".to_owned(),
        }
    }

    fn verdict(self, figure: f64) -> &'static str {
        let met = match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
            Self::None => return "–",
        };
        if met { "yes" } else { "NO" }
    }
}

impl Unit {
    fn show(self, figure: f64) -> String {
        let digits = usize::from(figure < 100.0);
        format!("{figure:.digits$}{}", self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Nanos => " ns",
            Self::Micros => " µs",
            Self::Millis => " ms",
            Self::Kilobytes => " KB",
            Self::Megabytes => " MB",
            Self::Mebibytes => " MiB",
            Self::MebibytesPerMinute => " MiB/min",
            Self::Percent => " %",
        }
    }
}

/// The rows as a Markdown table whose columns line up.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let head = ["what", "ours", "beside", "reference", "ratio (of rounds)", "target", "met?"];
    let lines: Vec<[&str; COLUMNS]> =
        std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let mut widths = [0; COLUMNS];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(widths) {
            text.push_str(&format!("| {cell:<width$} "));
        }
        text.push_str("|\n");
        if number == 0 {
            widths.iter().for_each(|width| text.push_str(&format!("|{}", "-".repeat(width + 2))));
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Goal, Row, Unit, table};

    #[test]
    fn a_target_that_is_missed_is_said_and_nothing_more() {
        let goal = Goal::AtMost(100.0);
        let rows = [
            Row::figure("ready", Unit::Millis, &[90.0, 95.0, 200.0], goal),
            Row::figure("late", Unit::Millis, &[120.0], goal),
        ];
        let text = table(&rows);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[2].contains("95.0 ms") && lines[2].contains("| yes"), "{text}");
        assert!(lines[3].contains("≤ 100 ms") && lines[3].contains("| NO"), "{text}");
    }
}
