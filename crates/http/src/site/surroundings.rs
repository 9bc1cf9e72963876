//! What stands around an entry on its page: its terms and authors, its neighbours, its translations, and what to
//! read next.

use smartcms_app::App;
use smartcms_app::entries::{ContentError, live_translations};
use smartcms_domain::collections::Target;
use smartcms_domain::entries::EntryId;
use smartcms_pages::{Alternate, EntrySurroundings, NavigationLink, RELATED_LEN_MAX};

use super::answer::PageError;
use super::read::{PublicEntry, published_in, reader};
use super::terms::{Links, condition, links};
use crate::page_cache::Tag;

/// How many of the newest entries, and of those with a term in common, are looked at.
const LOOKED_AT: u32 = 12;

/// What stands around an entry.
pub(super) struct Surroundings {
    /// All but images, and what to read next.
    pub(super) around: EntrySurroundings,
    /// What to read next.
    pub(super) related: Vec<PublicEntry>,
    /// The tags of what is shown.
    pub(super) tags: Vec<Tag>,
}

/// The entries before and after one, and the newest ones.
struct Neighbours {
    older: Option<NavigationLink>,
    newer: Option<NavigationLink>,
    shown: Vec<EntryId>,
    newest: Vec<PublicEntry>,
}

/// The surroundings of an entry. Entries of collections that are not listed by date have no neighbours.
pub(super) async fn surroundings(
    app: &App,
    public: &PublicEntry,
) -> Result<Surroundings, PageError> {
    let mut links = links(app, public).await?;
    let mut around = EntrySurroundings::default();
    let mut related = Vec::new();
    let mut tags = std::mem::take(&mut links.tags);
    if public.definition.listed {
        let neighbours = neighbours(app, public).await?;
        around.older = neighbours.older.clone();
        around.newer = neighbours.newer.clone();
        related = read_next(app, public, &links, neighbours).await?;
        tags.push(Tag::Collection(public.definition.name.clone()));
    }
    around.alternates = alternates(app, public).await?;
    // A translation that is published shows here: its event names the collection.
    if app.site.locales.iter().nth(1).is_some() && !public.definition.listed {
        tags.push(Tag::Collection(public.definition.name.clone()));
    }
    around.terms = links.terms;
    around.authors = links.authors;
    Ok(Surroundings { around, related, tags })
}

/// The entry in all its languages; none where it has one.
async fn alternates(app: &App, public: &PublicEntry) -> Result<Vec<Alternate>, ContentError> {
    let found = live_translations(&reader(app), &public.entry).await?;
    if found.len() < 2 {
        return Ok(Vec::new());
    }
    let alternate = |it: PublicEntry| Alternate {
        language: it.entry.locale.to_string(),
        label: smartcms_pages::language_name(it.entry.locale.as_str()),
        absolute_url: smartcms_pages::urls::absolute(&app.site.base_url, &it.path),
        url: it.path,
        is_current: it.entry.id == public.entry.id,
    };
    Ok(found.into_iter().filter_map(|it| PublicEntry::new(app, it)).map(alternate).collect())
}

async fn neighbours(app: &App, public: &PublicEntry) -> Result<Neighbours, ContentError> {
    let (definition, locale) = (&public.definition, &public.entry.locale);
    let newest = published_in(app, definition, locale, Vec::new(), (LOOKED_AT, None)).await?;
    let at = newest.iter().position(|it| it.entry.id == public.entry.id);
    let known = at.and_then(|it| newest.get(it + 1));
    let before = match known {
        Some(_) => Vec::new(),
        None => {
            let place = (1, Some(public.place()));
            published_in(app, definition, locale, Vec::new(), place).await?
        }
    };
    let older = known.or_else(|| before.first());
    let newer = at.and_then(|it| it.checked_sub(1)).and_then(|it| newest.get(it));
    let shown = [Some(public), older, newer].into_iter().flatten().map(|it| it.entry.id);
    Ok(Neighbours {
        shown: shown.collect(),
        older: older.map(PublicEntry::link),
        newer: newer.map(PublicEntry::link),
        newest,
    })
}

/// The entries with the most terms in common, then the newest ones.
async fn read_next(
    app: &App,
    public: &PublicEntry,
    links: &Links,
    neighbours: Neighbours,
) -> Result<Vec<PublicEntry>, ContentError> {
    let locale = &public.entry.locale;
    let terms: Vec<EntryId> = links.by_field.iter().flat_map(|(_, ids)| ids).copied().collect();
    let mut found: Vec<(usize, PublicEntry)> = Vec::new();
    for (field, ids) in &links.by_field {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let with_one = vec![condition(field, "in", ids.join(","))];
        let entries =
            published_in(app, &public.definition, locale, with_one, (LOOKED_AT, None)).await?;
        for entry in entries {
            let is_new = found.iter().all(|(_, it)| it.entry.id != entry.entry.id);
            if is_new && entry.entry.id != public.entry.id {
                found.push((in_common(&entry, &terms), entry));
            }
        }
    }
    // Sorting keeps the order of those with as many: the newest first.
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let best: Vec<EntryId> = found.iter().map(|(_, it)| it.entry.id).collect();
    let Neighbours { shown, newest, .. } = neighbours;
    let is_shown = |id: EntryId| best.contains(&id) || shown.contains(&id);
    let others = newest.into_iter().filter(|it| !is_shown(it.entry.id));
    Ok(found.into_iter().map(|(_, it)| it).chain(others).take(RELATED_LEN_MAX).collect())
}

fn in_common(entry: &PublicEntry, terms: &[EntryId]) -> usize {
    let references = entry.definition.references_of(&entry.live.fields);
    let is_common = |target: &Target| matches!(target, Target::Entry(id) if terms.contains(id));
    references.iter().filter(|it| is_common(&it.target)).count()
}
