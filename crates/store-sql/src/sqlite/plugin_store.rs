//! The registry of plugins.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{Digest, PluginRecord, PluginStore, ReplacedVersion, StoreError};
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

const REPLACED: &str = "SELECT r.on_trial, r.plugin, r.name, r.version, r.digest, r.enabled, r.added_at, r.settings, \
    r.grants FROM replaced_plugins r JOIN plugins p ON p.id = r.plugin AND p.digest = r.replaced_by \
    WHERE r.plugin = ?1";
const KEEP_REPLACED: &str = "INSERT OR REPLACE INTO replaced_plugins (plugin, replaced_by, on_trial, name, version, \
    digest, enabled, added_at, settings, grants) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const END_TRIAL: &str =
    "UPDATE replaced_plugins SET on_trial = 0 WHERE plugin = ?1 AND replaced_by = ?2";
const FORGET_REPLACED: &str = "DELETE FROM replaced_plugins WHERE plugin = ?1";

/// What goes with a plugin that goes; its grants and the version it replaced go by themselves.
const FORGET: [&str; 10] = [
    "DELETE FROM plugin_keys WHERE plugin = ?1",
    "DELETE FROM plugin_usage WHERE plugin = ?1",
    "DELETE FROM plugin_log WHERE plugin = ?1",
    "DELETE FROM plugin_heard WHERE plugin = ?1",
    "DELETE FROM parked_events WHERE plugin = ?1",
    "DELETE FROM task_runs WHERE plugin = ?1",
    "DELETE FROM task_due WHERE plugin = ?1",
    "DELETE FROM task_schedules WHERE plugin = ?1",
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

    async fn upgrade(&self, next: PluginRecord, replaced: PluginRecord) -> Result<(), StoreError> {
        let action = format!("store another version of plugin {}", next.id);
        self.writer.write(action, move |db| Ok(upgrade(db, &next, &replaced)?)).await
    }

    async fn replaced(&self, id: &PluginId) -> Result<Option<ReplacedVersion>, StoreError> {
        let action = || format!("read the version that plugin {id} replaced");
        self.readers.read(action, |db| replaced(db, id))
    }

    async fn end_trial(&self, id: &PluginId, stood: Digest) -> Result<(), StoreError> {
        let action = format!("end the trial of plugin {id}");
        let id = id.clone();
        let write = move |db: &Connection| {
            run(db, END_TRIAL, [id.as_str(), &stood.to_string()])?;
            Ok(())
        };
        self.writer.write(action, write).await
    }

    async fn roll_back(
        &self,
        id: &PluginId,
        failed: Digest,
    ) -> Result<Option<PluginRecord>, StoreError> {
        let action = format!("put the version back that plugin {id} replaced");
        let id = id.clone();
        self.writer.write(action, move |db| Ok(roll_back(db, &id, &failed)?)).await
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

fn upgrade(db: &Connection, next: &PluginRecord, replaced: &PluginRecord) -> Result<(), Fault> {
    save(db, next)?;
    let grants: Vec<String> = replaced.grants.iter().map(ToString::to_string).collect();
    let params = params![
        next.id.as_str(),
        next.digest.to_string(),
        replaced.name,
        replaced.version,
        replaced.digest.to_string(),
        replaced.enabled,
        replaced.added_at.as_millis(),
        replaced.settings,
        serde_json::to_string(&grants)?,
    ];
    run(db, KEEP_REPLACED, params)?;
    Ok(())
}

fn replaced(db: &Connection, id: &PluginId) -> Result<Option<ReplacedVersion>, Fault> {
    first(db, REPLACED, [id.as_str()], |mut row| {
        Ok(ReplacedVersion { on_trial: row.next()?, record: plugin(row)? })
    })
}

fn roll_back(
    db: &Connection,
    id: &PluginId,
    failed: &Digest,
) -> Result<Option<PluginRecord>, Fault> {
    let now = first(db, BY_ID, [id.as_str()], plugin)?;
    if now.is_none_or(|it| it.digest != *failed) {
        return Ok(None);
    }
    let Some(version) = replaced(db, id)? else { return Ok(None) };
    save(db, &version.record)?;
    run(db, FORGET_REPLACED, [id.as_str()])?;
    Ok(Some(version.record))
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
