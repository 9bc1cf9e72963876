//! Making a redirect.

use smartcms_domain::Problem;
use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{
    CheckedRedirect, Redirect, RedirectDraft, RedirectId, RedirectSource, RedirectTarget,
    SiteAddress,
};

use super::error::RedirectError;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::entries::live_at;
use crate::ports::{RedirectConflict, SavedRedirect, Together};

/// The most redirects that people make.
pub const REDIRECTS_MAX: u64 = 50_000;

/// Makes a redirect. It is stored with the end of its way, when its address is redirected itself.
pub async fn create_redirect(
    ctx: &OpContext<'_>,
    draft: RedirectDraft,
) -> Result<Redirect, RedirectError> {
    RedirectError::check(ctx)?;
    let checked = checked(ctx, draft).await?.map_err(RedirectError::Invalid)?;
    require_room(ctx, 1).await?;
    match save(ctx, new_redirect(ctx, checked)).await? {
        SavedRedirect::Stored(redirect) => {
            let deed = Deed::done("redirect.created").to("redirect", redirect.id);
            record(ctx, deed.detail(redirect.source.to_string())).await;
            Ok(redirect)
        }
        SavedRedirect::Present(other) => Err(RedirectConflict::Taken(Box::new(other)).into()),
    }
}

/// A redirect of people that is not stored yet.
pub(super) fn new_redirect(ctx: &OpContext<'_>, checked: CheckedRedirect) -> Redirect {
    let now = ctx.app.clock.now();
    Redirect {
        id: RedirectId::new(ctx.app.randomness.id(now)),
        source: checked.source,
        target: checked.target,
        status: checked.status,
        is_automatic: false,
        created_at: now,
        updated_at: now,
    }
}

/// What a draft says, or what is wrong with it. An address of this site is a path of it.
pub(super) async fn checked(
    ctx: &OpContext<'_>,
    mut draft: RedirectDraft,
) -> Result<Result<CheckedRedirect, Vec<Problem>>, RedirectError> {
    draft.to = draft.to.map(|it| own_path(&ctx.app.site.base_url, it));
    let checked = match draft.check() {
        Ok(checked) => checked,
        Err(problems) => return Ok(Err(problems)),
    };
    match &checked.target {
        RedirectTarget::Entry(id) => {
            let found = ctx.app.entries.find(*id).await?;
            if found.is_none_or(|it| it.trashed_at.is_some()) {
                let message = format!("there is no entry {id}");
                return Ok(Err(vec![Problem::field("entry", "unknown-entry", message)]));
            }
            Ok(Ok(checked))
        }
        RedirectTarget::Path(address) => {
            let entry = entry_at(ctx, &checked.source, address).await?;
            let target = entry.map_or_else(|| checked.target.clone(), RedirectTarget::Entry);
            Ok(Ok(CheckedRedirect { target, ..checked }))
        }
        _ => Ok(Ok(checked)),
    }
}

/// The entry whose page is at an address: a redirect follows it, wherever it goes.
async fn entry_at(
    ctx: &OpContext<'_>,
    source: &RedirectSource,
    address: &SiteAddress,
) -> Result<Option<EntryId>, RedirectError> {
    // What leads back to itself stays an address, and is refused as that.
    let is_plain = !address.is_wide && address.suffix.is_empty();
    if !is_plain || source.rest_of(&address.path).is_some() {
        return Ok(None);
    }
    Ok(live_at(ctx, &address.path).await?.map(|it| it.id))
}

fn own_path(base_url: &str, address: String) -> String {
    let rest = address.strip_prefix(base_url.trim_end_matches('/'));
    match rest {
        Some("") => "/".to_owned(),
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(rest) if rest.starts_with(['?', '#']) => format!("/{rest}"),
        _ => address,
    }
}

/// Refuses more redirects than there can be.
pub(super) async fn require_room(ctx: &OpContext<'_>, new: u64) -> Result<(), RedirectError> {
    let found = ctx.app.redirects.count_redirects().await?.saturating_add(new);
    if found > REDIRECTS_MAX {
        return Err(RedirectError::TooMany { found, limit: REDIRECTS_MAX });
    }
    Ok(())
}

/// Stores one redirect.
pub(super) async fn save(
    ctx: &OpContext<'_>,
    redirect: Redirect,
) -> Result<SavedRedirect, RedirectError> {
    let id = redirect.id.to_string();
    let saved = ctx.app.redirects.save_redirects(vec![redirect], Together::All).await?;
    match saved.into_iter().next() {
        Some(saved) => Ok(saved?),
        None => Err(RedirectError::Unknown(id)),
    }
}
