//! Where it is kept which files were uploaded.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::assets::{Asset, AssetId, MediaType};
use smartcms_domain::entries::Revision;

use super::{Digest, StoreError};

/// How many assets one read looks for by name.
pub const ASSETS_NAMED_MAX: usize = 500;

/// Assets and the variants that were made of them. Their bytes are in a [`super::BlobStore`].
#[async_trait]
pub trait AssetStore: Send + Sync {
    /// The asset with this id.
    async fn find(&self, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// The asset whose stored bytes, or whose bytes as they came, have this digest.
    async fn find_by_digest(&self, digest: &Digest) -> Result<Option<Asset>, StoreError>;

    /// The asset whose digest begins with these 16 bytes.
    async fn find_by_key(&self, key: [u8; 16]) -> Result<Option<Asset>, StoreError>;

    /// Assets with the names of the variants that were made of them, each once, in one read; what is not there is
    /// left out. At most [`ASSETS_NAMED_MAX`] are looked for.
    async fn find_named(&self, names: &[AssetRef]) -> Result<Vec<NamedAsset>, StoreError>;

    /// One page of assets, the newest first.
    async fn list(&self, query: &AssetQuery) -> Result<AssetPage, StoreError>;

    /// Stores an asset, durably. Nothing is written when the stored revision is not `previous` (`None` for a new
    /// asset), or another asset has the digest.
    async fn write(&self, asset: Asset, previous: Option<Revision>) -> Result<(), AssetWriteError>;

    /// Takes an asset and its variants away; the digests of bytes that nothing refers to any more. Nothing happens
    /// when the stored revision is not `previous`.
    async fn remove(&self, id: AssetId, previous: Revision)
    -> Result<Vec<Digest>, AssetWriteError>;

    /// How many entries use an asset.
    async fn uses(&self, id: AssetId) -> Result<u64, StoreError>;

    /// A variant that was made.
    async fn find_variant(
        &self,
        asset: AssetId,
        name: &str,
    ) -> Result<Option<VariantRecord>, StoreError>;

    /// Every variant that was made of an asset, by name.
    async fn variants(&self, asset: AssetId) -> Result<Vec<VariantRecord>, StoreError>;

    /// Remembers a variant; nothing happens when the asset is gone. One of the same name is replaced.
    async fn add_variant(&self, variant: VariantRecord) -> Result<(), StoreError>;
}

/// What content calls an asset by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssetRef {
    /// Its id.
    Id(AssetId),
    /// The 16 bytes that its digest begins with, as addresses have them.
    Key([u8; 16]),
}

/// An asset, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAsset {
    /// The asset.
    pub asset: Asset,
    /// The names of its variants: `w640.webp`.
    pub made: Vec<String>,
}

impl AssetRef {
    /// Whether it is this asset that is called so.
    pub fn names(self, asset: &Asset) -> bool {
        match self {
            Self::Id(id) => asset.id == id,
            Self::Key(key) => asset.digest.starts_with(&key),
        }
    }
}

/// One page of assets to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetQuery {
    /// Of which types; all when absent.
    pub media_type: Option<MediaTypeFilter>,
    /// What name, title or alternative text hold, whatever the case of ASCII letters.
    pub search: Option<String>,
    /// How many at most: 1 to [`super::PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<AssetCursor>,
}

/// Which types of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaTypeFilter {
    /// One type.
    Exactly(MediaType),
    /// All whose name begins with this: `image/`.
    Family(&'static str),
}

impl MediaTypeFilter {
    /// Whether a type is meant.
    pub fn includes(self, media_type: MediaType) -> bool {
        match self {
            Self::Exactly(wanted) => wanted == media_type,
            Self::Family(start) => media_type.name().starts_with(start),
        }
    }
}

/// The place after one asset in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetCursor {
    /// When the asset was uploaded.
    pub at: Timestamp,
    /// Breaks ties.
    pub id: AssetId,
}

/// One page of assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetPage {
    /// The assets.
    pub assets: Vec<Asset>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<AssetCursor>,
}

/// A smaller version of an image that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantRecord {
    /// Of which asset.
    pub asset: AssetId,
    /// Its recipe and format: `w640.webp`.
    pub name: String,
    /// Its bytes.
    pub digest: Digest,
    /// How many there are.
    pub bytes_len: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub enum AssetWriteError {
    /// Another change was stored since the asset was read.
    #[error("the asset changed while it was being saved")]
    Stale,
    /// Another asset has the same bytes.
    #[error("the file is there already")]
    DigestTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
