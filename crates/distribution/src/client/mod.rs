//! The distribution protocol of registries, over the port of outgoing requests.
//!
//! The port decides which addresses may be reached; this client decides what is sent there. Credentials go to the
//! registry that was named and, for a token, to a host that the operator named with it; a redirect or a realm that
//! leads elsewhere gets none. Every body has a limit, and its digest is checked while it comes.

mod authorize;
mod blobs;
mod challenge;
mod exchange;
mod manifests;
mod referrers;

use std::sync::Arc;
use std::time::Duration;

use smartcms_app::ports::Outbound;
use tokio::sync::Mutex;

use crate::credentials::CredentialSource;
use crate::reference::{Reference, RegistryHost};

/// The limits of an exchange with a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistryLimits {
    /// How long one request may take, but for those of files.
    pub exchange_time_max: Duration,
    /// How long a file may take on its way.
    pub blob_time_max: Duration,
    /// The largest manifest or index.
    pub manifest_bytes_max: u64,
    /// The largest component.
    pub component_bytes_max: u64,
    /// How many redirects of one file are followed.
    pub redirects_max: u32,
}

/// What a client is made of.
pub struct RegistryClientParts {
    /// Where requests to the registry itself go; whoever names a registry of this machine permits it here.
    pub home: Arc<dyn Outbound>,
    /// Where requests to every other host go: those that redirects and realms name.
    pub away: Arc<dyn Outbound>,
    /// What the operator is known by.
    pub credentials: Arc<dyn CredentialSource>,
    /// Hosts besides the registry's own that may be given credentials in exchange for a token.
    pub token_hosts: Vec<String>,
    /// Whether the registry is spoken to without TLS.
    pub is_plain: bool,
    /// The limits.
    pub limits: RegistryLimits,
}

/// Speaks with the registry of one repository.
pub struct RegistryClient {
    registry: RegistryHost,
    repository: String,
    parts: RegistryClientParts,
    /// What the last challenge led to, for what is done to the repository.
    authorization: Mutex<Option<authorize::Authorization>>,
}

/// What is done to a repository: a token is asked for no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    Pull,
    Push,
}

impl Default for RegistryLimits {
    fn default() -> Self {
        Self {
            exchange_time_max: Duration::from_secs(30),
            blob_time_max: Duration::from_secs(300),
            manifest_bytes_max: 4 * 1024 * 1024,
            component_bytes_max: 32 * 1024 * 1024,
            redirects_max: 3,
        }
    }
}

impl RegistryClient {
    /// A client for the repository of a reference.
    pub fn new(reference: &Reference, parts: RegistryClientParts) -> Self {
        Self {
            registry: reference.registry.clone(),
            repository: reference.repository.clone(),
            parts,
            authorization: Mutex::new(None),
        }
    }

    /// The repository as people write it.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    pub(crate) fn limits(&self) -> RegistryLimits {
        self.parts.limits
    }
}
