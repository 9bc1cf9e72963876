//! Redirects as they were elsewhere: those of an export.

use std::collections::HashSet;

use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{Redirect, RedirectDraft, RedirectTarget};
use smartcms_domain::{Problem, Timestamp};

use super::create::{new_redirect, require_room};
use super::error::RedirectError;
use super::import::{IMPORT_LEN_MAX, RedirectOutcome, offered};
use crate::OpContext;

/// A redirect as it was elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredRedirect {
    /// What people would write.
    pub draft: RedirectDraft,
    /// Whether it was made because an entry got another address.
    pub is_automatic: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Stores of these redirects those that can be stored, and tells what became of each. Nothing about them changes: one to
/// the path of an entry stays one to a path.
pub async fn restore_redirects(
    ctx: &OpContext<'_>,
    redirects: Vec<RestoredRedirect>,
) -> Result<Vec<RedirectOutcome>, RedirectError> {
    RedirectError::check(ctx)?;
    if redirects.len() > IMPORT_LEN_MAX {
        let message = format!("there are {}; {IMPORT_LEN_MAX} is the limit", redirects.len());
        return Err(RedirectError::Invalid(vec![Problem::field("redirects", "too-many", message)]));
    }
    let of_people = redirects.iter().filter(|it| !it.is_automatic).count();
    require_room(ctx, of_people as u64).await?;
    let ids: Vec<EntryId> = redirects.iter().filter_map(|it| it.draft.entry).collect();
    let found = if ids.is_empty() { Vec::new() } else { ctx.app.entries.find_many(&ids).await? };
    let there: HashSet<EntryId> = found.into_iter().map(|it| it.id).collect();
    let read = redirects.into_iter().map(|it| redirect(ctx, it, &there)).collect();
    offered(ctx, read).await
}

fn redirect(
    ctx: &OpContext<'_>,
    restored: RestoredRedirect,
    there: &HashSet<EntryId>,
) -> Result<Redirect, Problem> {
    let RestoredRedirect { draft, is_automatic, created_at } = restored;
    let checked = draft.check().map_err(|problems| {
        let first = problems.into_iter().next();
        first.unwrap_or_else(|| Problem::field("from", "path", "this is no redirect"))
    })?;
    if let RedirectTarget::Entry(id) = checked.target
        && !there.contains(&id)
    {
        let message = format!("there is no entry {id}");
        return Err(Problem::field("entry", "unknown-entry", message));
    }
    let new = new_redirect(ctx, checked);
    Ok(Redirect { is_automatic, created_at, updated_at: created_at, ..new })
}
