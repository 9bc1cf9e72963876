//! From vectors that may be near to entries that are.

use rusqlite::{Connection, params};
use smartcms_app::ports::{NEAREST_MAX, NearEntry, NearestQuery};
use smartcms_domain::entries::EntryId;

use super::PARTS;
use super::scan::Candidate;
use crate::sqlite::rows::{Fault, all};

/// The vectors at these places, of entries that are public now.
const EXACT: &str = "SELECT v.place, e.id, v.vector FROM json_each(?1) AS wanted \
    CROSS JOIN meaning_vectors AS v ON v.place = wanted.value \
    CROSS JOIN meaning_entries AS m ON m.number = v.place / 32 AND m.model = ?2 \
    CROSS JOIN entries AS e ON e.number = m.number AND e.live_revision IS NOT NULL";

/// Compares candidates exactly, and finds whose they are: each entry once, by the nearest of its vectors.
pub(super) fn entries(
    db: &Connection,
    query: &NearestQuery,
    candidates: Vec<Candidate>,
) -> Result<Vec<NearEntry>, Fault> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<i64> = candidates.iter().map(|it| it.place).collect();
    let params = params![serde_json::to_string(&places)?, query.model];
    let mut near = all(db, EXACT, params, |mut row| {
        let place: i64 = row.next()?;
        let entry = EntryId::new(row.uuid()?);
        let similarity = cosine(&query.vector, &floats(&row.next::<Vec<u8>>()?));
        let part = u32::try_from(place.rem_euclid(PARTS))?;
        Ok(NearEntry { entry, part, similarity })
    })?;
    near.retain(|it| it.similarity >= query.similarity_min && Some(it.entry) != query.except);
    near.sort_by(|a, b| {
        b.similarity.total_cmp(&a.similarity).then(b.entry.cmp(&a.entry)).then(a.part.cmp(&b.part))
    });
    let mut found: Vec<NearEntry> = Vec::new();
    for one in near {
        if found.len() >= query.limit.min(NEAREST_MAX) as usize {
            break;
        }
        if !found.iter().any(|it| it.entry == one.entry) {
            found.push(one);
        }
    }
    Ok(found)
}

/// Both are of length 1.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A vector as it is in the file.
pub(super) fn floats(bytes: &[u8]) -> Vec<f32> {
    let numbers = bytes.chunks_exact(4);
    numbers.map(|it| it.try_into().map(f32::from_le_bytes).unwrap_or_default()).collect()
}
