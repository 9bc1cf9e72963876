//! Where the roles are kept that a site makes itself.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{CustomRole, RoleName};
use smartcms_domain::entries::Revision;

use super::{AuditRecord, StoreError};

/// The most roles that a site makes.
pub const CUSTOM_ROLES_MAX: u32 = 100;

/// Custom roles by their names. The built-in ones are not stored.
#[async_trait]
pub trait RoleStore: Send + Sync {
    /// The role with this name.
    async fn find_role(&self, name: &RoleName) -> Result<Option<RoleRecord>, StoreError>;

    /// Every role by name.
    async fn list_roles(&self) -> Result<Vec<RoleRecord>, StoreError>;

    /// Stores a role over the state that was `previous`, `None` for a new one, with the record of it. Nothing is written
    /// when another state is stored, or there are [`CUSTOM_ROLES_MAX`] others.
    async fn save_role(
        &self,
        role: RoleRecord,
        previous: Option<Revision>,
        audit: AuditRecord,
    ) -> Result<RoleSaved, StoreError>;

    /// Takes a role away whose state is `previous`, with the record of it. Nothing is written while somebody has it.
    async fn remove_role(
        &self,
        name: &RoleName,
        previous: Revision,
        audit: AuditRecord,
    ) -> Result<RoleRemoved, StoreError>;
}

/// A role as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRecord {
    /// The role.
    pub role: CustomRole,
    /// Its state.
    pub revision: Revision,
    /// When it became so.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// What became of a role to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleSaved {
    /// It is stored.
    Done,
    /// Another state is stored than the one that was seen.
    Stale,
    /// There are as many roles as there can be.
    TooMany,
}

/// What became of a role to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleRemoved {
    /// It is gone.
    Done,
    /// Another state is stored than the one that was seen.
    Stale,
    /// Somebody has it: so many people, and so many tokens.
    InUse {
        /// People.
        people: u64,
        /// Tokens.
        tokens: u64,
    },
}
