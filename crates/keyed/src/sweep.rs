//! Looking for pages that nobody needs: left by processes that ended in a commit, or too many for the root to remember.

use crate::database::ORPHAN_AGE_SECONDS;
use crate::keys::{Keys, KeysError};
use crate::root::Root;

/// The most answers that one sweep asks for: it ends, and the next one goes on with what is left then.
const ANSWERS_MAX: usize = 10_000;

/// What the keys of a database's pages begin with.
pub(crate) fn prefix(name: &str) -> String {
    format!("{name}/p/")
}

/// Takes away every page that is old and that this root, the newest, does not know; how many.
pub(crate) fn sweep(keys: &dyn Keys, name: &str, root: &Root, now: u64) -> Result<u64, KeysError> {
    let (mut cursor, mut orphans) = (None, Vec::new());
    for _ in 0..ANSWERS_MAX {
        let page = keys.list(cursor.as_deref())?;
        orphans.extend(page.keys.into_iter().filter(|it| is_orphan(it, name, root, now)));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    for key in &orphans {
        keys.delete(key)?;
    }
    Ok(orphans.len() as u64)
}

/// Whether a key is of a page that no transaction reads or will ever read.
fn is_orphan(key: &str, name: &str, root: &Root, now: u64) -> bool {
    let parts = key.strip_prefix(&prefix(name)).and_then(|it| it.split_once('-'));
    let Some((page, commit)) = parts else { return false };
    let (page, commit) = (u32::from_str_radix(page, 16), u64::from_str_radix(commit, 16));
    let (Ok(page), Ok(commit)) = (page, commit) else { return false };
    // The upper half of a commit's number is when it began.
    let is_old = (commit >> 32).saturating_add(ORPHAN_AGE_SECONDS) <= now;
    is_old && !root.knows(page, commit)
}
