//! Reading entries.

use smartcms_domain::actors::{Actor, Permission};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Slug};

use super::commit::definition;
use super::error::ContentError;
use crate::OpContext;
use crate::ports::{Cursor, EntryPage, EntryQuery, Listing, PAGE_LEN_MAX, Side};

/// What names an entry in its collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKey {
    /// Its id.
    Id(EntryId),
    /// Its slug.
    Slug(Slug),
}

impl EntryKey {
    /// Reads an id or a slug; `None` for what can be neither.
    pub fn parse(text: &str) -> Option<Self> {
        let id = EntryId::parse(text).ok().map(Self::Id);
        id.or_else(|| Slug::parse(text).ok().map(Self::Slug))
    }
}

/// Which state of an entry is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What readers see.
    Published,
    /// The newest state. Needs [`Permission::ReadDrafts`].
    Newest,
}

/// A page of entries to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntries {
    /// Of which collection.
    pub collection: String,
    /// Which entries. All but [`Listing::Published`] need [`Permission::ReadDrafts`].
    pub listing: Listing,
    /// How many at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Cursor>,
}

/// One entry. With [`View::Published`] its `live` state is there.
pub async fn get_entry(
    ctx: &OpContext<'_>,
    collection: &str,
    key: &str,
    view: View,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, collection)?;
    let unknown =
        || ContentError::UnknownEntry { collection: collection.to_owned(), key: key.to_owned() };
    if !may_read(ctx.actor, definition) {
        return Err(unknown());
    }
    if view == View::Newest {
        ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
    }
    let found = match EntryKey::parse(key) {
        Some(EntryKey::Id(id)) => ctx.app.entries.find(id).await?,
        Some(EntryKey::Slug(slug)) => {
            let side = if view == View::Published { Side::Live } else { Side::Newest };
            ctx.app.entries.find_by_slug(&definition.name, &slug, side).await?
        }
        None => None,
    };
    let visible = |entry: &Entry| {
        entry.collection == definition.name && (view == View::Newest || entry.live.is_some())
    };
    found.filter(visible).ok_or_else(unknown)
}

/// One page of a collection.
pub async fn list_entries(
    ctx: &OpContext<'_>,
    query: ListEntries,
) -> Result<EntryPage, ContentError> {
    let definition = definition(ctx, &query.collection)?;
    if !may_read(ctx.actor, definition) {
        return Err(ContentError::UnknownCollection(query.collection));
    }
    if query.listing != Listing::Published {
        ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
    }
    let query = EntryQuery {
        collection: definition.name.clone(),
        listing: query.listing,
        limit: query.limit.clamp(1, PAGE_LEN_MAX),
        after: query.after,
    };
    Ok(ctx.app.entries.list(&query).await?)
}

/// The public entry at a path of the site; `None` where there is none.
pub async fn find_live_by_path(
    ctx: &OpContext<'_>,
    path: &str,
) -> Result<Option<Entry>, ContentError> {
    for definition in ctx.app.collections.iter() {
        let Some(slug) = definition.url.slug_of(path) else { continue };
        let found = ctx.app.entries.find_by_slug(&definition.name, &slug, Side::Live).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Published entries are public, but a plugin sees only collections that it was granted.
fn may_read(actor: &Actor, definition: &CollectionDefinition) -> bool {
    match actor {
        Actor::Plugin { grants, .. } => grants.permit_reading(&definition.name),
        Actor::Anonymous | Actor::Token { .. } | Actor::Operator => true,
    }
}
