//! Definitions of collections, and the transaction in which they change with the entries they are about.

mod staged;

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    DefinitionRecord, DefinitionStore, Digest, KnownDefinitions, Origin, RedefineError,
    Redefinition, StagedEntry, StoreError,
};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{EntryId, Revision};
use smartcms_domain::plugins::PluginId;
use uuid::Uuid;

use super::SqliteStore;
use super::entries::{NotUnique, prepare_indexes};
use super::rows::{Columns, Damaged, Fault, all, count, first, run};
use super::writer::Refusal;

const LIST: &str = "SELECT name, origin, revision, changed_at, changed_by, definition \
    FROM collection_definitions ORDER BY name";
const PUT: &str = "INSERT INTO collection_definitions \
    (name, origin, revision, changed_at, changed_by, definition) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
    ON CONFLICT (name) DO UPDATE SET origin = excluded.origin, revision = excluded.revision, \
    changed_at = excluded.changed_at, changed_by = excluded.changed_by, definition = excluded.definition";
const REMOVE: &str = "DELETE FROM collection_definitions WHERE name = ?1";
const COMPUTED: &str = "SELECT plugin, component FROM computed_values ORDER BY plugin";
const COMPUTED_BY: &str = "INSERT INTO computed_values (plugin, component) VALUES (?1, ?2) \
    ON CONFLICT (plugin) DO UPDATE SET component = excluded.component";
const GENERATION: &str = "SELECT generation FROM definitions_generation";
const ADVANCE: &str =
    "UPDATE definitions_generation SET generation = generation + 1 WHERE generation = ?1";
const LATER_EVENT: &str = "SELECT 1 FROM outbox WHERE seq > ?1 AND collection = ?2 LIMIT 1";

#[async_trait]
impl DefinitionStore for SqliteStore {
    async fn definitions(&self) -> Result<KnownDefinitions, StoreError> {
        self.known_definitions()
    }

    async fn generation(&self) -> Result<u64, StoreError> {
        self.readers.read(|| "read how often definitions changed".to_owned(), generation)
    }

    async fn stage(
        &self,
        change: Uuid,
        looked_at: Vec<EntryId>,
        staged: Vec<StagedEntry>,
    ) -> Result<(), StoreError> {
        let action = format!("put {} entries aside", staged.len());
        let work = move |db: &Connection| Ok(staged::put(db, change, &looked_at, &staged)?);
        self.writer.write(action, work).await
    }

    async fn forget_staged(&self) -> Result<(), StoreError> {
        let action = "forget what was put aside".to_owned();
        self.writer.write(action, |db| Ok(staged::forget(db)?)).await
    }

    async fn redefine(&self, change: Redefinition) -> Result<u64, RedefineError> {
        let action = "change the definitions of collections".to_owned();
        self.writer.write(action, move |db| redefine(db, &change)).await
    }
}

impl SqliteStore {
    /// The definitions that were applied last, read on the caller's thread.
    pub fn known_definitions(&self) -> Result<KnownDefinitions, StoreError> {
        self.readers.read(
            || "read the definitions of collections".to_owned(),
            |db| {
                // One statement after the other: a change between the two is noticed by its generation later.
                let generation = generation(db)?;
                let records = all(db, LIST, [], record)?;
                let computed = all(db, COMPUTED, [], computed)?;
                Ok(KnownDefinitions { generation, records, computed })
            },
        )
    }
}

/// Whether changes that were checked by the definitions of a generation may be stored.
pub(super) fn is_current(db: &Connection, wanted: u64) -> Result<bool, Fault> {
    Ok(generation(db)? == wanted)
}

fn generation(db: &Connection) -> Result<u64, Fault> {
    Ok(first(db, GENERATION, [], |mut row| row.count())?.unwrap_or_default())
}

fn redefine(db: &Connection, change: &Redefinition) -> Result<u64, Refusal<RedefineError>> {
    if run(db, ADVANCE, [count(change.generation)?])? == 0 {
        return Err(Refusal::Known(RedefineError::Stale));
    }
    for collection in &change.looked_at {
        let params = params![count(change.seen.0)?, collection.as_str()];
        if first(db, LATER_EVENT, params, |_| Ok(()))?.is_some() {
            return Err(Refusal::Known(RedefineError::Moved));
        }
    }
    if !staged::fits(db, change.change)? {
        return Err(Refusal::Known(RedefineError::Moved));
    }
    // Indexes go before the entries change, and come when all have: a value may pass from one entry to another.
    drop_indexes(db, change)?;
    staged::apply(db, change.change)?;
    for name in &change.removed {
        run(db, REMOVE, [name.as_str()])?;
    }
    for record in &change.records {
        put(db, record)?;
    }
    for (plugin, component) in &change.computed {
        run(db, COMPUTED_BY, params![plugin.as_str(), component.to_string()])?;
    }
    prepare_indexes(db, &change.all).map_err(|fault| match fault.downcast::<NotUnique>() {
        Ok(it) => {
            Refusal::Known(RedefineError::NotUnique { collection: it.collection, field: it.field })
        }
        Err(fault) => Refusal::Failed(fault),
    })?;
    Ok(change.generation + 1)
}

/// Drops the indexes of collections whose entries change; they are made again afterwards.
fn drop_indexes(db: &Connection, change: &Redefinition) -> Result<(), Fault> {
    let stays = |it: &&std::sync::Arc<CollectionDefinition>| !change.looked_at.contains(&it.name);
    let others: Vec<_> = change.all.iter().filter(stays).cloned().collect();
    if change.looked_at.is_empty() {
        return Ok(());
    }
    super::entries::drop_indexes_of_others(db, &others)
}

fn put(db: &Connection, record: &DefinitionRecord) -> Result<(), Fault> {
    let document = serde_json::to_string(&record.definition.to_document())?;
    let params = params![
        record.definition.name.as_str(),
        record.origin.name(),
        count(record.revision.number())?,
        record.changed_at.as_millis(),
        record.changed_by,
        document,
    ];
    run(db, PUT, params)?;
    Ok(())
}

fn computed(mut row: Columns<'_>) -> Result<(PluginId, Digest), Fault> {
    let plugin: String = row.next()?;
    let component: String = row.next()?;
    let what = format!("what computed values for the plugin {plugin}");
    let read = || -> Result<(PluginId, Digest), Fault> {
        let digest = Digest::parse(&component).ok_or("its component is no digest")?;
        Ok((PluginId::parse(&plugin)?, digest))
    };
    read().map_err(|source| Damaged { what, source }.into())
}

fn record(mut row: Columns<'_>) -> Result<DefinitionRecord, Fault> {
    let name = row.collection()?;
    let what = format!("the definition of {name}");
    let mut read = || -> Result<DefinitionRecord, Fault> {
        let origin: String = row.next()?;
        let origin = Origin::from_name(&origin).ok_or("it has no known origin")?;
        let (revision, changed_at) = (Revision::new(row.count()?), row.time()?);
        let changed_by = row.next()?;
        let document: String = row.next()?;
        let document: serde_json::Value = serde_json::from_str(&document)?;
        let definition = CollectionDefinition::read(name.clone(), &document)
            .map_err(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        Ok(DefinitionRecord { definition, origin, revision, changed_at, changed_by })
    };
    read().map_err(|source| Damaged { what, source }.into())
}
