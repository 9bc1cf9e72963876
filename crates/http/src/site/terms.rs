//! Terms and authors: which an entry points to, and which entries point to one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smartcms_app::App;
use smartcms_app::entries::{AskedCondition, ContentError, live_entries};
use smartcms_app::ports::Cursor;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind, Reference, Target,
};
use smartcms_domain::entries::EntryId;
use smartcms_pages::{ListKind, NavigationLink};

use super::read::{Part, PublicEntry, cut, listed, published_where, reader};
use crate::page_cache::Tag;

/// The fields whose relation names who wrote an entry.
const AUTHOR_FIELDS: [&str; 2] = ["authors", "author"];
/// The most terms and authors of an entry that its page shows.
const LINKS_MAX: usize = 20;
/// The most terms below a term that its page shows.
const BELOW_MAX: u32 = 50;

/// What an entry points to, as links, with the tags of the pages they lead to.
#[derive(Default)]
pub(super) struct Links {
    pub(super) terms: Vec<NavigationLink>,
    pub(super) authors: Vec<NavigationLink>,
    pub(super) tags: Vec<Tag>,
    /// The fields that hold terms, and their ids.
    pub(super) by_field: Vec<(String, Vec<EntryId>)>,
}

/// A collection whose entries point to those of another, and the field that does.
pub(super) struct Referring {
    pub(super) definition: Arc<CollectionDefinition>,
    field: String,
    is_author: bool,
}

/// What a relation of an entry is for.
fn is_author(field: &FieldDefinition) -> bool {
    AUTHOR_FIELDS.contains(&field.name.as_str())
}

/// Where an entry points to, for its terms and authors.
struct Pointer {
    field: String,
    is_author: bool,
    to: CollectionName,
    id: EntryId,
}

/// The terms and authors of an entry.
pub(super) async fn links(app: &App, public: &PublicEntry) -> Result<Links, ContentError> {
    let mut all = links_of_all(app, std::slice::from_ref(public)).await?;
    Ok(all.pop().unwrap_or_default())
}

/// The terms and authors of each of these entries: one read, however many.
pub(super) async fn links_of_all(
    app: &App,
    entries: &[PublicEntry],
) -> Result<Vec<Links>, ContentError> {
    let pointers: Vec<Vec<Pointer>> = entries.iter().map(|it| pointers(app, it)).collect();
    let ids: BTreeSet<EntryId> = pointers.iter().flatten().map(|it| it.id).collect();
    let ids: Vec<EntryId> = ids.into_iter().collect();
    let found = live_entries(&reader(app), &ids).await?;
    // What is a draft or gone is not there.
    let found: BTreeMap<EntryId, PublicEntry> = found
        .into_iter()
        .filter_map(|it| PublicEntry::new(app, it))
        .map(|it| (it.entry.id, it))
        .collect();
    Ok(pointers.into_iter().map(|it| Links::new(it, &found)).collect())
}

fn pointers(app: &App, public: &PublicEntry) -> Vec<Pointer> {
    let references = public.definition.references_of(&public.live.fields);
    let pointer = |reference: Reference| {
        let Target::Entry(id) = reference.target else { return None };
        let field = public.definition.field(&reference.field)?;
        let FieldKind::Relation(relation) = &field.kind else { return None };
        let to = app.collections.get(&relation.to)?;
        let is_author = is_author(field);
        (to.taxonomy.is_some() || is_author).then(|| Pointer {
            field: reference.field,
            is_author,
            to: to.name.clone(),
            id,
        })
    };
    references.into_iter().take(LINKS_MAX).filter_map(pointer).collect()
}

impl Links {
    fn new(pointers: Vec<Pointer>, found: &BTreeMap<EntryId, PublicEntry>) -> Self {
        let mut links = Self::default();
        for Pointer { field, is_author, to, id } in pointers {
            links.tags.push(Tag::Entry(id));
            let there = found.get(&id).filter(|it| it.entry.collection == to);
            let Some(there) = there.filter(|it| !it.path.is_empty()) else { continue };
            if is_author {
                links.authors.push(there.link());
                continue;
            }
            links.terms.push(there.link());
            match links.by_field.iter_mut().find(|(name, _)| *name == field) {
                Some((_, ids)) => ids.push(id),
                None => links.by_field.push((field, vec![id])),
            }
        }
        links
    }
}

/// The listed collections whose entries point to this one as a term or author.
pub(super) fn referring(app: &App, to: &CollectionDefinition) -> Vec<Referring> {
    let pointing = |definition: Arc<CollectionDefinition>| {
        let found = definition.fields.iter().find(|field| {
            let relation = matches!(&field.kind, FieldKind::Relation(it) if it.to == to.name);
            relation && (to.taxonomy.is_some() || is_author(field))
        })?;
        let (field, is_author) = (found.name.to_string(), is_author(found));
        Some(Referring { definition, field, is_author })
    };
    listed(app).into_iter().filter_map(pointing).collect()
}

/// What a list of entries that point to one is.
pub(super) fn kind(referring: &[Referring]) -> ListKind {
    if referring.iter().any(|it| it.is_author) { ListKind::Author } else { ListKind::Term }
}

/// The entries that point to a term or author after a place, the first published last.
pub(super) async fn entries_of(
    app: &App,
    referring: &[Referring],
    id: EntryId,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Part, ContentError> {
    let mut entries = Vec::new();
    for it in referring {
        let condition = condition(&it.field, "eq", id.to_string());
        let (definition, after) = (&it.definition, after.clone());
        entries.extend(published_where(app, definition, vec![condition], limit + 1, after).await?);
    }
    Ok(cut(entries, limit))
}

/// The terms below a term of a tree.
pub(super) async fn below(
    app: &App,
    public: &PublicEntry,
) -> Result<Vec<NavigationLink>, ContentError> {
    if public.definition.field("parent").is_none() {
        return Ok(Vec::new());
    }
    let condition = condition("parent", "eq", public.entry.id.to_string());
    let found = published_where(app, &public.definition, vec![condition], BELOW_MAX, None).await?;
    Ok(found.iter().filter(|it| !it.path.is_empty()).map(PublicEntry::link).collect())
}

/// A condition on a field.
pub(super) fn condition(path: &str, operator: &str, value: String) -> AskedCondition {
    AskedCondition { path: path.to_owned(), operator: operator.to_owned(), value }
}
