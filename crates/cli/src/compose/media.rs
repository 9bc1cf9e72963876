//! Uploaded files of a site.

use std::sync::Arc;

use smartcms_app::assets::{Media, MediaParts, MediaSettings};
use smartcms_app::ports::ImageTools;
use smartcms_blob::FolderBlobs;
use smartcms_config::Settings;
use smartcms_media::{ImageLimits, LocalImages};
use smartcms_store_sql::SqliteStore;

use crate::args::Folders;
use crate::secret_key::secret_key;
use crate::world::SystemRandomness;

/// Beside the files of plugins, in a folder of its own: what no asset names is taken away there.
const MEDIA_NAME: &str = "media";

/// Files in the data folder, with the limits of the settings.
pub(super) fn media(
    folders: &Folders,
    settings: &Settings,
    store: &Arc<SqliteStore>,
) -> anyhow::Result<Media> {
    let data = folders.data();
    Ok(Media::new(MediaParts {
        assets: Arc::clone(store) as _,
        files: Arc::new(FolderBlobs::new(data.join(MEDIA_NAME))),
        images: images(settings),
        settings: MediaSettings { upload_bytes_max: settings.media.upload_bytes_max },
        secret: secret_key(&data, &SystemRandomness)?,
    }))
}

/// Who understands images, with the limits of the settings.
pub(super) fn images(settings: &Settings) -> Arc<dyn ImageTools> {
    let limits = &settings.media;
    Arc::new(LocalImages::new(ImageLimits {
        image_bytes_max: limits.image_bytes_max,
        pixels_max: limits.pixels_max,
        decoders_max: limits.decoders_max,
    }))
}
