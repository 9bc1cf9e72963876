//! What a plugin said, and what the host said about it.

use smartcms_domain::plugins::PluginId;

use super::error::PluginAdminError;
use super::manage::find_plugin;
use crate::OpContext;
use crate::ports::LogLine;

/// The most lines that are shown at once.
pub const LINES_SHOWN_MAX: u32 = 500;

/// The newest lines of a plugin's log, the oldest of them first.
pub async fn plugin_log(
    ctx: &OpContext<'_>,
    id: &PluginId,
    lines: u32,
) -> Result<Vec<LogLine>, PluginAdminError> {
    find_plugin(ctx, id).await?;
    Ok(ctx.app.plugin_log.newest(id, lines.clamp(1, LINES_SHOWN_MAX)).await?)
}
