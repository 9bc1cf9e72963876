//! Keeping what is in memory up to date with the file.

use rusqlite::{Connection, params};
use smartcms_domain::locales::Locale;

use super::PARTS;
use super::near::floats;
use super::segments::{Coming, Snapshot, VECTORS_MAX, Vectors};
use crate::sqlite::rows::{Columns, Fault, all, each, first};

pub(super) const LOG_ENDS: &str =
    "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM meaning_log";
const LOG_AFTER: &str = "SELECT DISTINCT number FROM meaning_log WHERE seq > ?1 AND seq <= ?2";
const ALL: &str = "SELECT v.place, e.collection, e.locale, v.vector FROM meaning_vectors AS v \
    JOIN meaning_entries AS m ON m.number = v.place / 32 JOIN entries AS e ON e.number = m.number \
    WHERE m.model = ?1 AND e.live_revision IS NOT NULL ORDER BY v.place";
const OF_ENTRY: &str = "SELECT v.place, e.collection, e.locale, v.vector FROM meaning_entries AS m \
    JOIN entries AS e ON e.number = m.number \
    JOIN meaning_vectors AS v ON v.place BETWEEN m.number * 32 AND m.number * 32 + 31 \
    WHERE m.number = ?2 AND m.model = ?1 AND e.live_revision IS NOT NULL ORDER BY v.place";

/// The vectors of one model, as they were at a place in the log.
pub(in crate::sqlite) struct Loaded {
    model: String,
    seq: i64,
    vectors: Vectors,
    /// Whether it was said that some have no room.
    told: bool,
}

/// What is in memory of a model's vectors, after every change that was committed before; `None` where there are none.
pub(super) fn fresh(
    held: &mut Option<Loaded>,
    db: &Connection,
    model: &str,
) -> Result<Option<Snapshot>, Fault> {
    // Read first: what is committed between this and the vectors is read again the next time, which changes nothing.
    let ends = first(db, LOG_ENDS, [], |mut row| Ok((row.next()?, row.next()?)))?;
    let (oldest, newest): (i64, i64) = ends.unwrap_or_default();
    match held {
        Some(held) if held.model == model && oldest <= held.seq.saturating_add(1) => {
            if newest > held.seq {
                held.follow(db, newest)?;
            }
        }
        _ => *held = Some(Loaded::read(db, model, newest)?),
    }
    let snapshot = held.as_ref().map(|it| it.vectors.snapshot());
    Ok(snapshot.filter(|it| !it.segments.is_empty()))
}

impl Loaded {
    fn read(db: &Connection, model: &str, seq: i64) -> Result<Self, Fault> {
        let mut loaded =
            Self { model: model.to_owned(), seq, vectors: Vectors::default(), told: false };
        each(db, ALL, params![model], |row| {
            loaded.add(coming(row)?);
            Ok(())
        })?;
        Ok(loaded)
    }

    /// Reads again what changed.
    fn follow(&mut self, db: &Connection, newest: i64) -> Result<(), Fault> {
        let changed: Vec<i64> = all(db, LOG_AFTER, [self.seq, newest], |mut row| row.next())?;
        for number in changed {
            let vectors = all(db, OF_ENTRY, params![self.model, number], coming)?;
            self.vectors.remove(number);
            vectors.into_iter().for_each(|it| self.add(it));
        }
        self.seq = newest;
        Ok(())
    }

    fn add(&mut self, coming: Coming) {
        let number = coming.place.div_euclid(PARTS);
        if !self.vectors.add(number, coming) && !self.told {
            self.told = true;
            tracing::warn!(
                model = self.model,
                most = VECTORS_MAX,
                "a vector was left out: there are more than fit, or it is of another length than the others"
            );
        }
    }
}

fn coming(mut row: Columns<'_>) -> Result<Coming, Fault> {
    let place = row.next()?;
    let scope = (row.collection()?, row.parse(Locale::parse)?);
    Ok(Coming { place, scope, vector: floats(&row.next::<Vec<u8>>()?) })
}
