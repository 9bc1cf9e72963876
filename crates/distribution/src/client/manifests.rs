//! Manifests and indexes: read by tag or digest, written by either.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};

use super::RegistryClient;
use crate::digest::Sha256Digest;
use crate::error::RegistryError;
use crate::manifest::media_type;

const ACCEPTED: [&str; 4] =
    [media_type::IMAGE, media_type::INDEX, media_type::DOCKER_IMAGE, media_type::DOCKER_INDEX];
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
const OCI_SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// A document as the registry holds it.
pub(crate) struct Fetched {
    /// Its very bytes: what digests and signatures are about.
    pub(crate) bytes: Bytes,
    pub(crate) digest: Sha256Digest,
}

impl RegistryClient {
    /// Reads what a tag or a digest leads to. A digest is checked.
    pub(crate) async fn manifest(&self, wanted: &str) -> Result<Fetched, RegistryError> {
        let joint = if wanted.starts_with("sha256:") { '@' } else { ':' };
        let what = format!("{}{joint}{wanted}", self.name());
        let mut call = self.call(Method::GET, &format!("manifests/{wanted}"), what.clone())?;
        for kind in ACCEPTED {
            call.headers.push((header::ACCEPT, HeaderValue::from_static(kind)));
        }
        let response = self.expect(&call, &[200]).await?;
        let said = response.headers.get(CONTENT_DIGEST).and_then(|it| it.to_str().ok());
        let said = said.and_then(Sha256Digest::parse);
        let bytes = self.body(&call, response).await?;
        let digest = Sha256Digest::of(&bytes);
        for expected in [Sha256Digest::parse(wanted), said].into_iter().flatten() {
            if expected != digest {
                return Err(RegistryError::WrongDigest { what, expected, found: digest });
            }
        }
        Ok(Fetched { bytes, digest })
    }

    /// The same, where nothing may be there.
    pub(crate) async fn manifest_if_there(
        &self,
        wanted: &str,
    ) -> Result<Option<Fetched>, RegistryError> {
        match self.manifest(wanted).await {
            Ok(found) => Ok(Some(found)),
            Err(RegistryError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a document under a tag or its digest; whether the registry took note of its subject.
    pub(crate) async fn put_manifest(
        &self,
        place: &str,
        kind: &'static str,
        bytes: Bytes,
    ) -> Result<bool, RegistryError> {
        let what = format!("to store {}:{place}", self.name());
        let mut call = self.call(Method::PUT, &format!("manifests/{place}"), what)?;
        call.headers.push((header::CONTENT_TYPE, HeaderValue::from_static(kind)));
        call.body = bytes;
        let response = self.expect(&call, &[200, 201]).await?;
        Ok(response.headers.contains_key(OCI_SUBJECT))
    }
}
