//! The registry of plugins.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{Digest, PluginRecord, PluginStore, StoreError};
use smartcms_domain::plugins::{Grant, GrantError, Grants, PluginId};

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, first, run};

macro_rules! select_plugins {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, version, digest, enabled, added_at, settings, \
             (SELECT json_group_array(\"grant\") FROM plugin_grants WHERE plugin = plugins.id) \
             FROM plugins ",
            $rest
        )
    };
}

const LIST: &str = select_plugins!("ORDER BY id");
const BY_ID: &str = select_plugins!("WHERE id = ?1");
const SAVE: &str = "INSERT INTO plugins (id, name, version, digest, enabled, added_at, settings) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
    version = excluded.version, digest = excluded.digest, enabled = excluded.enabled, \
    added_at = excluded.added_at, settings = excluded.settings";
const DELETE: &str = "DELETE FROM plugins WHERE id = ?1";
const DELETE_GRANTS: &str = "DELETE FROM plugin_grants WHERE plugin = ?1";
const INSERT_GRANT: &str = "INSERT INTO plugin_grants (plugin, \"grant\") VALUES (?1, ?2)";
const GENERATION: &str = "SELECT generation FROM plugin_generation";
const NEXT_GENERATION: &str = "UPDATE plugin_generation SET generation = generation + 1";

/// What goes with a plugin that goes; its grants go by themselves.
const FORGET: [&str; 9] = [
    "DELETE FROM plugin_keys WHERE plugin = ?1",
    "DELETE FROM plugin_usage WHERE plugin = ?1",
    "DELETE FROM plugin_log WHERE plugin = ?1",
    "DELETE FROM plugin_heard WHERE plugin = ?1",
    "DELETE FROM parked_events WHERE plugin = ?1",
    "DELETE FROM task_runs WHERE plugin = ?1",
    "DELETE FROM task_due WHERE plugin = ?1",
    "DELETE FROM plugin_health WHERE plugin = ?1",
    "DELETE FROM plugin_resumed WHERE plugin = ?1",
];

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a digest")]
struct NotADigest(String);

#[async_trait]
impl PluginStore for SqliteStore {
    async fn list(&self) -> Result<Vec<PluginRecord>, StoreError> {
        self.readers.read(|| "list the plugins".to_owned(), |db| all(db, LIST, [], plugin))
    }

    async fn find(&self, id: &PluginId) -> Result<Option<PluginRecord>, StoreError> {
        let action = || format!("read plugin {id}");
        self.readers.read(action, |db| first(db, BY_ID, [id.as_str()], plugin))
    }

    async fn save(&self, record: PluginRecord) -> Result<(), StoreError> {
        let action = format!("store plugin {}", record.id);
        self.writer.write(action, move |db| Ok(save(db, &record)?)).await
    }

    async fn remove(&self, id: &PluginId) -> Result<bool, StoreError> {
        let action = format!("remove plugin {id}");
        let id = id.clone();
        self.writer.write(action, move |db| Ok(remove(db, &id)?)).await
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        let action = || "read the generation of the plugins".to_owned();
        let read = |db: &Connection| first(db, GENERATION, [], |mut row| row.count());
        Ok(self.readers.read(action, read)?.unwrap_or_default())
    }
}

fn save(db: &Connection, record: &PluginRecord) -> rusqlite::Result<()> {
    let id = record.id.as_str();
    let params = params![
        id,
        record.name,
        record.version,
        record.digest.to_string(),
        record.enabled,
        record.added_at.as_millis(),
        record.settings,
    ];
    run(db, SAVE, params)?;
    run(db, DELETE_GRANTS, [id])?;
    for grant in record.grants.iter() {
        run(db, INSERT_GRANT, [id, &grant.to_string()])?;
    }
    run(db, NEXT_GENERATION, [])?;
    Ok(())
}

fn remove(db: &Connection, id: &PluginId) -> rusqlite::Result<bool> {
    if run(db, DELETE, [id.as_str()])? == 0 {
        return Ok(false);
    }
    for sql in FORGET {
        run(db, sql, [id.as_str()])?;
    }
    run(db, NEXT_GENERATION, [])?;
    Ok(true)
}

fn plugin(mut row: Columns<'_>) -> Result<PluginRecord, Fault> {
    let id: String = row.next()?;
    let read = plugin_with(&id, row);
    read.map_err(|source| Damaged { what: format!("plugin {id}"), source }.into())
}

fn plugin_with(id: &str, mut row: Columns<'_>) -> Result<PluginRecord, Fault> {
    Ok(PluginRecord {
        id: PluginId::parse(id)?,
        name: row.next()?,
        version: row.next()?,
        digest: row.parse(|text| Digest::parse(text).ok_or_else(|| NotADigest(text.to_owned())))?,
        enabled: row.next()?,
        added_at: row.time()?,
        settings: row.next()?,
        grants: row.parse(grants)?,
    })
}

fn grants(json: &str) -> Result<Grants, Fault> {
    let texts: Vec<String> = serde_json::from_str(json)?;
    let grants: Result<Grants, GrantError> =
        texts.iter().map(|text| text.parse::<Grant>()).collect();
    Ok(grants?)
}
