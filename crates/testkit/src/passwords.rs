//! Passwords that are hashed at once.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use smartcms_app::ports::{HashError, PasswordHasher};
use smartcms_domain::people::SecretText;

/// Does as if it hashed, and counts how much work that would have been.
#[derive(Debug, Default)]
pub struct CountingHasher {
    done: AtomicU64,
}

impl CountingHasher {
    /// How many hashes were made or compared so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl PasswordHasher for CountingHasher {
    async fn hash(&self, password: &SecretText, salt: [u8; 16]) -> Result<String, HashError> {
        self.done.fetch_add(1, Ordering::SeqCst);
        Ok(format!("new:{salt:02x?}:{}", password.reveal()))
    }

    async fn verify(&self, password: &SecretText, hash: Option<&str>) -> Result<bool, HashError> {
        self.done.fetch_add(1, Ordering::SeqCst);
        let known = hash.and_then(|it| it.splitn(3, ':').last());
        Ok(known == Some(password.reveal()))
    }

    fn is_outdated(&self, hash: &str) -> bool {
        hash.starts_with("old:")
    }
}
