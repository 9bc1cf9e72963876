//! Changing what is said about an asset.

use smartcms_domain::actors::AssetPermission;
use smartcms_domain::assets::{Asset, AssetChange};
use smartcms_domain::entries::Revision;

use super::error::AssetError;
use super::read::get_asset;
use crate::OpContext;
use crate::audit::{Deed, record};

/// A change of what is said about an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateAsset {
    /// Which asset.
    pub id: String,
    /// The state that the editor saw; `None` to change whatever is stored.
    pub seen: Option<Revision>,
    /// What to change.
    pub change: AssetChange,
}

/// Changes name, texts and focal point. The bytes stay.
pub async fn update_asset(ctx: &OpContext<'_>, command: UpdateAsset) -> Result<Asset, AssetError> {
    ctx.actor.require_with_assets(AssetPermission::Change)?;
    let asset = get_asset(ctx, &command.id).await?;
    asset.require_seen(command.seen)?;
    let previous = asset.revision;
    let now = ctx.app.clock.now();
    let changed = asset.changed(command.change, now).map_err(AssetError::Invalid)?;
    let written = ctx.app.media.assets.write(changed.clone(), Some(previous)).await;
    written.map_err(|error| AssetError::of_write(error, &command.id))?;
    ctx.app.changes.asset_changed(changed.id);
    let deed = Deed::done("asset.changed").to("asset", changed.id);
    record(ctx, deed.detail(changed.name.to_string())).await;
    Ok(changed)
}
