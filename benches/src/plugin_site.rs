//! Plugin hosts with plugins, in this process, over a real store.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use smartcms_app::CallChain;
use smartcms_app::ports::{
    BlobStore, Clock, FilterContext, NeuralModels, NoNeuralModels, PluginRecord, PluginStore,
    Plugins, SaveDraft,
};
use smartcms_blob::FolderBlobs;
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Fields, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{
    Allocation, BreakerLimits, Cache, Compiler, ComponentLoader, EngineLimits, Network,
    PluginEngine, PluginHost, PluginHostParts, PluginLimits,
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

/// A host whose only plugin has a hook before entries are saved.
pub struct OneHook {
    host: PluginHost,
    collection: CollectionName,
    locale: Locale,
}

/// What a host is made of, beside its plugins.
pub struct HostSetup {
    /// The limits of each plugin.
    pub limits: PluginLimits,
    /// Where machine code is kept; without it every load compiles.
    pub cache: Option<Cache>,
    /// What plugins compute with.
    pub models: Arc<dyn NeuralModels>,
}

/// A clock that stands still: these plugins ask for no time.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

impl HostSetup {
    /// The limits as they are where nothing is set, and no cache.
    #[must_use]
    pub fn usual() -> Self {
        Self { limits: PluginLimits::default(), cache: None, models: Arc::new(NoNeuralModels) }
    }

    /// A host over the store in `folder`. Nothing is loaded yet.
    pub fn host(self, folder: &Path) -> anyhow::Result<PluginHost> {
        let store = Arc::new(store(folder)?);
        let engine = PluginEngine::new(Allocation::Pooled(EngineLimits::default()))?;
        Ok(PluginHost::new(PluginHostParts {
            loader: Arc::new(ComponentLoader::new(engine, Compiler::in_process(), self.cache)),
            plugins: Arc::clone(&store) as _,
            blobs: Arc::new(blobs(folder)),
            keys: Arc::clone(&store) as _,
            log: store,
            clock: Arc::new(StoppedClock),
            network: Network::system()?,
            models: self.models,
            folder_root: folder.to_owned(),
            protected_folders: Vec::new(),
            limits: self.limits,
            breaker: BreakerLimits::default(),
        }))
    }

    /// A host whose only plugin this is.
    pub async fn with_one(
        self,
        folder: &Path,
        wasm: &[u8],
        grants: &[&str],
    ) -> anyhow::Result<PluginHost> {
        register(folder, [(PLUGIN.to_owned(), wasm.to_vec())], grants).await?;
        let host = self.host(folder)?;
        host.refresh().await?;
        Ok(host)
    }
}

/// The id of a plugin that is alone.
pub const PLUGIN: &str = "alone";

/// Makes components plugins of the site in `folder`, each with its id.
pub async fn register(
    folder: &Path,
    plugins: impl IntoIterator<Item = (String, Vec<u8>)>,
    grants: &[&str],
) -> anyhow::Result<()> {
    let (store, blobs) = (store(folder)?, blobs(folder));
    let grants = grants.iter().map(|it| it.parse()).collect::<Result<Vec<_>, _>>()?;
    for (id, wasm) in plugins {
        let record = PluginRecord {
            id: PluginId::parse(&id)?,
            name: id,
            version: "0.1.0".to_owned(),
            digest: blobs.put(Bytes::from(wasm)).await?,
            enabled: true,
            grants: grants.iter().cloned().collect(),
            settings: "{}".to_owned(),
            added_at: Timestamp::EPOCH,
        };
        store.save(record).await?;
    }
    Ok(())
}

fn store(folder: &Path) -> anyhow::Result<SqliteStore> {
    let path = folder.join("plugins.db");
    Ok(SqliteStore::open(&path, &SqliteSettings::default())?)
}

fn blobs(folder: &Path) -> FolderBlobs {
    FolderBlobs::new(folder.join("blobs"))
}

impl OneHook {
    /// Compiles the component and makes it the site's plugin; its data goes to `folder`.
    pub async fn new(wasm: &[u8], folder: &Path, limits: PluginLimits) -> anyhow::Result<Self> {
        let host = HostSetup { limits, ..HostSetup::usual() }.with_one(folder, wasm, &[]).await?;
        let locale = Locale::parse("en")?;
        Ok(Self { host, collection: CollectionName::parse("posts")?, locale })
    }

    /// One call through the port of the application: the fields as the hook leaves them.
    pub async fn before_save(&self, slug: &Slug, fields: &Fields) -> anyhow::Result<Fields> {
        let (collection, fields) = (&self.collection, fields.clone());
        let draft = SaveDraft { entry: None, collection, slug, locale: &self.locale, fields };
        let answer = self.host.before_save(draft, &CallChain::EMPTY).await;
        answer.map_err(|failure| anyhow::anyhow!("{failure:?}"))
    }
}

impl OneFilter {
    /// Compiles the component and makes it the site's plugin; its data goes to `folder`.
    pub async fn new(wasm: &[u8], folder: &Path) -> anyhow::Result<Self> {
        let host = HostSetup::usual().with_one(folder, wasm, &["html:trusted"]).await?;
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
