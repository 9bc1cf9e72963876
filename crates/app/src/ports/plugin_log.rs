//! What plugins say.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;

use super::StoreError;

/// The log of plugins: what they print, and what the host says about them.
#[async_trait]
pub trait PluginLog: Send + Sync {
    /// Adds lines without waiting until they are stored. Past the adapter's bound the oldest lines go.
    fn append(&self, lines: Vec<LogLine>);

    /// The newest lines of a plugin, the oldest of them first.
    async fn newest(&self, plugin: &PluginId, limit: u32) -> Result<Vec<LogLine>, StoreError>;
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Who said it, or of whom it is said.
    pub plugin: PluginId,
    /// When.
    pub at: Timestamp,
    /// How grave it is.
    pub level: LogLevel,
    /// Where it came from: `stdout`, `stderr`, a logging context, or `host`.
    pub source: String,
    /// The text, without a line end.
    pub text: String,
}

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For those who look for a fault.
    Debug,
    /// Good to know.
    Info,
    /// Somebody should look.
    Warn,
    /// Somebody must act.
    Error,
}

impl LogLevel {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Warn, Self::Error];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}
