//! Terms and authors: which an entry points to, and which entries point to one.

use std::collections::BTreeMap;
use std::sync::Arc;

use smartcms_app::App;
use smartcms_app::entries::{
    AskedCondition, ContentError, live_entries, live_groups, live_translations,
};
use smartcms_app::ports::Cursor;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind, Reference, Target,
};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::{Locale, Locales};
use smartcms_domain::sorting::set_of;
use smartcms_pages::{ListKind, NavigationLink};

use super::read::{Part, PublicEntry, cut, listed, published_in, reader};
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
    let ids = set_of(pointers.iter().flatten().map(|it| it.id));
    let ids: Vec<EntryId> = ids.into_iter().collect();
    let there = There::read(app, entries, &ids).await?;
    let links = pointers.into_iter().zip(entries);
    Ok(links.map(|(it, entry)| Links::new(it, &there.for_readers_of(entry))).collect())
}

/// What is pointed to and public, and on a site of several languages its translations.
struct There<'a> {
    locales: &'a Locales,
    by_id: BTreeMap<EntryId, PublicEntry>,
    translations: Vec<PublicEntry>,
}

/// The same for readers of one language.
struct ThereIn<'a> {
    there: &'a There<'a>,
    languages: Vec<Locale>,
}

impl<'a> There<'a> {
    /// One read, and another where something may be there in a better language.
    async fn read(
        app: &'a App,
        entries: &[PublicEntry],
        ids: &[EntryId],
    ) -> Result<Self, ContentError> {
        let public =
            |found: Vec<Entry>| found.into_iter().filter_map(|it| PublicEntry::new(app, it));
        let found: Vec<PublicEntry> = public(live_entries(&reader(app), ids).await?).collect();
        let is_other =
            |it: &&PublicEntry| entries.iter().any(|entry| entry.entry.locale != it.entry.locale);
        let groups: Vec<EntryId> = found.iter().filter(is_other).map(|it| it.entry.group).collect();
        let translations = public(live_groups(&reader(app), &groups).await?).collect();
        // What is a draft or gone is not there.
        let by_id = found.into_iter().map(|it| (it.entry.id, it)).collect();
        Ok(Self { locales: &app.site.locales, by_id, translations })
    }

    fn for_readers_of(&'a self, entry: &PublicEntry) -> ThereIn<'a> {
        ThereIn { there: self, languages: self.locales.fallbacks(&entry.entry.locale) }
    }
}

impl ThereIn<'_> {
    /// What has this id, in the best language that there is.
    fn find(&self, id: EntryId) -> Option<&PublicEntry> {
        let named = self.there.by_id.get(&id)?;
        let translations = &self.there.translations;
        let best = self.languages.iter().find_map(|language| {
            translations.iter().find(|it| {
                it.entry.group == named.entry.group
                    && it.entry.collection == named.entry.collection
                    && it.entry.locale == *language
            })
        });
        best.or(Some(named))
    }

    /// What changes when a translation is published.
    fn tags(&self, to: &CollectionName) -> Option<Tag> {
        self.there.locales.iter().nth(1).map(|_| Tag::Collection(to.clone()))
    }
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
    fn new(pointers: Vec<Pointer>, there: &ThereIn<'_>) -> Self {
        let mut links = Self::default();
        for Pointer { field, is_author, to, id } in pointers {
            links.tags.push(Tag::Entry(id));
            links.tags.extend(there.tags(&to));
            let there = there.find(id).filter(|it| it.entry.collection == to);
            let Some(there) = there.filter(|it| !it.path.is_empty()) else { continue };
            links.tags.push(Tag::Entry(there.entry.id));
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

/// The entries that point to a term or author, in whichever of its languages, after a place, the first published last:
/// in the language of the term, or the best that it falls back to.
pub(super) async fn entries_of(
    app: &App,
    referring: &[Referring],
    public: &PublicEntry,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Part, ContentError> {
    let ids = ids_of(app, public).await?;
    let mut entries = Vec::new();
    for it in referring {
        let conditions = vec![condition(&it.field, "in", ids.clone())];
        let place = (limit + 1, after.clone());
        let locale = &public.entry.locale;
        entries.extend(published_in(app, &it.definition, locale, conditions, place).await?);
    }
    Ok(cut(entries, limit))
}

/// The ids of an entry and its translations, with commas between: a field that all translations share names one of them.
async fn ids_of(app: &App, public: &PublicEntry) -> Result<String, ContentError> {
    let translations = live_translations(&reader(app), &public.entry).await?;
    let mut ids = vec![public.entry.id];
    ids.extend(translations.iter().map(|it| it.id).filter(|it| *it != public.entry.id));
    Ok(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

/// The terms below a term of a tree.
pub(super) async fn below(
    app: &App,
    public: &PublicEntry,
) -> Result<Vec<NavigationLink>, ContentError> {
    if public.definition.field("parent").is_none() {
        return Ok(Vec::new());
    }
    let conditions = vec![condition("parent", "in", ids_of(app, public).await?)];
    let (locale, place) = (&public.entry.locale, (BELOW_MAX, None));
    let found = published_in(app, &public.definition, locale, conditions, place).await?;
    Ok(found.iter().filter(|it| !it.path.is_empty()).map(PublicEntry::link).collect())
}

/// A condition on a field.
fn condition(path: &str, operator: &str, value: String) -> AskedCondition {
    AskedCondition { path: path.to_owned(), operator: operator.to_owned(), value }
}
