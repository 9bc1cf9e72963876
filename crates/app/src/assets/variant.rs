//! Smaller versions of images: made when they are first asked for, once, and kept.

use futures::StreamExt;
use smartcms_domain::assets::{Asset, MediaType};

use super::address::VariantAddress;
use super::error::AssetError;
use super::read::find_file;
use super::responsive::{are_made, siblings};
use crate::App;
use crate::ports::{Digest, StoredBlob, VariantFormat, VariantRecipe, VariantRecord};

/// A variant that can be read.
pub struct OpenVariant {
    /// Its bytes.
    pub file: Box<dyn StoredBlob>,
    /// Its digest.
    pub digest: Digest,
    /// Its type.
    pub media_type: MediaType,
    /// Whether it stands in for another format that is still being made, or for what is not made here: it is not to be
    /// kept.
    pub stands_in: bool,
}

/// The variant at an address that this site signed. WebP and JPEG are made at once; AVIF takes long, so it is made in
/// the background, and until then WebP stands in for it.
pub async fn asset_variant(
    app: &App,
    address: VariantAddress,
    signature: &str,
) -> Result<OpenVariant, AssetError> {
    if !app.media.signed(&address, signature) {
        return Err(AssetError::Signature);
    }
    let asset = find_file(app, address.key).await?;
    if !asset.media_type.is_raster() || asset.animated {
        return Err(AssetError::UnknownFile);
    }
    if let Some(found) = made(app, &asset, address.recipe).await? {
        return Ok(found);
    }
    if !app.media.images.makes_variants() {
        return whole(app, &asset).await;
    }
    if address.recipe.format != VariantFormat::Avif {
        let made = make(app, &asset, address.recipe).await?;
        queue_siblings(app, &asset, address);
        return Ok(made);
    }
    app.media.make_later(address);
    let recipe = VariantRecipe { format: VariantFormat::Webp, ..address.recipe };
    let found = match made(app, &asset, recipe).await? {
        Some(found) => found,
        None => make(app, &asset, recipe).await?,
    };
    Ok(OpenVariant { stands_in: true, ..found })
}

/// The file itself in the place of a variant that nobody makes here: its address was signed where somebody did.
async fn whole(app: &App, asset: &Asset) -> Result<OpenVariant, AssetError> {
    let digest = Digest::from_bytes(asset.digest);
    let file = app.media.files.open(&digest).await?.ok_or(AssetError::UnknownFile)?;
    Ok(OpenVariant { file, digest, media_type: asset.media_type, stands_in: true })
}

/// Every variant of an asset that was made.
pub async fn made_variants(app: &App, asset: &Asset) -> Result<Vec<VariantRecord>, AssetError> {
    Ok(app.media.assets.variants(asset.id).await?)
}

/// Makes what waits to be made, one after the other, for ever. To be run once by the process that serves.
pub async fn make_queued_variants(app: App) {
    let Some(mut queue) = app.media.take_queue() else { return };
    while let Some(address) = queue.next().await {
        if let Err(error) = make_queued(&app, address).await {
            tracing::warn!(variant = address.recipe.name(), %error, "a variant could not be made in the background");
        }
    }
}

async fn make_queued(app: &App, address: VariantAddress) -> Result<(), AssetError> {
    let asset = find_file(app, address.key).await?;
    make(app, &asset, address.recipe).await?;
    let made: Vec<String> =
        made_variants(app, &asset).await?.into_iter().map(|it| it.name).collect();
    // Pages that were made before offer the format from now on.
    if are_made(&siblings(&asset, address.recipe, address.recipe.format), &made) {
        app.changes.asset_changed(asset.id);
    }
    Ok(())
}

/// All AVIF of the image as it is shown is made, so that it can be offered.
fn queue_siblings(app: &App, asset: &Asset, made: VariantAddress) {
    if made.recipe.format != VariantFormat::Webp {
        return;
    }
    for recipe in siblings(asset, made.recipe, VariantFormat::Avif) {
        app.media.make_later(VariantAddress { recipe, ..made });
    }
}

async fn made(
    app: &App,
    asset: &Asset,
    recipe: VariantRecipe,
) -> Result<Option<OpenVariant>, AssetError> {
    let found = app.media.assets.find_variant(asset.id, &recipe.name()).await?;
    let Some(record) = found else { return Ok(None) };
    // Bytes that are gone are made again.
    let Some(file) = app.media.files.open(&record.digest).await? else { return Ok(None) };
    let media_type = recipe.format.media_type();
    Ok(Some(OpenVariant { file, digest: record.digest, media_type, stands_in: false }))
}

/// Makes a variant, unless somebody else has meanwhile: who asks for the same waits for the first.
async fn make(app: &App, asset: &Asset, recipe: VariantRecipe) -> Result<OpenVariant, AssetError> {
    let media = &app.media;
    let name = recipe.name();
    let lock = media.lock_of(&format!("{}/{name}", asset.id));
    let _making = lock.lock().await;
    if let Some(found) = made(app, asset, recipe).await? {
        return Ok(found);
    }
    let digest = Digest::from_bytes(asset.digest);
    let source = media.files.open(&digest).await?.ok_or(AssetError::UnknownFile)?;
    let target = media.files.stage().await?;
    let variant = media.images.variant(asset.media_type, source, recipe, target).await?;
    let record = VariantRecord {
        asset: asset.id,
        name,
        digest: variant.digest(),
        bytes_len: variant.bytes_len(),
        made_at: app.clock.now(),
    };
    {
        let _storing = media.storing.lock().await;
        // Bytes of an asset that was deleted meanwhile would stay for ever.
        if media.assets.find(asset.id).await?.is_none() {
            return Err(AssetError::UnknownFile);
        }
        media.files.keep(variant).await?;
        media.assets.add_variant(record).await?;
    }
    made(app, asset, recipe).await?.ok_or(AssetError::UnknownFile)
}
