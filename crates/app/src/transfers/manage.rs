//! Looking at what is moved, stopping it, and forgetting it.

use uuid::Uuid;

use super::error::TransferError;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::TransferJob;

/// What is kept of imports and exports, the newest first.
pub async fn list_transfers(ctx: &OpContext<'_>) -> Result<Vec<TransferJob>, TransferError> {
    TransferError::check(ctx)?;
    Ok(ctx.app.transfers.list().await?)
}

/// One of them.
pub async fn find_transfer(ctx: &OpContext<'_>, id: &str) -> Result<TransferJob, TransferError> {
    let unknown = || TransferError::Unknown(id.chars().take(100).collect());
    let all = list_transfers(ctx).await?;
    let key = Uuid::try_parse(id).map_err(|_| unknown())?;
    all.into_iter().find(|it| it.id == key).ok_or_else(unknown)
}

/// Stops one that is under way. What was stored stays.
pub async fn cancel_transfer(ctx: &OpContext<'_>, id: &str) -> Result<(), TransferError> {
    let job = find_transfer(ctx, id).await?;
    if !ctx.app.transfers.cancel(job.id).await? {
        return Err(TransferError::NotNow(id.to_owned()));
    }
    record(ctx, Deed::done("site.transfer_cancelled").to("transfer", job.id)).await;
    Ok(())
}

/// Forgets one that is over, with its files.
pub async fn forget_transfer(ctx: &OpContext<'_>, id: &str) -> Result<(), TransferError> {
    let job = find_transfer(ctx, id).await?;
    match ctx.app.transfers.forget(job.id).await? {
        true => Ok(()),
        false => Err(TransferError::NotNow(id.to_owned())),
    }
}
