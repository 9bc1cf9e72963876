//! Where API tokens are kept: their hashes, never themselves.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{RoleName, Scope, UserId};

use super::{AuditRecord, StoreError};

/// API tokens.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Stores a token with the record of it. Nothing is written when the name is taken, or there are as many as one may
    /// make.
    async fn add(&self, token: TokenRecord, audit: AuditRecord) -> Result<TokenAdded, StoreError>;

    /// The token with this hash.
    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError>;

    /// Every token by name.
    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError>;

    /// The token with this name.
    async fn find_by_name(&self, name: &str) -> Result<Option<TokenRecord>, StoreError>;

    /// Takes a token away with the record of it; `false` when there is none with this name, or another has it now.
    async fn remove(
        &self,
        name: &str,
        hash: &[u8; 32],
        audit: AuditRecord,
    ) -> Result<bool, StoreError>;
}

/// The most tokens that one person makes, or the operator.
pub const TOKENS_OF_ONE_MAX: u32 = 200;

/// What became of a token to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAdded {
    /// It is stored.
    Done,
    /// Another token has the name.
    NameTaken,
    /// The one who made it has [`TOKENS_OF_ONE_MAX`].
    TooMany,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// What its owner calls it; unique.
    pub name: String,
    /// What its bearer may do at most.
    pub role: RoleName,
    /// What of that it is for; `None` for all.
    pub scopes: Option<Vec<Scope>>,
    /// The person who made it; `None` for the operator, and for a token that another such token made.
    pub made_by: Option<UserId>,
    /// BLAKE3 of the secret. The secret has 256 random bits, so a slow hash would protect nothing more.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}
