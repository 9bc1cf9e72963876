//! The only place that prints. Progress goes to stderr, so stdout stays free for results.

use std::{
    io::Write,
    time::{Duration, Instant},
};

/// Announces a piece of work: `==> what`.
pub(crate) fn step(what: &str) {
    line(&format!("==> {what}"));
}

/// Announces work that may be slow the first time, with a rough figure for two cores.
pub(crate) fn slow_step(what: &str, minutes: u32) {
    step(&format!("{what} (may take ~{minutes} min on first run)"));
}

/// A detail under the last step.
pub(crate) fn note(what: &str) {
    line(&format!("    {what}"));
}

/// Prints the error and each of its causes once.
pub(crate) fn failure(error: &anyhow::Error) {
    line(&format!("error: {error:#}"));
}

/// Prints a finished text, such as a help page.
pub(crate) fn text(text: &str) {
    line(text.trim_end());
}

/// Prints what another program said, as it is.
pub(crate) fn said(bytes: &[u8]) {
    let _ = std::io::stderr().lock().write_all(bytes);
}

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// `7.4s` or `3m 05s`.
pub(crate) fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1}s", duration.as_secs_f64())
    } else {
        format!("{}m {:02}s", seconds / 60, seconds % 60)
    }
}

fn line(text: &str) {
    // A closed stderr leaves nobody to tell, so the result is dropped on purpose.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short_and_readable() {
        assert_eq!(duration_text(Duration::from_millis(7_420)), "7.4s");
        assert_eq!(duration_text(Duration::from_secs(185)), "3m 05s");
    }
}
