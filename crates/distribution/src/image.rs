//! An OCI image of a component, for the Wasm shims of containerd: built, laid out in files, read back and pushed.
//!
//! Nothing of it depends on when or where it is built, so that the same component gives the same digest. Its one layer is
//! the component itself and no archive: shims take it from there, and a runtime has nothing to unpack.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::artefact::json;
use crate::client::RegistryClient;
use crate::digest::Sha256Digest;
use crate::error::RegistryError;
use crate::manifest::{Descriptor, Document, Index, Manifest, Platform, media_type};
use crate::reference::Reference;

/// The platform of such images.
const ARCHITECTURE: &str = "wasm";
const OS: &str = "wasi";
/// The largest document, and the largest file, of a layout that is read, in bytes.
const DOCUMENT_BYTES_MAX: u64 = 4 * 1024 * 1024;
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most layers of an image that is pushed.
const LAYERS_MAX: usize = 100;
/// Makes configurations differ where components do: the layer is none that the configuration lists.
const LAYERS_LABEL: &str = "containerd.runwasi.layers";
/// What containerd calls an image that it takes in.
const NAME_ANNOTATION: &str = "io.containerd.image.name";
/// The tag of an image in a layout.
const TAG_ANNOTATION: &str = "org.opencontainers.image.ref.name";
const LAYOUT_FILE: &str = "oci-layout";
const LAYOUT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;
const INDEX_FILE: &str = "index.json";

/// What an image is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePlan {
    /// The component.
    pub component: Bytes,
    /// What runs: a name that ends in `.wasm`.
    pub entrypoint: String,
    /// Variables that it is started with. Whoever gets the image reads them.
    pub environment: BTreeMap<String, String>,
}

/// An image: its files, by their digests, and the manifest that lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    manifest: Bytes,
    digest: Sha256Digest,
    files: Vec<(Sha256Digest, Bytes)>,
}

#[derive(Serialize)]
struct ImageConfig {
    architecture: &'static str,
    os: &'static str,
    config: Execution,
    rootfs: RootFs,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Execution {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env: Vec<String>,
    entrypoint: [String; 1],
    labels: BTreeMap<&'static str, String>,
}

/// No layer is an archive of files, so that none is listed.
#[derive(Serialize)]
struct RootFs {
    r#type: &'static str,
    diff_ids: [String; 0],
}

/// What the file says that marks a layout.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LayoutMark {
    image_layout_version: String,
}

