//! Why an operation on assets did not happen.

use smartcms_domain::Problem;
use smartcms_domain::actors::AssetDenied;
use smartcms_domain::assets::AssetStale;

use crate::ports::{AssetWriteError, BlobError, ImageError, StoreError};
use crate::{Fault, FaultKind};

/// Why an operation on assets did not happen. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// No asset has this id.
    #[error("there is no asset `{0}`")]
    Unknown(String),
    /// No file has this address.
    #[error("there is no file at this address")]
    UnknownFile,
    /// The address of a variant was not made by this site.
    #[error("the signature of this address is not of this site")]
    Signature,
    /// The actor may not do this.
    #[error(transparent)]
    Denied(#[from] AssetDenied),
    /// The file is too large.
    #[error("{}; `media.upload_bytes_max` is {bytes_max}", sent(.bytes_len))]
    TooLarge {
        /// How many bytes were announced; `None` when they were counted and stopped.
        bytes_len: Option<u64>,
        /// The limit.
        bytes_max: u64,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The image was refused.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The input was refused.
    #[error("the asset has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] AssetStale),
    /// Another change was stored at the same time.
    #[error("asset {0} was changed by somebody else while it was being saved")]
    ChangedMeanwhile(String),
    /// Entries use it.
    #[error("asset {asset} is used by {entries} entr{}", if *.entries == 1 { "y" } else { "ies" })]
    InUse {
        /// Which asset.
        asset: String,
        /// How many.
        entries: u64,
    },
    /// The files could not be read or written.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn sent(bytes_len: &Option<u64>) -> String {
    match bytes_len {
        Some(bytes_len) => format!("the file has {bytes_len} bytes"),
        None => "the file has more bytes than are taken".to_owned(),
    }
}

impl AssetError {
    /// What became of a write.
    pub(super) fn of_write(error: AssetWriteError, asset: &str) -> Self {
        match error {
            AssetWriteError::Stale | AssetWriteError::DigestTaken => {
                Self::ChangedMeanwhile(asset.to_owned())
            }
            AssetWriteError::Store(error) => Self::Store(error),
        }
    }
}

impl Fault for AssetError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Unknown(_) | Self::UnknownFile => FaultKind::NotFound,
            Self::Denied(_) | Self::Signature => FaultKind::Forbidden,
            Self::TooLarge { .. }
            | Self::Image(
                ImageError::TooLarge { .. }
                | ImageError::TooManyPixels { .. }
                | ImageError::PartTooLarge { .. },
            ) => FaultKind::Limit,
            Self::Empty
            | Self::Invalid(_)
            | Self::Image(
                ImageError::Damaged { .. } | ImageError::NotTaken { .. } | ImageError::NoDecoder,
            ) => FaultKind::Invalid,
            Self::Stale(_) | Self::ChangedMeanwhile(_) | Self::InUse { .. } => FaultKind::Conflict,
            Self::Image(ImageError::Io(_)) | Self::Blob(_) | Self::Store(_) => {
                FaultKind::Unavailable
            }
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Unknown(_) => "asset.unknown",
            Self::UnknownFile => "media.unknown",
            Self::Signature => "media.signature",
            Self::Denied(_) => "asset.denied",
            Self::TooLarge { .. } | Self::Image(ImageError::TooLarge { .. }) => "asset.too-large",
            Self::Image(ImageError::TooManyPixels { .. }) => "asset.too-many-pixels",
            Self::Image(ImageError::PartTooLarge { .. }) => "asset.part-too-large",
            Self::Image(ImageError::Damaged { .. }) => "asset.damaged",
            Self::Image(ImageError::NotTaken { .. }) => "asset.type-not-taken",
            Self::Image(ImageError::NoDecoder) => "asset.no-decoder",
            Self::Empty => "asset.empty",
            Self::Invalid(_) => "asset.invalid",
            Self::Stale(_) | Self::ChangedMeanwhile(_) => "asset.stale",
            Self::InUse { .. } => "asset.in-use",
            Self::Image(ImageError::Io(_)) | Self::Blob(_) | Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Denied(denied) => return denied.hint.clone(),
            Self::Stale(_) | Self::ChangedMeanwhile(_) => {
                "read the asset again and repeat the change on what it is now"
            }
            Self::InUse { .. } => {
                "`?force=true` deletes it all the same, and takes it out of those entries"
            }
            Self::Image(ImageError::NotTaken { .. }) => "convert it to JPEG, PNG or WebP",
            Self::Image(ImageError::NoDecoder) => {
                "a native server of the same site makes smaller versions and describes images"
            }
            Self::Signature => "addresses of variants come from the API and from pages",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
