//! Where an asset is used: in fields, in block trees, and by its address in texts.

use std::collections::BTreeMap;

use smartcms_domain::actors::{AssetPermission, Permission, Subject};
use smartcms_domain::assets::Asset;
use smartcms_domain::collections::Target;
use smartcms_domain::entries::EntryId;

use super::address::FileKey;
use super::error::AssetError;
use crate::OpContext;
use crate::entries::hide_fields;
use crate::ports::{Referrer, StoreError};

/// How many entries are told of that use an asset.
pub const USES_SHOWN_MAX: usize = 50;

/// Entries that use an asset.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetUses {
    /// Those that the actor sees, with the fields that use it.
    pub entries: Vec<Referrer>,
    /// Whether there may be more than were looked at.
    pub more: bool,
}

/// Where an asset is used, as far as the actor sees the entries and the fields.
pub async fn asset_uses(ctx: &OpContext<'_>, asset: &Asset) -> Result<AssetUses, AssetError> {
    ctx.actor.require_with_assets(AssetPermission::List)?;
    let found = using(ctx, asset, USES_SHOWN_MAX).await?;
    let more = found.len() > USES_SHOWN_MAX;
    let seen = found.into_iter().take(USES_SHOWN_MAX).filter_map(|it| seen(ctx, it));
    Ok(AssetUses { entries: seen.collect(), more })
}

/// The entries that use an asset, a few more than `most` when there are more.
async fn using(
    ctx: &OpContext<'_>,
    asset: &Asset,
    most: usize,
) -> Result<Vec<Referrer>, StoreError> {
    let limit = u32::try_from(most + 1).unwrap_or(u32::MAX);
    let mut found: BTreeMap<EntryId, Referrer> = BTreeMap::new();
    let targets = [Target::Asset(*asset.id.as_uuid()), Target::File(FileKey::of(asset).as_bytes())];
    for target in targets {
        for referrer in ctx.app.entries.referrers(target, limit).await? {
            let known = found
                .entry(referrer.entry.id)
                .or_insert_with(|| Referrer { entry: referrer.entry, fields: Vec::new() });
            let new = referrer.fields.into_iter().filter(|it| !known.fields.contains(it));
            let new: Vec<String> = new.collect();
            known.fields.extend(new);
        }
    }
    Ok(found.into_values().collect())
}

/// What the actor sees of a use: an asset in a field that is hidden from it is not used.
fn seen(ctx: &OpContext<'_>, referrer: Referrer) -> Option<Referrer> {
    let Referrer { mut entry, mut fields } = referrer;
    let definition = ctx.app.collections.get(&entry.collection)?;
    if !ctx.actor.may(Permission::ReadDrafts, &definition.name) {
        return None;
    }
    fields.retain(|name| {
        definition
            .field(name)
            .is_some_and(|it| ctx.actor.sees(Subject::newest(&definition.name), it))
    });
    if fields.is_empty() {
        return None;
    }
    hide_fields(ctx.actor, &definition, &mut entry);
    Some(Referrer { entry, fields })
}
