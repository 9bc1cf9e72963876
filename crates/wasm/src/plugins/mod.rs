//! Plugins that were composed into the site: they are parts of the program, and nothing about them changes while it runs.

#[cfg(target_family = "wasm")]
mod blocks;
#[cfg(target_family = "wasm")]
mod convert;
mod files;
#[cfg(target_family = "wasm")]
mod functions;
#[cfg(target_family = "wasm")]
mod host;
#[cfg(any(test, target_family = "wasm"))]
mod settings;
mod store;

use std::sync::Arc;

use serde_json::{Map, Value};
use smartcms_app::ports::{Digest, NoPlugins, Plugins};
use smartcms_domain::plugins::PluginId;

pub(crate) use files::FixedFiles;
#[cfg(target_family = "wasm")]
pub(crate) use host::composed;
#[cfg(target_family = "wasm")]
use settings::sorted;
pub(crate) use store::FixedStore;

/// HTML that is shown as it is.
#[cfg(target_family = "wasm")]
const TRUSTED_HTML: &str = "html:trusted";
/// Requests to other hosts.
const HTTP: &str = "http";

/// The plugins of a site.
pub struct SitePlugins {
    /// What is known of each, by id.
    pub listed: Vec<ListedPlugin>,
    /// How they are called.
    pub calls: Arc<dyn Plugins>,
}

impl SitePlugins {
    /// A site without plugins.
    #[must_use]
    pub fn none() -> Self {
        Self { listed: Vec::new(), calls: Arc::new(NoPlugins) }
    }
}

/// What a plugin says of itself, and what it was granted when it was composed in.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedPlugin {
    /// Its id.
    pub id: PluginId,
    /// What people call it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub description: String,
    /// Its file.
    pub digest: Digest,
    /// Where it takes part.
    pub points: Vec<String>,
    /// What it may do.
    pub grants: Vec<String>,
    /// What the operator set.
    pub settings: Map<String, Value>,
}

impl ListedPlugin {
    fn holds(&self, grant: &str) -> bool {
        self.grants.iter().any(|it| it == grant)
    }
}
