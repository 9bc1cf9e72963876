//! Reading assets and their files.

use smartcms_domain::actors::{Actor, AssetPermission};
use smartcms_domain::assets::{Asset, AssetId};

use super::address::FileKey;
use super::error::AssetError;
use crate::ports::{
    AssetCursor, AssetPage, AssetQuery, Digest, MediaTypeFilter, PAGE_LEN_MAX, StoredBlob,
};
use crate::{App, OpContext};

/// A page of assets to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAssets {
    /// Of which types; all when absent.
    pub media_type: Option<MediaTypeFilter>,
    /// What name, title or alternative text hold.
    pub search: Option<String>,
    /// How many at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<AssetCursor>,
}

/// One asset by its id. Everybody may read it who knows the id, except plugins, which cannot be granted it yet.
pub async fn get_asset(ctx: &OpContext<'_>, id: &str) -> Result<Asset, AssetError> {
    if !may_see_assets(ctx.actor) {
        ctx.actor.require_with_assets(AssetPermission::List)?;
    }
    let unknown = || AssetError::Unknown(id.to_owned());
    let parsed = AssetId::parse(id).map_err(|_| unknown())?;
    ctx.app.media.assets.find(parsed).await?.ok_or_else(unknown)
}

/// Whether an actor sees an asset whose id it knows.
pub(crate) fn may_see_assets(actor: &Actor) -> bool {
    !matches!(actor, Actor::Plugin { .. })
        || actor.require_with_assets(AssetPermission::List).is_ok()
}

/// One page of assets, the newest first.
pub async fn list_assets(ctx: &OpContext<'_>, query: ListAssets) -> Result<AssetPage, AssetError> {
    ctx.actor.require_with_assets(AssetPermission::List)?;
    let query = AssetQuery {
        media_type: query.media_type,
        search: query.search.filter(|it| !it.trim().is_empty()),
        limit: query.limit.clamp(1, PAGE_LEN_MAX),
        after: query.after,
    };
    Ok(ctx.app.media.assets.list(&query).await?)
}

/// The asset that an address names.
pub async fn find_file(app: &App, key: FileKey) -> Result<Asset, AssetError> {
    app.media.assets.find_by_key(key.as_bytes()).await?.ok_or(AssetError::UnknownFile)
}

/// The bytes of an asset.
pub async fn open_file(app: &App, asset: &Asset) -> Result<Box<dyn StoredBlob>, AssetError> {
    let digest = Digest::from_bytes(asset.digest);
    app.media.files.open(&digest).await?.ok_or(AssetError::UnknownFile)
}
