//! The audit log. That nothing changes a record is held by triggers of the database.

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use smartcms_app::ports::{
    AUDIT_PAGE_LEN_MAX, AuditClient, AuditLog, AuditOutcome, AuditPage, AuditQuery, AuditRecord,
    AuditTarget, StoreError,
};
use smartcms_domain::Timestamp;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, run};

const INSERT: &str = "INSERT INTO audit (id, at, actor, operation, outcome, target_kind, \
    target_id, before_digest, after_digest, address, user_agent, detail) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const SELECT: &str = "SELECT id, at, actor, operation, outcome, target_kind, target_id, \
    before_digest, after_digest, address, user_agent, detail FROM audit";
const ALLOW: &str = "UPDATE audit_retention SET before = ?1";
const FORGET: &str = "DELETE FROM audit WHERE id IN \
    (SELECT id FROM audit WHERE id < ?3 AND at < ?1 ORDER BY id LIMIT ?2)";

#[async_trait]
impl AuditLog for SqliteStore {
    async fn record(&self, records: Vec<AuditRecord>) -> Result<(), StoreError> {
        let action = "add to the audit log".to_owned();
        self.writer
            .write(action, move |db| {
                for it in &records {
                    record(db, it)?;
                }
                Ok(())
            })
            .await
    }

    async fn list_audit(&self, query: &AuditQuery) -> Result<AuditPage, StoreError> {
        let limit = query.limit.clamp(1, AUDIT_PAGE_LEN_MAX);
        let (sql, values) = selection(query, limit);
        let action = || "read the audit log".to_owned();
        let mut records =
            self.readers.read(action, |db| all(db, &sql, params_from_iter(&values), of_row))?;
        let is_more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let next = records.last().filter(|_| is_more).map(|it| it.id);
        Ok(AuditPage { records, next })
    }

    async fn forget_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let action = format!("forget the audit log from before {before}");
        self.writer
            .write(action, move |db| {
                let first = first_id(before);
                let before = before.as_millis();
                run(db, ALLOW, [before])?;
                let gone = run(db, FORGET, params![before, limit, first])?;
                run(db, ALLOW, [0])?;
                Ok(gone as u64)
            })
            .await
    }
}

/// Adds a record within a transaction, beside what it is about.
pub(super) fn record(db: &Connection, it: &AuditRecord) -> Result<(), Fault> {
    let params = params![
        it.id.as_bytes(),
        it.at.as_millis(),
        it.actor,
        it.operation,
        it.outcome.name(),
        it.target.as_ref().map(|it| &it.kind),
        it.target.as_ref().map(|it| &it.id),
        it.before,
        it.after,
        it.client.address,
        it.client.user_agent,
        it.detail,
    ];
    run(db, INSERT, params)?;
    Ok(())
}

/// The statement of a query: only the conditions that it has, so that each is served by its index.
fn selection(query: &AuditQuery, limit: u32) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &'static str, value: Value| {
        conditions.push(condition);
        values.push(value);
    };
    let text = |it: &String| Value::from(it.clone());
    if let Some(actor) = &query.actor {
        add("actor = ?", text(actor));
    }
    if let Some(operation) = &query.operation {
        let area = operation.split('.').next().unwrap_or_default();
        add("area = ?", Value::from(area.to_owned()));
        if !operation.ends_with(".*") {
            add("operation = ?", text(operation));
        }
    }
    if let Some(kind) = &query.target_kind {
        add("target_kind = ?", text(kind));
    }
    if let Some(id) = &query.target_id {
        add("target_id = ?", text(id));
    }
    match query.outcome {
        // Said with the words of the index, which has the others alone.
        Some(AuditOutcome::Denied) => {
            add("outcome <> 'done' AND outcome = ?", "denied".to_owned().into());
        }
        Some(AuditOutcome::Failed) => {
            add("outcome <> 'done' AND outcome = ?", "failed".to_owned().into());
        }
        Some(AuditOutcome::Done) => add("outcome = ?", "done".to_owned().into()),
        None => {}
    }
    if let Some(since) = query.since {
        add("at >= ?", since.as_millis().into());
        add("id >= ?", first_id(since).to_vec().into());
    }
    if let Some(until) = query.until {
        add("at < ?", until.as_millis().into());
        add("id < ?", first_id(until).to_vec().into());
    }
    if let Some(before) = query.before {
        add("id < ?", before.as_bytes().to_vec().into());
    }
    let found = if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    };
    values.push((i64::from(limit) + 1).into());
    (format!("{SELECT}{found} ORDER BY id DESC LIMIT ?"), values)
}

/// The least id of a time: ids begin with it, so that a part of the log is a part of its own order.
fn first_id(time: Timestamp) -> [u8; 16] {
    let millis = u128::try_from(time.as_millis()).unwrap_or_default();
    (millis << 80).to_be_bytes()
}

fn of_row(mut row: Columns<'_>) -> Result<AuditRecord, Fault> {
    let id = row.uuid()?;
    let read = with(id, row);
    read.map_err(|source| {
        Damaged { what: format!("the record {id} of the audit log"), source }.into()
    })
}

fn with(id: uuid::Uuid, mut row: Columns<'_>) -> Result<AuditRecord, Fault> {
    let at = row.time()?;
    let (actor, operation) = (row.next()?, row.next()?);
    let outcome = row.parse(|it| AuditOutcome::named(it).ok_or("an unknown outcome"))?;
    let (kind, target): (Option<String>, Option<String>) = (row.next()?, row.next()?);
    let target = kind.zip(target).map(|(kind, id)| AuditTarget { kind, id });
    let (before, after) = (row.next()?, row.next()?);
    let client = AuditClient { address: row.next()?, user_agent: row.next()? };
    let detail = row.next()?;
    Ok(AuditRecord { id, at, actor, operation, target, before, after, client, outcome, detail })
}
