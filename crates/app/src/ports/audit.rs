//! Where it is kept who did what to what, from where.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use uuid::Uuid;

use super::StoreError;

/// The most records of one page.
pub const AUDIT_PAGE_LEN_MAX: u32 = 1_000;

/// The audit log. Records are added, and forgotten when they are old; nothing changes one.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds records, durably. Changes that are stored by one transaction bring their records with them instead.
    async fn record(&self, records: Vec<AuditRecord>) -> Result<(), StoreError>;

    /// A page of records, the newest first.
    async fn list_audit(&self, query: &AuditQuery) -> Result<AuditPage, StoreError>;

    /// Forgets records from before a time, the oldest first, at most `limit`; how many went.
    async fn forget_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// That somebody did something, or tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its identity, which begins with the time: records sort by it.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who: `user ID`, `token NAME`, `operator`.
    pub actor: String,
    /// What, as `role.changed`: an area, and what happened there.
    pub operation: String,
    /// To what.
    pub target: Option<AuditTarget>,
    /// A digest of it before.
    pub before: Option<[u8; 32]>,
    /// A digest of it afterwards.
    pub after: Option<[u8; 32]>,
    /// From where, for people and programs.
    pub client: AuditClient,
    /// Whether it was done.
    pub outcome: AuditOutcome,
    /// What else is to be known, in words. Never a secret.
    pub detail: Option<String>,
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditTarget {
    /// `entry`, `role`, `token`…
    pub kind: String,
    /// Which one.
    pub id: String,
}

/// Where a request came from. Both are empty for what the command line and the clock do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditClient {
    /// The address of the client.
    pub address: Option<String>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// Who asked may not do it.
    Denied,
    /// It was tried and did not work: a wrong password, for instance.
    Failed,
}

/// Which records to find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// By this actor.
    pub actor: Option<String>,
    /// Of this operation, or of all of an area: `role.*`.
    pub operation: Option<String>,
    /// About things of this kind.
    pub target_kind: Option<String>,
    /// About this one.
    pub target_id: Option<String>,
    /// That ended so.
    pub outcome: Option<AuditOutcome>,
    /// From this time on.
    pub since: Option<Timestamp>,
    /// From before this time.
    pub until: Option<Timestamp>,
    /// From before this one.
    pub before: Option<Uuid>,
    /// At most so many: 1 to [`AUDIT_PAGE_LEN_MAX`].
    pub limit: u32,
}

/// A page of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The records.
    pub records: Vec<AuditRecord>,
    /// Before which one the next page begins; `None` on the last.
    pub next: Option<Uuid>,
}

impl AuditOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::Denied, Self::Failed];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }

    /// The outcome with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
