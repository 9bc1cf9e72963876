//! API tokens.

use async_trait::async_trait;
use rusqlite::params;
use smartcms_app::ports::{StoreError, TokenRecord, TokenStore};
use smartcms_domain::Timestamp;

use super::SqliteStore;
use super::rows::{Columns, Damaged, Fault, all, first, run};

const INSERT: &str = "INSERT INTO tokens (name, role, hash, created_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING";
const BY_HASH: &str = "SELECT name, role, hash, created_at, expires_at FROM tokens WHERE hash = ?1";
const LIST: &str = "SELECT name, role, hash, created_at, expires_at FROM tokens ORDER BY name";
const DELETE: &str = "DELETE FROM tokens WHERE name = ?1";

#[async_trait]
impl TokenStore for SqliteStore {
    async fn add(&self, token: TokenRecord) -> Result<bool, StoreError> {
        let action = format!("store token {}", token.name);
        self.writer
            .write(action, move |db| {
                let params = params![
                    token.name,
                    token.role.name(),
                    token.hash,
                    token.created_at.as_millis(),
                    token.expires_at.map(Timestamp::as_millis),
                ];
                Ok(run(db, INSERT, params)? == 1)
            })
            .await
    }

    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError> {
        let action = || "read a token".to_owned();
        self.readers.read(action, |db| first(db, BY_HASH, [hash], token))
    }

    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError> {
        let action = || "list the tokens".to_owned();
        self.readers.read(action, |db| all(db, LIST, [], token))
    }

    async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        let action = format!("remove token {name}");
        self.writer.write(action, move |db| Ok(run(db, DELETE, [name])? == 1)).await
    }
}

fn token(mut row: Columns<'_>) -> Result<TokenRecord, Fault> {
    let name: String = row.next()?;
    let read = token_with(name.clone(), row);
    read.map_err(|source| Damaged { what: format!("token {name}"), source }.into())
}

fn token_with(name: String, mut row: Columns<'_>) -> Result<TokenRecord, Fault> {
    Ok(TokenRecord {
        name,
        role: row.named()?,
        hash: row.next()?,
        created_at: row.time()?,
        expires_at: row.maybe_time()?,
    })
}
