//! A component as an artefact: built, pushed, found and pulled.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::client::RegistryClient;
use crate::digest::Sha256Digest;
use crate::error::RegistryError;
use crate::manifest::{Descriptor, Document, Manifest, WasmComponent, WasmConfig, media_type};
use crate::reference::Reference;

/// The largest configuration that is read, in bytes.
const CONFIG_BYTES_MAX: u64 = 1024 * 1024;
/// The most annotations, and the bytes of each, that are passed on.
const ANNOTATIONS_MAX: usize = 100;
const ANNOTATION_LEN_MAX: usize = 1_000;
/// How many documents lead from a tag to a manifest.
const INDEXES_MAX: usize = 2;

/// What is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The component or module.
    pub wasm: Bytes,
    /// The name of its file, which tools of others use where they pull to.
    pub file_name: String,
    /// What a component has on its outside; `None` for a core module.
    pub outside: Option<Outside>,
    /// When it was made, like `2026-11-28T12:00:00Z`.
    pub created: String,
    /// Who made it.
    pub author: Option<String>,
    /// What is said of it: `org.opencontainers.image.version` and the like.
    pub annotations: BTreeMap<String, String>,
}

/// The names of imports and exports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// What it offers.
    pub exports: Vec<String>,
    /// What it asks for.
    pub imports: Vec<String>,
}

/// An artefact that was found: its component has not been read yet.
#[derive(Debug, Clone)]
pub struct Artefact {
    /// The digest of its manifest: what a lock pins and a signature covers.
    pub digest: Sha256Digest,
    /// The very bytes of its manifest.
    pub manifest: Bytes,
    /// The digest of the component.
    pub component: Sha256Digest,
    /// The size of the component in bytes.
    pub component_bytes: u64,
    /// What is said of it.
    pub annotations: BTreeMap<String, String>,
    /// What its configuration says, where it is of the Wasm form.
    pub config: Option<ConfigSummary>,
    layer: Descriptor,
}

/// What the configuration of an artefact says. Its maker says it; the component decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigSummary {
    /// When it was made.
    pub created: String,
    /// Who made it.
    pub author: Option<String>,
    /// `wasip1`, `wasip2`.
    pub os: String,
    /// What it has on its outside.
    pub outside: Option<Outside>,
}

impl RegistryClient {
    /// Pushes a component and puts it under the tag of the reference; the digest of its manifest.
    pub async fn push(
        &self,
        reference: &Reference,
        package: &Package,
    ) -> Result<Artefact, RegistryError> {
        let config = package.config();
        let what = reference.to_string();
        let config_bytes = json(&what, &config)?;
        let layer = Descriptor {
            annotations: Some(BTreeMap::from([(
                "org.opencontainers.image.title".to_owned(),
                package.file_name.clone(),
            )])),
            ..Descriptor::of(media_type::WASM_LAYER, &package.wasm)
        };
        let manifest = Manifest {
            schema_version: 2,
            media_type: Some(media_type::IMAGE.to_owned()),
            artifact_type: None,
            config: Descriptor::of(media_type::WASM_CONFIG, &config_bytes),
            layers: vec![layer.clone()],
            subject: None,
            annotations: Some(package.annotations.clone()),
        };
        let bytes = json(&what, &manifest)?;
        let digest = Sha256Digest::of(&bytes);
        self.put_blob(config_bytes).await?;
        self.put_blob(package.wasm.clone()).await?;
        let place = reference.tag.as_deref().unwrap_or(digest.as_str());
        self.put_manifest(place, media_type::IMAGE, bytes.clone()).await?;
        Ok(Artefact {
            component: layer.checked_digest(&what)?,
            component_bytes: layer.size,
            digest,
            manifest: bytes,
            annotations: package.annotations.clone(),
            config: Some(ConfigSummary::from(config)),
            layer,
        })
    }

    /// Finds what a reference leads to. Nothing of the component is read.
    pub async fn find(&self, reference: &Reference) -> Result<Artefact, RegistryError> {
        let what = reference.to_string();
        let mut wanted = reference.wanted().to_owned();
        for _ in 0..INDEXES_MAX {
            let found = self.manifest(&wanted).await?;
            match Document::read(&what, &found.bytes)? {
                Document::Index(index) => {
                    wanted = index.for_wasm(&what)?.checked_digest(&what)?.to_string();
                }
                Document::Manifest(manifest) => {
                    let layer = manifest.component_layer(&what)?.clone();
                    let config = self.config(&what, &manifest, &layer).await?;
                    return Ok(Artefact {
                        component: layer.checked_digest(&what)?,
                        component_bytes: layer.size,
                        digest: found.digest,
                        manifest: found.bytes,
                        annotations: shortened(manifest.annotations.unwrap_or_default()),
                        config,
                        layer,
                    });
                }
            }
        }
        Err(RegistryError::malformed(what, "it is a list of lists"))
    }

    /// Reads the component of an artefact; its size and digest are what the manifest says.
    pub async fn component(&self, artefact: &Artefact) -> Result<Bytes, RegistryError> {
        self.blob(&artefact.layer, self.limits().component_bytes_max).await
    }

    /// The configuration, when it is one of the Wasm form. It must be about this component.
    async fn config(
        &self,
        what: &str,
        manifest: &Manifest,
        layer: &Descriptor,
    ) -> Result<Option<ConfigSummary>, RegistryError> {
        if manifest.config.media_type != media_type::WASM_CONFIG {
            return Ok(None);
        }
        let bytes = self.blob(&manifest.config, CONFIG_BYTES_MAX).await?;
        let config: WasmConfig = serde_json::from_slice(&bytes)
            .map_err(|error| RegistryError::malformed(what, format!("its config: {error}")))?;
        if config.architecture != "wasm" {
            let architecture: String = config.architecture.chars().take(50).collect();
            return Err(RegistryError::malformed(what, format!("it is for {architecture}")));
        }
        if !config.layer_digests.contains(&layer.digest) {
            return Err(RegistryError::malformed(what, "its config is of another component"));
        }
        Ok(Some(ConfigSummary::from(config)))
    }
}

impl Package {
    fn config(&self) -> WasmConfig {
        WasmConfig {
            created: self.created.clone(),
            author: self.author.clone(),
            architecture: "wasm".to_owned(),
            os: if self.outside.is_some() { "wasip2" } else { "wasip1" }.to_owned(),
            layer_digests: vec![Sha256Digest::of(&self.wasm).to_string()],
            component: self.outside.as_ref().map(|it| WasmComponent {
                exports: it.exports.clone(),
                imports: it.imports.clone(),
                target: None,
            }),
        }
    }
}

impl From<WasmConfig> for ConfigSummary {
    fn from(config: WasmConfig) -> Self {
        Self {
            created: config.created,
            author: config.author,
            os: config.os,
            outside: config
                .component
                .map(|it| Outside { exports: it.exports, imports: it.imports }),
        }
    }
}

pub(crate) fn json<T: serde::Serialize>(what: &str, value: &T) -> Result<Bytes, RegistryError> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| RegistryError::malformed(what, error.to_string()))?;
    Ok(Bytes::from(bytes))
}

/// Annotations as they can be shown: few, short, and without control characters.
fn shortened(annotations: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let plain = |text: String| -> String {
        text.chars().filter(|it| !it.is_control()).take(ANNOTATION_LEN_MAX).collect()
    };
    annotations.into_iter().take(ANNOTATIONS_MAX).map(|(k, v)| (plain(k), plain(v))).collect()
}
