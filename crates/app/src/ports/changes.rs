//! Who hears of changes.

use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::events::Event;

use super::MenuGeneration;

/// Hears of every change after it is committed and before the operation answers.
///
/// A page cache that drops what an event makes stale is exact by this order: who got an answer to a write finds it.
pub trait ChangeListener: Send + Sync {
    /// The event is committed.
    fn committed(&self, event: &Event);

    /// A change of menus is committed, which made this generation.
    fn menus_changed(&self, _generation: MenuGeneration) {}

    /// What is said about an asset changed, a format of it was made whole, or it is gone.
    fn asset_changed(&self, _asset: AssetId) {}
    /// The definitions of collections are other ones: whatever was made from them has to be made again.
    fn redefined(&self) {}

    /// What entries of these collections mean was measured anew: others are related to them than before.
    fn measured(&self, _collections: &[CollectionName]) {}
}

/// Hears nothing.
pub struct NoListener;

impl ChangeListener for NoListener {
    fn committed(&self, _event: &Event) {}
}
