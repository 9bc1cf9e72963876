//! What differs between two saved states: field by field, in the way of each field's kind.
//!
//! Differences are told for fields that the actor sees, and for no others: of a hidden field nothing is told, not even
//! that it differs. Work and answer are bounded by the size of what is compared, without a look at the clock.

mod blocks;
mod budget;
mod lists;
mod ops;
mod order;
mod rows;
mod text;
mod words;

pub use blocks::BlockDiff;
pub use lists::ItemDiff;
pub use rows::RowDiff;
pub use text::{TextDiff, TextPart};

use serde_json::{Map, Value};
use smartcms_domain::actors::{Actor, Subject};
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::{EntryId, Fields, Revision, RevisionRecord};

use self::budget::Budget;
use super::commit::definition;
use super::error::ContentError;
use super::revisions::get_revision;
use crate::OpContext;

/// What differs between two saved states of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionDiff {
    /// The state that is compared.
    pub from: RevisionRecord,
    /// The state that it is compared with.
    pub to: RevisionRecord,
    /// The fields that differ, in the order of the definition.
    pub fields: Vec<FieldDiff>,
}

/// What differs in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDiff {
    /// The field's name.
    pub name: String,
    /// Its kind, as definitions name it.
    pub kind: &'static str,
    /// How its value came to be the other.
    pub change: Change,
    /// What differs.
    pub detail: Detail,
}

/// How one thing came to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It is another.
    Changed,
    /// It stands elsewhere, and is the same.
    Moved,
}

impl Change {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
        }
    }
}

/// What differs, in the way of a kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// One value and the other; null where there is none.
    Values {
        /// What it was.
        from: Value,
        /// What it is.
        to: Value,
    },
    /// Text.
    Text(TextDiff),
    /// The items of a list that came, went or stand elsewhere.
    Items(Vec<ItemDiff>),
    /// The fields of a group that differ.
    Fields(Vec<FieldDiff>),
    /// The rows of a repeater that differ.
    Rows(Vec<RowDiff>),
    /// The blocks of rich text that differ.
    Blocks(Vec<BlockDiff>),
}

/// What differs between two saved states of an entry.
pub async fn diff_revisions(
    ctx: &OpContext<'_>,
    collection: &str,
    id: EntryId,
    (from, to): (Revision, Revision),
) -> Result<RevisionDiff, ContentError> {
    let definition = definition(ctx, collection)?;
    let from = get_revision(ctx, collection, id, from).await?;
    let to = get_revision(ctx, collection, id, to).await?;
    let fields = fields_of(ctx.actor, &definition, &from.fields, &to.fields);
    Ok(RevisionDiff { from, to, fields })
}

/// The fields that an actor sees and that differ.
fn fields_of(
    actor: &Actor,
    definition: &CollectionDefinition,
    from: &Fields,
    to: &Fields,
) -> Vec<FieldDiff> {
    let mut budget = Budget::default();
    let seen =
        definition.fields.iter().filter(|it| actor.sees(Subject::newest(&definition.name), it));
    let differing = seen.filter_map(|field| {
        let name = field.name.as_str();
        field_diff(field, from.get(name), to.get(name), &mut budget)
    });
    differing.collect()
}

/// The members of an object that differ.
fn members(
    fields: &[FieldDefinition],
    from: &Map<String, Value>,
    to: &Map<String, Value>,
    budget: &mut Budget,
) -> Vec<FieldDiff> {
    let differing = fields.iter().filter_map(|field| {
        let name = field.name.as_str();
        field_diff(field, from.get(name), to.get(name), budget)
    });
    differing.collect()
}

/// What differs in a field; `None` when nothing does. Recursion is bounded by the depth of definitions.
fn field_diff(
    field: &FieldDefinition,
    from: Option<&Value>,
    to: Option<&Value>,
    budget: &mut Budget,
) -> Option<FieldDiff> {
    let (from, to) = (from.filter(|it| !it.is_null()), to.filter(|it| !it.is_null()));
    if from == to {
        return None;
    }
    let change = match (from, to) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let detail = detail(&field.kind, from, to, budget).unwrap_or_else(|| Detail::Values {
        from: from.cloned().unwrap_or_default(),
        to: to.cloned().unwrap_or_default(),
    });
    Some(FieldDiff { name: field.name.to_string(), kind: field.kind.name(), change, detail })
}

/// What differs in the way of a kind; `None` where the values themselves say it best, or are not of the kind: a field
/// may have had another one when they were saved.
fn detail(
    kind: &FieldKind,
    from: Option<&Value>,
    to: Option<&Value>,
    budget: &mut Budget,
) -> Option<Detail> {
    let text =
        |it: Option<&'_ Value>| it.map_or(Some(String::new()), |it| Some(it.as_str()?.to_owned()));
    let list = |it: Option<&'_ Value>| it.map_or(Some(Vec::new()), |it| it.as_array().cloned());
    Some(match kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Markdown => {
            Detail::Text(text::diff(&text(from)?, &text(to)?, budget))
        }
        FieldKind::RichText => Detail::Blocks(blocks::diff(from, to, budget)?),
        FieldKind::Group(fields) => {
            let (from, to) = (from?.as_object()?, to?.as_object()?);
            Detail::Fields(members(fields, from, to, budget))
        }
        FieldKind::Repeater(fields) => {
            Detail::Rows(rows::diff(fields, &list(from)?, &list(to)?, budget)?)
        }
        FieldKind::MultiSelect(_) | FieldKind::Assets => {
            Detail::Items(lists::diff(&list(from)?, &list(to)?)?)
        }
        FieldKind::Relation(relation) if relation.many => {
            Detail::Items(lists::diff(&list(from)?, &list(to)?)?)
        }
        _ => return None,
    })
}
