//! Passkeys, and who people are at identity providers.

use rusqlite::params;
use smartcms_app::ports::{PASSKEYS_MAX, PasskeyRecord, StoreError};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;

use super::super::SqliteStore;
use super::super::rows::{Columns, Fault, all, first, run};
use super::super::writer::Refusal;

const ADD: &str = "INSERT INTO passkeys (id, user, name, credential, created_at, used_at) \
    SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM users WHERE id = ?2 \
    AND (SELECT count(*) FROM passkeys WHERE user = ?2) < ?7 ON CONFLICT (id) DO NOTHING";
const OF_USER: &str = "SELECT id, user, name, credential, created_at, used_at FROM passkeys \
    WHERE user = ?1 ORDER BY created_at, id";
const BY_ID: &str =
    "SELECT id, user, name, credential, created_at, used_at FROM passkeys WHERE id = ?1";
const USED: &str = "UPDATE passkeys SET credential = ?2, used_at = ?3 WHERE id = ?1";
const RENAME: &str = "UPDATE passkeys SET name = ?3 WHERE user = ?1 AND id = ?2";
const REMOVE: &str = "DELETE FROM passkeys WHERE user = ?1 AND id = ?2";
const IDENTITY: &str = "SELECT user FROM user_identities WHERE issuer = ?1 AND subject = ?2";
const ADD_IDENTITY: &str = "INSERT INTO user_identities (issuer, subject, user) VALUES (?1, ?2, ?3) \
    ON CONFLICT (issuer, subject) DO NOTHING";

pub(super) async fn add(store: &SqliteStore, passkey: PasskeyRecord) -> Result<bool, StoreError> {
    let action = format!("store a passkey of person {}", passkey.user);
    store
        .writer
        .write(action, move |db| {
            let params = params![
                passkey.id,
                passkey.user.as_uuid().as_bytes(),
                passkey.name,
                passkey.credential,
                passkey.created_at.as_millis(),
                passkey.used_at.map(Timestamp::as_millis),
                PASSKEYS_MAX,
            ];
            Ok(run(db, ADD, params)? == 1)
        })
        .await
}

pub(super) fn of(store: &SqliteStore, user: UserId) -> Result<Vec<PasskeyRecord>, StoreError> {
    let action = || format!("list the passkeys of person {user}");
    store.readers.read(action, |db| all(db, OF_USER, [user.as_uuid().as_bytes()], passkey))
}

pub(super) fn find(store: &SqliteStore, id: &[u8]) -> Result<Option<PasskeyRecord>, StoreError> {
    store.readers.read(|| "read a passkey".to_owned(), |db| first(db, BY_ID, [id], passkey))
}

pub(super) async fn used(
    store: &SqliteStore,
    id: Vec<u8>,
    credential: String,
    at: Timestamp,
) -> Result<(), StoreError> {
    let action = "remember that a passkey was used".to_owned();
    store
        .writer
        .write(action, move |db| -> Result<(), Refusal<StoreError>> {
            run(db, USED, params![id, credential, at.as_millis()])?;
            Ok(())
        })
        .await
}

pub(super) async fn rename(
    store: &SqliteStore,
    user: UserId,
    id: Vec<u8>,
    name: String,
) -> Result<bool, StoreError> {
    let action = format!("rename a passkey of person {user}");
    store
        .writer
        .write(action, move |db| {
            Ok(run(db, RENAME, params![user.as_uuid().as_bytes(), id, name])? == 1)
        })
        .await
}

pub(super) async fn remove(
    store: &SqliteStore,
    user: UserId,
    id: Vec<u8>,
) -> Result<bool, StoreError> {
    let action = format!("remove a passkey of person {user}");
    store
        .writer
        .write(action, move |db| Ok(run(db, REMOVE, params![user.as_uuid().as_bytes(), id])? == 1))
        .await
}

pub(super) fn identity(
    store: &SqliteStore,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, StoreError> {
    let action = || format!("read who a subject of {issuer} is");
    let read = |mut row: Columns<'_>| Ok(UserId::new(row.uuid()?));
    store.readers.read(action, |db| first(db, IDENTITY, [issuer, subject], read))
}

pub(super) async fn add_identity(
    store: &SqliteStore,
    user: UserId,
    issuer: String,
    subject: String,
) -> Result<bool, StoreError> {
    let action = format!("remember who person {user} is at {issuer}");
    store
        .writer
        .write(action, move |db| {
            Ok(run(db, ADD_IDENTITY, params![issuer, subject, user.as_uuid().as_bytes()])? == 1)
        })
        .await
}

fn passkey(mut row: Columns<'_>) -> Result<PasskeyRecord, Fault> {
    Ok(PasskeyRecord {
        id: row.next()?,
        user: UserId::new(row.uuid()?),
        name: row.next()?,
        credential: row.next()?,
        created_at: row.time()?,
        used_at: row.maybe_time()?,
    })
}
