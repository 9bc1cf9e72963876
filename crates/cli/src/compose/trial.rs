//! Trying a version of a plugin before it is in force: with what it is granted, and nothing behind it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{PluginFailure, PluginRecord};
use smartcms_plugin_host::{BreakerLimits, Network, PluginHost, PluginHostParts, Resolver};
use smartcms_store_sql::{SqliteSettings, SqliteStore};

use super::neural;
use super::plugins::{OnlyPlugin, limits, plugin_loader};
use super::settings;
use crate::args::Folders;
use crate::world::SystemClock;

/// Starts a version on a site that is thrown away: no content, no keys, no network.
pub(crate) async fn try_out(
    folders: &Folders,
    record: PluginRecord,
    component: Bytes,
) -> anyhow::Result<Result<(), PluginFailure>> {
    let (data, limits) = (folders.data(), limits(&settings(folders, None)?.plugins));
    let folder = tempfile::tempdir().context("could not make a folder to try the plugin in")?;
    let store = SqliteStore::open(&folder.path().join("trial.db"), &SqliteSettings::default())?;
    let store = Arc::new(store);
    let id = record.id.clone();
    let only = Arc::new(OnlyPlugin { record, component });
    let host = PluginHost::new(PluginHostParts {
        loader: Arc::new(plugin_loader(&data)?),
        plugins: Arc::clone(&only) as _,
        blobs: only,
        keys: Arc::clone(&store) as _,
        log: store,
        clock: Arc::new(SystemClock),
        network: Network::new(Arc::new(NoNames), &[])?,
        models: neural::models(&folders.site)?,
        folder_root: PathBuf::from("."),
        protected_folders: vec![data],
        limits,
        breaker: BreakerLimits::default(),
    });
    host.refresh().await?;
    Ok(host.try_out(&id).await)
}

/// Knows no name: whoever is tried reaches nobody.
struct NoNames;

#[async_trait]
impl Resolver for NoNames {
    async fn resolve(&self, _host: &str, _port: u16) -> io::Result<Vec<SocketAddr>> {
        Err(io::Error::other("a plugin that is tried reaches no network"))
    }
}