impl Image {
    /// Builds an image.
    pub fn build(plan: &ImagePlan) -> Result<Self, RegistryError> {
        let what = &plan.entrypoint;
        let layer = Descriptor::of(media_type::WASM_IMAGE_LAYER, &plan.component);
        let env = plan.environment.iter().map(|(name, value)| format!("{name}={value}"));
        let config = ImageConfig {
            architecture: ARCHITECTURE,
            os: OS,
            config: Execution {
                env: env.collect(),
                entrypoint: [plan.entrypoint.clone()],
                labels: BTreeMap::from([(LAYERS_LABEL, layer.digest.clone())]),
            },
            rootfs: RootFs { r#type: "layers", diff_ids: [] },
        };
        let config = json(what, &config)?;
        let manifest = json(
            what,
            &Manifest {
                schema_version: 2,
                media_type: Some(media_type::IMAGE.to_owned()),
                artifact_type: None,
                config: Descriptor::of(media_type::IMAGE_CONFIG, &config),
                layers: vec![layer],
                subject: None,
                annotations: None,
            },
        )?;
        let files = [config, plan.component.clone()].map(|it| (Sha256Digest::of(&it), it));
        Ok(Self { digest: Sha256Digest::of(&manifest), manifest, files: files.into() })
    }

    /// The digest of its manifest: what it is known by.
    #[must_use]
    pub fn digest(&self) -> &Sha256Digest {
        &self.digest
    }

    /// The files of its layout, by their paths; `name` is what it is called where it is taken in.
    pub fn layout(&self, name: Option<&Reference>) -> Result<Vec<(String, Bytes)>, RegistryError> {
        let mut descriptor = Descriptor::of(media_type::IMAGE, &self.manifest);
        let platform = Platform { architecture: ARCHITECTURE.to_owned(), os: OS.to_owned() };
        descriptor.platform = Some(platform);
        descriptor.annotations = name.map(|it| {
            let mut said = BTreeMap::from([(NAME_ANNOTATION.to_owned(), it.to_string())]);
            said.extend(it.tag.clone().map(|tag| (TAG_ANNOTATION.to_owned(), tag)));
            said
        });
        let index = Index {
            schema_version: 2,
            media_type: Some(media_type::INDEX.to_owned()),
            manifests: vec![descriptor],
            annotations: None,
        };
        let mut files = vec![
            (LAYOUT_FILE.to_owned(), Bytes::from_static(LAYOUT.as_bytes())),
            (INDEX_FILE.to_owned(), json(INDEX_FILE, &index)?),
            (path(&self.digest), self.manifest.clone()),
        ];
        files.extend(self.files.iter().map(|(digest, bytes)| (path(digest), bytes.clone())));
        Ok(files)
    }

    /// Reads an image from a layout; `read` gives the file at a path, with at most so many bytes. Everything is compared
    /// with its digest.
    pub fn from_layout<E: From<RegistryError>>(
        what: &str,
        mut read: impl FnMut(&str, u64) -> Result<Bytes, E>,
    ) -> Result<Self, E> {
        let wrong = |reason: &str| E::from(RegistryError::malformed(what, reason));
        let mark = read(LAYOUT_FILE, DOCUMENT_BYTES_MAX)?;
        let mark: LayoutMark =
            serde_json::from_slice(&mark).map_err(|error| wrong(&error.to_string()))?;
        if !mark.image_layout_version.starts_with("1.") {
            return Err(wrong("it is a layout of another version than 1"));
        }
        let listed = match Document::read(what, &read(INDEX_FILE, DOCUMENT_BYTES_MAX)?)? {
            Document::Index(index) => index.for_wasm(what)?.clone(),
            Document::Manifest(_) => return Err(wrong("its index is a manifest")),
        };
        let mut checked = |descriptor: &Descriptor, bytes_max: u64| -> Result<_, E> {
            let digest = descriptor.checked_digest(what)?;
            if descriptor.size > bytes_max {
                let what = format!("{digest} of {what}");
                return Err(RegistryError::TooLarge { what, limit_bytes: bytes_max }.into());
            }
            let bytes = read(&path(&digest), bytes_max)?;
            let found = Sha256Digest::of(&bytes);
            if found != digest {
                let (what, expected) = (format!("a file of {what}"), digest);
                return Err(RegistryError::WrongDigest { what, expected, found }.into());
            }
            Ok((digest, bytes))
        };
        let (digest, manifest) = checked(&listed, DOCUMENT_BYTES_MAX)?;
        let Document::Manifest(parsed) = Document::read(what, &manifest)? else {
            return Err(wrong("its index lists another index"));
        };
        if parsed.layers.len() > LAYERS_MAX {
            return Err(wrong("it has more than 100 layers"));
        }
        let mut files = vec![checked(&parsed.config, DOCUMENT_BYTES_MAX)?];
        for layer in &parsed.layers {
            files.push(checked(layer, FILE_BYTES_MAX)?);
        }
        Ok(Self { manifest, digest, files })
    }
}

impl RegistryClient {
    /// Pushes an image, and puts it under the tag of the reference.
    pub async fn push_image(
        &self,
        reference: &Reference,
        image: &Image,
    ) -> Result<(), RegistryError> {
        for (_, bytes) in &image.files {
            self.put_blob(bytes.clone()).await?;
        }
        let place = reference.tag.as_deref().unwrap_or(image.digest.as_str());
        self.put_manifest(place, media_type::IMAGE, image.manifest.clone()).await?;
        Ok(())
    }
}

/// Where a layout has the file of a digest.
fn path(digest: &Sha256Digest) -> String {
    format!("blobs/{}", digest.as_str().replacen(':', "/", 1))
}
