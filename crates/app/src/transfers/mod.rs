//! Moving content in and out while the site is served. The work itself is done behind a port.

mod error;
mod export;
mod import;
mod manage;

pub use error::TransferError;
pub use export::{begin_export, may_export, open_file};
pub use import::{begin_import, resume_import, stage_import};
pub use manage::{cancel_transfer, find_transfer, forget_transfer, list_transfers};

use crate::OpContext;
use crate::ports::TransferBy;

fn by(ctx: &OpContext<'_>) -> TransferBy {
    let client = ctx.client.cloned().unwrap_or_default();
    TransferBy { app: ctx.app.clone(), actor: ctx.actor.clone(), client }
}
