//! Deleting an asset.

use smartcms_domain::actors::AssetPermission;
use smartcms_domain::assets::Asset;
use smartcms_domain::entries::Revision;

use super::error::AssetError;
use super::read::get_asset;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::entries::forget_asset;

/// An asset to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAsset {
    /// Which asset.
    pub id: String,
    /// The state that the editor saw; `None` to delete whatever is stored.
    pub seen: Option<Revision>,
    /// Also when entries use it: it is taken out of them.
    pub force: bool,
}

/// Deletes an asset, its file and its variants, for good; answers what it was.
pub async fn delete_asset(ctx: &OpContext<'_>, command: DeleteAsset) -> Result<Asset, AssetError> {
    ctx.actor.require_with_assets(AssetPermission::Delete)?;
    let asset = get_asset(ctx, &command.id).await?;
    asset.require_seen(command.seen)?;
    let media = &ctx.app.media;
    let entries = media.assets.uses(asset.id).await?;
    if entries > 0 && !command.force {
        return Err(AssetError::InUse { asset: command.id, entries });
    }
    let storing = media.storing.lock().await;
    let removed = media.assets.remove(asset.id, asset.revision).await;
    let unused = removed.map_err(|error| AssetError::of_write(error, &command.id))?;
    ctx.app.changes.asset_changed(asset.id);
    let deed = Deed::done("asset.deleted").to("asset", asset.id).digests(Some(asset.digest), None);
    record(ctx, deed.detail(asset.name.to_string())).await;
    for digest in unused {
        // The asset is gone for everybody; bytes that stay behind cost room and nothing else.
        if let Err(error) = media.files.remove(&digest).await {
            tracing::warn!(asset.id = %asset.id, %digest, cause = %error.source, "a file of a deleted asset stayed behind");
        }
    }
    drop(storing);
    if entries > 0
        && let Err(error) = forget_asset(ctx, *asset.id.as_uuid(), asset.name.as_str()).await
    {
        // The asset is gone for everybody, and ids that lead nowhere show nothing: they are found and cleared later.
        tracing::warn!(asset.id = %asset.id, %error, "a deleted asset stayed in entries");
    }
    Ok(asset)
}
