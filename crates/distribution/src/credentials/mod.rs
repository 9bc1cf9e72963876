//! What the operator is known by at registries: Docker's file, and the helpers that it names.

mod docker;
mod helper;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;

pub use docker::DockerCredentials;

/// Credentials for one registry.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A name with a password or an access token.
    Password {
        /// The name.
        name: String,
        /// The secret.
        secret: String,
    },
    /// A token that a realm exchanges for others.
    Refresh {
        /// The secret.
        token: String,
    },
}

/// Where credentials come from.
#[async_trait]
pub trait CredentialSource: Send + Sync {
    /// The credentials for a registry, named as people name it; `None` for one that is asked without.
    async fn find(&self, registry: &str) -> Result<Option<Credentials>, CredentialError>;
}

/// No credentials at all.
pub struct NoCredentials;

/// Why credentials could not be read. No message holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The file is there and cannot be read.
    #[error("could not read the credentials in {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The name of a helper is none.
    #[error("`{0}` is not the name of a credential helper")]
    HelperName(String),
    /// The helper could not be run, or failed.
    #[error("the credential helper {program} failed for {registry}: {reason}")]
    Helper {
        /// What was run.
        program: String,
        /// For which registry.
        registry: String,
        /// How it failed.
        reason: String,
    },
    /// The helper did not end in time.
    #[error("the credential helper {program} did not answer in {} s", .time_max.as_secs())]
    HelperTimedOut {
        /// What was run.
        program: String,
        /// How long it had.
        time_max: Duration,
    },
}

#[async_trait]
impl CredentialSource for NoCredentials {
    async fn find(&self, _registry: &str) -> Result<Option<Credentials>, CredentialError> {
        Ok(None)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { name, .. } => write!(f, "Password {{ name: {name:?}, .. }}"),
            Self::Refresh { .. } => f.write_str("Refresh { .. }"),
        }
    }
}
