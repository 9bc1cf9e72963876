//! How the plugins of running processes are.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use smartcms_app::ports::{
    PluginCondition, PluginHealthStore, PluginMeasures, PluginReport, StoreError,
};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::SqliteStore;
use super::rows::{Columns, Fault, all, run};
use super::writer::Refusal;

const FORGET: &str = "DELETE FROM plugin_health WHERE process = ?1 OR at < ?2";
const REPORT: &str = "INSERT INTO plugin_health (process, plugin, at, condition, reason, measures) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const REPORTS: &str = "SELECT plugin, condition, reason, measures FROM plugin_health \
    WHERE at >= ?1 ORDER BY plugin, process";
const RESUME: &str = "INSERT INTO plugin_resumed (plugin, at) VALUES (?1, ?2) \
    ON CONFLICT (plugin) DO UPDATE SET at = excluded.at";
const RESUMED: &str = "SELECT plugin, at FROM plugin_resumed WHERE at > ?1 ORDER BY at, plugin";

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a condition of a plugin")]
struct NotACondition(String);

#[async_trait]
impl PluginHealthStore for SqliteStore {
    async fn report(
        &self,
        process: Uuid,
        at: Timestamp,
        reports: Vec<PluginReport>,
        forget_before: Timestamp,
    ) -> Result<(), StoreError> {
        let work = move |db: &Connection| {
            run(db, FORGET, params![process.as_bytes(), forget_before.as_millis()])?;
            for report in &reports {
                insert(db, process, at, report)?;
            }
            Ok::<(), Refusal<StoreError>>(())
        };
        self.writer.write("store how the plugins are".to_owned(), work).await
    }

    async fn reports(&self, since: Timestamp) -> Result<Vec<PluginReport>, StoreError> {
        let action = || "read how the plugins are".to_owned();
        self.readers.read(action, |db| all(db, REPORTS, [since.as_millis()], report))
    }

    async fn ask_to_resume(&self, plugin: &PluginId, at: Timestamp) -> Result<(), StoreError> {
        let action = format!("ask to resume plugin {plugin}");
        let plugin = plugin.clone();
        self.writer
            .write(action, move |db| {
                run(db, RESUME, params![plugin.as_str(), at.as_millis()])?;
                Ok(())
            })
            .await
    }

    async fn resumptions(
        &self,
        after: Timestamp,
    ) -> Result<Vec<(PluginId, Timestamp)>, StoreError> {
        let action = || "read which plugins are to be resumed".to_owned();
        self.readers.read(action, |db| {
            all(db, RESUMED, [after.as_millis()], |mut row| {
                Ok((row.parse(PluginId::parse)?, row.time()?))
            })
        })
    }
}

fn insert(
    db: &Connection,
    process: Uuid,
    at: Timestamp,
    report: &PluginReport,
) -> rusqlite::Result<usize> {
    let params = params![
        process.as_bytes(),
        report.plugin.as_str(),
        at.as_millis(),
        report.condition.name(),
        report.condition.reason().unwrap_or_default(),
        measures_out(&report.measures).to_string(),
    ];
    run(db, REPORT, params)
}

fn report(mut row: Columns<'_>) -> Result<PluginReport, Fault> {
    let plugin = row.parse(PluginId::parse)?;
    let (name, reason): (String, String) = (row.next()?, row.next()?);
    let condition = PluginCondition::parse(&name, reason).ok_or(NotACondition(name))?;
    let measures = row.parse(|text| serde_json::from_str::<Value>(text))?;
    Ok(PluginReport { plugin, condition, measures: measures_in(&measures) })
}

fn measures_out(measures: &PluginMeasures) -> Value {
    json!({
        "calls": measures.calls,
        "time_us": measures.time_us,
        "times": measures.times,
        "memory_peak_bytes": measures.memory_peak_bytes,
        "host_calls": measures.host_calls,
        "traps": measures.traps,
        "timeouts": measures.timeouts,
        "limits": measures.limits,
        "denials": measures.denials,
        "turned_away": measures.turned_away,
    })
}

/// What another version did not count is nothing.
fn measures_in(stored: &Value) -> PluginMeasures {
    let number = |key: &str| stored.get(key).and_then(Value::as_u64).unwrap_or_default();
    let times = stored.get("times").and_then(Value::as_array);
    PluginMeasures {
        calls: number("calls"),
        time_us: number("time_us"),
        times: times.into_iter().flatten().filter_map(Value::as_u64).collect(),
        memory_peak_bytes: number("memory_peak_bytes"),
        host_calls: number("host_calls"),
        traps: number("traps"),
        timeouts: number("timeouts"),
        limits: number("limits"),
        denials: number("denials"),
        turned_away: number("turned_away"),
    }
}
