//! Image tools, over files in memory. Every fixture is made here.
#![cfg(test)]

mod cleaning;
mod colours;
mod fixtures;
mod hostile;
mod variants;

use bytes::Bytes;
use smartcms_app::ports::{BlobStore as _, ImageError, ImageTools as _, PreparedFile};
use smartcms_domain::assets::MediaType;
use smartcms_media::{ImageLimits, LocalImages};
use smartcms_testkit::MemoryStore;

/// Prepares a file as an upload does, and reads what may be stored.
async fn prepare(bytes: &[u8]) -> Result<(PreparedFile, Vec<u8>), ImageError> {
    prepare_within(bytes, ImageLimits::default()).await
}

async fn prepare_within(
    bytes: &[u8],
    limits: ImageLimits,
) -> Result<(PreparedFile, Vec<u8>), ImageError> {
    let store = MemoryStore::default();
    let mut original = store.stage().await.unwrap();
    original.write(Bytes::copy_from_slice(bytes)).await.unwrap();
    let clean = store.stage().await.unwrap();
    let media_type = MediaType::sniff(bytes, std::str::from_utf8(bytes).is_ok());
    let prepared = LocalImages::new(limits).prepare(media_type, original, clean).await?;
    let mut kept = Vec::new();
    prepared.file.reader().unwrap().read_to_end(&mut kept).unwrap();
    Ok((prepared, kept))
}

/// Why a file was refused.
async fn refusal(bytes: &[u8]) -> ImageError {
    prepare(bytes).await.err().expect("it should be refused")
}
