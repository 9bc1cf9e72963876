//! What is spent on writing help, and suggestions that a save can name.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    AssistStore, Hold, Holding, READERS, SPENDING_DAYS, SUGGESTIONS_NAMED_MAX, Spent, StoreError,
    SuggestionRecord,
};
use smartcms_domain::entries::Help;
use uuid::Uuid;

use super::SqliteStore;
use super::rows::{Columns, Fault, count, first, run};

const SPENT: &str = "SELECT coalesce(sum(tokens) FILTER (WHERE person = ?2), 0), \
    coalesce(sum(tokens) FILTER (WHERE person <> ?3), 0) FROM assist_spending WHERE day = ?1";
const ADD: &str = "INSERT INTO assist_spending (day, person, tokens) VALUES (?1, ?2, ?3) \
    ON CONFLICT (day, person) DO UPDATE SET tokens = tokens + excluded.tokens";
const SETTLE: &str = "UPDATE assist_spending SET tokens = max(0, tokens - ?3 + ?4) \
    WHERE day = ?1 AND person = ?2";
const FORGET_SPENDING: &str = "DELETE FROM assist_spending WHERE day < ?1";
const KEEP: &str = "INSERT INTO assist_suggestions \
    (id, person, task, model, prompt, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// At most so many at once: more are forgotten than are made.
const FORGET: &str = "DELETE FROM assist_suggestions WHERE id IN \
    (SELECT id FROM assist_suggestions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 100)";
const FIND: &str = "SELECT person, task, model, prompt, at, expires_at \
    FROM assist_suggestions WHERE id = ?1";

#[async_trait]
impl AssistStore for SqliteStore {
    async fn hold(&self, wanted: Hold) -> Result<Holding, StoreError> {
        let action = "hold tokens of writing help".to_owned();
        self.writer.write(action, move |db| Ok(hold(db, &wanted)?)).await
    }

    async fn settle(&self, hold: Hold, used: u64) -> Result<(), StoreError> {
        let action = "settle tokens of writing help".to_owned();
        self.writer
            .write(action, move |db| {
                let params = params![hold.day, hold.person, count(hold.tokens)?, count(used)?];
                run(db, SETTLE, params)?;
                Ok(())
            })
            .await
    }

    async fn spent(&self, day: i64, person: &str) -> Result<Spent, StoreError> {
        let action = || "read what is spent on writing help".to_owned();
        self.readers.read(action, |db| spent(db, day, person))
    }

    async fn keep_suggestion(&self, suggestion: SuggestionRecord) -> Result<(), StoreError> {
        let action = format!("store the suggestion {}", suggestion.id);
        self.writer.write(action, move |db| Ok(keep(db, &suggestion)?)).await
    }

    async fn suggestions(&self, ids: &[Uuid]) -> Result<Vec<SuggestionRecord>, StoreError> {
        let action = || format!("read {} suggestions", ids.len());
        self.readers.read(action, |db| {
            let ids = ids.iter().take(SUGGESTIONS_NAMED_MAX);
            let found = ids.map(|id| first(db, FIND, [id.as_bytes()], |row| suggestion(*id, row)));
            found.filter_map(Result::transpose).collect()
        })
    }
}

/// The writer does one after the other: nobody takes tokens between the look and the writing.
fn hold(db: &Connection, wanted: &Hold) -> Result<Holding, Fault> {
    let before = spent(db, wanted.day, &wanted.person)?;
    if before.person.saturating_add(wanted.tokens) > wanted.person_max {
        return Ok(Holding::PersonFull(before));
    }
    if before.site.saturating_add(wanted.tokens) > wanted.site_max {
        return Ok(Holding::SiteFull(before));
    }
    run(db, FORGET_SPENDING, [wanted.day.saturating_sub(SPENDING_DAYS)])?;
    run(db, ADD, params![wanted.day, wanted.person, count(wanted.tokens)?])?;
    Ok(Holding::Held)
}

fn spent(db: &Connection, day: i64, person: &str) -> Result<Spent, Fault> {
    let found = first(db, SPENT, params![day, person, READERS], |mut row| {
        Ok(Spent { person: row.count()?, site: row.count()? })
    })?;
    Ok(found.unwrap_or_default())
}

fn keep(db: &Connection, it: &SuggestionRecord) -> Result<(), Fault> {
    run(db, FORGET, [it.at.as_millis()])?;
    let Help { task, model, prompt, person } = &it.help;
    let (at, expires_at) = (it.at.as_millis(), it.expires_at.as_millis());
    run(db, KEEP, params![it.id.as_bytes(), person, task, model, prompt, at, expires_at])?;
    Ok(())
}

fn suggestion(id: Uuid, mut row: Columns<'_>) -> Result<SuggestionRecord, Fault> {
    let (person, task, model) = (row.next()?, row.next()?, row.next()?);
    let help = Help { task, model, prompt: row.next()?, person };
    Ok(SuggestionRecord { id, help, at: row.time()?, expires_at: row.time()? })
}
