//! A bar for people at a terminal, and a line now and then for everybody else.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use smartcms_transfer::Progress;

/// How long there is silence between two lines.
const LINE_WAIT: Duration = Duration::from_secs(5);

/// Shows how far a long work is, on standard error.
pub(crate) struct Bar {
    bar: ProgressBar,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    what: String,
    units: u64,
    last: Option<Instant>,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        Self { bar, lines: Mutex::default() }
    }
}

impl Progress for Bar {
    fn begin(&self, what: &str, units: u64) {
        let template = "{msg:12} [{bar:30}] {percent:>3}% {elapsed_precise} left {eta}";
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.set_length(units);
        self.bar.reset();
        self.bar.set_message(what.to_owned());
        if let Ok(mut lines) = self.lines.lock() {
            *lines = Lines { what: what.to_owned(), units, last: Some(Instant::now()) };
        }
    }

    fn reach(&self, units: u64) {
        self.bar.set_position(units);
        if !self.bar.is_hidden() {
            return;
        }
        let Ok(mut lines) = self.lines.lock() else { return };
        if lines.last.is_some_and(|last| last.elapsed() >= LINE_WAIT) {
            lines.last = Some(Instant::now());
            let percent = units.saturating_mul(100).checked_div(lines.units).unwrap_or(0);
            tracing::info!("{}: {percent} %", lines.what);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
