//! Keys of requests.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, params};
use smartcms_app::ports::{Claim, Claimed, IdempotencyStore, KeptAnswer, RequestKey, StoreError};
use smartcms_domain::Timestamp;

use super::SqliteStore;
use super::rows::{Columns, Fault, first, run};
use super::writer::Refusal;

/// How many old keys one claim deletes, so that no single one waits long for it.
const FORGOTTEN_LEN_MAX: u32 = 100;

const FORGET: &str = "DELETE FROM request_keys WHERE rowid IN \
    (SELECT rowid FROM request_keys WHERE at < ?1 ORDER BY at LIMIT ?2)";
const FORGET_ONE: &str = "DELETE FROM request_keys WHERE bearer = ?1 AND key = ?2 AND at < ?3";
const FIND: &str = "SELECT fingerprint, at, status, headers, body FROM request_keys \
    WHERE bearer = ?1 AND key = ?2";
const HAS_ROOM: &str = "SELECT count(*) FROM \
    (SELECT 1 FROM request_keys WHERE bearer = ?1 AND at >= ?2 LIMIT ?3)";
const TAKE: &str =
    "INSERT INTO request_keys (bearer, key, fingerprint, at) VALUES (?1, ?2, ?3, ?4)";
const KEEP: &str = "UPDATE request_keys SET status = ?3, headers = ?4, body = ?5 \
    WHERE bearer = ?1 AND key = ?2";
const RELEASE: &str = "DELETE FROM request_keys WHERE bearer = ?1 AND key = ?2 AND status IS NULL";

#[async_trait]
impl IdempotencyStore for SqliteStore {
    async fn claim(
        &self,
        key: &RequestKey,
        claim: Claim,
        forgotten_before: Timestamp,
        keys_max: u64,
    ) -> Result<Claimed, StoreError> {
        let key = key.clone();
        let action = format!("take a key of {}", key.bearer);
        let keys_max = u32::try_from(keys_max).unwrap_or(u32::MAX);
        self.writer
            .write(action, move |db| {
                taken(db, &key, claim, forgotten_before, keys_max)
                    .map_err(Refusal::<StoreError>::Failed)
            })
            .await
    }

    async fn keep(&self, key: &RequestKey, answer: KeptAnswer) -> Result<(), StoreError> {
        let key = key.clone();
        let action = format!("keep an answer to {}", key.bearer);
        self.writer
            .write(action, move |db| -> Result<(), Refusal<StoreError>> {
                let headers = serde_json::to_string(&answer.headers)?;
                let body = answer.body.as_deref();
                run(db, KEEP, params![key.bearer, key.key, answer.status, headers, body])?;
                Ok(())
            })
            .await
    }

    async fn release(&self, key: &RequestKey) -> Result<(), StoreError> {
        let key = key.clone();
        let action = format!("give a key of {} back", key.bearer);
        self.writer
            .write(action, move |db| -> Result<(), Refusal<StoreError>> {
                run(db, RELEASE, params![key.bearer, key.key])?;
                Ok(())
            })
            .await
    }
}

fn taken(
    db: &Connection,
    key: &RequestKey,
    claim: Claim,
    forgotten_before: Timestamp,
    keys_max: u32,
) -> Result<Claimed, Fault> {
    let before = forgotten_before.as_millis();
    run(db, FORGET, params![before, FORGOTTEN_LEN_MAX])?;
    // There may be more old keys than one claim deletes, but this one counts for nothing.
    run(db, FORGET_ONE, params![key.bearer, key.key, before])?;
    if let Some((claim, answer)) = first(db, FIND, params![key.bearer, key.key], found)? {
        return Ok(Claimed::Before { claim, answer });
    }
    let len = first(db, HAS_ROOM, params![key.bearer, before, keys_max], |mut row| row.count())?;
    if len.unwrap_or_default() >= u64::from(keys_max) {
        return Ok(Claimed::TooMany);
    }
    run(db, TAKE, params![key.bearer, key.key, claim.fingerprint, claim.at.as_millis()])?;
    Ok(Claimed::New)
}

fn found(mut row: Columns<'_>) -> Result<(Claim, Option<KeptAnswer>), Fault> {
    let claim = Claim { fingerprint: row.next()?, at: row.time()? };
    let status: Option<u16> = row.next()?;
    let headers: Option<String> = row.next()?;
    let body: Option<Vec<u8>> = row.next()?;
    let answer = match (status, headers) {
        (Some(status), Some(headers)) => Some(KeptAnswer {
            status,
            headers: serde_json::from_str(&headers)?,
            body: body.map(Bytes::from),
        }),
        _ => None,
    };
    Ok((claim, answer))
}
