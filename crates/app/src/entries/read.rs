//! Reading entries.

use std::borrow::Cow;
use std::collections::BTreeMap;

use smartcms_domain::actors::{Actor, Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::locales::{Locale, Locales};

use super::commit::definition;
use super::create::checked_locale;
use super::error::ContentError;
use super::include::{Along, AskedShape, check_shape, shape};
use super::select::{AskedCondition, select};
use super::served::Unserved;
use crate::OpContext;
use crate::ports::{Cursor, EntryPage, EntryQuery, Listing, PAGE_LEN_MAX, Side, StoreError};

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

/// A language that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLocale {
    /// Which: one of the site's.
    pub locale: Locale,
    /// Whether those that it falls back to will do.
    pub fallback: bool,
}

impl AskedLocale {
    /// The languages that will do, the best first.
    fn languages(&self, locales: &Locales) -> Vec<Locale> {
        let others = fallbacks(locales, Some(&self.locale), self.fallback);
        std::iter::once(self.locale.clone()).chain(others).collect()
    }
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
    /// Whether an entry that is not there in that language comes in the one that it falls back to.
    pub fallback: bool,
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
            fallback: false,
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
    /// What they point to.
    pub included: Along,
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
    get_entry_in(ctx, collection, key, view, None).await
}

/// One entry in a language: the key names it in any of those that are asked for, the answer is the best of its
/// translations. Without a language a slug is one of the site's own language, and an id is exactly that entry.
pub async fn get_entry_in(
    ctx: &OpContext<'_>,
    collection: &str,
    key: &str,
    view: View,
    asked: Option<&AskedLocale>,
) -> Result<Entry, ContentError> {
    let definition = definition(ctx, collection)?;
    let unknown =
        || ContentError::UnknownEntry { collection: collection.to_owned(), key: key.to_owned() };
    if !may_read(ctx.actor, &definition) {
        return Err(unknown());
    }
    if view == View::Newest {
        ctx.actor.require_some(Permission::ReadDrafts, &definition.name)?;
    }
    let wanted = match asked {
        None => vec![ctx.app.site.locales.default().clone()],
        Some(asked) => asked.languages(&ctx.app.site.locales),
    };
    let named = named(ctx, &definition, key, view, &wanted).await?;
    let found = match named.filter(|it| it.collection == definition.name) {
        Some(entry) if asked.is_some() => best_of(ctx, entry, view, &wanted).await?,
        found => found,
    };
    let visible = |it: &Entry| match view {
        View::Newest => ctx.actor.may_on(Permission::ReadDrafts, Subject::of(it)),
        View::Published => it.live.is_some(),
    };
    let mut entry = found.filter(visible).ok_or_else(unknown)?;
    hide_fields(ctx.actor, &definition, &mut entry);
    Ok(entry)
}

