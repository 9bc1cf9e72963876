//! A plugin's log: lines from its standard streams, from `wasi:logging` and from the host itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use smartcms_app::ports::{Clock, LogLevel, LogLine, PluginLog};
use smartcms_domain::plugins::PluginId;

use super::budget::{Budget, LogLimits, MinuteBudget, Verdict};

/// Longer lines are cut into several.
pub(crate) const LINE_MAX_BYTES: usize = 4096;

/// The log of one plugin, shared by its calls.
pub struct GuestLog {
    plugin: PluginId,
    limits: LogLimits,
    minute: Mutex<MinuteBudget>,
    port: Arc<dyn PluginLog>,
    clock: Arc<dyn Clock>,
}

/// The log of one call.
pub struct CallLog {
    plugin: Arc<GuestLog>,
    budget: Mutex<Budget>,
}

impl GuestLog {
    /// A log that ends in `port`.
    #[must_use]
    pub fn new(
        plugin: PluginId,
        limits: LogLimits,
        port: Arc<dyn PluginLog>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let minute = Mutex::new(MinuteBudget::new(limits.minute_bytes_max, Instant::now()));
        Arc::new(Self { plugin, limits, minute, port, clock })
    }

    /// The log for one more call.
    #[must_use]
    pub fn call(self: &Arc<Self>) -> Arc<CallLog> {
        let budget = Mutex::new(Budget::new(self.limits.call_bytes_max));
        Arc::new(CallLog { plugin: Arc::clone(self), budget })
    }

    /// A line of the host about the plugin. Nothing bounds it here: callers say things once a call at most,
    /// or take it from the budget of the call.
    pub fn host(&self, level: LogLevel, text: &str) {
        self.send(level, "host", text);
    }

    fn send(&self, level: LogLevel, source: &str, text: &str) {
        let (plugin, at) = (self.plugin.clone(), self.clock.now());
        let source = printable(source);
        self.port.append(vec![LogLine { plugin, at, level, source, text: printable(text) }]);
    }
}

impl CallLog {
    /// Writes one line, cut where it is too long, as far as the limits allow.
    pub fn line(&self, level: LogLevel, source: &str, text: &str) {
        let source = source.split_at(source.floor_char_boundary(SOURCE_MAX_BYTES)).0;
        let mut rest = text;
        loop {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(LINE_MAX_BYTES));
            if !self.piece(level, source, piece) || after.is_empty() {
                return;
            }
            rest = after;
        }
    }

    /// A line of the host about this call; counts as the plugin's own, which may cause many of them.
    pub fn host(&self, level: LogLevel, text: &str) {
        self.line(level, "host", text);
    }

    /// Whether the piece was kept.
    fn piece(&self, level: LogLevel, source: &str, text: &str) -> bool {
        // An empty line costs something too, or a flood of them would cost nothing.
        let bytes = text.len() + source.len() + 1;
        let limits = self.plugin.limits;
        let call = self.budget.lock().unwrap_or_else(PoisonError::into_inner).take(bytes);
        if call != Verdict::Keep {
            self.told(call, limits.call_bytes_max, "call");
            return false;
        }
        let minute = self
            .plugin
            .minute
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(bytes, Instant::now());
        if minute != Verdict::Keep {
            self.told(minute, limits.minute_bytes_max, "minute");
            return false;
        }
        self.plugin.send(level, source, text);
        true
    }

    fn told(&self, verdict: Verdict, limit: usize, span: &str) {
        if verdict == Verdict::DropFirst {
            let text = format!("log limit reached: {limit} bytes a {span}; the rest is dropped");
            self.plugin.host(LogLevel::Warn, &text);
        }
    }
}

/// A longer logging context is cut.
const SOURCE_MAX_BYTES: usize = 128;

/// Control characters could drive the terminal of whoever reads the log.
fn printable(text: &str) -> String {
    text.chars().map(|it| if it.is_control() && it != '\t' { '\u{fffd}' } else { it }).collect()
}
