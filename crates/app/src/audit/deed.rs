//! What is recorded.

use smartcms_domain::actors::Actor;

use super::DETAIL_LEN_MAX;
use crate::OpContext;
use crate::ports::{AuditOutcome, AuditRecord, AuditTarget};

/// Something that was done, or tried; the context says by whom, when and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    operation: &'static str,
    target: Option<AuditTarget>,
    before: Option<[u8; 32]>,
    after: Option<[u8; 32]>,
    outcome: AuditOutcome,
    detail: Option<String>,
}

impl Deed {
    /// That an operation was done: `area.what_happened`.
    pub fn done(operation: &'static str) -> Self {
        Self {
            operation,
            target: None,
            before: None,
            after: None,
            outcome: AuditOutcome::Done,
            detail: None,
        }
    }

    /// To this.
    #[must_use]
    pub fn to(self, kind: &str, id: impl ToString) -> Self {
        Self { target: Some(AuditTarget { kind: kind.to_owned(), id: id.to_string() }), ..self }
    }

    /// With the digests of what it was and what it became.
    #[must_use]
    pub fn digests(self, before: Option<[u8; 32]>, after: Option<[u8; 32]>) -> Self {
        Self { before, after, ..self }
    }

    /// That ended otherwise.
    #[must_use]
    pub fn ended(self, outcome: AuditOutcome) -> Self {
        Self { outcome, ..self }
    }

    /// Of which more is to be known. Never a secret.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into().chars().take(DETAIL_LEN_MAX).collect()), ..self }
    }

    /// The record of it, by the actor of an operation.
    pub fn record(self, ctx: &OpContext<'_>) -> AuditRecord {
        self.record_by(ctx, ctx.actor)
    }

    /// The record of it, by somebody whom the operation found out about: who signs in, for instance.
    pub fn record_by(self, ctx: &OpContext<'_>, actor: &Actor) -> AuditRecord {
        let at = ctx.app.clock.now();
        AuditRecord {
            id: ctx.app.randomness.id(at),
            at,
            actor: actor.to_string(),
            operation: self.operation.to_owned(),
            target: self.target,
            before: self.before,
            after: self.after,
            client: ctx.client.cloned().unwrap_or_default(),
            outcome: self.outcome,
            detail: self.detail,
        }
    }
}

/// Records what was done already. Where that fails the process's own log says so, and what was done stays done.
pub async fn record(ctx: &OpContext<'_>, deed: Deed) {
    let record = deed.record(ctx);
    let operation = record.operation.clone();
    if let Err(error) = ctx.app.audit.record(vec![record]).await {
        tracing::error!(%operation, actor = %ctx.actor, cause = %error.source, "what was done could not be recorded");
    }
}

/// The digest of a document, as records have it.
pub fn digest_of(document: &str) -> [u8; 32] {
    *blake3::hash(document.as_bytes()).as_bytes()
}
