//! Roles that a site makes itself.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    AuditRecord, CUSTOM_ROLES_MAX, RoleRecord, RoleRemoved, RoleSaved, RoleStore, StoreError,
};
use smartcms_domain::actors::{CustomRole, RoleName};
use smartcms_domain::entries::Revision;

use super::SqliteStore;
use super::audit;
use super::rows::{Columns, Damaged, Fault, all, count, first, run};

const BY_NAME: &str =
    "SELECT name, revision, changed_at, changed_by, document FROM roles WHERE name = ?1";
const LIST: &str =
    "SELECT name, revision, changed_at, changed_by, document FROM roles ORDER BY name";
const COUNT: &str = "SELECT count(*) FROM roles";
const INSERT: &str = "INSERT INTO roles (name, revision, changed_at, changed_by, document) \
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING";
const UPDATE: &str = "UPDATE roles SET revision = ?2, changed_at = ?3, changed_by = ?4, \
    document = ?5 WHERE name = ?1 AND revision = ?6";
const DELETE: &str = "DELETE FROM roles WHERE name = ?1 AND revision = ?2";
const PEOPLE: &str = "SELECT count(*) FROM users WHERE role = ?1";
const TOKENS: &str = "SELECT count(*) FROM tokens WHERE role = ?1";

#[async_trait]
impl RoleStore for SqliteStore {
    async fn find_role(&self, name: &RoleName) -> Result<Option<RoleRecord>, StoreError> {
        let action = || format!("read the role {name}");
        self.readers.read(action, |db| first(db, BY_NAME, [name.as_str()], role))
    }

    async fn list_roles(&self) -> Result<Vec<RoleRecord>, StoreError> {
        self.readers.read(|| "list the roles".to_owned(), |db| all(db, LIST, [], role))
    }

    async fn save_role(
        &self,
        role: RoleRecord,
        previous: Option<Revision>,
        audit: AuditRecord,
    ) -> Result<RoleSaved, StoreError> {
        let action = format!("store the role {}", role.role.name);
        self.writer.write(action, move |db| Ok(save(db, &role, previous, &audit)?)).await
    }

    async fn remove_role(
        &self,
        name: &RoleName,
        previous: Revision,
        audit: AuditRecord,
    ) -> Result<RoleRemoved, StoreError> {
        let action = format!("remove the role {name}");
        let name = name.clone();
        self.writer.write(action, move |db| Ok(remove(db, &name, previous, &audit)?)).await
    }
}

fn save(
    db: &Connection,
    record: &RoleRecord,
    previous: Option<Revision>,
    audit: &AuditRecord,
) -> Result<RoleSaved, Fault> {
    let name = record.role.name.as_str();
    let revision = count(record.revision.number())?;
    let at = record.changed_at.as_millis();
    let document = record.role.document().to_string();
    let stored = match previous {
        None => {
            let there = first(db, COUNT, [], |mut row| row.count())?.unwrap_or_default();
            if there >= u64::from(CUSTOM_ROLES_MAX) {
                return Ok(RoleSaved::TooMany);
            }
            run(db, INSERT, params![name, revision, at, record.changed_by, document])?
        }
        Some(seen) => {
            let seen = count(seen.number())?;
            run(db, UPDATE, params![name, revision, at, record.changed_by, document, seen])?
        }
    };
    if stored == 0 {
        return Ok(RoleSaved::Stale);
    }
    audit::record(db, audit)?;
    Ok(RoleSaved::Done)
}

fn remove(
    db: &Connection,
    name: &RoleName,
    previous: Revision,
    audit: &AuditRecord,
) -> Result<RoleRemoved, Fault> {
    let held = |sql| first(db, sql, [name.as_str()], |mut row| row.count());
    let tokens = held(TOKENS)?.unwrap_or_default();
    let people = held(PEOPLE)?.unwrap_or_default();
    if tokens + people > 0 {
        return Ok(RoleRemoved::InUse { people, tokens });
    }
    if run(db, DELETE, params![name.as_str(), count(previous.number())?])? == 0 {
        return Ok(RoleRemoved::Stale);
    }
    audit::record(db, audit)?;
    Ok(RoleRemoved::Done)
}

fn role(mut row: Columns<'_>) -> Result<RoleRecord, Fault> {
    let name: String = row.next()?;
    let read = role_with(&name, row);
    read.map_err(|source| Damaged { what: format!("the role {name}"), source }.into())
}

fn role_with(name: &str, mut row: Columns<'_>) -> Result<RoleRecord, Fault> {
    let revision = Revision::new(row.count()?);
    let changed_at = row.time()?;
    let changed_by = row.next()?;
    let document = serde_json::from_str(&row.next::<String>()?)?;
    let role = CustomRole::read(RoleName::parse(name)?, &document)
        .map_err(|problems| problems.first().map(ToString::to_string).unwrap_or_default())?;
    Ok(RoleRecord { role, revision, changed_at, changed_by })
}
