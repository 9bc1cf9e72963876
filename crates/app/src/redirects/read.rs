//! Looking at redirects.

use std::collections::BTreeMap;

use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{Redirect, RedirectId, RedirectTarget};

use super::error::RedirectError;
use crate::OpContext;
use crate::entries::live_path;
use crate::ports::{PAGE_LEN_MAX, RedirectQuery};

/// A page of redirects to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRedirects {
    /// A part of the source or of the address it leads to.
    pub search: Option<String>,
    /// Only those that made themselves, or only those of people.
    pub is_automatic: Option<bool>,
    /// Only those after this source.
    pub after: Option<String>,
    /// How many at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
}

/// A redirect with what it means now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectView {
    /// The redirect.
    pub redirect: Redirect,
    /// Where it leads: a path or an address; `None` for what is gone, and for an entry that is not public.
    pub leads_to: Option<String>,
}

/// One page of redirects, by their sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectPage {
    /// The redirects.
    pub redirects: Vec<RedirectView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The redirect with this id.
pub async fn get_redirect(ctx: &OpContext<'_>, id: &str) -> Result<RedirectView, RedirectError> {
    RedirectError::check(ctx)?;
    let redirect = find(ctx, id).await?;
    let mut views = views(ctx, vec![redirect]).await?;
    views.pop().ok_or_else(|| RedirectError::Unknown(id.to_owned()))
}

/// Reads one page of redirects.
pub async fn list_redirects(
    ctx: &OpContext<'_>,
    query: ListRedirects,
) -> Result<RedirectPage, RedirectError> {
    RedirectError::check(ctx)?;
    let limit = query.limit.clamp(1, PAGE_LEN_MAX);
    let wanted = RedirectQuery {
        search: query.search.filter(|it| !it.trim().is_empty()),
        is_automatic: query.is_automatic,
        after: query.after,
        // One more tells whether there is a next page.
        limit: limit + 1,
    };
    let mut redirects = ctx.app.redirects.list_redirects(&wanted).await?;
    let is_full = redirects.len() > limit as usize;
    redirects.truncate(limit as usize);
    let next = redirects.last().filter(|_| is_full).map(|it| it.source.key());
    Ok(RedirectPage { redirects: views(ctx, redirects).await?, next })
}

/// A redirect by the text of its id.
pub(super) async fn find(ctx: &OpContext<'_>, id: &str) -> Result<Redirect, RedirectError> {
    let found = match RedirectId::parse(id) {
        Some(id) => ctx.app.redirects.find_redirect(id).await?,
        None => None,
    };
    found.ok_or_else(|| RedirectError::Unknown(id.to_owned()))
}

/// Redirects with where they lead now: one read for all entries.
async fn views(
    ctx: &OpContext<'_>,
    redirects: Vec<Redirect>,
) -> Result<Vec<RedirectView>, RedirectError> {
    let entry_of = |it: &Redirect| match it.target {
        RedirectTarget::Entry(id) => Some(id),
        _ => None,
    };
    let ids: Vec<EntryId> = redirects.iter().filter_map(entry_of).collect();
    let found = if ids.is_empty() { Vec::new() } else { ctx.app.entries.find_many(&ids).await? };
    let paths: BTreeMap<EntryId, String> =
        found.iter().filter_map(|it| Some((it.id, live_path(ctx, it)?.encoded()))).collect();
    let view = |redirect: Redirect| {
        let of_entry = entry_of(&redirect).and_then(|id| paths.get(&id).cloned());
        RedirectView { leads_to: of_entry.or_else(|| redirect.target.text()), redirect }
    };
    Ok(redirects.into_iter().map(view).collect())
}
