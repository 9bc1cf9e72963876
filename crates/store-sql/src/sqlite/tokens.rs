//! API tokens.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use smartcms_app::ports::{
    AuditRecord, StoreError, TOKENS_OF_ONE_MAX, TokenAdded, TokenRecord, TokenStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Scope, UserId};
use uuid::Uuid;

use super::SqliteStore;
use super::audit;
use super::rows::{Columns, Damaged, Fault, all, first, run};

macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT name, role, scopes, made_by, hash, created_at, expires_at FROM tokens ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO tokens \
    (name, role, scopes, made_by, hash, created_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO NOTHING";
const BY_HASH: &str = select_tokens!("WHERE hash = ?1");
const BY_NAME: &str = select_tokens!("WHERE name = ?1");
const LIST: &str = select_tokens!("ORDER BY name");
const COUNT: &str = "SELECT count(*) FROM tokens WHERE made_by IS ?1";
const DELETE: &str = "DELETE FROM tokens WHERE name = ?1 AND hash = ?2";

#[async_trait]
impl TokenStore for SqliteStore {
    async fn add(&self, token: TokenRecord, audit: AuditRecord) -> Result<TokenAdded, StoreError> {
        let action = format!("store token {}", token.name);
        self.writer.write(action, move |db| Ok(add(db, &token, &audit)?)).await
    }

    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError> {
        let action = || "read a token".to_owned();
        self.readers.read(action, |db| first(db, BY_HASH, [hash], token))
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<TokenRecord>, StoreError> {
        let action = || format!("read token {name}");
        self.readers.read(action, |db| first(db, BY_NAME, [name], token))
    }

    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError> {
        let action = || "list the tokens".to_owned();
        self.readers.read(action, |db| all(db, LIST, [], token))
    }

    async fn remove(
        &self,
        name: &str,
        hash: &[u8; 32],
        audit: AuditRecord,
    ) -> Result<bool, StoreError> {
        let (name, hash) = (name.to_owned(), *hash);
        let action = format!("remove token {name}");
        self.writer
            .write(action, move |db| {
                let gone = run(db, DELETE, params![name, hash])? == 1;
                if gone {
                    audit::record(db, &audit)?;
                }
                Ok(gone)
            })
            .await
    }
}

fn add(db: &Connection, token: &TokenRecord, audit: &AuditRecord) -> Result<TokenAdded, Fault> {
    let made_by = token.made_by.map(|it| *it.as_uuid().as_bytes());
    let there = first(db, COUNT, [made_by], |mut row| row.count())?.unwrap_or_default();
    if there >= u64::from(TOKENS_OF_ONE_MAX) {
        return Ok(TokenAdded::TooMany);
    }
    let scopes = token
        .scopes
        .as_ref()
        .map(|all| serde_json::to_string(&all.iter().map(ToString::to_string).collect::<Vec<_>>()));
    let params = params![
        token.name,
        token.role.as_str(),
        scopes.transpose()?,
        made_by,
        token.hash,
        token.created_at.as_millis(),
        token.expires_at.map(Timestamp::as_millis),
    ];
    if run(db, INSERT, params)? == 0 {
        return Ok(TokenAdded::NameTaken);
    }
    audit::record(db, audit)?;
    Ok(TokenAdded::Done)
}

fn token(mut row: Columns<'_>) -> Result<TokenRecord, Fault> {
    let name: String = row.next()?;
    let read = token_with(name.clone(), row);
    read.map_err(|source| Damaged { what: format!("token {name}"), source }.into())
}

fn token_with(name: String, mut row: Columns<'_>) -> Result<TokenRecord, Fault> {
    let role = row.named()?;
    let scopes: Option<String> = row.next()?;
    let made_by: Option<[u8; 16]> = row.next()?;
    Ok(TokenRecord {
        name,
        role,
        scopes: scopes.map(|it| scopes_of(&it)).transpose()?,
        made_by: made_by.map(|it| UserId::new(Uuid::from_bytes(it))),
        hash: row.next()?,
        created_at: row.time()?,
        expires_at: row.maybe_time()?,
    })
}

fn scopes_of(text: &str) -> Result<Vec<Scope>, Fault> {
    let texts: Vec<String> = serde_json::from_str(text)?;
    texts.iter().map(|it| Ok(it.parse()?)).collect()
}
