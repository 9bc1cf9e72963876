//! Changing a redirect, and taking it away.

use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{Redirect, RedirectDraft, RedirectTarget};

use super::create::{checked, require_room, save};
use super::error::RedirectError;
use super::read::find;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{RedirectConflict, SavedRedirect};

/// What to change; `None` leaves it. A new `to` or `entry`, or the status 410, takes the place of where it led.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateRedirect {
    /// Another source.
    pub from: Option<String>,
    /// Another address.
    pub to: Option<String>,
    /// Another entry.
    pub entry: Option<EntryId>,
    /// Another status.
    pub status: Option<u64>,
}

/// Changes a redirect. One that made itself is one of people's from then on.
pub async fn update_redirect(
    ctx: &OpContext<'_>,
    id: &str,
    command: UpdateRedirect,
) -> Result<Redirect, RedirectError> {
    RedirectError::check(ctx)?;
    let stored = find(ctx, id).await?;
    let draft = draft_of(&stored, command);
    let checked = checked(ctx, draft).await?.map_err(RedirectError::Invalid)?;
    if stored.is_automatic {
        require_room(ctx, 1).await?;
    }
    let changed = Redirect {
        source: checked.source,
        target: checked.target,
        status: checked.status,
        is_automatic: false,
        updated_at: ctx.app.clock.now(),
        ..stored
    };
    match save(ctx, changed).await? {
        SavedRedirect::Stored(redirect) => {
            let deed = Deed::done("redirect.changed").to("redirect", redirect.id);
            record(ctx, deed.detail(redirect.source.to_string())).await;
            Ok(redirect)
        }
        SavedRedirect::Present(other) => Err(RedirectConflict::Taken(Box::new(other)).into()),
    }
}

/// Takes a redirect away, also one that made itself.
pub async fn remove_redirect(ctx: &OpContext<'_>, id: &str) -> Result<(), RedirectError> {
    RedirectError::check(ctx)?;
    let redirect = find(ctx, id).await?;
    if ctx.app.redirects.remove_redirect(redirect.id).await? {
        let deed = Deed::done("redirect.removed").to("redirect", redirect.id);
        record(ctx, deed.detail(redirect.source.to_string())).await;
        Ok(())
    } else {
        Err(RedirectError::Unknown(id.to_owned()))
    }
}

fn draft_of(stored: &Redirect, command: UpdateRedirect) -> RedirectDraft {
    let leads_elsewhere = command.to.is_some() || command.entry.is_some();
    let (to, entry) = match &stored.target {
        _ if leads_elsewhere || command.status == Some(410) => (command.to, command.entry),
        RedirectTarget::Entry(id) => (None, Some(*id)),
        other => (other.text(), None),
    };
    let kept = u64::from(stored.status.number());
    // What was gone and gets an address is no longer gone.
    let status = command.status.or(Some(kept).filter(|it| *it != 410 || !leads_elsewhere));
    let from = command.from.unwrap_or_else(|| stored.source.to_string());
    RedirectDraft { from, to, entry, status }
}
