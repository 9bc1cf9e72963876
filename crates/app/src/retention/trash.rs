//! Emptying the trash of what is long in it.

use super::days_ago;
use crate::entries::{ContentError, purge_trashed};
use crate::{App, Fault};

/// How many entries one read brings.
const READ_LEN: u32 = 100;
/// How many entries one call looks at.
const LOOKED_AT_MAX: usize = 1_000;

/// Deletes for good what went to the trash so many days ago, in the order in which it went. What cannot be deleted stays
/// and is tried again at the next call. How many entries went.
pub async fn empty_trash(app: &App, days: u32) -> Result<u64, ContentError> {
    let Some(before) = days_ago(app, days) else { return Ok(0) };
    let (mut gone, mut looked_at, mut after) = (0, 0, None);
    while looked_at < LOOKED_AT_MAX {
        let found = app.entries.trashed_before(before, after, READ_LEN).await?;
        if found.is_empty() {
            break;
        }
        looked_at += found.len();
        for entry in found {
            after = entry.trashed_at.map(|at| (at, entry.id));
            let (id, collection) = (entry.id, entry.collection.clone());
            match purge_trashed(app, entry).await {
                Ok(()) => gone += 1,
                Err(error) => {
                    tracing::warn!(entry.id = %id, %collection, code = error.code(), %error, "could not empty the trash of an entry");
                }
            }
        }
    }
    Ok(gone)
}
