//! Uploaded files: what is known of them, and what may be changed.

mod asset;
mod focal_point;
mod id;
mod media_type;
mod name;
mod sniff;

pub use asset::{
    ALT_LEN_MAX, Asset, AssetChange, AssetStale, CAPTION_LEN_MAX, Dimensions, TITLE_LEN_MAX,
};
pub use focal_point::{FocalPoint, FocalPointError};
pub use id::{AssetId, AssetIdError};
pub use media_type::{MediaType, UnknownMediaType};
pub use name::{AssetName, NAME_LEN_MAX};
pub use sniff::SNIFFED_BYTES;
