//! Writing meanings. Each of these runs in the transaction of what it belongs to.

use rusqlite::{Connection, params};
use smartcms_app::ports::{MEANING_PARTS_MAX, MEANINGS_KEPT_MAX, Measured};

use super::PARTS;
use crate::sqlite::rows::{Fault, count, first, run};

const MODEL: &str = "SELECT name FROM meaning_model";
const SET_MODEL: &str = "INSERT INTO meaning_model (one, name) VALUES (1, ?1) \
    ON CONFLICT (one) DO UPDATE SET name = excluded.name";
const ALL_WAIT: &str = "INSERT OR IGNORE INTO meaning_waiting (number) \
    SELECT number FROM entries WHERE live_revision IS NOT NULL";
const WAIT: &str = "INSERT OR IGNORE INTO meaning_waiting (number) VALUES (?1)";
const WAIT_NO_MORE: &str = "DELETE FROM meaning_waiting WHERE number = ?1";
const NUMBER: &str = "SELECT number FROM entries \
    WHERE id = ?1 AND revision = ?2 AND live_revision IS NOT NULL";
const KEEP: &str = "INSERT INTO meaning_entries (number, model, digest, parts) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (number) DO UPDATE SET \
    model = excluded.model, digest = excluded.digest, parts = excluded.parts";
const KEEP_VECTOR: &str = "INSERT INTO meaning_vectors (place, vector) VALUES (?1, ?2)";
const FORGET: &str = "DELETE FROM meaning_entries WHERE number = ?1";
const FORGET_VECTORS: &str = "DELETE FROM meaning_vectors WHERE place BETWEEN ?1 AND ?1 + 31";
const LOG: &str = "INSERT INTO meaning_log (number) VALUES (?1)";
const TRIM_LOG: &str =
    "DELETE FROM meaning_log WHERE seq <= (SELECT max(seq) FROM meaning_log) - ?1";

/// How many changes are remembered for those who follow them; who is further behind reads all anew.
const LOG_LEN_MAX: i64 = 10_000;

/// Another model than before makes every public entry wait.
pub(super) fn measure_by(db: &Connection, model: &str) -> Result<(), Fault> {
    let before: Option<String> = first(db, MODEL, [], |mut row| row.next())?;
    if before.as_deref() != Some(model) {
        run(db, ALL_WAIT, [])?;
        run(db, SET_MODEL, [model])?;
    }
    Ok(())
}

/// Notes that an entry was written: it waits while it is public, and loses its meaning else.
pub(in crate::sqlite) fn changed(
    db: &Connection,
    number: i64,
    is_public: bool,
) -> Result<(), Fault> {
    if is_public {
        run(db, WAIT, [number])?;
        return Ok(());
    }
    forget(db, number)
}

/// Takes away what an entry means.
pub(in crate::sqlite) fn forget(db: &Connection, number: i64) -> Result<(), Fault> {
    run(db, WAIT_NO_MORE, [number])?;
    // Most entries that are not public never were: they have nothing that could go.
    if run(db, FORGET, [number])? > 0 {
        run(db, FORGET_VECTORS, [number.saturating_mul(PARTS)])?;
        run(db, LOG, [number])?;
    }
    Ok(())
}

/// The same for the entries whose numbers a statement finds.
pub(in crate::sqlite) fn forget_all(
    db: &Connection,
    numbers: &str,
    change: &[u8; 16],
) -> Result<(), Fault> {
    let sql = format!("SELECT json_group_array(number) FROM ({numbers})");
    let found: Option<String> = first(db, &sql, [change], |mut row| row.next())?;
    let found: Vec<i64> = serde_json::from_str(&found.unwrap_or_else(|| "[]".to_owned()))?;
    found.into_iter().try_for_each(|it| forget(db, it))
}

pub(super) fn keep(db: &Connection, measured: &[Measured]) -> Result<(), Fault> {
    for one in measured.iter().take(MEANINGS_KEPT_MAX) {
        let params = params![one.entry.as_uuid().as_bytes(), count(one.revision.number())?];
        let number: Option<i64> = first(db, NUMBER, params, |mut row| row.next())?;
        if let Some(number) = number {
            keep_one(db, number, one)?;
        }
    }
    run(db, TRIM_LOG, [LOG_LEN_MAX])?;
    Ok(())
}

fn keep_one(db: &Connection, number: i64, measured: &Measured) -> Result<(), Fault> {
    run(db, WAIT_NO_MORE, [number])?;
    let Some(vectors) = &measured.vectors else { return Ok(()) };
    let first_place = number.saturating_mul(PARTS);
    run(db, FORGET_VECTORS, [first_place])?;
    let parts = count(vectors.iter().filter(|it| !it.is_empty()).count() as u64)?;
    run(db, KEEP, params![number, measured.model, measured.digest, parts])?;
    for (part, vector) in (0_i64..).zip(vectors.iter().take(MEANING_PARTS_MAX)) {
        if !vector.is_empty() {
            let bytes: Vec<u8> = vector.iter().flat_map(|it| it.to_le_bytes()).collect();
            run(db, KEEP_VECTOR, params![first_place.saturating_add(part), bytes])?;
        }
    }
    run(db, LOG, [number])?;
    Ok(())
}
