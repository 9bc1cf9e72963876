//! The durable queue of events.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{EventCursor, Outbox, ParkedEvent, RecordedEvent, StoreError};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{EntryId, Revision};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};

const INSERT: &str = "INSERT INTO outbox (id, kind, at, collection, entry, revision) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const AFTER: &str = "SELECT seq, id, kind, at, collection, entry, revision FROM outbox \
    WHERE seq > ?1 ORDER BY seq LIMIT ?2";
const NEWEST: &str = "SELECT coalesce(max(seq), 0) FROM outbox";
const HEARD: &str = "SELECT seq FROM plugin_heard WHERE plugin = ?1";
const ADVANCE: &str = "INSERT INTO plugin_heard (plugin, seq) VALUES (?1, ?2) \
    ON CONFLICT (plugin) DO UPDATE SET seq = excluded.seq";
const PARK: &str = "INSERT INTO parked_events (plugin, seq, reason) VALUES (?1, ?2, ?3) \
    ON CONFLICT (plugin, seq) DO UPDATE SET reason = excluded.reason";
// Who hears of events: the webhooks, and the plugins of the list. Who has no place yet begins behind all of them.
const FORGET: &str = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox \
    WHERE at < ?1 AND seq < (SELECT max(seq) FROM outbox) \
    AND seq <= (SELECT seq FROM webhooks_heard) \
    AND NOT EXISTS (SELECT 1 FROM plugin_heard WHERE plugin_heard.seq < outbox.seq \
    AND plugin IN (SELECT value FROM json_each(?2))) ORDER BY seq LIMIT ?3)";

#[async_trait]
impl Outbox for SqliteStore {
    async fn after(
        &self,
        cursor: EventCursor,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let action = || format!("read the events after {}", cursor.0);
        self.readers.read(action, |db| all(db, AFTER, params![count(cursor.0)?, limit], recorded))
    }

    async fn newest(&self) -> Result<EventCursor, StoreError> {
        let action = || "read the place of the newest event".to_owned();
        let newest =
            self.readers.read(action, |db| first(db, NEWEST, [], |mut row| row.count()))?;
        Ok(EventCursor(newest.unwrap_or_default()))
    }

    async fn heard(&self, plugin: &PluginId) -> Result<Option<EventCursor>, StoreError> {
        let action = || format!("read how far plugin {plugin} has heard");
        self.readers.read(action, |db| {
            first(db, HEARD, [plugin.as_str()], |mut row| Ok(EventCursor(row.count()?)))
        })
    }

    async fn advance(
        &self,
        plugin: &PluginId,
        cursor: EventCursor,
        parked: Option<ParkedEvent>,
    ) -> Result<(), StoreError> {
        let action = format!("remember that plugin {plugin} has heard up to {}", cursor.0);
        let plugin = plugin.clone();
        self.writer
            .write(action, move |db| {
                run(db, ADVANCE, params![plugin.as_str(), count(cursor.0)?])?;
                if let Some(event) = parked {
                    let params = params![plugin.as_str(), count(event.cursor.0)?, event.reason];
                    run(db, PARK, params)?;
                }
                Ok(())
            })
            .await
    }

    async fn forget(
        &self,
        before: Timestamp,
        listeners: &[PluginId],
        limit: u32,
    ) -> Result<u64, StoreError> {
        let action = "forget old events".to_owned();
        let listeners: Vec<&str> = listeners.iter().map(PluginId::as_str).collect();
        let listeners = serde_json::to_string(&listeners);
        let listeners = listeners.map_err(|it| StoreError::new(action.clone(), it))?;
        self.writer
            .write(action, move |db| {
                let gone = run(db, FORGET, params![before.as_millis(), listeners, limit])?;
                Ok(u64::try_from(gone).unwrap_or(u64::MAX))
            })
            .await
    }
}

/// Puts an event at the end of the queue, in the transaction that makes it true.
pub(super) fn record(db: &Connection, event: &Event) -> Result<(), Fault> {
    let params = params![
        event.id.as_bytes(),
        event.kind.name(),
        event.at.as_millis(),
        event.collection.as_str(),
        event.entry.as_uuid().as_bytes(),
        count(event.revision.number())?,
    ];
    run(db, INSERT, params)?;
    Ok(())
}

fn recorded(mut row: Columns<'_>) -> Result<RecordedEvent, Fault> {
    let cursor = EventCursor(row.count()?);
    let event = event(row);
    let event = event.map_err(|source| Damaged { what: format!("event {}", cursor.0), source })?;
    Ok(RecordedEvent { cursor, event })
}

fn event(mut row: Columns<'_>) -> Result<Event, Fault> {
    Ok(Event {
        id: row.uuid()?,
        kind: row.named()?,
        at: row.time()?,
        collection: row.collection()?,
        entry: EntryId::new(row.uuid()?),
        revision: Revision::new(row.count()?),
    })
}
