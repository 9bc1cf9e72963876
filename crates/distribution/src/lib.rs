//! Plugins in registries: pushed, pulled, pinned and signed; and images of components.
//!
//! A plugin travels as the Wasm artefact of the CNCF: one configuration, one layer with the component, which holds
//! its own `plugin.toml`. `client` speaks the protocol over the port of outgoing requests and decides what is sent
//! where; `credentials` knows who the operator is; `trust` says whose artefacts may become plugins. Nothing here knows what a component can do: that is inspected
//! elsewhere, from its bytes.
#![deny(missing_docs)]

mod artefact;
mod client;
mod credentials;
mod digest;
mod error;
mod image;
mod manifest;
mod reference;
mod trust;

pub use artefact::{Artefact, ConfigSummary, Outside, Package};
pub use client::{RegistryClient, RegistryClientParts, RegistryLimits};
pub use credentials::{
    CredentialError, CredentialSource, Credentials, DockerCredentials, NoCredentials,
};
pub use digest::Sha256Digest;
pub use error::RegistryError;
pub use image::{Image, ImagePlan};
pub use reference::{Reference, ReferenceError, RegistryHost};
pub use trust::{
    Arrived, Consent, Distrust, Given, KeyError, KeyFiles, LOCK_NAME, LockFile, LockedPlugin,
    PUBLISHERS_NAME, PublicKey, Publisher, Publishers, SignError, Signature, SigningKey,
    TrustFileError, Verdict, is_older, judge,
};
