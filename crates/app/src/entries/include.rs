//! What an answer shows of entries: some of their fields, and the entries and files that they point to.
//!
//! What is asked for is checked before anything is read. A field that the actor does not see is refused like one that is
//! not there; an entry that it does not see is left out like one that is not there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::{CollectionDefinition, FIELDS_MAX, FieldKind};
use smartcms_domain::entries::{Entry, EntryId, Fields};
use smartcms_domain::sorting::map_of;

use super::commit::definition;
use super::error::ContentError;
use super::read::{AskedLocale, View, get_entry_in, hide_fields, may_read};
use super::select::unknown;
use crate::OpContext;
use crate::assets::may_see_assets;
use crate::ports::{ASSETS_NAMED_MAX, AssetRef, NamedAsset};

/// The most fields of one request whose entries come along.
pub const INCLUDE_MAX: usize = 10;
/// The most entries that come along with one answer, and the most files.
pub const INCLUDED_MAX: usize = 500;
const _: () = assert!(INCLUDED_MAX <= ASSETS_NAMED_MAX);

/// What an answer is asked to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedShape {
    /// The names of the fields to show; `None` for all.
    pub fields: Option<Vec<String>>,
    /// The names of the fields whose entries or files come along.
    pub include: Vec<String>,
}

/// One entry to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedEntry {
    /// Its collection.
    pub collection: String,
    /// Its id or its slug.
    pub key: String,
    /// Which state of it.
    pub view: View,
    /// In which language; `None` for the entry that the key names, as [`super::get_entry`] finds it.
    pub locale: Option<AskedLocale>,
    /// What is shown of it.
    pub shape: AskedShape,
}

/// An entry that comes along, without what the actor does not see.
#[derive(Debug, Clone, PartialEq)]
pub struct Included {
    /// The entry.
    pub entry: Entry,
    /// The state that the actor may see of it.
    pub view: View,
}

/// What comes along with an answer, each once; `None` where no field of that kind was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Along {
    /// Entries, in the order in which they are pointed to.
    pub entries: Option<Vec<Included>>,
    /// Files, in the same order.
    pub assets: Option<Vec<NamedAsset>>,
}

/// Where the fields that were asked for lead, in the order of the entries, each once.
#[derive(Default)]
struct Targets {
    entries: Vec<EntryId>,
    assets: Vec<AssetId>,
}

/// One entry in the shape that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The entry.
    pub entry: Entry,
    /// What it points to.
    pub included: Along,
}

/// One entry with what it points to.
pub async fn get_shaped_entry(
    ctx: &OpContext<'_>,
    asked: &AskedEntry,
) -> Result<Shaped, ContentError> {
    let definition = definition(ctx, &asked.collection)?;
    let (view, shaped) = (asked.view, &asked.shape);
    // Who may not read here hears that, and nothing of the query.
    let may = view == View::Published || ctx.actor.may(Permission::ReadDrafts, &definition.name);
    if may && may_read(ctx.actor, &definition) {
        check_shape(ctx, &definition, view, shaped)?;
    }
    let locale = asked.locale.as_ref();
    let mut entry = get_entry_in(ctx, &asked.collection, &asked.key, view, locale).await?;
    let entries = std::slice::from_mut(&mut entry);
    let included = shape(ctx, &definition, shaped, view, entries).await?;
    Ok(Shaped { entry, included })
}

/// Refuses what cannot be shown.
pub(super) fn check_shape(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    view: View,
    asked: &AskedShape,
) -> Result<(), ContentError> {
    let subject = match view {
        View::Published => Subject::public(&definition.name),
        View::Newest => Subject::newest(&definition.name),
    };
    let mut problems = Vec::new();
    let fields = asked.fields.as_deref().unwrap_or_default();
    for (what, names, most) in
        [("fields", fields, FIELDS_MAX), ("include", asked.include.as_slice(), INCLUDE_MAX)]
    {
        if names.len() > most {
            let message =
                format!("there are {} names in `{what}`; {most} is the limit", names.len());
            problems.push(Problem::field(what, "too-many", message));
        }
        for name in names.iter().take(most) {
            let field = definition.field(name).filter(|it| ctx.actor.sees(subject, it));
            let Some(field) = field else {
                let (code, message) = unknown(definition, name);
                problems.push(Problem::field(what, code, message));
                continue;
            };
            if what == "include" && !is_includable(&field.kind) {
                let message =
                    format!("`{name}` is {} and points to no entries or files", field.kind.name());
                problems.push(Problem::field(what, "not-includable", message));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(ContentError::BadQuery(problems)) }
}

fn is_includable(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Relation(_)) || is_of_assets(kind)
}

fn is_of_assets(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Asset | FieldKind::Assets)
}

