//! What the operations on assets stand on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::channel::mpsc;
use futures::lock::Mutex as AsyncMutex;

use super::address::VariantAddress;
use crate::ports::{AssetStore, BlobStore, ImageTools};

/// The most variants that wait to be made in the background; more are made when they are asked for again.
pub const VARIANTS_QUEUED_MAX: usize = 256;
/// For what the key of signatures is derived.
const SIGNING_CONTEXT: &str = "smartcms 2026-11-24 addresses of image variants";
const PREVIEW_CONTEXT: &str = "smartcms 2026-11-28 addresses of previews";

/// Files of a site: where they are kept, who understands images, and which limits hold.
pub struct Media {
    /// Which files there are.
    pub assets: Arc<dyn AssetStore>,
    /// Their bytes, and those of their variants. Nothing else is kept there: what no asset names goes.
    pub files: Arc<dyn BlobStore>,
    /// Who understands images.
    pub images: Arc<dyn ImageTools>,
    /// Limits.
    pub settings: MediaSettings,
    pub(super) signing_key: [u8; 32],
    /// Signs addresses at which drafts are shown.
    pub(crate) preview_key: [u8; 32],
    /// Held while bytes and their row come or go together.
    pub(super) storing: AsyncMutex<()>,
    making: Mutex<HashMap<String, Arc<AsyncMutex<()>>>>,
    queue: mpsc::Sender<VariantAddress>,
    queued: Mutex<Option<mpsc::Receiver<VariantAddress>>>,
}

/// The parts of [`Media`].
pub struct MediaParts {
    /// Which files there are.
    pub assets: Arc<dyn AssetStore>,
    /// Their bytes.
    pub files: Arc<dyn BlobStore>,
    /// Who understands images.
    pub images: Arc<dyn ImageTools>,
    /// Limits.
    pub settings: MediaSettings,
    /// The secret of the site; addresses are signed with a key that is derived from it.
    pub secret: [u8; 32],
}

/// Limits of files. Those of images (`media.image_bytes_max`, `media.pixels_max`) are held by [`ImageTools`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaSettings {
    /// The largest file, in bytes: `media.upload_bytes_max`.
    pub upload_bytes_max: u64,
}

impl Default for MediaSettings {
    fn default() -> Self {
        Self { upload_bytes_max: 200 * 1024 * 1024 }
    }
}

impl Media {
    /// Joins the parts.
    pub fn new(parts: MediaParts) -> Self {
        let (queue, queued) = mpsc::channel(VARIANTS_QUEUED_MAX);
        Self {
            assets: parts.assets,
            files: parts.files,
            images: parts.images,
            settings: parts.settings,
            signing_key: blake3::derive_key(SIGNING_CONTEXT, &parts.secret),
            preview_key: blake3::derive_key(PREVIEW_CONTEXT, &parts.secret),
            storing: AsyncMutex::new(()),
            making: Mutex::default(),
            queue,
            queued: Mutex::new(Some(queued)),
        }
    }

    /// The lock of one variant: while one request makes it, others wait for it.
    pub(super) fn lock_of(&self, name: &str) -> Arc<AsyncMutex<()>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        // Locks that nobody holds any more go when the next one comes.
        making.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(making.entry(name.to_owned()).or_default())
    }

    /// Asks for a variant in the background; nothing happens when too many wait.
    pub(super) fn make_later(&self, address: VariantAddress) {
        // A clone of a sender has a place of its own in the channel; the original's would be shared.
        if self.queue.clone().try_send(address).is_err() {
            tracing::debug!(
                "too many variants wait to be made; this one is made when it is asked for again"
            );
        }
    }

    /// What was asked for in the background; `None` after the first call.
    pub(super) fn take_queue(&self) -> Option<mpsc::Receiver<VariantAddress>> {
        self.queued.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
