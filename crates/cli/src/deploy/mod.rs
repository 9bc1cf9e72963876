//! One description of a site as the portable build, and the manifests that hosts read, each written from it.
//!
//! A manifest is a type that is serialised, so that no text of a setting can become a part of its structure. What secrets
//! are is not in the description: it has their names, and each manifest refers to where its host keeps them.

mod compose;
mod describe;
mod outgoing;
mod spin;
mod spinapp;
mod wadm;
mod wasmcloud;
mod wasmtime;

use std::collections::BTreeMap;

use serde::Serialize;
use url::Url;

pub(crate) use self::describe::describe;
use self::outgoing::Outgoing;
use crate::args::DeployHost;

/// Where the adapters of the portable build read the name of the bucket.
const BUCKET_VARIABLE: &str = "SMARTCMS_HOST_BUCKET";
/// The bucket that they take where nobody says another.
const USUAL_BUCKET: &str = "default";
/// What manifests say that it is.
const DESCRIPTION: &str = "A content management system as one component";

/// A site as a host is told of it.
#[derive(Debug)]
pub(crate) struct Deployment {
    /// What it is called: a DNS label.
    name: String,
    /// The component, as the host takes it: a file or a reference in a registry.
    component: String,
    /// The public address.
    address: Url,
    /// Settings by their variables; no secret is among them.
    environment: BTreeMap<String, String>,
    /// The variables that are secrets.
    secrets: Vec<String>,
    /// The hosts that the site reaches.
    outgoing: Vec<Outgoing>,
    /// The origins whose pages may read answers; `*` for every one.
    origins: Vec<String>,
    /// The bucket that has everything.
    bucket: String,
    /// Where images of the host's own are.
    images: String,
}

/// A description has something that a host has no way to say.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ManifestError {
    /// A host to be reached has a name that the manifest cannot hold.
    #[error("{host} cannot be named in a manifest for {manifest}: {reason}")]
    Outgoing {
        /// Which host.
        host: String,
        /// For what.
        manifest: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The public address names no host that requests could be told by.
    #[error("{address} cannot be served by {manifest}: {reason}")]
    Address {
        /// The public address.
        address: String,
        /// By what.
        manifest: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The serialiser failed.
    #[error("could not write the manifest")]
    Yaml(#[from] serde_saphyr::SerializeError),
    /// The serialiser failed.
    #[error("could not write the manifest")]
    Toml(#[from] toml::ser::Error),
}

impl Deployment {
    /// The manifest for a host.
    pub(crate) fn manifest(&self, host: DeployHost) -> Result<String, ManifestError> {
        let body = match host {
            DeployHost::Wasmtime => wasmtime::unit(self),
            DeployHost::Spin => spin::manifest(self)?,
            DeployHost::Spinapp => spinapp::manifest(self)?,
            DeployHost::Wasmcloud => wasmcloud::manifest(self)?,
            DeployHost::Wadm => wadm::manifest(self)?,
            DeployHost::Compose => compose::manifest(self)?,
        };
        Ok(format!("{}{body}", self.head(host)))
    }

    /// What whoever opens the file should know.
    fn head(&self, host: DeployHost) -> String {
        let secrets = self.secrets.join(", ");
        let where_secrets = match host {
            DeployHost::Wasmtime => {
                format!("stand in /etc/{}/env, readable for root alone", self.name)
            }
            DeployHost::Spin => "are variables of Spin: SPIN_VARIABLE_ before the name".to_owned(),
            DeployHost::Spinapp | DeployHost::Wasmcloud => {
                format!("are keys of the Secret {}", self.secret_name())
            }
            DeployHost::Wadm => {
                format!(
                    "stand in the configuration that `wash config put {}` makes",
                    self.secret_name()
                )
            }
            DeployHost::Compose => format!("stand in {}, beside this file", compose::SECRETS_FILE),
        };
        format!(
            "# Written by `smartcms deploy {}`: change the settings of the site, and write it again.\n# Its secrets ({secrets}) {where_secrets}.\n",
            host_word(host)
        )
    }

    /// The settings, with what the adapters for key-value stores are told.
    fn environment_with_bucket(&self) -> BTreeMap<String, String> {
        let mut environment = self.environment.clone();
        if self.bucket != USUAL_BUCKET {
            environment.insert(BUCKET_VARIABLE.to_owned(), self.bucket.clone());
        }
        environment
    }

    /// What has the secrets, each under the name of its variable: a Secret of Kubernetes, a configuration of wasmCloud 1.
    fn secret_name(&self) -> String {
        format!("{}-secrets", self.name)
    }
}

/// What Spin calls a variable: it knows small letters alone.
fn spin_name(variable: &str) -> String {
    variable.to_ascii_lowercase()
}

/// The word of the command line.
fn host_word(host: DeployHost) -> String {
    use clap::ValueEnum as _;
    host.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default()
}

/// YAML whose long texts stay on one line: folding them would be right, and hard to read and to change.
fn yaml<T: Serialize>(value: &T) -> Result<String, ManifestError> {
    let options =
        serde_saphyr::ser_options! { compact_list_indent: true, folded_wrap_chars: 10_000 };
    Ok(serde_saphyr::to_string_with_options(value, options)?)
}

/// What Kubernetes calls the name of something.
#[derive(Debug, Serialize)]
struct Metadata<'a> {
    name: &'a str,
}
