//! Taking content out.

use smartcms_domain::actors::{Permission, Subject};
use uuid::Uuid;

use super::error::TransferError;
use super::{by, manage};
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::TransferFile;

/// Whether the actor may take everything out: it holds every state of every entry and every field, so only who may see
/// all of them may.
pub fn may_export(ctx: &OpContext<'_>) -> bool {
    let all = ctx.app.collections.all();
    let mut seen = all.iter().map(|definition| {
        let subject = Subject::newest(&definition.name);
        ctx.actor.may(Permission::ReadDrafts, &definition.name)
            && definition.fields.iter().all(|it| ctx.actor.sees(subject, it))
    });
    ctx.actor.may_move_content() && seen.all(|it| it)
}

/// Begins an export of everything into an archive.
pub async fn begin_export(ctx: &OpContext<'_>) -> Result<Uuid, TransferError> {
    check(ctx)?;
    let id = ctx.app.transfers.begin_export(by(ctx)).await?;
    record(ctx, Deed::done("site.export_begun").to("transfer", id)).await;
    Ok(id)
}

/// What an export made, or the report of an import.
pub async fn open_file(ctx: &OpContext<'_>, id: &str) -> Result<TransferFile, TransferError> {
    let job = manage::find_transfer(ctx, id).await?;
    if job.import.is_none() {
        check(ctx)?;
    }
    let file = ctx.app.transfers.open(job.id).await?;
    let file = file.ok_or_else(|| TransferError::NotNow(id.to_owned()))?;
    if job.import.is_none() {
        let said = format!("{} bytes", file.bytes_len);
        record(ctx, Deed::done("site.export_fetched").to("transfer", job.id).detail(said)).await;
    }
    Ok(file)
}

fn check(ctx: &OpContext<'_>) -> Result<(), TransferError> {
    if may_export(ctx) { Ok(()) } else { Err(TransferError::Denied(ctx.actor.to_string())) }
}
