//! Taking an asset that is gone out of the entries that use it.

use smartcms_domain::collections::Target;
use uuid::Uuid;

use super::clear::cleared;
use super::commit::commit_all;
use super::error::ContentError;
use super::references::REFERRERS_MAX;
use crate::OpContext;

/// How many changes take one asset out of the entries that use it.
const CHANGES_MAX: usize = 1_000;

/// Takes an asset out of the fields and block trees that show it. Texts keep its address, as they were written.
pub(crate) async fn forget_asset(
    ctx: &OpContext<'_>,
    asset: Uuid,
    name: &str,
) -> Result<(), ContentError> {
    let gone = [asset.as_hyphenated().to_string()].into();
    let message = format!("the file {name} was deleted");
    for _ in 0..CHANGES_MAX {
        let found = ctx.app.entries.referrers(Target::Asset(asset), REFERRERS_MAX).await?;
        let changes = cleared(ctx, found, &gone, &message)?;
        if changes.writes.is_empty() {
            break;
        }
        commit_all(ctx, changes).await?;
    }
    Ok(())
}
