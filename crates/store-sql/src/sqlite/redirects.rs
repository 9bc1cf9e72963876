//! Redirects.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    AddressChanges, OLD_PATHS_MAX, RedirectConflict, RedirectQuery, RedirectStore, SavedRedirect,
    StoreError, Together,
};
use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{
    Redirect, RedirectId, RedirectSource, RedirectStatus, RedirectTarget, SitePath,
};
use uuid::Uuid;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, first, run};
use super::writer::Refusal;

macro_rules! select_redirects {
    ($rest:literal) => {
        concat!(
            "SELECT id, source, status, automatic, entry, address, created_at, updated_at \
             FROM redirects ",
            $rest
        )
    };
}

const BY_ID: &str = select_redirects!("WHERE id = ?1");
const BY_SOURCE: &str = select_redirects!("WHERE source = ?1");
/// The exact one stands first among those that answer a path, then the longest.
const FOR_PATH: &str = select_redirects!(
    "WHERE source IN (SELECT value FROM json_each(?1)) \
     ORDER BY source = ?2 DESC, length(source) DESC LIMIT 1"
);
const OTHER_FOR_PATH: &str = select_redirects!(
    "WHERE source IN (SELECT value FROM json_each(?1)) AND id <> ?3 \
     ORDER BY source = ?2 DESC, length(source) DESC LIMIT 1"
);
const LEADING_TO: &str = select_redirects!("WHERE path = ?1");
/// `0` is the character after `/`: between the two stands what is below.
const LEADING_BELOW: &str =
    select_redirects!("WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')");
const LIST: &str = select_redirects!(
    "WHERE source > ?1 AND (?2 IS NULL OR source LIKE ?2 ESCAPE '\\' OR address LIKE ?2 ESCAPE '\\') \
     AND (?3 IS NULL OR automatic = ?3) ORDER BY source LIMIT ?4"
);
const COUNT: &str = "SELECT count(*) FROM redirects WHERE automatic = 0";
const STORE: &str = "INSERT INTO redirects \
    (id, source, status, automatic, entry, path, address, created_at, updated_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET \
    source = excluded.source, status = excluded.status, automatic = excluded.automatic, \
    entry = excluded.entry, path = excluded.path, address = excluded.address, \
    updated_at = excluded.updated_at";
const REMOVE: &str = "DELETE FROM redirects WHERE id = ?1";
const REMOVE_AUTOMATIC: &str = "DELETE FROM redirects WHERE source = ?1 AND automatic = 1";
const FORGET_OLD_PATHS: &str = "DELETE FROM redirects WHERE entry = ?1 AND automatic = 1 \
    AND id NOT IN (SELECT id FROM redirects WHERE entry = ?1 AND automatic = 1 \
    ORDER BY created_at DESC, id DESC LIMIT ?2)";

/// What a save gives the writer to undo it all.
enum NotSaved {
    Refused(Vec<Result<SavedRedirect, RedirectConflict>>),
    Store(StoreError),
}

impl From<StoreError> for NotSaved {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[async_trait]
impl RedirectStore for SqliteStore {
    async fn find_redirect(&self, id: RedirectId) -> Result<Option<Redirect>, StoreError> {
        let action = || format!("read redirect {id}");
        self.readers.read(action, |db| first(db, BY_ID, [id.as_uuid().as_bytes()], redirect))
    }

    async fn redirect_for(&self, path: &SitePath) -> Result<Option<Redirect>, StoreError> {
        let action = || format!("read the redirect of {path}");
        self.readers.read(action, |db| {
            let candidates = serde_json::to_string(&RedirectSource::candidates(path))?;
            first(db, FOR_PATH, params![candidates, path.as_str()], redirect)
        })
    }

