//! Where API tokens are kept: their hashes, never themselves.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Role;

use super::StoreError;

/// API tokens.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Stores a token; `false` when the name is taken.
    async fn add(&self, token: TokenRecord) -> Result<bool, StoreError>;

    /// The token with this hash.
    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError>;

    /// Every token by name.
    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError>;

    /// Takes a token away; `false` when there is none with this name.
    async fn remove(&self, name: &str) -> Result<bool, StoreError>;
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// What its owner calls it; unique.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
    /// BLAKE3 of the secret. The secret has 256 random bits, so a slow hash would protect nothing more.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}
