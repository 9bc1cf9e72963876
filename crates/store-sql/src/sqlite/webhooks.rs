//! Webhooks.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use smartcms_app::ports::{
    DeliveryQuery, EventCursor, Fanned, StoreError, WebhookDelivery, WebhookHealth, WebhookRecord,
    WebhookSecret, WebhookStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::events::EventKind;
use smartcms_domain::webhooks::{Webhook, WebhookId};
use uuid::Uuid;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};
use super::webhook_deliveries as deliveries;

macro_rules! select_webhooks {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, url, events, collections, enabled, disabled_reason, secret, \
             previous_secret, previous_until, created_at, updated_at, failing_since FROM webhooks ",
            $rest
        )
    };
}

const LIST: &str = select_webhooks!("ORDER BY name");
const BY_ID: &str = select_webhooks!("WHERE id = ?1");
const INSERT: &str = "INSERT INTO webhooks (id, name, url, events, collections, enabled, \
    disabled_reason, secret, previous_secret, previous_until, created_at, updated_at, failing_since) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (name) DO NOTHING";
const UPDATE: &str = "UPDATE webhooks SET name = ?2, url = ?3, events = ?4, collections = ?5, \
    enabled = ?6, disabled_reason = ?7, secret = ?8, previous_secret = ?9, previous_until = ?10, \
    created_at = ?11, updated_at = ?12, failing_since = ?13 WHERE id = ?1";
const NAME_OF_ANOTHER: &str = "SELECT 1 FROM webhooks WHERE name = ?1 AND id <> ?2";
const DELETE: &str = "DELETE FROM webhooks WHERE id = ?1";
const DELETE_DELIVERIES: &str = "DELETE FROM webhook_deliveries WHERE webhook = ?1";
const SET_FAILING: &str = "UPDATE webhooks SET failing_since = ?2 WHERE id = ?1";
const DISABLE: &str =
    "UPDATE webhooks SET enabled = 0, disabled_reason = ?2 WHERE id = ?1 AND enabled = 1";
const HEARD: &str = "SELECT seq FROM webhooks_heard";
const ADVANCE: &str = "UPDATE webhooks_heard SET seq = ?2 WHERE seq = ?1";

#[async_trait]
impl WebhookStore for SqliteStore {
    async fn add_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError> {
        let action = format!("store webhook {}", record.webhook.name);
        self.writer.write(action, move |db| Ok(write(db, INSERT, &record)? == 1)).await
    }

    async fn save_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError> {
        let action = format!("change webhook {}", record.webhook.name);
        self.writer
            .write(action, move |db| {
                let id = record.webhook.id.as_uuid();
                let mut other = db.prepare_cached(NAME_OF_ANOTHER)?;
                let params = params![record.webhook.name, id.as_bytes()];
                if other.query_row(params, |_| Ok(())).optional()?.is_some() {
                    return Ok(false);
                }
                write(db, UPDATE, &record)?;
                Ok(true)
            })
            .await
    }

    async fn find_webhook(&self, id: WebhookId) -> Result<Option<WebhookRecord>, StoreError> {
        let action = || format!("read webhook {id}");
        self.readers.read(action, |db| first(db, BY_ID, [id.as_uuid().as_bytes()], webhook))
    }

