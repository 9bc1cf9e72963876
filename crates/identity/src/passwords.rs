//! Hashes of passwords by argon2id, few at once.
//!
//! One hash takes megabytes of memory and a good part of a second of a core, on purpose. A storm of people who sign in,
//! or of a program that does as if, must not take the machine with it: so many are hashed at once, so many wait, and the
//! others are told to come again.

mod enabled;

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use smartcms_app::ports::{HashError, PasswordHasher};
use smartcms_domain::people::SecretText;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The memory of one hash, in KiB: what OWASP asks of argon2id with two passes.
const MEMORY_KIB: u32 = 19 * 1024;
/// How often that memory is gone through.
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The salt of the work for those who have no password.
const SALT_OF_NOBODY: &[u8; 16] = b"nobody has this!";

/// How many are hashed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashSettings {
    /// Hashes at once; each takes 19 MiB: `people.hashes_max`.
    pub hashes_max: usize,
    /// How many wait for their turn; further ones are refused: `people.hash_queue_max`.
    pub queue_max: usize,
}

impl Default for HashSettings {
    fn default() -> Self {
        Self { hashes_max: 2, queue_max: 32 }
    }
}

/// Hashes passwords by argon2id on threads for work that blocks.
pub struct Argon2Hasher {
    /// For who is hashed and who waits.
    places: Arc<Semaphore>,
    /// For who is hashed.
    turns: Arc<Semaphore>,
}

#[derive(Debug, thiserror::Error)]
#[error("argon2 failed: {0}")]
struct Argon2Failed(String);

impl Argon2Hasher {
    /// Hashes so many at once.
    pub fn new(settings: HashSettings) -> Self {
        let hashes_max = settings.hashes_max.clamp(1, 256);
        let places = hashes_max.saturating_add(settings.queue_max.min(100_000));
        Self {
            places: Arc::new(Semaphore::new(places)),
            turns: Arc::new(Semaphore::new(hashes_max)),
        }
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let permits = self.enter().await?;
        enabled::done(permits, work).await
    }

    async fn enter(&self) -> Result<[OwnedSemaphorePermit; 2], HashError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| HashError::Busy)?;
        Ok([place, turn])
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &SecretText, salt: [u8; 16]) -> Result<String, HashError> {
        let password = password.clone();
        self.work(move || hashed(&password, &salt).map(|it| it.to_string())).await
    }

    async fn verify(&self, password: &SecretText, hash: Option<&str>) -> Result<bool, HashError> {
        let (password, hash) = (password.clone(), hash.map(str::to_owned));
        self.work(move || match hash {
            Some(hash) => fits(&password, &hash),
            None => hashed(&password, SALT_OF_NOBODY).map(|_| false),
        })
        .await
    }

    fn is_outdated(&self, hash: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(hash) else { return false };
        let Ok(params) = Params::try_from(&parsed) else { return false };
        params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES
    }
}

fn hashed(password: &SecretText, salt: &[u8; 16]) -> Result<PasswordHash, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_with_salt(password.reveal().as_bytes(), salt).map_err(failed)
}

fn fits(password: &SecretText, hash: &str) -> Result<bool, HashError> {
    let parsed = PasswordHash::new(hash).map_err(failed)?;
    match Argon2::default().verify_password(password.reveal().as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(Box::new(Argon2Failed(error.to_string())))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use smartcms_app::ports::{HashError, PasswordHasher};
    use smartcms_domain::people::SecretText;

    use super::{Argon2Hasher, HashSettings};

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let hasher = Argon2Hasher::new(HashSettings::default());
        let (right, wrong) = (SecretText::new("brown quartz"), SecretText::new("brown quarts"));
        let hash = hasher.hash(&right, [7; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify(&right, Some(&hash)).await.unwrap());
        assert!(!hasher.verify(&wrong, Some(&hash)).await.unwrap());
        assert!(!hasher.verify(&right, None).await.unwrap(), "nobody has a password");
        assert_ne!(hasher.hash(&right, [8; 16]).await.unwrap(), hash);
        assert!(!hasher.is_outdated(&hash));
        assert!(hasher.is_outdated(&hash.replace("m=19456", "m=8192")));
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_error_and_lets_nobody_in() {
        let hasher = Argon2Hasher::new(HashSettings::default());
        let outcome = hasher.verify(&SecretText::new("brown quartz"), Some("$argon2id$")).await;
        assert!(matches!(outcome, Err(HashError::Failed(_))), "{outcome:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_a_storm_a_few_are_served_and_the_others_told_to_come_again() {
        let hasher = Arc::new(Argon2Hasher::new(HashSettings { hashes_max: 1, queue_max: 3 }));
        let mut storm = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let hasher = Arc::clone(&hasher);
            storm.spawn(async move { hasher.verify(&SecretText::new("guess"), None).await });
        }
        let outcomes = storm.join_all().await;
        let busy = outcomes.iter().filter(|it| matches!(it, Err(HashError::Busy))).count();
        let served = outcomes.iter().filter(|it| matches!(it, Ok(false))).count();
        assert!(busy > 0 && served >= 4, "{busy} busy, {served} served");
        assert_eq!(busy + served, 50);
        let after = hasher.verify(&SecretText::new("guess"), None).await;
        assert!(matches!(after, Ok(false)), "when the storm is over there is room again");
    }
}
