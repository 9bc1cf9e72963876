//! Operations on uploaded files, one file each; and the addresses of files and their variants.

mod address;
mod delete;
mod error;
mod media;
mod read;
mod responsive;
mod shown;
mod update;
mod upload;
mod uses;
mod utf8;
mod variant;

pub use address::{FileKey, VariantAddress, file_address};
pub use delete::{DeleteAsset, delete_asset};
pub use error::AssetError;
pub use media::{Media, MediaParts, MediaSettings, VARIANTS_QUEUED_MAX};
pub(crate) use read::may_see_assets;
pub use read::{ListAssets, find_file, get_asset, list_assets, open_file};
pub use responsive::{
    ImageUse, Ratio, ResponsiveImage, Source, VariantLink, card_image, plain_image,
    responsive_image,
};
pub use shown::{IMAGES_PER_PAGE_MAX, ImageNames, ShownImages, find_images};
pub use update::{UpdateAsset, update_asset};
pub use upload::{FileElsewhere, StoredAsset, Upload, begin_upload};
pub use uses::{AssetUses, USES_SHOWN_MAX, asset_uses};
pub use variant::{OpenVariant, asset_variant, made_variants, make_queued_variants};