    async fn list_webhooks(&self) -> Result<Vec<WebhookRecord>, StoreError> {
        self.readers.read(|| "list the webhooks".to_owned(), |db| all(db, LIST, [], webhook))
    }

    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        self.writer
            .write(format!("remove webhook {id}"), move |db| {
                run(db, DELETE_DELIVERIES, [id.as_uuid().as_bytes()])?;
                Ok(run(db, DELETE, [id.as_uuid().as_bytes()])? == 1)
            })
            .await
    }

    async fn fanned_out(&self) -> Result<EventCursor, StoreError> {
        let action = || "read up to which event webhooks were told".to_owned();
        let found = self.readers.read(action, |db| first(db, HEARD, [], |mut row| row.count()))?;
        Ok(EventCursor(found.unwrap_or_default()))
    }

    async fn fan_out(&self, fanned: Fanned) -> Result<bool, StoreError> {
        let action = format!("store the deliveries of events up to {}", fanned.to.0);
        self.writer
            .write(action, move |db| {
                let places = params![count(fanned.from.0)?, count(fanned.to.0)?];
                if run(db, ADVANCE, places)? == 0 {
                    return Ok(false);
                }
                for delivery in &fanned.deliveries {
                    deliveries::insert(db, delivery)?;
                }
                Ok(true)
            })
            .await
    }

    async fn add_delivery(&self, delivery: WebhookDelivery) -> Result<(), StoreError> {
        let action = format!("store delivery {}", delivery.id);
        self.writer.write(action, move |db| Ok(deliveries::insert(db, &delivery)?)).await
    }

    async fn due_deliveries(
        &self,
        now: Timestamp,
        per_webhook: u32,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let action = || "read the deliveries to send".to_owned();
        self.readers.read(action, |db| deliveries::due(db, now, per_webhook))
    }

    async fn find_delivery(&self, id: Uuid) -> Result<Option<WebhookDelivery>, StoreError> {
        self.readers.read(|| format!("read delivery {id}"), |db| deliveries::find(db, id))
    }

    async fn save_delivery(
        &self,
        delivery: WebhookDelivery,
        health: Option<WebhookHealth>,
    ) -> Result<(), StoreError> {
        let action = format!("store what became of delivery {}", delivery.id);
        self.writer
            .write(action, move |db| {
                deliveries::update(db, &delivery)?;
                let Some(health) = health else { return Ok(()) };
                let id = delivery.webhook.as_uuid();
                let since = health.failing_since.map(Timestamp::as_millis);
                run(db, SET_FAILING, params![id.as_bytes(), since])?;
                if let Some(reason) = health.disable {
                    run(db, DISABLE, params![id.as_bytes(), reason])?;
                }
                Ok(())
            })
            .await
    }

    async fn list_deliveries(
        &self,
        query: &DeliveryQuery,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let action = || format!("list the deliveries of webhook {}", query.webhook);
        self.readers.read(action, |db| deliveries::list(db, query))
    }

    async fn forget_deliveries(
        &self,
        before: Timestamp,
        keep_per_webhook: u32,
    ) -> Result<u64, StoreError> {
        let action = "forget old deliveries of webhooks".to_owned();
        self.writer
            .write(action, move |db| Ok(deliveries::forget(db, before, keep_per_webhook)?))
            .await
    }
}

fn write(db: &Connection, sql: &str, record: &WebhookRecord) -> Result<usize, Fault> {
    let webhook = &record.webhook;
    let events =
        webhook.events.as_ref().map(|it| it.iter().map(|it| it.name()).collect::<Vec<_>>());
    let collections = webhook.collections.as_ref();
    let collections =
        collections.map(|it| it.iter().map(CollectionName::as_str).collect::<Vec<_>>());
    let previous = record.previous_secret.as_ref();
    let id = webhook.id.as_uuid();
    let params = params![
        id.as_bytes(),
        webhook.name,
        webhook.url,
        events.map(|it| serde_json::to_string(&it)).transpose()?,
        collections.map(|it| serde_json::to_string(&it)).transpose()?,
        webhook.enabled,
        webhook.disabled_reason,
        record.secret.0,
        previous.map(|(secret, _)| secret.0.as_slice()),
        previous.map(|(_, until)| until.as_millis()),
        record.created_at.as_millis(),
        record.updated_at.as_millis(),
        record.failing_since.map(Timestamp::as_millis),
    ];
    Ok(run(db, sql, params)?)
}

fn webhook(mut row: Columns<'_>) -> Result<WebhookRecord, Fault> {
    let id = WebhookId::new(row.uuid()?);
    let read = webhook_with(id, row);
    read.map_err(|source| Damaged { what: format!("webhook {id}"), source }.into())
}

fn webhook_with(id: WebhookId, mut row: Columns<'_>) -> Result<WebhookRecord, Fault> {
    let webhook = Webhook {
        id,
        name: row.next()?,
        url: row.next()?,
        events: names(row.next()?, str::parse::<EventKind>)?,
        collections: names(row.next()?, CollectionName::parse)?,
        enabled: row.next()?,
        disabled_reason: row.next()?,
    };
    let secret = WebhookSecret(row.next()?);
    let previous: Option<Vec<u8>> = row.next()?;
    let until = row.maybe_time()?;
    Ok(WebhookRecord {
        webhook,
        secret,
        previous_secret: previous.map(WebhookSecret).zip(until),
        created_at: row.time()?,
        updated_at: row.time()?,
        failing_since: row.maybe_time()?,
    })
}

fn names<T, E>(
    json: Option<String>,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<Vec<T>>, Fault>
where
    Fault: From<E>,
{
    let Some(json) = json else { return Ok(None) };
    let names: Vec<String> = serde_json::from_str(&json)?;
    let parsed: Result<Vec<T>, E> = names.iter().map(|it| parse(it)).collect();
    Ok(Some(parsed?))
}
