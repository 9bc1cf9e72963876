//! What is good once.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{StoreError, TICKETS_OF_KIND_MAX, Ticket, TicketKind, TicketStore};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;

use super::super::SqliteStore;
use super::super::rows::{Columns, Fault, first, run};
use super::super::writer::Refusal;

const PUT: &str = "INSERT INTO tickets (hash, kind, user, data, expires_at, tries_left) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const TRIM: &str = "DELETE FROM tickets WHERE number IN (SELECT number FROM tickets \
    WHERE user = ?1 AND kind = ?2 ORDER BY number DESC LIMIT -1 OFFSET ?3)";
const FIND: &str = "SELECT user, data, expires_at, tries_left FROM tickets \
    WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3";
const TRY: &str = "UPDATE tickets SET tries_left = tries_left - 1 \
    WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3 AND tries_left > 0";
const DELETE: &str = "DELETE FROM tickets WHERE hash = ?1";
const FORGET: &str = "DELETE FROM tickets WHERE number IN \
    (SELECT number FROM tickets WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";

#[async_trait]
impl TicketStore for SqliteStore {
    async fn put_ticket(&self, ticket: Ticket) -> Result<(), StoreError> {
        let action = format!("store a ticket for {}", ticket.kind.name());
        self.writer
            .write(action, move |db| -> Result<(), Refusal<StoreError>> {
                let user = ticket.user.as_ref().map(|it| it.as_uuid().as_bytes());
                let kind = ticket.kind.name();
                let end = ticket.expires_at.as_millis();
                run(
                    db,
                    PUT,
                    params![ticket.hash, kind, user, ticket.data, end, ticket.tries_left],
                )?;
                if user.is_some() {
                    run(db, TRIM, params![user, kind, TICKETS_OF_KIND_MAX])?;
                }
                Ok(())
            })
            .await
    }

    async fn find_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let action = || format!("read a ticket for {}", kind.name());
        self.readers.read(action, |db| found(db, hash, kind, now))
    }

    async fn take_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let (action, hash) = (format!("take a ticket for {}", kind.name()), *hash);
        self.writer
            .write(action, move |db| -> Result<Option<Ticket>, Refusal<StoreError>> {
                let ticket = found(db, &hash, kind, now)?;
                if ticket.is_some() {
                    run(db, DELETE, [hash])?;
                }
                Ok(ticket)
            })
            .await
    }

    async fn try_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let (action, hash) = (format!("try a ticket for {}", kind.name()), *hash);
        self.writer
            .write(action, move |db| -> Result<Option<Ticket>, Refusal<StoreError>> {
                let tried = run(db, TRY, params![hash, kind.name(), now.as_millis()])?;
                Ok(if tried == 1 { found(db, &hash, kind, now)? } else { None })
            })
            .await
    }

    async fn forget_tickets(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let action = "forget tickets whose time is over".to_owned();
        self.writer
            .write(action, move |db| -> Result<u64, Refusal<StoreError>> {
                Ok(run(db, FORGET, params![before.as_millis(), limit])? as u64)
            })
            .await
    }
}

fn found(
    db: &Connection,
    hash: &[u8; 32],
    kind: TicketKind,
    now: Timestamp,
) -> Result<Option<Ticket>, Fault> {
    let read = |mut row: Columns<'_>| {
        let user: Option<[u8; 16]> = row.next()?;
        Ok(Ticket {
            hash: *hash,
            kind,
            user: user.map(|it| UserId::new(uuid::Uuid::from_bytes(it))),
            data: row.next()?,
            expires_at: row.time()?,
            tries_left: row.next()?,
        })
    };
    first(db, FIND, params![hash, kind.name(), now.as_millis()], read)
}
