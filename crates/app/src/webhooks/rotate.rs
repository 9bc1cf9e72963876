//! Another secret for a webhook.

use std::time::Duration;

use smartcms_domain::Timestamp;

use super::error::WebhookError;
use super::manage::get_webhook;
use super::sign::secret_text;
use crate::OpContext;
use crate::audit::{self, Deed};
use crate::ports::{WebhookRecord, WebhookSecret};

/// How long the secret before a rotation signs too.
pub const ROTATION_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes another secret and answers it; it is not shown again. For [`ROTATION_TIME`] messages have both signatures,
/// so that the receiver can change over at its own time. A second rotation ends the first secret at once.
pub async fn rotate_secret(
    ctx: &OpContext<'_>,
    id: &str,
) -> Result<(WebhookRecord, String), WebhookError> {
    let mut record = get_webhook(ctx, id).await?;
    let now = ctx.app.clock.now();
    let until = later(now, ROTATION_TIME);
    let secret = WebhookSecret(ctx.app.randomness.secret().to_vec());
    let text = secret_text(&secret);
    record.previous_secret = Some((std::mem::replace(&mut record.secret, secret), until));
    record.updated_at = now;
    if ctx.app.webhooks.save_webhook(record.clone()).await? {
        let deed = Deed::done("webhook.secret_changed").to("webhook", record.webhook.id);
        audit::record(ctx, deed.detail(record.webhook.name.clone())).await;
        Ok((record, text))
    } else {
        Err(WebhookError::NameTaken(record.webhook.name))
    }
}

/// A time after another; the end of all times at most.
pub(super) fn later(from: Timestamp, wait: Duration) -> Timestamp {
    let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(from.as_millis().saturating_add(wait)).unwrap_or(from)
}
