//! Hashes of passwords, which are slow on purpose.

use async_trait::async_trait;
use smartcms_domain::people::SecretText;

/// Hashes passwords. Each hash takes much memory and time: an adapter does few at once, lets few more wait, and refuses
/// the others with [`HashError::Busy`].
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password with a salt, in the PHC form.
    async fn hash(&self, password: &SecretText, salt: [u8; 16]) -> Result<String, HashError>;

    /// Whether a password has this hash. `None` stands for a hash that no password has: it takes the same work, so that
    /// the time does not tell who has one.
    async fn verify(&self, password: &SecretText, hash: Option<&str>) -> Result<bool, HashError>;

    /// Whether a hash was made with weaker parameters than new ones are.
    fn is_outdated(&self, hash: &str) -> bool;
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// As many are being hashed, and wait for it, as there may be.
    #[error("too many passwords are being checked at once")]
    Busy,
    /// It failed.
    #[error("could not hash a password")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
