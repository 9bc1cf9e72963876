//! Files of plugins that come while the site is served.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    BlobStore, Digest, PluginFacts, PluginFileError, PluginFiles, PluginReach, PluginRecord,
};
use smartcms_distribution::{Arrived, Consent, Given, LockFile, Publishers, is_older, judge};
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{COMPONENT_BYTES_MAX, Inspection, inspect, to_component, with_manifest};

use super::plugin_loader;
use super::trial::try_out;
use crate::args::Folders;

/// Of how many components it is remembered what they tell.
const KNOWN_MAX: usize = 256;

/// Looks at files as the command line does, and keeps what they tell.
pub(super) struct SitePluginFiles {
    folders: Folders,
    blobs: Arc<dyn BlobStore>,
    known: Mutex<HashMap<Digest, Arc<PluginFacts>>>,
}

impl SitePluginFiles {
    pub(super) fn new(folders: Folders, blobs: Arc<dyn BlobStore>) -> Self {
        Self { folders, blobs, known: Mutex::default() }
    }

    fn remembered(&self, digest: &Digest) -> Option<Arc<PluginFacts>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn remember(&self, digest: Digest, facts: &Arc<PluginFacts>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(digest, Arc::clone(facts));
    }
}

#[async_trait]
impl PluginFiles for SitePluginFiles {
    fn bytes_max(&self) -> Option<u64> {
        Some(COMPONENT_BYTES_MAX as u64)
    }

    async fn accept(
        &self,
        file: Bytes,
        manifest: Option<String>,
    ) -> Result<Bytes, PluginFileError> {
        if file.len() > COMPONENT_BYTES_MAX {
            let text = format!("the file has more than {COMPONENT_BYTES_MAX} bytes");
            return Err(PluginFileError::Unfit(text));
        }
        aside(move || {
            // Read before anything is kept: a file that is no plugin at all is refused here.
            inspect(&file, manifest.as_deref()).map_err(unfit)?;
            let component = to_component(&file).map_err(unfit)?.wasm.into_owned();
            let inside = manifest.and_then(|it| with_manifest(&component, &it));
            Ok(Bytes::from(inside.unwrap_or(component)))
        })
        .await
    }

    async fn facts(&self, digest: &Digest) -> Result<Option<Arc<PluginFacts>>, PluginFileError> {
        if let Some(known) = self.remembered(digest) {
            return Ok(Some(known));
        }
        let component = self.blobs.get(digest).await.map_err(|it| failed("read the file", it))?;
        let Some(component) = component.filter(|it| it.len() <= COMPONENT_BYTES_MAX) else {
            return Ok(None);
        };
        let facts = aside(move || {
            let inspection = inspect(&component, None).map_err(unfit)?;
            Ok(Arc::new(facts_of(inspection)))
        })
        .await?;
        self.remember(*digest, &facts);
        Ok(Some(facts))
    }

    async fn admit(&self, id: &PluginId, version: &str) -> Result<(), PluginFileError> {
        let site = &self.folders.site;
        let lock = LockFile::read(site).map_err(|it| failed("read plugins.lock", it))?;
        let Some(known) = lock.find(id.as_str()) else { return Ok(()) };
        let publishers =
            Publishers::read(site).map_err(|it| failed("read whose plugins are taken", it))?;
        // A file is given as its very bytes, and nobody signed it; what takes a consent, the command line asks for.
        let arrived = Arrived { version, signers: &[], has_broken: false, given: Given::Exactly };
        match judge(Some(known), &arrived, &publishers, Consent::default()) {
            Ok(_) => Ok(()),
            Err(distrust) => Err(PluginFileError::Pinned(format!(
                "{id} is pinned to {} from {}: {distrust}",
                known.version, known.reference
            ))),
        }
    }

    async fn prepare(&self, component: &Bytes) -> Result<(), PluginFileError> {
        let loader = plugin_loader(&self.folders.data())
            .map_err(|it| failed("start the compiler", it.into_boxed_dyn_error()))?;
        loader.prepare(component).await.map(drop).map_err(unfit)
    }

    async fn try_out(&self, record: PluginRecord, component: Bytes) -> Result<(), PluginFileError> {
        let outcome = try_out(&self.folders, record, component).await;
        let outcome = outcome.map_err(|it| failed("try the plugin", it.into_boxed_dyn_error()))?;
        Ok(outcome?)
    }

    fn is_older(&self, version: &str, other: &str) -> bool {
        is_older(version, other)
    }

    async fn came_as_file(&self, id: &PluginId) {
        let forgotten = LockFile::read(&self.folders.site).and_then(|mut lock| {
            if lock.forget(id.as_str()) { lock.write(&self.folders.site) } else { Ok(()) }
        });
        if let Err(error) = forgotten {
            tracing::warn!(%error, plugin.id = %id, "could not take a plugin out of plugins.lock");
        }
    }

    async fn went_back(&self, id: &PluginId, version: &str) {
        let pinned = LockFile::read(&self.folders.site).and_then(|mut lock| {
            let before = lock.find(id.as_str()).and_then(|it| it.replaced.as_deref().cloned());
            let Some(before) = before.filter(|it| it.version == version) else { return Ok(()) };
            lock.pin(before);
            lock.write(&self.folders.site)
        });
        if let Err(error) = pinned {
            tracing::warn!(%error, plugin.id = %id, "could not pin the version before again");
        }
    }
}

/// Work of a moment that leaves the threads of the requests alone.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PluginFileError> + Send + 'static,
) -> Result<T, PluginFileError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(failed("look at the file", error)),
    }
}

fn failed(action: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> PluginFileError {
    PluginFileError::Unavailable { action: action.to_owned(), source: source.into() }
}

/// The whole chain: whoever sent the file mends it.
fn unfit(error: impl Error) -> PluginFileError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    PluginFileError::Unfit(text)
}

fn facts_of(inspection: Inspection) -> PluginFacts {
    let mut refusals = inspection.misfits;
    refusals.extend(
        inspection.refused.iter().map(|it| format!("imports {}: {}", it.import, it.reason)),
    );
    if inspection.extension_points.is_empty() {
        refusals.push("it takes part nowhere: it exports no extension point".to_owned());
    }
    let reach = |it: &smartcms_plugin_host::Reach| PluginReach {
        capability: it.capability.name.to_owned(),
        words: it.capability.words.to_owned(),
        example: it.capability.example.to_owned(),
        required: it.required,
    };
    let mut uses: Vec<String> = inspection.harmless.iter().map(|it| it.words.to_owned()).collect();
    uses.sort_unstable();
    uses.dedup();
    let mut points: Vec<String> =
        inspection.extension_points.iter().map(|it| it.name.to_owned()).collect();
    points.dedup();
    let facts = PluginFacts {
        bytes: inspection.bytes as u64,
        reaches: inspection.capabilities.iter().map(reach).collect(),
        uses,
        points,
        made_with: inspection.languages.into_iter().chain(inspection.tools).collect(),
        warnings: inspection.warnings,
        refusals,
        ..PluginFacts::default()
    };
    let Some(manifest) = inspection.manifest else { return facts };
    let asks = manifest.capabilities.into_iter();
    let asks = asks.filter_map(|(grant, reason)| Some((grant.parse().ok()?, reason)));
    let settings = Some(manifest.settings).filter(|it| !it.is_empty());
    PluginFacts {
        id: Some(manifest.id),
        name: manifest.name,
        version: manifest.version,
        description: manifest.description,
        licence: manifest.licence,
        homepage: manifest.homepage,
        asks: asks.collect(),
        settings: settings.and_then(|it| serde_json::to_value(it).ok()),
        ..facts
    }
}
