//! What an answer shows of entries: some of their fields, and the entries that they point to.
//!
//! What is asked for is checked before anything is read. A field that the actor does not see is refused like one that is
//! not there; an entry that it does not see is left out like one that is not there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::{CollectionDefinition, FIELDS_MAX, FieldKind};
use smartcms_domain::entries::{Entry, EntryId, Fields};

use super::commit::definition;
use super::error::ContentError;
use super::read::{View, get_entry, hide_fields, may_read};
use super::select::unknown;
use crate::OpContext;

/// The most fields of one request whose entries come along.
pub const INCLUDE_MAX: usize = 10;
/// The most entries that come along with one answer.
pub const INCLUDED_MAX: usize = 500;

/// What an answer is asked to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedShape {
    /// The names of the fields to show; `None` for all.
    pub fields: Option<Vec<String>>,
    /// The names of the relations whose entries come along.
    pub include: Vec<String>,
}

/// An entry that comes along, without what the actor does not see.
#[derive(Debug, Clone, PartialEq)]
pub struct Included {
    /// The entry.
    pub entry: Entry,
    /// The state that the actor may see of it.
    pub view: View,
}

/// One entry in the shape that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The entry.
    pub entry: Entry,
    /// What it points to, each once.
    pub included: Vec<Included>,
}

/// One entry with what it points to.
pub async fn get_shaped_entry(
    ctx: &OpContext<'_>,
    collection: &str,
    key: &str,
    view: View,
    asked: &AskedShape,
) -> Result<Shaped, ContentError> {
    let definition = definition(ctx, collection)?;
    // Who may not read here hears that, and nothing of the query.
    let may = view == View::Published || ctx.actor.may(Permission::ReadDrafts, &definition.name);
    if may && may_read(ctx.actor, &definition) {
        check_shape(ctx, &definition, asked)?;
    }
    let mut entry = get_entry(ctx, collection, key, view).await?;
    let entries = std::slice::from_mut(&mut entry);
    let included = shape(ctx, &definition, asked, view, entries).await?;
    Ok(Shaped { entry, included })
}

/// Refuses what cannot be shown.
pub(super) fn check_shape(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    asked: &AskedShape,
) -> Result<(), ContentError> {
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
            let field = definition.field(name).filter(|it| ctx.actor.sees(it));
            let Some(field) = field else {
                let (code, message) = unknown(definition, name);
                problems.push(Problem::field(what, code, message));
                continue;
            };
            if what == "include" && !matches!(field.kind, FieldKind::Relation(_)) {
                let message = format!("`{name}` is {} and points to no entries", field.kind.name());
                problems.push(Problem::field(what, "not-includable", message));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(ContentError::BadQuery(problems)) }
}

/// Takes out of entries what was not asked for, and answers what comes along: one read, whatever is included.
pub(super) async fn shape(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    asked: &AskedShape,
    view: View,
    entries: &mut [Entry],
) -> Result<Vec<Included>, ContentError> {
    let ids = targets(&asked.include, view, entries)?;
    // The relation may be what is not to be shown, so this comes after looking where it leads.
    if let Some(names) = &asked.fields {
        for entry in entries {
            keep(&mut entry.fields, names);
            if let Some(live) = &mut entry.live {
                keep(&mut live.fields, names);
            }
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = ctx.app.entries.find_many(&ids).await?;
    let mut found: BTreeMap<EntryId, Entry> = found.into_iter().map(|it| (it.id, it)).collect();
    let wanted = wanted(definition, &asked.include);
    let included = ids.iter().filter_map(|id| visible(ctx, found.remove(id)?, view, &wanted));
    Ok(included.collect())
}

/// Where the relations of entries lead, in the order of the entries, each once.
fn targets(
    include: &[String],
    view: View,
    entries: &[Entry],
) -> Result<Vec<EntryId>, ContentError> {
    let mut ids = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in entries {
        let live = entry.live.as_ref().filter(|_| view == View::Published);
        let fields = live.map_or(&entry.fields, |it| &it.fields);
        for value in include.iter().filter_map(|name| fields.get(name)) {
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let found = items.iter().filter_map(|it| EntryId::parse(it.as_str()?).ok());
            ids.extend(found.filter(|it| seen.insert(*it)));
        }
    }
    if ids.len() > INCLUDED_MAX {
        let message = format!(
            "{} entries would come along; {INCLUDED_MAX} is the limit; ask for fewer at a time",
            ids.len()
        );
        return Err(ContentError::BadQuery(vec![Problem::field("include", "too-many", message)]));
    }
    Ok(ids)
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
