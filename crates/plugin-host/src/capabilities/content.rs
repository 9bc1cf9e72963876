//! Content for guests, whatever version of the contract they speak: the operations of the application, as the
//! plugin itself or for the one who asked. The rights are checked there; this module decides only which state of an entry
//! is asked for.

use std::sync::Arc;

use smartcms_app::entries::{
    ChangeEntry, ContentError, ListEntries, UpdateEntry, View, get_entry, list_entries,
    publish_entry, unpublish_entry, update_entry,
};
use smartcms_app::ports::{Cursor, Listing};
use smartcms_app::{App, CallChain, OpContext};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Permission};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, Revision};

use crate::state::{GuestProfile, GuestState};

/// This host serves no site.
#[derive(Debug, thiserror::Error)]
#[error("this host has no content: it serves no site")]
pub(crate) struct NoContent;

/// An entry, and which state of it the plugin may see.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) entry: Entry,
    pub(crate) view: View,
}

/// A change of an entry that exists.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Update { slug: Option<String>, fields: Fields },
    Publish,
    Unpublish,
}

/// One page for a plugin.
#[derive(Debug)]
pub(crate) struct SeenPage {
    pub(crate) entries: Vec<Seen>,
    pub(crate) next: Option<Cursor>,
}

/// One plugin on its way into the application. Apart from the state of its store, which cannot be shared while
/// an operation waits.
pub(crate) struct Access {
    app: App,
    profile: Arc<GuestProfile>,
    actor: Arc<Actor>,
    chain: CallChain,
}

impl Access {
    /// Counts the call; without an application there is no access.
    pub(crate) fn of(state: &mut GuestState) -> wasmtime::Result<Result<Self, NoContent>> {
        state.count_host_call()?;
        let profile = Arc::clone(state.profile());
        let Some(app) = profile.services.app.get().cloned() else { return Ok(Err(NoContent)) };
        let chain = state.chain().clone();
        let actor = profile.actor(chain.asker());
        Ok(Ok(Self { app, profile, actor, chain }))
    }

