//! Why an exchange with a registry came to nothing.

use smartcms_app::ports::OutboundError;
use smartcms_app::{Fault, FaultKind};

use crate::credentials::CredentialError;
use crate::digest::Sha256Digest;

/// Why an exchange with a registry came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The request could not be sent, or its answer not be read.
    #[error("could not reach the registry {registry}: {source}")]
    Outbound {
        /// The registry.
        registry: String,
        /// Why.
        source: OutboundError,
    },
    /// The credentials of the operator could not be read.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// There is no such artefact, or it may not be known.
    #[error("{0} is not in the registry, or may not be seen with these credentials")]
    NotFound(String),
    /// The registry wants other credentials.
    #[error("the registry {registry} refused {what} ({status}){said}")]
    Denied {
        /// The registry.
        registry: String,
        /// What was asked for.
        what: String,
        /// The status.
        status: u16,
        /// What it said, after `: `, or nothing.
        said: String,
    },
    /// The registry answered something else than it should.
    #[error("the registry {registry} answered {what} with {status}{said}")]
    Status {
        /// The registry.
        registry: String,
        /// What was asked for.
        what: String,
        /// The status.
        status: u16,
        /// What it said, after `: `, or nothing.
        said: String,
    },
    /// What came is not what the digest promises.
    #[error(
        "{what} has the digest {found}, not {expected}: it was changed on its way or in the registry"
    )]
    WrongDigest {
        /// What came.
        what: String,
        /// What was promised.
        expected: Sha256Digest,
        /// What it is.
        found: Sha256Digest,
    },
    /// What came is larger or smaller than promised.
    #[error("{what} has {found} bytes, not {expected}")]
    WrongSize {
        /// What came.
        what: String,
        /// What was promised.
        expected: u64,
        /// What came before the reading ended.
        found: u64,
    },
    /// It is larger than what is read.
    #[error("{what} has more than {limit_bytes} bytes, which is the limit")]
    TooLarge {
        /// What.
        what: String,
        /// How many bytes are read.
        limit_bytes: u64,
    },
    /// The registry sends the request where it must not go.
    #[error(
        "the registry {registry} sent the request on to {to}, and that is not followed: {reason}"
    )]
    Redirect {
        /// The registry.
        registry: String,
        /// Where to.
        to: String,
        /// Why not.
        reason: String,
    },
    /// The registry wants a way of authentication that is not spoken here, or names a realm that cannot be used.
    #[error("the registry {registry} asks for credentials in a way that is not followed: {reason}")]
    Challenge {
        /// The registry.
        registry: String,
        /// What is wrong.
        reason: String,
    },
    /// What came is no plugin or component.
    #[error("{what} is not a component as registries hold it: {reason}")]
    Malformed {
        /// What came.
        what: String,
        /// What is wrong.
        reason: String,
    },
}

impl RegistryError {
    pub(crate) fn malformed(what: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Malformed { what: what.into(), reason: reason.into() }
    }
}

impl Fault for RegistryError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Outbound { source: OutboundError::Refused { .. }, .. }
            | Self::Denied { .. }
            | Self::Redirect { .. }
            | Self::Challenge { .. } => FaultKind::Forbidden,
            Self::NotFound(_) => FaultKind::NotFound,
            Self::TooLarge { .. } => FaultKind::Limit,
            Self::WrongDigest { .. } | Self::WrongSize { .. } | Self::Malformed { .. } => {
                FaultKind::Invalid
            }
            Self::Outbound { .. } | Self::Credentials(_) | Self::Status { .. } => {
                FaultKind::Unavailable
            }
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Outbound { source, .. } => source.code(),
            Self::Credentials(_) => "registry.credentials",
            Self::NotFound(_) => "registry.not-found",
            Self::Denied { .. } => "registry.denied",
            Self::Status { .. } => "registry.status",
            Self::WrongDigest { .. } => "registry.wrong-digest",
            Self::WrongSize { .. } => "registry.wrong-size",
            Self::TooLarge { .. } => "registry.too-large",
            Self::Redirect { .. } => "registry.redirect",
            Self::Challenge { .. } => "registry.challenge",
            Self::Malformed { .. } => "registry.malformed",
        }
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NotFound(_) | Self::Denied { .. } => {
                "`docker login` or `oras login` stores credentials that are used here"
            }
            Self::Outbound { source: OutboundError::Tls { .. }, .. } => {
                "a registry without TLS needs --insecure-registry HOST:PORT"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
