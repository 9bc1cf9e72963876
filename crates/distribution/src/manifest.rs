//! Manifests, indexes and configurations as registries hold them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Sha256Digest;
use crate::error::RegistryError;

/// The kinds of documents.
pub(crate) mod media_type {
    pub(crate) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
    pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    pub(crate) const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";
    pub(crate) const DOCKER_INDEX: &str =
        "application/vnd.docker.distribution.manifest.list.v2+json";
    /// The configuration of a Wasm artefact.
    pub(crate) const WASM_CONFIG: &str = "application/vnd.wasm.config.v0+json";
    /// The layer of a Wasm artefact.
    pub(crate) const WASM_LAYER: &str = "application/wasm";
    /// The configuration of an image that runs.
    pub(crate) const IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    /// The layer of an image that containerd's Wasm shims run.
    pub(crate) const WASM_IMAGE_LAYER: &str =
        "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm";
    /// Layers of others that hold one component or module all the same.
    pub(crate) const WASM_LAYERS: [&str; 4] = [
        WASM_LAYER,
        WASM_IMAGE_LAYER,
        "application/vnd.bytecodealliance.component.layer.v0+wasm",
        "application/vnd.wasm.content.layer.v1+wasm",
    ];
    /// The configuration of an artefact that has none.
    pub(crate) const EMPTY: &str = "application/vnd.oci.empty.v1+json";
}

/// The most layers or entries that a document may list.
const ENTRIES_MAX: usize = 1_000;

/// What a document says of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<Platform>,
    #[serde(default, skip_serializing_if = "nothing")]
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

/// The machine that an image is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Platform {
    #[serde(default)]
    pub(crate) architecture: String,
    #[serde(default)]
    pub(crate) os: String,
}

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "nothing")]
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

/// A list of manifests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Index {
    pub(crate) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    pub(crate) manifests: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "nothing")]
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

/// What the configuration of a Wasm artefact says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WasmConfig {
    pub(crate) created: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<String>,
    pub(crate) architecture: String,
    pub(crate) os: String,
    pub(crate) layer_digests: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) component: Option<WasmComponent>,
}

/// What a component has on its outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WasmComponent {
    pub(crate) exports: Vec<String>,
    pub(crate) imports: Vec<String>,
    /// The world it was made for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
}

/// Either of the two documents that a tag can lead to.
pub(crate) enum Document {
    Manifest(Box<Manifest>),
    Index(Index),
}

impl Descriptor {
    /// Describes bytes.
    pub(crate) fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: Sha256Digest::of(bytes).to_string(),
            size: bytes.len() as u64,
            artifact_type: None,
            platform: None,
            annotations: None,
        }
    }

    /// Its digest, which must be one that can be checked.
    pub(crate) fn checked_digest(&self, what: &str) -> Result<Sha256Digest, RegistryError> {
        Sha256Digest::parse(&self.digest).ok_or_else(|| {
            let digest: String = self.digest.chars().take(100).collect();
            RegistryError::malformed(what, format!("`{digest}` is not a SHA-256 digest"))
        })
    }
}

impl Document {
    /// Reads what a tag leads to.
    pub(crate) fn read(what: &str, bytes: &[u8]) -> Result<Self, RegistryError> {
        let wrong = |error: serde_json::Error| RegistryError::malformed(what, error.to_string());
        let keys: Keys = serde_json::from_slice(bytes).map_err(wrong)?;
        let long = keys.manifests.as_ref().map_or(0, Vec::len) > ENTRIES_MAX
            || keys.layers.as_ref().map_or(0, Vec::len) > ENTRIES_MAX;
        if long {
            return Err(RegistryError::malformed(what, "it lists more than 1000 entries"));
        }
        if keys.manifests.is_some() && keys.layers.is_none() {
            return Ok(Self::Index(serde_json::from_slice(bytes).map_err(wrong)?));
        }
        Ok(Self::Manifest(Box::new(serde_json::from_slice(bytes).map_err(wrong)?)))
    }
}

impl Manifest {
    /// The layer with the component, when there is exactly one.
    pub(crate) fn component_layer(&self, what: &str) -> Result<&Descriptor, RegistryError> {
        let is_wasm = |it: &&Descriptor| media_type::WASM_LAYERS.contains(&it.media_type.as_str());
        let mut layers = self.layers.iter().filter(is_wasm);
        match (layers.next(), layers.next()) {
            (Some(layer), None) => Ok(layer),
            (Some(_), Some(_)) => {
                Err(RegistryError::malformed(what, "it has more than one layer of WebAssembly"))
            }
            (None, _) => {
                let found: Vec<&str> =
                    self.layers.iter().map(|it| it.media_type.as_str()).take(5).collect();
                let reason = format!("it has no layer application/wasm, but {}", found.join(", "));
                Err(RegistryError::malformed(what, reason.chars().take(300).collect::<String>()))
            }
        }
    }
}

impl Index {
    /// The manifest for WebAssembly, or the only one there is.
    pub(crate) fn for_wasm(&self, what: &str) -> Result<&Descriptor, RegistryError> {
        let wasm = |it: &&Descriptor| {
            it.platform.as_ref().is_some_and(|it| it.architecture.starts_with("wasm"))
        };
        let only = match self.manifests.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        self.manifests
            .iter()
            .find(wasm)
            .or(only)
            .ok_or_else(|| RegistryError::malformed(what, "none of its manifests is for wasm"))
    }
}

/// What tells one kind of document from the other.
#[derive(Deserialize)]
struct Keys {
    manifests: Option<Vec<serde::de::IgnoredAny>>,
    layers: Option<Vec<serde::de::IgnoredAny>>,
}

fn nothing(annotations: &Option<BTreeMap<String, String>>) -> bool {
    annotations.as_ref().is_none_or(BTreeMap::is_empty)
}
