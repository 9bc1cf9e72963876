//! What is logged goes to standard error, a line each: hosts collect that.

use std::fmt::{self, Write as _};
use std::io::Write as _;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The least important level that is told, in the variable `SMARTCMS_LOG`: error, warn, info (the default) or debug.
struct Lines {
    level: Level,
}

/// The least important level that is told.
pub(crate) fn level() -> Level {
    let level = std::env::var("SMARTCMS_LOG").ok().and_then(|it| it.parse().ok());
    level.unwrap_or(Level::INFO)
}

/// Starts logging; the second time nothing happens.
pub(crate) fn start() {
    let lines = Lines { level: level() };
    // Somebody else logs already then.
    let _ = tracing::subscriber::set_global_default(lines);
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut line);
        // There is nobody to tell that nothing can be told.
        let _ = writeln!(std::io::stderr(), "{}", line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let value = format!("{value:?}");
        // A field that is there and says nothing.
        if value == "\"\"" {
            return;
        }
        // Writing to a string cannot fail. Line ends in texts of strangers would begin a line of their own.
        let text = match field.name() {
            "message" => format!(": {value}"),
            name => format!(" {name}={value}"),
        };
        let _ = self.0.write_str(&text.replace('\n', "\\n"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(error) = source {
            text.push_str(&format!(": {error}"));
            source = error.source();
        }
        self.record_debug(field, &format_args!("{text}"));
    }
}
