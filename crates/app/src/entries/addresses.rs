//! What a change does to the addresses of the site: an entry that gets another one is found at the old one too.

use smartcms_domain::Timestamp;
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::redirects::{Redirect, RedirectId, SitePath};
use smartcms_domain::sorting::map_of;

use super::error::ContentError;
use super::read::find_live_by_path;
use crate::OpContext;
use crate::ports::{AddressChanges, EntryWrite, StoreError};

/// The addresses that public states leave and take. An entry that goes off the site leaves its address too: when it comes
/// back with another slug, the old one leads to it.
pub(super) async fn address_changes(
    ctx: &OpContext<'_>,
    writes: &[EntryWrite],
) -> Result<AddressChanges, ContentError> {
    let moving = |it: &&EntryWrite| it.previous.is_some() && it.event.kind.changes_the_site();
    let ids: Vec<EntryId> = writes.iter().filter(moving).map(|it| it.entry.id).collect();
    let before = match ids.as_slice() {
        [] => Vec::new(),
        [one] => ctx.app.entries.find(*one).await?.into_iter().collect(),
        many => ctx.app.entries.find_many(many).await?,
    };
    let before = map_of(before.into_iter().map(|it| (it.id, it)));
    let mut changes = AddressChanges::default();
    for write in writes {
        let now = live_path(ctx, &write.entry);
        // A state that is not the previous one is another's change: then nothing is stored.
        let old = before.get(&write.entry.id).and_then(|it| live_path(ctx, it));
        if let Some(old) = old.filter(|it| now.as_ref() != Some(it)) {
            let at = write.entry.updated_at;
            let id = RedirectId::new(ctx.app.randomness.id(at));
            changes.left.push(Redirect::from_old_path(id, old, write.entry.id, at));
        }
        changes.taken.extend(now);
    }
    Ok(changes)
}

/// The redirects from addresses that an entry had elsewhere; not from where it is, and not from the home page.
pub(super) fn left_paths(
    ctx: &OpContext<'_>,
    entry: &Entry,
    old_paths: &[SitePath],
    now: Timestamp,
) -> Vec<Redirect> {
    let own = live_path(ctx, entry);
    let old = old_paths.iter().filter(|it| !it.is_root() && own.as_ref() != Some(*it));
    let redirect = |path: &SitePath| {
        let id = RedirectId::new(ctx.app.randomness.id(now));
        Redirect::from_old_path(id, path.clone(), entry.id, now)
    };
    old.map(redirect).collect()
}

/// The path of the public state of an entry; `None` where it has no page.
pub(crate) fn live_path(ctx: &OpContext<'_>, entry: &Entry) -> Option<SitePath> {
    let slug = &entry.live.as_ref()?.slug;
    let definition = ctx.app.collections.get(&entry.collection)?;
    let path = definition.path(&ctx.app.site.locales, &entry.locale, slug)?;
    SitePath::parse(&path).ok()
}

/// The public entry at a path of the site.
pub(crate) async fn live_at(
    ctx: &OpContext<'_>,
    path: &SitePath,
) -> Result<Option<Entry>, StoreError> {
    match find_live_by_path(ctx, path.as_str()).await {
        Ok(found) => Ok(found),
        Err(ContentError::Store(error)) => Err(error),
        // Reading by a path is refused to nobody.
        Err(_) => Ok(None),
    }
}