    /// The context of an operation.
    pub(crate) fn ctx(&self) -> OpContext<'_> {
        OpContext::called(&self.app, &self.actor, &self.chain)
    }

    /// Which state of the entries of a collection the plugin may see.
    pub(crate) fn view(&self, collection: &str) -> (View, Listing) {
        let may = |it: &CollectionDefinition| self.actor.may(Permission::ReadDrafts, &it.name);
        if self.app.collections.find(collection).as_deref().is_some_and(may) {
            (View::Newest, Listing::Newest(None))
        } else {
            (View::Published, Listing::Published)
        }
    }

    /// An entry of a collection by its id or slug; `None` when the plugin may not see it, too.
    pub(crate) async fn find(
        &self,
        collection: &str,
        key: &str,
    ) -> Result<Option<Seen>, ContentError> {
        let definition = self.app.collections.find(collection);
        let may = |it: &CollectionDefinition| self.actor.may_some(Permission::ReadDrafts, &it.name);
        if definition.as_deref().is_some_and(may)
            && let Some(seen) = self.find_in(collection, key, View::Newest).await?
        {
            return Ok(Some(seen));
        }
        // Where only own drafts may be read, others are as readers see them.
        match self.view(collection) {
            (View::Newest, _) => Ok(None),
            (View::Published, _) => self.find_in(collection, key, View::Published).await,
        }
    }

    async fn find_in(
        &self,
        collection: &str,
        key: &str,
        view: View,
    ) -> Result<Option<Seen>, ContentError> {
        match get_entry(&self.ctx(), collection, key, view).await {
            Ok(entry) if entry.trashed_at.is_some() => Ok(None),
            Ok(entry) => Ok(Some(Seen { entry, view })),
            Err(ContentError::UnknownEntry { .. } | ContentError::UnknownCollection(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An entry by its id, in whichever collection that the plugin may read.
    pub(crate) async fn find_anywhere(&self, id: &str) -> Result<Option<Seen>, ContentError> {
        let all = self.app.collections.all();
        for definition in all.iter().filter(|it| self.actor.reads(&it.name)) {
            if let Some(found) = self.find(definition.name.as_str(), id).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// One page of a collection, cut short where its entries would be more than a guest may give in one piece.
    pub(crate) async fn list(
        &self,
        query: ListEntries,
        view: View,
    ) -> Result<SeenPage, ContentError> {
        let listing = query.listing;
        let page = list_entries(&self.ctx(), query).await?.page;
        let (mut left, mut next) = (self.profile.limits.call.output_bytes_max, page.next);
        let mut entries: Vec<Seen> = Vec::with_capacity(page.entries.len());
        for entry in page.entries {
            let bytes = weight(&entry);
            if bytes > left && !entries.is_empty() {
                next = entries.last().map(|it| place(&it.entry, listing));
                break;
            }
            left = left.saturating_sub(bytes);
            entries.push(Seen { entry, view });
        }
        Ok(SeenPage { entries, next })
    }

    /// Changes an entry, in whichever collection that the plugin may write and the entry is in.
    pub(crate) async fn change(
        &self,
        id: EntryId,
        seen: u64,
        change: Change,
    ) -> Result<Entry, ContentError> {
        let (ctx, actor) = (self.ctx(), &self.actor);
        let all = self.app.collections.all();
        let names = || all.iter().map(|it| &it.name);
        let mut writable: Vec<_> =
            names().filter(|it| actor.may_some(Permission::Update, it)).collect();
        if writable.is_empty() {
            // The operation says best what is missing.
            writable = names().take(1).collect();
        }
        let mut outcome =
            Err(ContentError::UnknownCollection("any that the plugin may write".to_owned()));
        for name in writable {
            let command =
                ChangeEntry { collection: name.to_string(), id, seen: Some(Revision::new(seen)) };
            outcome = match change.clone() {
                Change::Publish => publish_entry(&ctx, command).await,
                Change::Unpublish => unpublish_entry(&ctx, command).await,
                Change::Update { slug, fields } => {
                    update_entry(&ctx, UpdateEntry { change: command, slug, fields, message: None })
                        .await
                }
            };
            if !matches!(outcome, Err(ContentError::UnknownEntry { .. })) {
                break;
            }
        }
        outcome
    }
}

/// Reads a place that a page ended with.
pub(crate) fn cursor_in(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('.')?;
    let at = Timestamp::from_millis(at.parse().ok()?).ok()?;
    Some(Cursor::at(at, EntryId::parse(id).ok()?))
}

/// Writes the place where a page ended.
pub(crate) fn cursor_out(cursor: &Cursor) -> String {
    let at = cursor.time().unwrap_or(Timestamp::EPOCH);
    format!("{}.{}", at.as_millis(), cursor.id)
}

/// The place after an entry, in the order of its listing.
fn place(entry: &Entry, listing: Listing) -> Cursor {
    let at = match listing {
        Listing::Published => entry.first_published_at.unwrap_or(entry.created_at),
        Listing::Newest(_) | Listing::Trashed => entry.created_at,
    };
    Cursor::at(at, entry.id)
}

/// About how many bytes an entry travels with.
fn weight(entry: &Entry) -> usize {
    entry.fields.iter().map(|(name, value)| name.len() + value.to_string().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::{Cursor, EntryId, Timestamp, cursor_in, cursor_out};

    #[test]
    fn a_cursor_is_read_back_from_its_text() {
        let id = EntryId::parse("0190a5b4-7d5c-7000-8000-000000000001").unwrap();
        let cursor = Cursor::at(Timestamp::from_millis(1_790_000_000_000).unwrap(), id);
        assert_eq!(cursor_in(&cursor_out(&cursor)), Some(cursor));
        for bad in
            ["", "1", "x.y", "1.y", "99999999999999999999.0190a5b4-7d5c-7000-8000-000000000001"]
        {
            assert_eq!(cursor_in(bad), None, "{bad}");
        }
    }
}