    async fn list_redirects(&self, query: &RedirectQuery) -> Result<Vec<Redirect>, StoreError> {
        let after = query.after.as_deref().unwrap_or_default();
        let search = query.search.as_deref().map(pattern);
        let params = params![after, search, query.is_automatic, query.limit];
        self.readers.read(|| "list redirects".to_owned(), |db| all(db, LIST, params, redirect))
    }

    async fn count_redirects(&self) -> Result<u64, StoreError> {
        let action = || "count redirects".to_owned();
        let found = self.readers.read(action, |db| first(db, COUNT, [], |mut row| row.count()))?;
        Ok(found.unwrap_or_default())
    }

    async fn save_redirects(
        &self,
        redirects: Vec<Redirect>,
        together: Together,
    ) -> Result<Vec<Result<SavedRedirect, RedirectConflict>>, StoreError> {
        let action = format!("store {} redirects", redirects.len());
        let work = move |db: &Connection| {
            let saved: Result<Vec<_>, Fault> =
                redirects.into_iter().map(|it| save(db, it)).collect();
            let saved = saved?;
            match together {
                Together::All if saved.iter().any(Result::is_err) => {
                    Err(Refusal::Known(NotSaved::Refused(saved)))
                }
                _ => Ok(saved),
            }
        };
        match self.writer.write(action, work).await {
            Ok(saved) | Err(NotSaved::Refused(saved)) => Ok(saved),
            Err(NotSaved::Store(error)) => Err(error),
        }
    }

    async fn remove_redirect(&self, id: RedirectId) -> Result<bool, StoreError> {
        let action = format!("remove redirect {id}");
        let work = move |db: &Connection| {
            Ok::<_, Refusal<StoreError>>(run(db, REMOVE, [id.as_uuid().as_bytes()])? == 1)
        };
        self.writer.write(action, work).await
    }
}

/// Does what a change of entries does to the addresses of the site, in its transaction.
pub(super) fn apply(db: &Connection, changes: &AddressChanges) -> Result<(), Fault> {
    for left in &changes.left {
        let source = left.source.key();
        let there = first(db, BY_SOURCE, [&source], redirect)?;
        if there.is_some_and(|it| !it.is_automatic) {
            continue;
        }
        run(db, REMOVE_AUTOMATIC, [&source])?;
        store(db, left)?;
        for other in leading_to(db, left)? {
            // What leads to an entry leads back to nothing.
            if let Ok(joined) = other.leading_on(Some(left)) {
                store(db, &joined)?;
            }
        }
        if let RedirectTarget::Entry(id) = left.target {
            run(db, FORGET_OLD_PATHS, params![id.as_uuid().as_bytes(), OLD_PATHS_MAX])?;
        }
    }
    for taken in &changes.taken {
        run(db, REMOVE_AUTOMATIC, [taken.as_str()])?;
    }
    Ok(())
}

fn save(
    db: &Connection,
    wanted: Redirect,
) -> Result<Result<SavedRedirect, RedirectConflict>, Fault> {
    let onward = match wanted.target.path() {
        Some(path) => {
            let candidates = serde_json::to_string(&RedirectSource::candidates(path))?;
            let params = params![candidates, path.as_str(), wanted.id.as_uuid().as_bytes()];
            first(db, OTHER_FOR_PATH, params, redirect)?
        }
        None => None,
    };
    let wanted = match wanted.leading_on(onward.as_ref()) {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Err(RedirectConflict::Loop(error))),
    };
    let there = first(db, BY_SOURCE, [wanted.source.key()], redirect)?;
    let there = there.filter(|it| it.id != wanted.id);
    if let Some(other) = there.as_ref().filter(|it| !it.is_automatic || wanted.is_automatic) {
        let same = other.leads_as(&wanted);
        let other = other.clone();
        return Ok(match same {
            true => Ok(SavedRedirect::Present(other)),
            false => Err(RedirectConflict::Taken(Box::new(other))),
        });
    }
    let mut joined = Vec::new();
    for other in leading_to(db, &wanted)? {
        match other.clone().leading_on(Some(&wanted)) {
            Ok(changed) if changed != other => joined.push(changed),
            Ok(_) => {}
            Err(error) => return Ok(Err(RedirectConflict::Loop(error))),
        }
    }
    if let Some(automatic) = there {
        run(db, REMOVE, [automatic.id.as_uuid().as_bytes()])?;
    }
    store(db, &wanted)?;
    for changed in &joined {
        store(db, changed)?;
    }
    Ok(Ok(SavedRedirect::Stored(wanted)))
}

