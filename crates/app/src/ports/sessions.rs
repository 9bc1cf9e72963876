//! Where the sessions of people are kept: the hashes of their secrets, never themselves.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::{StoreError, UserRecord};

/// The most sessions of one person; a further one ends the one that was not seen for the longest time.
pub const SESSIONS_MAX: u32 = 30;

/// Sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Stores a session; `false` where its person is gone, disabled, or of another generation by now.
    async fn add_session(&self, session: SessionRecord) -> Result<bool, StoreError>;

    /// The session with this hash and its person, if the person is active and of the session's generation.
    async fn find_session(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError>;

    /// Remembers when it was seen.
    async fn touch_session(&self, hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError>;

    /// Ends a session; `false` when there is none.
    async fn remove_session(&self, hash: &[u8; 32]) -> Result<bool, StoreError>;

    /// Ends a session of a person by its id; `false` when there is none.
    async fn remove_session_of(&self, user: UserId, id: Uuid) -> Result<bool, StoreError>;

    /// Ends the sessions of a person but one. How many.
    async fn remove_sessions_of(
        &self,
        user: UserId,
        keep: Option<&[u8; 32]>,
    ) -> Result<u64, StoreError>;

    /// The sessions of a person, the one seen last first.
    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError>;

    /// Forgets sessions that ended before `now` or were not seen since `seen_before`. How many went.
    async fn forget_sessions(
        &self,
        now: Timestamp,
        seen_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// BLAKE3 of the secret, which has 256 random bits.
    pub hash: [u8; 32],
    /// What it is called where its person looks at it; opens nothing.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// The generation of the person when it began.
    pub generation: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last seen, within a minute.
    pub seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Where it began, as far as that was known.
    pub address: Option<String>,
    /// What browser it began in, as that says.
    pub user_agent: String,
}
