//! Clients of registries: what they may reach, and whose credentials they use.

use std::path::PathBuf;
use std::sync::Arc;

use smartcms_app::ports::Outbound;
use smartcms_distribution::{
    CredentialSource, DockerCredentials, NoCredentials, Reference, RegistryClient,
    RegistryClientParts, RegistryHost, RegistryLimits,
};
use smartcms_domain::plugins::HostGrant;
use smartcms_plugin_host::{COMPONENT_BYTES_MAX, GuardedOutbound, Network};

use super::settings;
use crate::args::{Folders, RegistryArgs};
use crate::failure::{Failure, exit};

/// A client for the repository of a reference.
///
/// The registry that was named may be one of this machine, one of the settings' exceptions, or one that was named as
/// insecure. Where redirects and realms lead are public addresses, and those that were named as insecure.
pub(crate) fn registry_client(
    folders: &Folders,
    reference: &Reference,
    args: &RegistryArgs,
) -> anyhow::Result<RegistryClient> {
    let registry = &reference.registry;
    let insecure = args.insecure.iter().map(|it| host(it)).collect::<anyhow::Result<Vec<_>>>()?;
    let is_plain = registry.is_loopback() || insecure.contains(registry);
    let named: Vec<HostGrant> = insecure.iter().map(|it| grant(it, true)).collect();
    let mut home = settings(folders, None)?.outbound_allow;
    home.extend(named.iter().cloned());
    if registry.is_loopback() {
        home.push(grant(registry, is_plain));
    }
    let network = Network::system()?;
    let guarded = |exceptions| -> Arc<dyn Outbound> {
        Arc::new(GuardedOutbound::new(network.clone(), exceptions))
    };
    let token_hosts = args.token_hosts.iter().map(|it| it.to_ascii_lowercase()).collect();
    let parts = RegistryClientParts {
        home: guarded(home),
        away: guarded(named),
        credentials: credentials(),
        token_hosts,
        is_plain,
        limits: RegistryLimits {
            component_bytes_max: COMPONENT_BYTES_MAX as u64,
            ..RegistryLimits::default()
        },
    };
    Ok(RegistryClient::new(reference, parts))
}

fn host(text: &str) -> anyhow::Result<RegistryHost> {
    RegistryHost::parse(text).ok_or_else(|| {
        let message = format!("`{text}` is not the host of a registry");
        Failure::hinted(
            message,
            "it looks like registry.example.com or 10.0.0.5:5000",
            exit::INVALID,
        )
    })
}

fn grant(registry: &RegistryHost, is_plain: bool) -> HostGrant {
    let usual = if is_plain { 80 } else { 443 };
    HostGrant { host: registry.name().to_owned(), port: registry.port().unwrap_or(usual) }
}

/// Docker's own folder, as its tools find it.
fn credentials() -> Arc<dyn CredentialSource> {
    let own = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".docker"));
    match own.or_else(home) {
        Some(folder) => Arc::new(DockerCredentials::in_folder(&folder)),
        None => Arc::new(NoCredentials),
    }
}
