//! Reading entries.

use std::collections::BTreeMap;

use smartcms_domain::actors::{Actor, Permission};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::locales::{Locale, Locales};

use super::commit::definition;
use super::create::checked_locale;
use super::error::ContentError;
use super::include::{AskedShape, Included, check_shape, shape};
use super::select::{AskedCondition, select};
use super::served::Unserved;
use crate::OpContext;
use crate::ports::{Cursor, EntryPage, EntryQuery, Listing, PAGE_LEN_MAX, Side};

/// Over how many entries a query without an index is worth a warning.
const UNINDEXED_LEN_MAX: u32 = 10_000;

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
#[derive(Debug, Clone, PartialEq)]
pub struct ListEntries {
    /// Of which collection.
    pub collection: String,
    /// Which entries. All but [`Listing::Published`] need [`Permission::ReadDrafts`].
    pub listing: Listing,
    /// In which language; `None` for every one.
    pub locale: Option<Locale>,
    /// Conditions that all hold.
    pub conditions: Vec<AskedCondition>,
    /// The names to sort by, `-` before one that runs down; empty for the listing's own order.
    pub sort: Vec<String>,
    /// How many at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Cursor>,
    /// What is shown of the entries.
    pub shape: AskedShape,
}

impl ListEntries {
    /// The first entries of a collection, in the listing's own order.
    pub fn first(collection: impl Into<String>, listing: Listing, limit: u32) -> Self {
        Self {
            collection: collection.into(),
            listing,
            locale: None,
            conditions: Vec::new(),
            sort: Vec::new(),
            limit,
            after: None,
            shape: AskedShape::default(),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The entries, without what the actor does not see.
    pub page: EntryPage,
    /// What they point to, each once.
    pub included: Vec<Included>,
    /// What the client should know: that no index serves a query over many entries.
    pub warnings: Vec<String>,
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
    if !may_read(ctx.actor, &definition) {
        return Err(unknown());
    }
    if view == View::Newest {
        ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
    }
    let found = match EntryKey::parse(key) {
        Some(EntryKey::Id(id)) => ctx.app.entries.find(id).await?,
        Some(EntryKey::Slug(slug)) => {
            let side = if view == View::Published { Side::Live } else { Side::Newest };
            let locale = ctx.app.site.locales.default();
            ctx.app.entries.find_by_slug(&definition.name, locale, &slug, side).await?
        }
        None => None,
    };
    let visible = |entry: &Entry| {
        entry.collection == definition.name && (view == View::Newest || entry.live.is_some())
    };
    let mut entry = found.filter(visible).ok_or_else(unknown)?;
    hide_fields(ctx.actor, &definition, &mut entry);
    Ok(entry)
}

/// One page of a collection.
pub async fn list_entries(ctx: &OpContext<'_>, query: ListEntries) -> Result<Listed, ContentError> {
    let definition = definition(ctx, &query.collection)?;
    if !may_read(ctx.actor, &definition) {
        return Err(ContentError::UnknownCollection(query.collection));
    }
    if query.listing != Listing::Published {
        ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
    }
    let selected = select(ctx, &definition, query.listing, &query.conditions, &query.sort)?;
    check_shape(ctx, &definition, &query.shape)?;
    let view = if query.listing == Listing::Published { View::Published } else { View::Newest };
    let found = EntryQuery {
        collection: definition.name.clone(),
        listing: query.listing,
        locale: query.locale,
        filter: selected.filter,
        sort: selected.sort,
        limit: query.limit.clamp(1, PAGE_LEN_MAX),
        after: query.after,
    };
    let mut page = ctx.app.entries.list(&found).await?;
    for entry in &mut page.entries {
        hide_fields(ctx.actor, &definition, entry);
    }
    let included = shape(ctx, &definition, &query.shape, view, &mut page.entries).await?;
    let warnings = warnings(ctx, &definition, query.listing, &selected.unserved).await?;
    Ok(Listed { page, included, warnings })
}

/// The language that a list is asked for by its tag, the site's own without one; `None` for `*`, every one.
pub fn list_locale(ctx: &OpContext<'_>, tag: Option<&str>) -> Result<Option<Locale>, ContentError> {
    if tag == Some("*") {
        return Ok(None);
    }
    checked_locale(&ctx.app.site.locales, tag).map(Some)
}

/// What a query over many entries should be told.
async fn warnings(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    listing: Listing,
    unserved: &[Unserved],
) -> Result<Vec<String>, ContentError> {
    let mut long = BTreeMap::new();
    for over in unserved.iter().map(|it| &it.over) {
        let there = match (*over == definition.name, listing.side()) {
            (true, _) => listing,
            (false, Side::Live) => Listing::Published,
            (false, Side::Newest) => Listing::Newest(None),
        };
        if !long.contains_key(over) {
            let is_long = ctx.app.entries.has_more_than(over, there, UNINDEXED_LEN_MAX).await?;
            long.insert(over, is_long);
        }
    }
    let said = |it: &Unserved| {
        let Unserved { path, over, hint } = it;
        format!(
            "no index serves `{path}`, and {over} has more than {UNINDEXED_LEN_MAX} such entries{hint}"
        )
    };
    Ok(unserved.iter().filter(|it| long.get(&it.over) == Some(&true)).map(said).collect())
}

/// Takes out of an entry what the actor does not see.
pub(crate) fn hide_fields(actor: &Actor, definition: &CollectionDefinition, entry: &mut Entry) {
    hide_fields_of(actor, definition, &mut entry.fields);
    if let Some(live) = &mut entry.live {
        hide_fields_of(actor, definition, &mut live.fields);
    }
}

/// Takes out of values what the actor does not see.
pub(super) fn hide_fields_of(
    actor: &Actor,
    definition: &CollectionDefinition,
    fields: &mut Fields,
) {
    for field in definition.fields.iter().filter(|it| !actor.sees(it)) {
        let name = field.name.as_str();
        if fields.get(name).is_some() {
            fields.set(name, serde_json::Value::Null);
        }
    }
}

/// The public entry at a path of the site; `None` where there is none.
pub async fn find_live_by_path(
    ctx: &OpContext<'_>,
    path: &str,
) -> Result<Option<Entry>, ContentError> {
    let (locale, path) = locale_of(&ctx.app.site.locales, path);
    for definition in ctx.app.collections.all().iter() {
        let Some(slug) = definition.url.as_ref().and_then(|it| it.slug_of(path)) else { continue };
        let found =
            ctx.app.entries.find_by_slug(&definition.name, locale, &slug, Side::Live).await?;
        if let Some(mut entry) = found {
            hide_fields(ctx.actor, definition, &mut entry);
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

/// The language of a path, and the path below it.
fn locale_of<'a>(locales: &'a Locales, path: &'a str) -> (&'a Locale, &'a str) {
    let others = locales.iter().skip(1);
    let below = |it: &'a Locale| {
        let rest = path.strip_prefix('/')?.strip_prefix(it.as_str())?;
        Some((it, rest)).filter(|(_, rest)| rest.starts_with('/'))
    };
    others.filter_map(below).next().unwrap_or((locales.default(), path))
}

/// Published entries are public, but a plugin sees only collections that it was granted.
pub(crate) fn may_read(actor: &Actor, definition: &CollectionDefinition) -> bool {
    match actor {
        Actor::Plugin { grants, .. } => grants.permit_reading(&definition.name),
        Actor::Anonymous | Actor::Token { .. } | Actor::Operator | Actor::Schedule => true,
    }
}
