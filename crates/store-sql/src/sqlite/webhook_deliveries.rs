//! Deliveries of webhooks: rows and statements; `webhooks` has the port.

use rusqlite::{Connection, params};
use smartcms_app::ports::{DeliveryQuery, DeliveryState, WebhookDelivery, WebhookTry};
use smartcms_domain::Timestamp;
use smartcms_domain::webhooks::WebhookId;
use uuid::Uuid;

use super::rows::{Columns, Damaged, Fault, all, count, first, run};

macro_rules! select_deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.webhook, d.event, d.kind, d.state, d.tries, d.created_at, d.next_at, \
             d.tried_at, d.duration_ms, d.status, d.error, d.body, d.answer ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO webhook_deliveries (id, webhook, event, kind, state, tries, \
    created_at, next_at, tried_at, duration_ms, status, error, body, answer) \
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14 \
    WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = ?2) \
    ON CONFLICT (webhook, event) WHERE event IS NOT NULL DO NOTHING";
const UPDATE: &str = "UPDATE webhook_deliveries SET state = ?2, tries = ?3, next_at = ?4, \
    tried_at = ?5, duration_ms = ?6, status = ?7, error = ?8, answer = ?9 WHERE id = ?1";
const BY_ID: &str = select_deliveries!("FROM webhook_deliveries d WHERE d.id = ?1");
// For each webhook apart, so that one with thousands that wait hides no other.
const DUE: &str = select_deliveries!(
    "FROM webhooks w JOIN webhook_deliveries d ON d.id IN (SELECT id FROM webhook_deliveries \
     WHERE webhook = w.id AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2) \
     WHERE w.enabled = 1 ORDER BY d.next_at, d.id"
);
const LIST: &str = select_deliveries!(
    "FROM webhook_deliveries d WHERE d.webhook = ?1 AND (?2 IS NULL OR d.id < ?2) \
     AND (?3 IS NULL OR d.state = ?3) AND (?4 IS NULL OR d.kind = ?4) ORDER BY d.id DESC LIMIT ?5"
);
const FORGET_OLD: &str =
    "DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND created_at < ?1";
const FORGET_MANY: &str = "DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM (SELECT id, \
    row_number() OVER (PARTITION BY webhook ORDER BY id DESC) AS place FROM webhook_deliveries \
    WHERE state <> 'waiting') WHERE place > ?1)";

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a state of a delivery")]
struct NotAState(String);

/// Stores a delivery unless its webhook is gone, or has one of the same event.
pub(super) fn insert(db: &Connection, delivery: &WebhookDelivery) -> Result<(), Fault> {
    let last = delivery.last_try.as_ref();
    let webhook = delivery.webhook.as_uuid();
    let params = params![
        delivery.id.as_bytes(),
        webhook.as_bytes(),
        delivery.event.as_ref().map(Uuid::as_bytes),
        delivery.kind,
        delivery.state.name(),
        delivery.tries,
        delivery.created_at.as_millis(),
        delivery.next_at.map(Timestamp::as_millis),
        last.map(|it| it.at.as_millis()),
        last.map(|it| count(it.duration_ms)).transpose()?,
        last.and_then(|it| it.status),
        last.and_then(|it| it.error.as_deref()),
        delivery.body,
        last.map(|it| it.answer.as_str()),
    ];
    run(db, INSERT, params)?;
    Ok(())
}

pub(super) fn update(db: &Connection, delivery: &WebhookDelivery) -> Result<(), Fault> {
    let last = delivery.last_try.as_ref();
    let params = params![
        delivery.id.as_bytes(),
        delivery.state.name(),
        delivery.tries,
        delivery.next_at.map(Timestamp::as_millis),
        last.map(|it| it.at.as_millis()),
        last.map(|it| count(it.duration_ms)).transpose()?,
        last.and_then(|it| it.status),
        last.and_then(|it| it.error.as_deref()),
        last.map(|it| it.answer.as_str()),
    ];
    run(db, UPDATE, params)?;
    Ok(())
}

pub(super) fn find(db: &Connection, id: Uuid) -> Result<Option<WebhookDelivery>, Fault> {
    first(db, BY_ID, [id.as_bytes()], delivery)
}

pub(super) fn due(
    db: &Connection,
    now: Timestamp,
    per_webhook: u32,
) -> Result<Vec<WebhookDelivery>, Fault> {
    all(db, DUE, params![now.as_millis(), per_webhook], delivery)
}

pub(super) fn list(db: &Connection, query: &DeliveryQuery) -> Result<Vec<WebhookDelivery>, Fault> {
    let webhook = query.webhook.as_uuid();
    let params = params![
        webhook.as_bytes(),
        query.before.as_ref().map(Uuid::as_bytes),
        query.state.map(DeliveryState::name),
        query.kind,
        query.limit,
    ];
    all(db, LIST, params, delivery)
}

pub(super) fn forget(
    db: &Connection,
    before: Timestamp,
    keep_per_webhook: u32,
) -> Result<u64, Fault> {
    let old = run(db, FORGET_OLD, [before.as_millis()])?;
    let many = run(db, FORGET_MANY, [keep_per_webhook])?;
    Ok(u64::try_from(old + many)?)
}

fn delivery(mut row: Columns<'_>) -> Result<WebhookDelivery, Fault> {
    let id = row.uuid()?;
    let read = delivery_with(id, row);
    read.map_err(|source| Damaged { what: format!("delivery {id}"), source }.into())
}

fn delivery_with(id: Uuid, mut row: Columns<'_>) -> Result<WebhookDelivery, Fault> {
    let webhook = WebhookId::new(row.uuid()?);
    let event: Option<[u8; 16]> = row.next()?;
    let kind = row.next()?;
    let state =
        row.parse(|text| DeliveryState::parse(text).ok_or_else(|| NotAState(text.to_owned())))?;
    let tries = row.next()?;
    let created_at = row.time()?;
    let next_at = row.maybe_time()?;
    let tried_at = row.maybe_time()?;
    let duration_ms = row.maybe_count()?;
    let (status, error) = (row.next()?, row.next()?);
    let body = row.next()?;
    let answer: Option<String> = row.next()?;
    let last_try = tried_at.map(|at| WebhookTry {
        at,
        duration_ms: duration_ms.unwrap_or_default(),
        status,
        answer: answer.unwrap_or_default(),
        error,
    });
    let event = event.map(Uuid::from_bytes);
    Ok(WebhookDelivery {
        id,
        webhook,
        event,
        kind,
        body,
        state,
        tries,
        created_at,
        next_at,
        last_try,
    })
}
