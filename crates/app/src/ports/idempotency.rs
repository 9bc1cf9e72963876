//! Where requests that name themselves by a key are remembered, with what they were answered.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_domain::Timestamp;

use super::StoreError;

/// Keys of requests. What is taken and kept here outlives the process.
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Takes a key for a request, or says what is known of the request that took it before. Keys that were taken before
    /// `forgotten_before` count for nothing, and some of them are deleted.
    async fn claim(
        &self,
        key: &RequestKey,
        claim: Claim,
        forgotten_before: Timestamp,
        keys_max: u64,
    ) -> Result<Claimed, StoreError>;

    /// Keeps what was answered to the request that took a key. A key that is not there any more is no error.
    async fn keep(&self, key: &RequestKey, answer: KeptAnswer) -> Result<(), StoreError>;

    /// Gives a key back for which no answer is kept: the request was not done, and may be tried again.
    async fn release(&self, key: &RequestKey) -> Result<(), StoreError>;
}

/// The key of a request. Keys of different bearers have nothing to do with one another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey {
    /// Who sent it: the name of the token.
    pub bearer: String,
    /// What the client chose.
    pub key: String,
}

/// What a request that takes a key is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// A digest of all that has to be the same when it comes again.
    pub fingerprint: [u8; 32],
    /// When it came.
    pub at: Timestamp,
}

/// What became of the attempt to take a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is taken for this request.
    New,
    /// It was taken before.
    Before {
        /// For which request.
        claim: Claim,
        /// What was answered; `None` while that is not known.
        answer: Option<KeptAnswer>,
    },
    /// The bearer has as many keys as one may have.
    TooMany,
}

/// What was answered to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status, as the edge that answered counts them.
    pub status: u16,
    /// The headers that belong to what was answered.
    pub headers: Vec<(String, String)>,
    /// The body; `None` for one that is too large to be kept.
    pub body: Option<Bytes>,
}
