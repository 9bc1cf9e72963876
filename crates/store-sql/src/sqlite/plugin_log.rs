//! The log of plugins.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{LogLevel, LogLine, PluginLog, StoreError};
use smartcms_domain::plugins::PluginId;

use super::SqliteStore;
use super::rows::{Columns, Fault, all, run};

/// The most lines kept of one plugin.
const LINES_KEPT_MAX: u32 = 10_000;

const INSERT: &str = "INSERT INTO plugin_log (plugin, number, at, level, source, text) VALUES (?1, \
    (SELECT coalesce(max(number), 0) + 1 FROM plugin_log WHERE plugin = ?1), ?2, ?3, ?4, ?5)";
const TRIM: &str = "DELETE FROM plugin_log WHERE plugin = ?1 \
    AND number <= (SELECT max(number) FROM plugin_log WHERE plugin = ?1) - ?2";
const NEWEST: &str = "SELECT at, level, source, text FROM plugin_log WHERE plugin = ?1 \
    ORDER BY number DESC LIMIT ?2";

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a level")]
struct UnknownLevel(String);

#[async_trait]
impl PluginLog for SqliteStore {
    fn append(&self, lines: Vec<LogLine>) {
        self.writer.append(lines);
    }

    async fn newest(&self, plugin: &PluginId, limit: u32) -> Result<Vec<LogLine>, StoreError> {
        let action = format!("read the log of plugin {plugin}");
        // A write of nothing takes along the lines that wait.
        self.writer.write::<(), StoreError, _>(action.clone(), |_| Ok(())).await?;
        let params = params![plugin.as_str(), limit.min(LINES_KEPT_MAX)];
        let mut lines =
            self.readers.read(|| action, |db| all(db, NEWEST, params, |row| line(plugin, row)))?;
        lines.reverse();
        Ok(lines)
    }
}

/// Stores lines, and takes the oldest ones away past [`LINES_KEPT_MAX`].
pub(super) fn store<'a>(
    db: &Connection,
    lines: impl IntoIterator<Item = &'a LogLine>,
) -> rusqlite::Result<()> {
    let mut plugins = BTreeSet::new();
    for line in lines {
        let id = line.plugin.as_str();
        run(
            db,
            INSERT,
            params![id, line.at.as_millis(), line.level.name(), line.source, line.text],
        )?;
        plugins.insert(id);
    }
    for id in plugins {
        run(db, TRIM, params![id, LINES_KEPT_MAX])?;
    }
    Ok(())
}

fn line(plugin: &PluginId, mut row: Columns<'_>) -> Result<LogLine, Fault> {
    Ok(LogLine {
        plugin: plugin.clone(),
        at: row.time()?,
        level: row.parse(level)?,
        source: row.next()?,
        text: row.next()?,
    })
}

fn level(name: &str) -> Result<LogLevel, UnknownLevel> {
    let found = LogLevel::ALL.into_iter().find(|it| it.name() == name);
    found.ok_or_else(|| UnknownLevel(name.to_owned()))
}
