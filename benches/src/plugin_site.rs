//! A plugin host with plugins, in this process, over a real store.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use smartcms_app::ports::{BlobStore, Clock, FilterContext, PluginRecord, PluginStore, Plugins};
use smartcms_blob::FolderBlobs;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{
    Allocation, BreakerLimits, Compiler, ComponentLoader, EngineLimits, Network, PluginEngine,
    PluginHost, PluginHostParts, PluginLimits,
};
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use uuid::Uuid;

/// A host whose only plugin is a filter with `html:trusted`, so that a call is the call and no sanitising after it.
pub struct OneFilter {
    host: PluginHost,
    entry: EntryId,
    collection: CollectionName,
    slug: Slug,
    locale: Locale,
}

/// A clock that stands still: these plugins ask for no time.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

impl OneFilter {
    /// Compiles the component and makes it the site's plugin; its data goes to `folder`.
    pub async fn new(wasm: &[u8], folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("plugins.db");
        let store = Arc::new(SqliteStore::open(&path, &SqliteSettings::default())?);
        let blobs = Arc::new(FolderBlobs::new(folder.join("blobs")));
        let digest = blobs.put(Bytes::copy_from_slice(wasm)).await?;
        let record = PluginRecord {
            id: PluginId::parse("filter")?,
            name: "Filter".to_owned(),
            version: "0.1.0".to_owned(),
            digest,
            enabled: true,
            grants: ["html:trusted".parse()?].into_iter().collect(),
            settings: "{}".to_owned(),
            added_at: Timestamp::EPOCH,
        };
        store.save(record).await?;
        let engine = PluginEngine::new(Allocation::Pooled(EngineLimits::default()))?;
        let host = PluginHost::new(PluginHostParts {
            loader: Arc::new(ComponentLoader::new(engine, Compiler::in_process(), None)),
            plugins: Arc::clone(&store) as _,
            blobs,
            keys: Arc::clone(&store) as _,
            log: store,
            clock: Arc::new(StoppedClock),
            network: Network::system()?,
            folder_root: folder.to_owned(),
            protected_folders: Vec::new(),
            limits: PluginLimits::default(),
            breaker: BreakerLimits::default(),
        });
        host.refresh().await?;
        Ok(Self {
            host,
            entry: EntryId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
            collection: CollectionName::parse("posts")?,
            slug: Slug::parse("a")?,
            locale: Locale::parse("en")?,
        })
    }

    /// One call through the port of the application.
    pub async fn filter(&self, html: &str) -> anyhow::Result<String> {
        let context = FilterContext {
            entry: self.entry,
            collection: &self.collection,
            slug: &self.slug,
            locale: &self.locale,
        };
        let filtered = self.host.filter_html(context, html.to_owned()).await;
        match filtered.failures.first() {
            None => Ok(filtered.html),
            Some(failure) => Err(failure.clone()).context("the filter failed"),
        }
    }
}
