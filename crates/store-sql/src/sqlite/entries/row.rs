//! Rows of entries and of their history.

use smartcms_domain::entries::{Entry, EntryId, Live, Revision, RevisionRecord, Schedule, Slug};
use smartcms_domain::locales::Locale;

use super::help;
use crate::sqlite::rows::{Columns, Damaged, Fault};

/// An entry, of the columns that [`super::query::COLUMNS`] names.
pub(super) fn entry(mut row: Columns<'_>) -> Result<Entry, Fault> {
    entry_of(&mut row)
}

/// The same, and the row with the columns behind it.
pub(super) fn entry_of(row: &mut Columns<'_>) -> Result<Entry, Fault> {
    let id = EntryId::new(row.uuid()?);
    let read = entry_with(id, row);
    read.map_err(|source| Damaged { what: format!("entry {id}"), source }.into())
}

fn entry_with(id: EntryId, row: &mut Columns<'_>) -> Result<Entry, Fault> {
    let collection = row.collection()?;
    let locale = row.parse(Locale::parse)?;
    let group = EntryId::new(row.uuid()?);
    let revision = Revision::new(row.count()?);
    let slug = row.slug()?;
    let live_revision = row.maybe_count()?.map(Revision::new);
    let live_slug: Option<String> = row.next()?;
    let live_published_at = row.maybe_time()?;
    let first_published_at = row.maybe_time()?;
    let created_at = row.time()?;
    let updated_at = row.time()?;
    let archived_at = row.maybe_time()?;
    let trashed_at = row.maybe_time()?;
    let schedule = Schedule { publish_at: row.maybe_time()?, unpublish_at: row.maybe_time()? };
    let created_by = row.next()?;
    let fields = row.fields()?;
    let other_live_fields = row.maybe_fields()?;
    let live = match (live_revision, live_slug, live_published_at) {
        (Some(revision), Some(slug), Some(published_at)) => Some(Live {
            revision,
            slug: Slug::parse(&slug)?,
            fields: other_live_fields.unwrap_or_else(|| fields.clone()),
            published_at,
        }),
        _ => None,
    };
    Ok(Entry {
        id,
        collection,
        locale,
        group,
        revision,
        slug,
        fields,
        live,
        created_at,
        updated_at,
        first_published_at,
        archived_at,
        trashed_at,
        schedule,
        created_by,
    })
}

/// A saved state, of the columns of `select_revisions!`.
pub(super) fn record(mut row: Columns<'_>, entry: EntryId) -> Result<RevisionRecord, Fault> {
    let revision = Revision::new(row.count()?);
    let mut read = || -> Result<RevisionRecord, Fault> {
        Ok(RevisionRecord {
            revision,
            change: row.named()?,
            slug: row.slug()?,
            author: row.next()?,
            message: row.next()?,
            help: help::read(row.next::<Option<String>>()?.as_deref())?,
            at: row.time()?,
            fields: row.fields()?,
        })
    };
    read().map_err(|source| {
        Damaged { what: format!("revision {revision} of entry {entry}"), source }.into()
    })
}
