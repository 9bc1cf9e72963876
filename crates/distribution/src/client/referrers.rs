//! What refers to a manifest, its signatures for instance: by the referrers API, or by the tag that stands in for it.

use http::{HeaderValue, Method, header};

use super::RegistryClient;
use crate::digest::Sha256Digest;
use crate::error::RegistryError;
use crate::manifest::{Descriptor, Document, Index, media_type};

impl RegistryClient {
    /// The manifests of one kind that refer to a digest. Who may write to the repository decides what is in here.
    pub(crate) async fn referrers(
        &self,
        subject: &Sha256Digest,
        kind: &str,
    ) -> Result<Vec<Descriptor>, RegistryError> {
        let what = format!("what refers to {}@{subject}", self.name());
        let mut call = self.call(Method::GET, &format!("referrers/{subject}"), what.clone())?;
        call.url.query_pairs_mut().append_pair("artifactType", kind);
        call.headers.push((header::ACCEPT, HeaderValue::from_static(media_type::INDEX)));
        let response = self.send(&call).await?;
        let bytes = match response.status {
            200 => self.body(&call, response).await?,
            // Registries of before the API answer in several ways; their list is under a tag.
            400 | 404 | 405 | 501 => match self.manifest_if_there(&subject.fallback_tag()).await? {
                Some(found) => found.bytes,
                None => return Ok(Vec::new()),
            },
            _ => return Err(self.refusal(&call, response).await),
        };
        let index = read_index(&what, &bytes)?;
        let fits = |it: &Descriptor| it.artifact_type.as_deref() == Some(kind);
        Ok(index.manifests.into_iter().filter(fits).collect())
    }

    /// Adds to the list under a tag, where the registry has no referrers API.
    pub(crate) async fn list_under_tag(
        &self,
        subject: &Sha256Digest,
        referrer: Descriptor,
    ) -> Result<(), RegistryError> {
        let tag = subject.fallback_tag();
        let mut index = match self.manifest_if_there(&tag).await? {
            Some(found) => read_index(&tag, &found.bytes)?,
            None => Index {
                schema_version: 2,
                media_type: Some(media_type::INDEX.to_owned()),
                manifests: Vec::new(),
                annotations: None,
            },
        };
        if index.manifests.iter().any(|it| it.digest == referrer.digest) {
            return Ok(());
        }
        index.manifests.push(referrer);
        let bytes = serde_json::to_vec(&index)
            .map_err(|error| RegistryError::malformed(&tag, error.to_string()))?;
        self.put_manifest(&tag, media_type::INDEX, bytes.into()).await?;
        Ok(())
    }
}

fn read_index(what: &str, bytes: &[u8]) -> Result<Index, RegistryError> {
    match Document::read(what, bytes)? {
        Document::Index(index) => Ok(index),
        Document::Manifest(_) => {
            Err(RegistryError::malformed(what, "it is a manifest and no index"))
        }
    }
}
