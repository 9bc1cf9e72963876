//! Storing a file. Its bytes go from the connection to the disk, never whole through memory.

use bytes::Bytes;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::AssetPermission;
use smartcms_domain::assets::{
    Asset, AssetChange, AssetId, AssetName, FocalPoint, MediaType, SNIFFED_BYTES,
};
use smartcms_domain::entries::Revision;

use super::error::AssetError;
use super::utf8::TextCheck;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{AssetWriteError, Digest, PreparedFile, StagedBlob};

/// A file that is coming in. Dropping it takes what has come away.
pub struct Upload<'a> {
    ctx: OpContext<'a>,
    staged: Box<dyn StagedBlob>,
    head: Vec<u8>,
    text: TextCheck,
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAsset {
    /// The asset.
    pub asset: Asset,
    /// Whether the same file was there before: then it is unchanged, and so is what is said about it.
    pub duplicate: bool,
}

/// A file as it was on another site: with its identity and its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileElsewhere {
    /// Its lasting identity.
    pub id: AssetId,
    /// What it is called.
    pub name: String,
    /// The BLAKE3 hash of the bytes as they came there.
    pub original_digest: [u8; 32],
    /// Who uploaded it there.
    pub uploaded_by: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What is said about it.
    pub description: AssetChange,
}

/// Begins to store a file. Refused at once when more bytes are announced than files may have.
pub async fn begin_upload<'a>(
    ctx: &OpContext<'a>,
    announced_bytes: Option<u64>,
) -> Result<Upload<'a>, AssetError> {
    ctx.actor.require_with_assets(AssetPermission::Upload)?;
    let bytes_max = ctx.app.media.settings.upload_bytes_max;
    if announced_bytes.is_some_and(|it| it > bytes_max) {
        return Err(AssetError::TooLarge { bytes_len: announced_bytes, bytes_max });
    }
    let staged = ctx.app.media.files.stage().await?;
    Ok(Upload { ctx: *ctx, staged, head: Vec::new(), text: TextCheck::default() })
}

impl Upload<'_> {
    /// Takes the next bytes.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), AssetError> {
        let bytes_max = self.ctx.app.media.settings.upload_bytes_max;
        if self.staged.bytes_len().saturating_add(chunk.len() as u64) > bytes_max {
            return Err(AssetError::TooLarge { bytes_len: None, bytes_max });
        }
        let missing = SNIFFED_BYTES.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..missing).unwrap_or_default());
        self.text.update(&chunk);
        Ok(self.staged.write(chunk).await?)
    }

    /// What the file is, by what has come of it.
    pub fn media_type(&self) -> MediaType {
        MediaType::sniff(&self.head, self.text.is_text())
    }

    /// Stores the file under a name, with what is said about it.
    ///
    /// A file that is there already is answered as it is: what is said about it may have been changed since.
    pub async fn finish(
        self,
        name: &str,
        description: AssetChange,
    ) -> Result<StoredAsset, AssetError> {
        self.finish_with(name, description, |asset| asset).await
    }

    /// Stores the file as it was on another site. The same bytes under another identity are answered as they are.
    pub async fn finish_as(self, file: FileElsewhere) -> Result<StoredAsset, AssetError> {
        let FileElsewhere { name, description, .. } = file.clone();
        self.finish_with(&name, description, |asset| Asset {
            id: file.id,
            original_digest: file.original_digest,
            uploaded_by: file.uploaded_by,
            created_at: file.created_at,
            updated_at: file.updated_at,
            ..asset
        })
        .await
    }

    async fn finish_with(
        self,
        name: &str,
        description: AssetChange,
        settle: impl FnOnce(Asset) -> Asset,
    ) -> Result<StoredAsset, AssetError> {
        if self.staged.bytes_len() == 0 {
            return Err(AssetError::Empty);
        }
        let media = &self.ctx.app.media;
        let original = self.staged.digest();
        if let Some(asset) = media.assets.find_by_digest(&original).await? {
            // What could never be said of a file is refused also where it is not looked at.
            asset.clone().describe(description).map_err(AssetError::Invalid)?;
            return Ok(StoredAsset { asset, duplicate: true });
        }
        let media_type = MediaType::sniff(&self.head, self.text.is_text());
        let clean = media.files.stage().await?;
        let prepared = media.images.prepare(media_type, self.staged, clean).await?;
        let mut asset = settle(new_asset(&self.ctx, media_type, name, original, &prepared));
        asset.describe(description).map_err(AssetError::Invalid)?;
        store(&self.ctx, asset, prepared.file).await
    }
}

fn new_asset(
    ctx: &OpContext<'_>,
    media_type: MediaType,
    name: &str,
    original: Digest,
    prepared: &PreparedFile,
) -> Asset {
    let now = ctx.app.clock.now();
    Asset {
        id: AssetId::new(ctx.app.randomness.id(now)),
        name: AssetName::of(name, media_type),
        media_type,
        bytes_len: prepared.file.bytes_len(),
        digest: *prepared.file.digest().as_bytes(),
        original_digest: *original.as_bytes(),
        dimensions: prepared.dimensions,
        animated: prepared.animated,
        thumbhash: prepared.thumbhash.clone(),
        focal_point: FocalPoint::default(),
        alt: None,
        title: None,
        caption: None,
        revision: Revision::FIRST,
        uploaded_by: ctx.actor.to_string(),
        created_at: now,
        updated_at: now,
    }
}

/// Bytes and row come together: between them no deletion of the same bytes can take place.
async fn store(
    ctx: &OpContext<'_>,
    asset: Asset,
    file: Box<dyn StagedBlob>,
) -> Result<StoredAsset, AssetError> {
    let media = &ctx.app.media;
    let digest = file.digest();
    let _storing = media.storing.lock().await;
    // Cleaned of what differed, it may be the same as another.
    if let Some(asset) = media.assets.find_by_digest(&digest).await? {
        return Ok(StoredAsset { asset, duplicate: true });
    }
    media.files.keep(file).await?;
    match media.assets.write(asset.clone(), None).await {
        Ok(()) => {
            let deed = Deed::done("asset.uploaded").to("asset", asset.id);
            let deed = deed.digests(None, Some(asset.digest)).detail(asset.name.to_string());
            record(ctx, deed).await;
            Ok(StoredAsset { asset, duplicate: false })
        }
        Err(AssetWriteError::DigestTaken) => {
            // Another process stored the same file in this moment.
            let found = media.assets.find_by_digest(&digest).await?;
            let found = found.map(|asset| StoredAsset { asset, duplicate: true });
            found.ok_or_else(|| AssetError::ChangedMeanwhile(asset.id.to_string()))
        }
        Err(error) => {
            let _ = media.files.remove(&digest).await; // Without a row the bytes are of no use.
            Err(AssetError::of_write(error, &asset.id.to_string()))
        }
    }
}
