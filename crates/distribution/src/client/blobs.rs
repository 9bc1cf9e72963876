//! Files of a repository: checked while they come, sent whole.

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, header};
use http_body_util::BodyExt;

use super::RegistryClient;
use crate::digest::{Hasher, Sha256Digest};
use crate::error::RegistryError;
use crate::manifest::Descriptor;

/// How many bytes are set aside before any has come.
const BYTES_AHEAD_MAX: u64 = 1024 * 1024;

impl RegistryClient {
    /// Reads a file that a manifest describes. It must have the size and the digest that are promised.
    pub(crate) async fn blob(
        &self,
        descriptor: &Descriptor,
        bytes_max: u64,
    ) -> Result<Bytes, RegistryError> {
        let what = format!("a file of {}", self.name());
        let expected = descriptor.checked_digest(&what)?;
        if descriptor.size > bytes_max {
            return Err(RegistryError::TooLarge { what, limit_bytes: bytes_max });
        }
        let mut call = self.call(Method::GET, &format!("blobs/{expected}"), what.clone())?;
        call.bytes_max = descriptor.size;
        call.time_max = self.limits().blob_time_max;
        let response = self.expect(&call, &[200]).await?;
        let mut body = response.body;
        let ahead = usize::try_from(descriptor.size.min(BYTES_AHEAD_MAX)).unwrap_or_default();
        let (mut bytes, mut hasher) = (BytesMut::with_capacity(ahead), Hasher::default());
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|source| self.outbound(&call, source))?;
            if let Some(data) = frame.data_ref() {
                hasher.update(data);
                bytes.extend_from_slice(data);
            }
        }
        if bytes.len() as u64 != descriptor.size {
            let (expected, found) = (descriptor.size, bytes.len() as u64);
            return Err(RegistryError::WrongSize { what, expected, found });
        }
        let found = hasher.finish();
        if found != expected {
            return Err(RegistryError::WrongDigest { what, expected, found });
        }
        Ok(bytes.freeze())
    }

    /// Stores a file unless it is there.
    pub(crate) async fn put_blob(&self, bytes: Bytes) -> Result<(), RegistryError> {
        let digest = Sha256Digest::of(&bytes);
        let what = format!("to store a file in {}", self.name());
        let mut call = self.call(Method::HEAD, &format!("blobs/{digest}"), what.clone())?;
        // The credentials for storing it are asked for at once.
        call.access = super::Access::Push;
        if self.send(&call).await?.status == 200 {
            return Ok(());
        }
        let call = self.call(Method::POST, "blobs/uploads/", what.clone())?;
        let response = self.expect(&call, &[202]).await?;
        let location = response.headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
        let location =
            location.ok_or_else(|| self.misled("nowhere", "it names no place to send to"))?;
        let mut place =
            call.url.join(location).map_err(|error| self.misled(location, &error.to_string()))?;
        if place.origin() != call.url.origin() {
            return Err(self.misled(location, "what is pushed stays at the registry"));
        }
        place.query_pairs_mut().append_pair("digest", digest.as_str());
        let mut call = self.call(Method::PUT, "blobs/uploads/", what)?;
        call.url = place;
        call.time_max = self.limits().blob_time_max;
        call.headers
            .push((header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")));
        call.body = bytes;
        self.expect(&call, &[201]).await?;
        Ok(())
    }

    fn misled(&self, to: &str, reason: &str) -> RegistryError {
        RegistryError::Redirect {
            registry: self.registry.to_string(),
            to: to.chars().filter(|it| !it.is_control()).take(200).collect(),
            reason: reason.to_owned(),
        }
    }
}
