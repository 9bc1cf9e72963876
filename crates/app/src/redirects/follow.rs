//! Where a path leads at which nothing is.

use smartcms_domain::redirects::{Destination, RedirectStatus, SitePath, percent_encoded};

use crate::OpContext;
use crate::entries::{live_at, live_path};
use crate::ports::StoreError;

/// How many redirects with `/*` may follow one another. Others never do.
const HOPS_MAX: usize = 5;

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowedRedirect {
    /// To an address, as it stands in a header.
    To(RedirectStatus, String),
    /// Nowhere: it is gone for good.
    Gone,
}

/// Where a path leads at which nothing is; `None` where it leads nowhere. One read by an index, and one more for an entry.
pub async fn follow_redirect(
    ctx: &OpContext<'_>,
    path: &str,
) -> Result<Option<FollowedRedirect>, StoreError> {
    let Ok(asked) = SitePath::parse(path) else { return Ok(None) };
    let mut at = (asked.clone(), String::new());
    let mut status = None;
    for _ in 0..HOPS_MAX {
        let Some(redirect) = ctx.app.redirects.redirect_for(&at.0).await? else {
            return Ok(status.map(|status| FollowedRedirect::To(status, address(&at))));
        };
        let status = *status.get_or_insert(redirect.status);
        let to = |address: String| Ok(Some(FollowedRedirect::To(status, address)));
        match redirect.destination(&at.0) {
            None => return Ok(None),
            Some(Destination::Gone) => return Ok(Some(FollowedRedirect::Gone)),
            Some(Destination::Elsewhere(url)) => return to(url),
            Some(Destination::Entry(id)) => {
                let found = ctx.app.entries.find(id).await?;
                let path = found.and_then(|it| live_path(ctx, &it)).filter(|it| *it != asked);
                return Ok(path.map(|it| FollowedRedirect::To(status, it.encoded())));
            }
            Some(Destination::Path(path, _)) if path == asked => return Ok(None),
            Some(Destination::Path(path, suffix)) => at = (path, suffix),
        }
        // Only what stood for a `*` can lead to another redirect: all others were joined when they were stored.
        if !redirect.target.is_wide() || live_at(ctx, &at.0).await?.is_some() {
            return to(address(&at));
        }
    }
    Ok(None)
}

fn address((path, suffix): &(SitePath, String)) -> String {
    format!("{}{}", path.encoded(), percent_encoded(suffix, |_| false))
}
