//! Signatures of artefacts: small artefacts of their own that refer to what they sign.
//!
//! What is signed are the bytes of the manifest, which names every part by its digest. So a signature can be checked
//! with the tool `minisign` alone, and holds wherever the artefact is copied to.

use std::collections::BTreeMap;

use bytes::Bytes;
use minisign::SignatureBox;

use super::keys::{KeyError, PublicKey, SigningKey};
use crate::artefact::{Artefact, json};
use crate::client::RegistryClient;
use crate::digest::Sha256Digest;
use crate::error::RegistryError;
use crate::manifest::{Descriptor, Document, Manifest, media_type};

/// The kind of the artefact that holds a signature.
const SIGNATURE_TYPE: &str = "application/vnd.smartcms.plugin.signature.v1";
/// The kind of its layer: a file of minisign.
const SIGNATURE_LAYER: &str = "application/vnd.minisign.signature.v1";
/// The annotation with the public key; whether it is trusted is decided elsewhere.
const KEY_ANNOTATION: &str = "smartcms.publisher.key";
/// The largest signature that is read, in bytes.
const SIGNATURE_BYTES_MAX: u64 = 4096;
/// How many signatures of one artefact are read: whoever may write to the repository can add some.
const SIGNATURES_MAX: usize = 16;

/// A signature as it was found, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The file of minisign.
    pub text: String,
    /// The key that is said to have made it.
    pub key: Option<PublicKey>,
}

/// Signing or storing the signature failed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Signature {
    /// Which of these keys, or the key it names itself, made this signature over the manifest.
    pub fn signer(&self, manifest: &[u8], known: &[PublicKey]) -> Option<PublicKey> {
        let signature = SignatureBox::from_string(&self.text).ok()?;
        let keys = known.iter().chain(&self.key);
        keys.into_iter().find(|it| it.verifies(&signature, manifest)).cloned()
    }
}

impl RegistryClient {
    /// Signs an artefact and stores the signature beside it.
    pub async fn sign(
        &self,
        artefact: &Artefact,
        key: &SigningKey,
        comment: &str,
    ) -> Result<(), SignError> {
        let text = Bytes::from(key.sign(&artefact.manifest, comment)?);
        let what = format!("a signature for {}", self.name());
        let annotations =
            BTreeMap::from([(KEY_ANNOTATION.to_owned(), key.public().as_str().to_owned())]);
        let empty = Bytes::from_static(b"{}");
        let manifest = Manifest {
            schema_version: 2,
            media_type: Some(media_type::IMAGE.to_owned()),
            artifact_type: Some(SIGNATURE_TYPE.to_owned()),
            config: Descriptor::of(media_type::EMPTY, &empty),
            layers: vec![Descriptor::of(SIGNATURE_LAYER, &text)],
            subject: Some(Descriptor::of(media_type::IMAGE, &artefact.manifest)),
            annotations: Some(annotations.clone()),
        };
        let bytes = json(&what, &manifest)?;
        self.put_blob(empty).await?;
        self.put_blob(text).await?;
        let digest = Sha256Digest::of(&bytes);
        let noted = self.put_manifest(digest.as_str(), media_type::IMAGE, bytes.clone()).await?;
        if !noted {
            let referrer = Descriptor {
                artifact_type: Some(SIGNATURE_TYPE.to_owned()),
                annotations: Some(annotations),
                ..Descriptor::of(media_type::IMAGE, &bytes)
            };
            self.list_under_tag(&artefact.digest, referrer).await?;
        }
        Ok(())
    }

    /// The signatures that are stored beside an artefact.
    pub async fn signatures(&self, artefact: &Artefact) -> Result<Vec<Signature>, RegistryError> {
        let referrers = self.referrers(&artefact.digest, SIGNATURE_TYPE).await?;
        let mut found = Vec::new();
        for referrer in referrers.iter().take(SIGNATURES_MAX) {
            match self.signature(artefact, referrer).await {
                Ok(signature) => found.push(signature),
                // One that is broken proves nothing, and hides none of the others.
                Err(RegistryError::Outbound { registry, source }) => {
                    return Err(RegistryError::Outbound { registry, source });
                }
                Err(_) => {}
            }
        }
        Ok(found)
    }

    async fn signature(
        &self,
        artefact: &Artefact,
        referrer: &Descriptor,
    ) -> Result<Signature, RegistryError> {
        let what = format!("a signature of {}", self.name());
        let digest = referrer.checked_digest(&what)?;
        let fetched = self.manifest(digest.as_str()).await?;
        let wrong = |reason: &str| RegistryError::malformed(&what, reason);
        let Document::Manifest(manifest) = Document::read(&what, &fetched.bytes)? else {
            return Err(wrong("it is a list"));
        };
        if manifest.subject.as_ref().map(|it| it.digest.as_str()) != Some(artefact.digest.as_str())
        {
            return Err(wrong("it is of another artefact"));
        }
        let layer = manifest.layers.iter().find(|it| it.media_type == SIGNATURE_LAYER);
        let layer = layer.ok_or_else(|| wrong("it holds no signature"))?;
        let bytes = self.blob(layer, SIGNATURE_BYTES_MAX).await?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| wrong("it is no text"))?;
        let key = manifest.annotations.unwrap_or_default();
        let key = key.get(KEY_ANNOTATION).and_then(|it| PublicKey::parse(it).ok());
        Ok(Signature { text, key })
    }
}
