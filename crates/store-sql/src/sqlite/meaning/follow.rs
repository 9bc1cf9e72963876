//! Telling processes what others measured.

use rusqlite::Connection;
use smartcms_app::ports::{ChangedMeanings, MeaningPlace};

use super::load::LOG_ENDS;
use crate::sqlite::rows::{Fault, all, count, first};

const CHANGED: &str = "SELECT DISTINCT e.collection FROM meaning_log AS l \
    JOIN entries AS e ON e.number = l.number WHERE l.seq > ?1 AND l.seq <= ?2";
const MEASURED: &str = "SELECT DISTINCT e.collection FROM meaning_entries AS m \
    JOIN entries AS e ON e.number = m.number";

/// The collections whose entries have other vectors than at a place. An entry that is gone is in none: its event tells.
pub(super) fn changed(
    db: &Connection,
    after: Option<MeaningPlace>,
) -> Result<ChangedMeanings, Fault> {
    let ends = first(db, LOG_ENDS, [], |mut row| Ok((row.count()?, row.count()?)))?;
    let (oldest, newest): (u64, u64) = ends.unwrap_or_default();
    let now = MeaningPlace(newest);
    let collections = match after {
        Some(MeaningPlace(after)) if after < newest => {
            if oldest > after.saturating_add(1) {
                all(db, MEASURED, [], |mut row| row.collection())?
            } else {
                all(db, CHANGED, [count(after)?, count(newest)?], |mut row| row.collection())?
            }
        }
        _ => Vec::new(),
    };
    Ok(ChangedMeanings { now, collections })
}
