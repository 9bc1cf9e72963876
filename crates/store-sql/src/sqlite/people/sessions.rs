//! Sessions.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{SESSIONS_MAX, SessionRecord, SessionStore, StoreError, UserRecord};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::super::SqliteStore;
use super::super::rows::{Columns, Fault, all, count, first, run};
use super::super::writer::Refusal;
use super::users::{user_columns, user_next};

macro_rules! session_columns {
    () => {
        "s.hash, s.id, s.user, s.generation, s.created_at, s.seen_at, s.expires_at, s.address, s.user_agent"
    };
}

const ADD: &str = "INSERT INTO sessions \
    (hash, id, user, generation, created_at, seen_at, expires_at, address, user_agent) \
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM users \
    WHERE id = ?3 AND generation = ?4 AND state = 'active'";
const TRIM: &str = "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions \
    WHERE user = ?1 ORDER BY seen_at DESC, id DESC LIMIT -1 OFFSET ?2)";
const FIND: &str = concat!(
    "SELECT ",
    session_columns!(),
    ", ",
    user_columns!(),
    " FROM sessions s JOIN users u ON u.id = s.user \
     WHERE s.hash = ?1 AND u.generation = s.generation AND u.state = 'active'"
);
const OF_USER: &str = concat!(
    "SELECT ",
    session_columns!(),
    " FROM sessions s WHERE s.user = ?1 ORDER BY s.seen_at DESC, s.id DESC"
);
const TOUCH: &str = "UPDATE sessions SET seen_at = ?2 WHERE hash = ?1";
const REMOVE: &str = "DELETE FROM sessions WHERE hash = ?1";
const REMOVE_OF: &str = "DELETE FROM sessions WHERE user = ?1 AND id = ?2";
const REMOVE_ALL_OF: &str = "DELETE FROM sessions WHERE user = ?1 AND hash IS NOT ?2";
const FORGET: &str = "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions \
    WHERE expires_at <= ?1 OR seen_at < ?2 LIMIT ?3)";

#[async_trait]
impl SessionStore for SqliteStore {
    async fn add_session(&self, session: SessionRecord) -> Result<bool, StoreError> {
        let action = format!("begin a session of person {}", session.user);
        let work =
            move |db: &Connection| added(db, &session).map_err(Refusal::<StoreError>::Failed);
        self.writer.write(action, work).await
    }

    async fn find_session(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError> {
        let read = |mut row: Columns<'_>| Ok((session_next(&mut row)?, user_next(&mut row)?));
        self.readers.read(|| "read a session".to_owned(), |db| first(db, FIND, [hash], read))
    }

    async fn touch_session(&self, hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let (action, hash) = ("remember when a session was seen".to_owned(), *hash);
        self.writer
            .write(action, move |db| -> Result<(), Refusal<StoreError>> {
                run(db, TOUCH, params![hash, at.as_millis()])?;
                Ok(())
            })
            .await
    }

    async fn remove_session(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let (action, hash) = ("end a session".to_owned(), *hash);
        self.writer.write(action, move |db| Ok(run(db, REMOVE, [hash])? == 1)).await
    }

    async fn remove_session_of(&self, user: UserId, id: Uuid) -> Result<bool, StoreError> {
        let action = format!("end the session {id} of person {user}");
        self.writer
            .write(action, move |db| {
                Ok(run(db, REMOVE_OF, params![user.as_uuid().as_bytes(), id.as_bytes()])? == 1)
            })
            .await
    }

    async fn remove_sessions_of(
        &self,
        user: UserId,
        keep: Option<&[u8; 32]>,
    ) -> Result<u64, StoreError> {
        let (action, keep) = (format!("end the sessions of person {user}"), keep.copied());
        self.writer
            .write(action, move |db| -> Result<u64, Refusal<StoreError>> {
                Ok(run(db, REMOVE_ALL_OF, params![user.as_uuid().as_bytes(), keep])? as u64)
            })
            .await
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        let action = || format!("list the sessions of person {user}");
        let read = |mut row: Columns<'_>| session_next(&mut row);
        self.readers.read(action, |db| all(db, OF_USER, [user.as_uuid().as_bytes()], read))
    }

    async fn forget_sessions(
        &self,
        now: Timestamp,
        seen_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let action = "forget sessions that have ended".to_owned();
        self.writer
            .write(action, move |db| -> Result<u64, Refusal<StoreError>> {
                let params = params![now.as_millis(), seen_before.as_millis(), limit];
                Ok(run(db, FORGET, params)? as u64)
            })
            .await
    }
}

fn added(db: &Connection, session: &SessionRecord) -> Result<bool, Fault> {
    let params = params![
        session.hash,
        session.id.as_bytes(),
        session.user.as_uuid().as_bytes(),
        count(session.generation)?,
        session.created_at.as_millis(),
        session.seen_at.as_millis(),
        session.expires_at.as_millis(),
        session.address,
        session.user_agent,
    ];
    if run(db, ADD, params)? == 0 {
        return Ok(false);
    }
    run(db, TRIM, params![session.user.as_uuid().as_bytes(), SESSIONS_MAX])?;
    Ok(true)
}

fn session_next(row: &mut Columns<'_>) -> Result<SessionRecord, Fault> {
    Ok(SessionRecord {
        hash: row.next()?,
        id: row.uuid()?,
        user: UserId::new(row.uuid()?),
        generation: row.count()?,
        created_at: row.time()?,
        seen_at: row.time()?,
        expires_at: row.time()?,
        address: row.next()?,
        user_agent: row.next()?,
    })
}