/// The others that lead to what a redirect answers.
fn leading_to(db: &Connection, to: &Redirect) -> Result<Vec<Redirect>, Fault> {
    let sql = if to.source.is_wide() { LEADING_BELOW } else { LEADING_TO };
    let mut found = all(db, sql, [to.source.path().as_str()], redirect)?;
    found.retain(|it| it.id != to.id);
    Ok(found)
}

fn store(db: &Connection, redirect: &Redirect) -> Result<(), Fault> {
    let entry = match &redirect.target {
        RedirectTarget::Entry(id) => Some(*id.as_uuid().as_bytes()),
        _ => None,
    };
    let params = params![
        redirect.id.as_uuid().as_bytes(),
        redirect.source.key(),
        redirect.status.number(),
        redirect.is_automatic,
        entry,
        redirect.target.path().map(SitePath::as_str),
        redirect.target.text(),
        redirect.created_at.as_millis(),
        redirect.updated_at.as_millis(),
    ];
    run(db, STORE, params)?;
    Ok(())
}

/// A part of a text, as `LIKE` takes it.
fn pattern(search: &str) -> String {
    let mut pattern = "%".to_owned();
    for character in search.trim().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn redirect(mut row: Columns<'_>) -> Result<Redirect, Fault> {
    let id = RedirectId::new(row.uuid()?);
    let read = redirect_with(id, row);
    read.map_err(|source| Damaged { what: format!("redirect {id}"), source }.into())
}

fn redirect_with(id: RedirectId, mut row: Columns<'_>) -> Result<Redirect, Fault> {
    // What was stored was checked: a source may stand where no new one could, at the path of an entry.
    let source = row.parse(RedirectSource::stored)?;
    let number = row.count()?;
    let status = RedirectStatus::of(number).ok_or_else(|| format!("{number} is not a status"))?;
    let is_automatic = row.next()?;
    let entry: Option<[u8; 16]> = row.next()?;
    let address: Option<String> = row.next()?;
    let target = match (entry, address) {
        (Some(id), _) => RedirectTarget::Entry(EntryId::new(Uuid::from_bytes(id))),
        (None, Some(text)) => {
            RedirectTarget::parse(&text).map_err(|problem| problem.to_string())?
        }
        (None, None) => RedirectTarget::Gone,
    };
    let (created_at, updated_at) = (row.time()?, row.time()?);
    Ok(Redirect { id, source, target, status, is_automatic, created_at, updated_at })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{BY_ID, BY_SOURCE, FOR_PATH, LEADING_TO, LIST};
    use crate::sqlite::migrations;

    #[test]
    fn every_read_goes_to_its_rows_by_an_index() {
        let db = Connection::open_in_memory().unwrap();
        migrations::apply(&db).unwrap();
        for (sql, index) in [
            (BY_ID, "sqlite_autoindex_redirects_1"),
            (BY_SOURCE, "sqlite_autoindex_redirects_2"),
            (FOR_PATH, "sqlite_autoindex_redirects_2"),
            (LEADING_TO, "redirects_by_path"),
            (LIST, "sqlite_autoindex_redirects_2"),
        ] {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            let found = steps.iter().any(|it| it.starts_with("SEARCH ") && it.contains(index));
            assert!(
                found && !steps.iter().any(|it| it.starts_with("SCAN redirects")),
                "{sql}: {steps:?}"
            );
        }
    }
}