/// The entry that a key names: a slug in the first of these languages that has it.
async fn named(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    key: &str,
    view: View,
    wanted: &[Locale],
) -> Result<Option<Entry>, ContentError> {
    let side = if view == View::Published { Side::Live } else { Side::Newest };
    match EntryKey::parse(key) {
        Some(EntryKey::Id(id)) => Ok(ctx.app.entries.find(id).await?),
        Some(EntryKey::Slug(slug)) => {
            for locale in wanted {
                let found =
                    ctx.app.entries.find_by_slug(&definition.name, locale, &slug, side).await?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Of an entry and its translations the one in the first of these languages that can be seen.
pub(super) async fn best_of(
    ctx: &OpContext<'_>,
    entry: Entry,
    view: View,
    wanted: &[Locale],
) -> Result<Option<Entry>, StoreError> {
    let visible = |it: &Entry| view == View::Newest || it.live.is_some();
    if wanted.first() == Some(&entry.locale) && visible(&entry) {
        return Ok(Some(entry));
    }
    let mut found = ctx.app.entries.translations(entry.group).await?;
    found.retain(|it| it.collection == entry.collection && visible(it));
    let place = wanted.iter().find_map(|locale| found.iter().position(|it| it.locale == *locale));
    Ok(place.map(|it| found.swap_remove(it)))
}

/// One page of a collection.
pub async fn list_entries(ctx: &OpContext<'_>, query: ListEntries) -> Result<Listed, ContentError> {
    let definition = definition(ctx, &query.collection)?;
    if !may_read(ctx.actor, &definition) {
        return Err(ContentError::UnknownCollection(query.collection));
    }
    let author = listed_author(ctx, &definition, query.listing)?;
    let selected = select(ctx, &definition, query.listing, &query.conditions, &query.sort)?;
    let view = if query.listing == Listing::Published { View::Published } else { View::Newest };
    check_shape(ctx, &definition, view, &query.shape)?;
    let fallbacks = fallbacks(&ctx.app.site.locales, query.locale.as_ref(), query.fallback);
    let found = EntryQuery {
        author,
        collection: definition.name.clone(),
        listing: query.listing,
        locale: query.locale,
        fallbacks,
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

/// Whose entries a listing has for the actor: those of whomever, or one's own where no others' may be read.
fn listed_author(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    listing: Listing,
) -> Result<Option<String>, ContentError> {
    let name = &definition.name;
    if listing == Listing::Published || ctx.actor.may(Permission::ReadDrafts, name) {
        return Ok(None);
    }
    // What a plugin wrote for somebody is its own and that one's: it has no one author to list by.
    if let Actor::Plugin { .. } = ctx.actor {
        ctx.actor.require(Permission::ReadDrafts, name)?;
    }
    ctx.actor.require_some(Permission::ReadDrafts, name)?;
    Ok(Some(ctx.actor.author()))
}

/// The language that one entry is asked for by its tag; `None` when none is asked for.
pub fn entry_locale(
    ctx: &OpContext<'_>,
    tag: Option<&str>,
    fallback: bool,
) -> Result<Option<AskedLocale>, ContentError> {
    let locale = checked_locale(&ctx.app.site.locales, tag)?;
    Ok((tag.is_some() || fallback).then_some(AskedLocale { locale, fallback }))
}

/// The languages that stand in for the one that is asked for, the best first.
pub(super) fn fallbacks(locales: &Locales, locale: Option<&Locale>, fallback: bool) -> Vec<Locale> {
    let Some(locale) = locale.filter(|_| fallback) else { return Vec::new() };
    locales.fallbacks(locale).into_iter().filter(|it| it != locale).collect()
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
    let author = entry.created_by.as_str();
    let newest = Subject::newest(&entry.collection).by(author);
    let public = Subject::public(&entry.collection).by(author);
    hide_fields_of(actor, definition, newest, &mut entry.fields);
    if let Some(live) = &mut entry.live {
        hide_fields_of(actor, definition, public, &mut live.fields);
    }
}

/// An entry as hooks get it: they see what everybody sees, whoever saves.
pub(super) fn shown_to_plugins<'a>(
    definition: &CollectionDefinition,
    entry: &'a Entry,
) -> Cow<'a, Entry> {
    let is_hidden = |name: &str| definition.field(name).is_none_or(|it| it.access.read.is_some());
    let live = entry.live.iter().flat_map(|it| it.fields.names());
    if !entry.fields.names().chain(live).any(is_hidden) {
        return Cow::Borrowed(entry);
    }
    let mut entry = entry.clone();
    hide_fields(&Actor::Anonymous, definition, &mut entry);
    Cow::Owned(entry)
}

/// Takes out of values what the actor does not see. Who saw a field that the definition does not have any more is not
/// known: its values, which the history keeps, are for the owner alone.
pub(super) fn hide_fields_of(
    actor: &Actor,
    definition: &CollectionDefinition,
    subject: Subject<'_>,
    fields: &mut Fields,
) {
    let hidden = |name: &&str| match definition.field(name) {
        Some(field) => !actor.sees(subject, field),
        None => !actor.sees_what_is_gone(),
    };
    let hidden: Vec<String> = fields.names().filter(hidden).map(str::to_owned).collect();
    for name in hidden {
        fields.set(&name, serde_json::Value::Null);
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
pub(super) fn locale_of<'a>(locales: &'a Locales, path: &'a str) -> (&'a Locale, &'a str) {
    let others = locales.iter().skip(1);
    let below = |it: &'a Locale| {
        let rest = path.strip_prefix('/')?.strip_prefix(it.as_str())?;
        Some((it, rest)).filter(|(_, rest)| rest.starts_with('/'))
    };
    others.filter_map(below).next().unwrap_or((locales.default(), path))
}

/// Published entries are public, but a plugin sees only collections that it was granted.
pub(crate) fn may_read(actor: &Actor, definition: &CollectionDefinition) -> bool {
    actor.reads(&definition.name)
}
