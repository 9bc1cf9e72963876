//! Why an operation on webhooks did not happen.

use smartcms_domain::Problem;

use crate::ports::StoreError;
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on webhooks did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The actor may not set up the site.
    #[error("{0} may not manage webhooks")]
    Denied(String),
    /// There is no such webhook.
    #[error("there is no webhook `{0}`")]
    Unknown(String),
    /// The webhook has no such delivery.
    #[error("there is no delivery `{0}`")]
    UnknownDelivery(String),
    /// Another webhook has the name.
    #[error("there is a webhook `{0}` already")]
    NameTaken(String),
    /// The input was refused.
    #[error("the webhook has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// There are as many as there can be.
    #[error("there are {0} webhooks already, which is the limit")]
    TooMany(usize),
    /// A disabled webhook sends nothing.
    #[error("webhook `{0}` is disabled")]
    Disabled(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl WebhookError {
    /// Refuses who may not set up the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }
}

impl Fault for WebhookError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::Unknown(_) | Self::UnknownDelivery(_) => FaultKind::NotFound,
            Self::NameTaken(_) | Self::Disabled(_) => FaultKind::Conflict,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::TooMany(_) => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "webhook.denied",
            Self::Unknown(_) => "webhook.unknown",
            Self::UnknownDelivery(_) => "webhook.delivery-unknown",
            Self::NameTaken(_) => "webhook.name-taken",
            Self::Invalid(_) => "webhook.invalid",
            Self::TooMany(_) => "webhook.too-many",
            Self::Disabled(_) => "webhook.disabled",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Denied(_) => "webhooks need the role administrator or owner",
            Self::NameTaken(_) => "choose another name, or change that one",
            Self::TooMany(_) => "take one away that is not needed",
            Self::Disabled(_) => "enable it, then send again",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
