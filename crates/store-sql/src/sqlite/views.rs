//! Views of lists that people keep.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{SavedView, StoreError, ViewStore};
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::SqliteStore;
use super::rows::{Columns, Fault, all, first, run};

const LIST: &str = "SELECT id, list, name, query FROM saved_views \
    WHERE owner = ?1 AND list = ?2 ORDER BY name";
const ALL: &str =
    "SELECT id, list, name, query FROM saved_views WHERE owner = ?1 ORDER BY list, name";
const OTHERS: &str =
    "SELECT count(*) FROM saved_views WHERE owner = ?1 AND NOT (list = ?2 AND name = ?3)";
const SAVE: &str = "INSERT INTO saved_views (owner, list, name, id, query) \
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, list, name) \
    DO UPDATE SET id = excluded.id, query = excluded.query";
const REMOVE: &str = "DELETE FROM saved_views WHERE owner = ?1 AND id = ?2";

#[async_trait]
impl ViewStore for SqliteStore {
    async fn list_views(&self, owner: UserId, list: &str) -> Result<Vec<SavedView>, StoreError> {
        let action = || format!("list the views of {list}");
        let params = params![owner.as_uuid().as_bytes(), list];
        self.readers.read(action, |db| all(db, LIST, params, |row| view(owner, row)))
    }

    async fn all_views(&self, owner: UserId) -> Result<Vec<SavedView>, StoreError> {
        let params = params![owner.as_uuid().as_bytes()];
        let action = || "list the views of a person".to_owned();
        self.readers.read(action, |db| all(db, ALL, params, |row| view(owner, row)))
    }

    async fn save_view(&self, view: SavedView, most: u32) -> Result<bool, StoreError> {
        let action = format!("store the view {} of {}", view.name, view.list);
        self.writer.write(action, move |db| Ok(save(db, &view, most)?)).await
    }

    async fn remove_view(&self, owner: UserId, id: Uuid) -> Result<bool, StoreError> {
        let action = format!("remove the view {id}");
        self.writer
            .write(action, move |db| {
                let params = params![owner.as_uuid().as_bytes(), id.as_bytes()];
                Ok(run(db, REMOVE, params)? > 0)
            })
            .await
    }
}

fn save(db: &Connection, view: &SavedView, most: u32) -> Result<bool, Fault> {
    let owner = view.owner.as_uuid().as_bytes();
    let params = params![owner, view.list, view.name];
    let others = first(db, OTHERS, params, |mut row| row.count())?;
    if others.unwrap_or_default() >= u64::from(most) {
        return Ok(false);
    }
    let params = params![owner, view.list, view.name, view.id.as_bytes(), view.query];
    Ok(run(db, SAVE, params)? > 0)
}

fn view(owner: UserId, mut row: Columns<'_>) -> Result<SavedView, Fault> {
    let (id, list) = (row.uuid()?, row.next()?);
    Ok(SavedView { id, owner, list, name: row.next()?, query: row.next()? })
}
