//! Menus.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{MenuGeneration, MenuStore, MenuWriteError, StoreError};
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{Menu, MenuName, items_of_json, items_to_json};

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};
use super::writer::Refusal;

macro_rules! select_menus {
    ($rest:literal) => {
        concat!("SELECT name, revision, updated_at, items FROM menus ", $rest)
    };
}

const LIST: &str = select_menus!("ORDER BY name");
const BY_NAMES: &str =
    select_menus!("WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY name");
const INSERT: &str = "INSERT INTO menus (name, revision, updated_at, items) \
    VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO NOTHING";
const UPDATE: &str = "UPDATE menus SET revision = ?2, updated_at = ?3, items = ?4 \
    WHERE name = ?1 AND revision = ?5";
const DELETE: &str = "DELETE FROM menus WHERE name = ?1 AND revision = ?2";
const GENERATION: &str = "SELECT generation FROM menu_generation";
const NEXT_GENERATION: &str = "UPDATE menu_generation SET generation = generation + 1";

#[async_trait]
impl MenuStore for SqliteStore {
    async fn find_menus(&self, names: &[MenuName]) -> Result<Vec<Menu>, StoreError> {
        let names: Vec<&str> = names.iter().map(MenuName::as_str).collect();
        let action = || format!("read the menus {}", names.join(", "));
        self.readers.read(action, |db| all(db, BY_NAMES, [serde_json::to_string(&names)?], menu))
    }

    async fn list_menus(&self) -> Result<Vec<Menu>, StoreError> {
        self.readers.read(|| "list the menus".to_owned(), |db| all(db, LIST, [], menu))
    }

    async fn save_menu(
        &self,
        menu: Menu,
        previous: Option<Revision>,
    ) -> Result<MenuGeneration, MenuWriteError> {
        let action = format!("store revision {} of the menu {}", menu.revision, menu.name);
        let work = move |db: &Connection| {
            let revision = count(menu.revision.number())?;
            let items = items_to_json(&menu.items).to_string();
            let name = menu.name.as_str();
            let at = menu.updated_at.as_millis();
            let stored = match previous {
                None => run(db, INSERT, params![name, revision, at, items])?,
                Some(seen) => {
                    let seen = count(seen.number())?;
                    run(db, UPDATE, params![name, revision, at, items, seen])?
                }
            };
            changed(db, stored)
        };
        self.writer.write(action, work).await
    }

    async fn remove_menu(
        &self,
        name: &MenuName,
        previous: Revision,
    ) -> Result<MenuGeneration, MenuWriteError> {
        let action = format!("remove the menu {name}");
        let name = name.clone();
        let work = move |db: &Connection| {
            let params = params![name.as_str(), count(previous.number())?];
            changed(db, run(db, DELETE, params)?)
        };
        self.writer.write(action, work).await
    }

    async fn menu_generation(&self) -> Result<MenuGeneration, StoreError> {
        let action = || "read how often menus changed".to_owned();
        Ok(self.readers.read(action, generation)?)
    }
}

/// The generation that a change makes; a change of no row was made from another state.
fn changed(db: &Connection, rows: usize) -> Result<MenuGeneration, Refusal<MenuWriteError>> {
    if rows == 0 {
        return Err(Refusal::Known(MenuWriteError::Stale));
    }
    run(db, NEXT_GENERATION, [])?;
    Ok(generation(db)?)
}

fn generation(db: &Connection) -> Result<MenuGeneration, Fault> {
    let found = first(db, GENERATION, [], |mut row| row.count())?;
    Ok(MenuGeneration(found.unwrap_or_default()))
}

fn menu(mut row: Columns<'_>) -> Result<Menu, Fault> {
    let name: String = row.next()?;
    let read = menu_with(&name, row);
    read.map_err(|source| Damaged { what: format!("the menu {name}"), source }.into())
}

fn menu_with(name: &str, mut row: Columns<'_>) -> Result<Menu, Fault> {
    let name = MenuName::parse(name).map_err(|problem| problem.to_string())?;
    let revision = Revision::new(row.count()?);
    let updated_at = row.time()?;
    let items = serde_json::from_str(&row.next::<String>()?)?;
    let items = items_of_json(&items)
        .map_err(|problems| problems.first().map(ToString::to_string).unwrap_or_default())?;
    Ok(Menu { name, items, revision, updated_at })
}
