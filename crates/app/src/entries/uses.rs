//! How many entries use others.

use std::collections::BTreeMap;

use smartcms_domain::actors::Permission;
use smartcms_domain::entries::EntryId;

use super::commit::definition;
use super::error::ContentError;
use crate::OpContext;

/// How many uses are counted of one entry: past that it is "many".
pub const USES_COUNTED_MAX: u32 = 300;

/// How many entries point to each of these entries of a collection, up to [`USES_COUNTED_MAX`]; none for those that no
/// entry points to. The number alone is told, whichever entries it counts.
pub async fn count_uses(
    ctx: &OpContext<'_>,
    collection: &str,
    entries: &[EntryId],
) -> Result<BTreeMap<EntryId, u64>, ContentError> {
    let definition = definition(ctx, collection)?;
    ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    Ok(ctx.app.entries.count_referrers(entries, USES_COUNTED_MAX).await?)
}
