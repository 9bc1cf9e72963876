//! `smartcms:content` 0.1.0: the guest's words in, operations of the application, the guest's words out.

use smartcms_app::entries::{ContentError, CreateEntry, ListEntries, View, create_entry};
use smartcms_app::{Fault, FaultKind};
use smartcms_domain::Problem;
use smartcms_domain::entries::EntryId;
use wasmtime::component::{HasSelf, Linker};

use super::bindings::content::{reader, types, writer};
use super::convert;
use crate::capabilities::content::{self, Access, Change, Seen};
use crate::state::GuestState;

/// What a content function answers instead of a value: an error for the guest, or a trap.
#[derive(Debug)]
pub(crate) enum ContentTrap {
    /// The guest gets this.
    Guest(types::ContentError),
    /// The guest ends.
    Trap(wasmtime::Error),
}

/// Links `smartcms:content/reader`.
pub(crate) fn add_reader(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    reader::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Links `smartcms:content/writer`.
pub(crate) fn add_writer(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    writer::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Links `smartcms:content/types`, which has no functions.
pub(crate) fn add_types(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    types::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

impl types::Host for GuestState {
    fn convert_content_error(
        &mut self,
        error: ContentTrap,
    ) -> wasmtime::Result<types::ContentError> {
        if let ContentTrap::Guest(types::ContentError::Denied(_)) = &error {
            self.profile().meter.denied();
        }
        match error {
            ContentTrap::Guest(error) => Ok(error),
            ContentTrap::Trap(error) => Err(error),
        }
    }
}

impl reader::Host for GuestState {
    async fn find(&mut self, id: String) -> Result<Option<types::Entry>, ContentTrap> {
        let access = access(self)?;
        let id = entry_id(&id)?.to_string();
        Ok(access.find_anywhere(&id).await?.as_ref().map(seen_out))
    }

    async fn find_by_slug(
        &mut self,
        collection: String,
        slug: String,
    ) -> Result<Option<types::Entry>, ContentTrap> {
        let found = access(self)?.find(&collection, &slug).await?;
        // A key that reads as an id finds by id, which is not what was asked.
        Ok(found.as_ref().map(seen_out).filter(|it| it.slug == slug))
    }

    async fn list(&mut self, query: reader::Query) -> Result<reader::Page, ContentTrap> {
        let access = access(self)?;
        let (view, listing) = access.view(&query.collection);
        let after = query.cursor.as_deref().map(content::cursor_in);
        if after == Some(None) {
            return Err(invalid("cursor", "the cursor is not one that a page ended with"));
        }
        let first = ListEntries::first(query.collection, listing, query.limit);
        let query = ListEntries { after: after.flatten(), ..first };
        let page = access.list(query, view).await?;
        let next = page.next.as_ref().map(content::cursor_out);
        Ok(reader::Page { entries: page.entries.iter().map(seen_out).collect(), next })
    }
}

impl writer::Host for GuestState {
    async fn create(&mut self, entry: writer::NewEntry) -> Result<types::Entry, ContentTrap> {
        let access = access(self)?;
        let fields = convert::fields_in(entry.fields).map_err(refused)?;
        let command = CreateEntry {
            collection: entry.collection,
            locale: None,
            translation_of: None,
            slug: entry.slug,
            fields,
            message: None,
        };
        Ok(convert::newest_out(&create_entry(&access.ctx(), command).await?))
    }

    async fn update(&mut self, change: writer::EntryChange) -> Result<types::Entry, ContentTrap> {
        let access = access(self)?;
        let fields = convert::fields_in(change.fields).map_err(refused)?;
        let update = Change::Update { slug: change.slug, fields };
        let entry = access.change(entry_id(&change.id)?, change.seen, update).await?;
        Ok(convert::newest_out(&entry))
    }

    async fn publish(&mut self, id: String, seen: u64) -> Result<types::Entry, ContentTrap> {
        let entry = access(self)?.change(entry_id(&id)?, seen, Change::Publish).await?;
        Ok(convert::newest_out(&entry))
    }

    async fn unpublish(&mut self, id: String, seen: u64) -> Result<types::Entry, ContentTrap> {
        let entry = access(self)?.change(entry_id(&id)?, seen, Change::Unpublish).await?;
        Ok(convert::newest_out(&entry))
    }
}

fn access(state: &mut GuestState) -> Result<Access, ContentTrap> {
    let access = Access::of(state).map_err(ContentTrap::Trap)?;
    access.map_err(|error| ContentTrap::Guest(types::ContentError::Unavailable(error.to_string())))
}

fn seen_out(seen: &Seen) -> types::Entry {
    match (seen.view, &seen.entry.live) {
        (View::Published, Some(live)) => convert::live_out(&seen.entry, live),
        _ => convert::newest_out(&seen.entry),
    }
}

fn entry_id(text: &str) -> Result<EntryId, ContentTrap> {
    EntryId::parse(text).map_err(|error| invalid("id", &error.to_string()))
}

fn invalid(field: &str, message: &str) -> ContentTrap {
    refused(vec![Problem::field(field, "invalid", message)])
}

fn refused(problems: Vec<Problem>) -> ContentTrap {
    ContentTrap::Guest(types::ContentError::Invalid(convert::problems_out(&problems)))
}

impl From<ContentError> for ContentTrap {
    fn from(error: ContentError) -> Self {
        let text = match error.hint() {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        };
        Self::Guest(match error.kind() {
            FaultKind::NotFound => types::ContentError::NotFound(text),
            FaultKind::Conflict => types::ContentError::Conflict(text),
            FaultKind::Forbidden => types::ContentError::Denied(text),
            FaultKind::Invalid => {
                types::ContentError::Invalid(convert::problems_out(error.problems()))
            }
            FaultKind::Limit => types::ContentError::Limit(text),
            FaultKind::Plugin | FaultKind::Unavailable | FaultKind::Internal => {
                types::ContentError::Unavailable(text)
            }
        })
    }
}
