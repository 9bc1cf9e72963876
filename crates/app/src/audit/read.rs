//! Reading the audit log.

use uuid::Uuid;

use crate::ports::{AUDIT_PAGE_LEN_MAX, AuditPage, AuditQuery, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why the audit log was not read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The actor may not see it.
    #[error("{0} may not read the audit log")]
    Denied(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for AuditError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "audit.denied",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        let denied = matches!(self, Self::Denied(_));
        denied.then(|| "owners, administrators and the operator read it".to_owned())
    }
}

/// A page of records, the newest first.
pub async fn list_audit(ctx: &OpContext<'_>, query: AuditQuery) -> Result<AuditPage, AuditError> {
    require_reading(ctx)?;
    let query = AuditQuery { limit: query.limit.clamp(1, AUDIT_PAGE_LEN_MAX), ..query };
    Ok(ctx.app.audit.list_audit(&query).await?)
}

pub(super) fn require_reading(ctx: &OpContext<'_>) -> Result<(), AuditError> {
    let may = ctx.actor.may_read_audit();
    if may { Ok(()) } else { Err(AuditError::Denied(ctx.actor.to_string())) }
}

/// The place after a record in the log, from its text.
pub fn audit_place(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

/// The text of a digest: hexadecimal.
pub fn digest_text(digest: [u8; 32]) -> String {
    blake3::Hash::from(digest).to_string()
}
