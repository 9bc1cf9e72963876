//! Bringing content in.

use uuid::Uuid;

use super::error::TransferError;
use super::{by, manage};
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{ImportWish, StagedTransfer, TransferFault};

/// A place for what is sent.
pub async fn stage_import(ctx: &OpContext<'_>) -> Result<Box<dyn StagedTransfer>, TransferError> {
    TransferError::check(ctx)?;
    Ok(ctx.app.transfers.stage().await?)
}

/// Begins an import of what was sent. What is there from an earlier run is not stored twice.
pub async fn begin_import(
    ctx: &OpContext<'_>,
    staged: Box<dyn StagedTransfer>,
    wish: ImportWish,
) -> Result<Uuid, TransferError> {
    TransferError::check(ctx)?;
    if staged.files() == 0 {
        let text = "choose a file, or a folder of Markdown files".to_owned();
        return Err(TransferFault::Refused(text).into());
    }
    let said = said(&wish);
    let id = ctx.app.transfers.begin_import(by(ctx), staged, wish).await?;
    record(ctx, Deed::done("site.import_begun").to("transfer", id).detail(said)).await;
    Ok(id)
}

/// Lets an import go on that ended early, or begins it for real after a trial.
pub async fn resume_import(
    ctx: &OpContext<'_>,
    id: &str,
    dry_run: bool,
) -> Result<(), TransferError> {
    let job = manage::find_transfer(ctx, id).await?;
    if job.import.is_none() || !job.can_go_on {
        return Err(TransferError::NotNow(id.to_owned()));
    }
    if !ctx.app.transfers.resume(by(ctx), job.id, dry_run).await? {
        return Err(TransferError::NotNow(id.to_owned()));
    }
    record(ctx, Deed::done("site.import_begun").to("transfer", job.id).detail(job.name)).await;
    Ok(())
}

fn said(wish: &ImportWish) -> String {
    let trial = if wish.dry_run { ", a trial" } else { "" };
    format!("{}{trial}", wish.format.name())
}