/// Takes out of entries what was not asked for, and answers what comes along: one more read for entries, whatever is
/// included, and one for files.
pub(super) async fn shape(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    asked: &AskedShape,
    view: View,
    entries: &mut [Entry],
) -> Result<Along, ContentError> {
    let kinds = || asked.include.iter().filter_map(|name| Some(&definition.field(name)?.kind));
    let targets = targets(definition, &asked.include, view, entries)?;
    // The relation may be what is not to be shown, so this comes after looking where it leads.
    if let Some(names) = &asked.fields {
        for entry in entries {
            keep(&mut entry.fields, names);
            if let Some(live) = &mut entry.live {
                keep(&mut live.fields, names);
            }
        }
    }
    let mut along = Along::default();
    if kinds().any(|it| !is_of_assets(it)) {
        let wanted = wanted(definition, &asked.include);
        along.entries = Some(entries_at(ctx, &targets.entries, view, &wanted).await?);
    }
    if kinds().any(is_of_assets) {
        along.assets = Some(assets_at(ctx, &targets.assets).await?);
    }
    Ok(along)
}

async fn entries_at(
    ctx: &OpContext<'_>,
    ids: &[EntryId],
    view: View,
    wanted: &BTreeSet<String>,
) -> Result<Vec<Included>, ContentError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = ctx.app.entries.find_many(ids).await?;
    let mut found = map_of(found.into_iter().map(|it| (it.id, it)));
    let included = ids.iter().filter_map(|id| visible(ctx, found.remove(id)?, view, wanted));
    Ok(included.collect())
}

async fn assets_at(ctx: &OpContext<'_>, ids: &[AssetId]) -> Result<Vec<NamedAsset>, ContentError> {
    if ids.is_empty() || !may_see_assets(ctx.actor) {
        return Ok(Vec::new());
    }
    let names: Vec<AssetRef> = ids.iter().copied().map(AssetRef::Id).collect();
    let found = ctx.app.media.assets.find_named(&names).await?;
    let mut found: BTreeMap<AssetId, NamedAsset> =
        found.into_iter().map(|it| (it.asset.id, it)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn targets(
    definition: &CollectionDefinition,
    include: &[String],
    view: View,
    entries: &[Entry],
) -> Result<Targets, ContentError> {
    let mut targets = Targets::default();
    let mut seen = BTreeSet::new();
    for entry in entries {
        let live = entry.live.as_ref().filter(|_| view == View::Published);
        let fields = live.map_or(&entry.fields, |it| &it.fields);
        for name in include {
            let Some(value) = fields.get(name) else { continue };
            let is_of_assets = definition.field(name).is_some_and(|it| is_of_assets(&it.kind));
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for id in items.iter().filter_map(|it| EntryId::parse(it.as_str()?).ok()) {
                if !seen.insert((is_of_assets, id)) {
                    continue;
                }
                if is_of_assets {
                    targets.assets.push(AssetId::new(*id.as_uuid()));
                } else {
                    targets.entries.push(id);
                }
            }
        }
    }
    refuse_too_many("entries", targets.entries.len())?;
    refuse_too_many("files", targets.assets.len())?;
    Ok(targets)
}

fn refuse_too_many(what: &str, len: usize) -> Result<(), ContentError> {
    if len <= INCLUDED_MAX {
        return Ok(());
    }
    let message = format!(
        "{len} {what} would come along; {INCLUDED_MAX} is the limit; ask for fewer at a time"
    );
    Err(ContentError::BadQuery(vec![Problem::field("include", "too-many", message)]))
}

/// The collections that the relations point to. What was stored under an older definition is no reason to show others.
fn wanted(definition: &CollectionDefinition, include: &[String]) -> BTreeSet<String> {
    let to = include.iter().filter_map(|name| match &definition.field(name)?.kind {
        FieldKind::Relation(relation) => Some(relation.to.to_string()),
        _ => None,
    });
    to.collect()
}

/// The entry as the actor may see it, if it may.
fn visible(
    ctx: &OpContext<'_>,
    mut entry: Entry,
    view: View,
    wanted: &BTreeSet<String>,
) -> Option<Included> {
    let definition = ctx.app.collections.get(&entry.collection)?;
    if !wanted.contains(definition.name.as_str()) || !may_read(ctx.actor, &definition) {
        return None;
    }
    let drafts = ctx.actor.may(Permission::ReadDrafts, &definition.name);
    let view = if drafts { view } else { View::Published };
    let there = match view {
        View::Published => entry.live.is_some(),
        View::Newest => entry.trashed_at.is_none(),
    };
    if !there {
        return None;
    }
    hide_fields(ctx.actor, &definition, &mut entry);
    Some(Included { entry, view })
}

fn keep(fields: &mut Fields, names: &[String]) {
    let named = |name: &str| names.iter().any(|it| it == name);
    let kept = fields.iter().filter(|(name, _)| named(name));
    *fields = kept.map(|(name, value)| (name.to_owned(), Value::clone(value))).collect();
}
