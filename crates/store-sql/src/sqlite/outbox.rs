//! The durable queue of events.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    EventCursor, Heard, Outbox, PARKED_MAX, ParkedEvent, PutOff, RecordedEvent, StoreError,
};
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
const HEARD: &str = "SELECT seq, tries, next_at, reason FROM plugin_heard WHERE plugin = ?1";
const ADVANCE: &str = "INSERT INTO plugin_heard (plugin, seq) VALUES (?1, ?2) \
    ON CONFLICT (plugin) DO UPDATE SET seq = excluded.seq, tries = 0, next_at = NULL, reason = NULL";
const PUT_OFF: &str =
    "UPDATE plugin_heard SET tries = ?2, next_at = ?3, reason = ?4 WHERE plugin = ?1";
const WAITING: &str = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE seq > ?1 LIMIT ?2)";
const PARK: &str = "INSERT INTO parked_events \
    (plugin, seq, id, kind, at, collection, entry, revision, parked_at, tries, reason) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (plugin, seq) DO UPDATE SET \
    parked_at = excluded.parked_at, tries = excluded.tries, reason = excluded.reason";
const PARKED: &str = "SELECT seq, id, kind, at, collection, entry, revision, parked_at, tries, \
    reason FROM parked_events WHERE plugin = ?1 ORDER BY seq LIMIT ?2";
const UNPARK: &str = "DELETE FROM parked_events WHERE plugin = ?1 AND seq = ?2";
const UNPARK_OLDEST: &str = "DELETE FROM parked_events WHERE plugin = ?1 AND seq IN \
    (SELECT seq FROM parked_events WHERE plugin = ?1 ORDER BY seq DESC LIMIT -1 OFFSET ?2)";
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

    async fn heard(&self, plugin: &PluginId) -> Result<Option<Heard>, StoreError> {
        let action = || format!("read how far plugin {plugin} has heard");
        self.readers.read(action, |db| first(db, HEARD, [plugin.as_str()], heard))
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
                    park(db, &plugin, &event)?;
                    run(db, UNPARK_OLDEST, params![plugin.as_str(), PARKED_MAX])?;
                }
                Ok(())
            })
            .await
    }

    async fn put_off(&self, plugin: &PluginId, later: PutOff) -> Result<(), StoreError> {
        let action = format!("remember that plugin {plugin} hears an event again later");
        let plugin = plugin.clone();
        self.writer
            .write(action, move |db| {
                let PutOff { tries, until, reason } = later;
                run(db, PUT_OFF, params![plugin.as_str(), tries, until.as_millis(), reason])?;
                Ok(())
            })
            .await
    }

    async fn waiting(&self, cursor: EventCursor, most: u32) -> Result<u64, StoreError> {
        let action = || format!("count the events after {}", cursor.0);
        let counted = self.readers.read(action, |db| {
            first(db, WAITING, params![count(cursor.0)?, most], |mut row| row.count())
        })?;
        Ok(counted.unwrap_or_default())
    }

    async fn parked(&self, plugin: &PluginId, limit: u32) -> Result<Vec<ParkedEvent>, StoreError> {
        let action = || format!("list the parked events of plugin {plugin}");
        self.readers.read(action, |db| all(db, PARKED, params![plugin.as_str(), limit], parked))
    }

    async fn park_again(&self, plugin: &PluginId, event: ParkedEvent) -> Result<(), StoreError> {
        let action = format!("park event {} of plugin {plugin} again", event.event.id);
        let plugin = plugin.clone();
        self.writer.write(action, move |db| Ok(park(db, &plugin, &event)?)).await
    }

    async fn unpark(&self, plugin: &PluginId, cursor: EventCursor) -> Result<bool, StoreError> {
        let action = format!("let go of the parked event {} of plugin {plugin}", cursor.0);
        let plugin = plugin.clone();
        self.writer
            .write(action, move |db| {
                Ok(run(db, UNPARK, params![plugin.as_str(), count(cursor.0)?])? > 0)
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

fn heard(mut row: Columns<'_>) -> Result<Heard, Fault> {
    let (cursor, tries) = (EventCursor(row.count()?), row.next()?);
    let (until, reason) = (row.maybe_time()?, row.next::<Option<String>>()?);
    let put_off = |until| PutOff { tries, until, reason: reason.unwrap_or_default() };
    Ok(Heard { cursor, put_off: until.map(put_off) })
}

fn park(db: &Connection, plugin: &PluginId, parked: &ParkedEvent) -> Result<(), Fault> {
    let event = &parked.event;
    let params = params![
        plugin.as_str(),
        count(parked.cursor.0)?,
        event.id.as_bytes(),
        event.kind.name(),
        event.at.as_millis(),
        event.collection.as_str(),
        event.entry.as_uuid().as_bytes(),
        count(event.revision.number())?,
        parked.at.as_millis(),
        parked.tries,
        parked.reason,
    ];
    run(db, PARK, params)?;
    Ok(())
}

fn parked(mut row: Columns<'_>) -> Result<ParkedEvent, Fault> {
    let cursor = EventCursor(row.count()?);
    let event = event(&mut row);
    let event = event.map_err(|source| Damaged { what: format!("event {}", cursor.0), source })?;
    Ok(ParkedEvent { cursor, event, at: row.time()?, tries: row.next()?, reason: row.next()? })
}

fn recorded(mut row: Columns<'_>) -> Result<RecordedEvent, Fault> {
    let cursor = EventCursor(row.count()?);
    let event = event(&mut row);
    let event = event.map_err(|source| Damaged { what: format!("event {}", cursor.0), source })?;
    Ok(RecordedEvent { cursor, event })
}

fn event(row: &mut Columns<'_>) -> Result<Event, Fault> {
    Ok(Event {
        id: row.uuid()?,
        kind: row.named()?,
        at: row.time()?,
        collection: row.collection()?,
        entry: EntryId::new(row.uuid()?),
        revision: Revision::new(row.count()?),
    })
}
