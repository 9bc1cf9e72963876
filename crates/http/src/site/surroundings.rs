//! What stands around an entry on its page: its terms and authors, its neighbours, its translations, and what to
//! read next.

use smartcms_app::App;
use smartcms_app::entries::{ContentError, live_translations, near_entries};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_pages::{Alternate, EntrySurroundings, RELATED_LEN_MAX};

use super::answer::PageError;
use super::read::{PublicEntry, published_in, reader};
use super::terms::{Links, links};
use crate::page_cache::Tag;

/// What stands around an entry.
pub(super) struct Surroundings {
    /// All but images, and what to read next.
    pub(super) around: EntrySurroundings,
    /// What to read next.
    pub(super) related: Vec<PublicEntry>,
    /// The tags of what is shown.
    pub(super) tags: Vec<Tag>,
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
        let near = Near::read(app, public, &links).await?;
        around.older = near.older.as_ref().map(PublicEntry::link);
        around.newer = near.newer.as_ref().map(PublicEntry::link);
        related = near.read_next(app, public).await?;
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

/// The entries before and after one, and those that have terms in common with it.
struct Near {
    older: Option<PublicEntry>,
    newer: Option<PublicEntry>,
    related: Vec<PublicEntry>,
}

impl Near {
    async fn read(app: &App, public: &PublicEntry, links: &Links) -> Result<Self, ContentError> {
        let pointing: Vec<(String, EntryId)> = links
            .by_field
            .iter()
            .flat_map(|(field, ids)| ids.iter().map(move |id| (field.clone(), *id)))
            .collect();
        let related_max = u32::try_from(RELATED_LEN_MAX).unwrap_or(u32::MAX);
        let near = near_entries(&reader(app), &public.entry, &pointing, related_max).await?;
        let shown = |it: Entry| PublicEntry::new(app, it);
        Ok(Self {
            older: near.older.and_then(shown),
            newer: near.newer.and_then(shown),
            related: near.related.into_iter().filter_map(shown).collect(),
        })
    }

    /// What has most in common with an entry, and where that is little, the newest ones after it.
    async fn read_next(
        mut self,
        app: &App,
        public: &PublicEntry,
    ) -> Result<Vec<PublicEntry>, ContentError> {
        let missing = RELATED_LEN_MAX.saturating_sub(self.related.len());
        if missing == 0 {
            return Ok(self.related);
        }
        let near = [Some(public), self.older.as_ref(), self.newer.as_ref()].into_iter().flatten();
        let shown = near.chain(&self.related).map(|it| it.entry.id);
        let shown: Vec<EntryId> = shown.collect();
        let limit = u32::try_from(missing + shown.len()).unwrap_or(u32::MAX);
        let (definition, locale) = (&public.definition, &public.entry.locale);
        let newest = published_in(app, definition, locale, Vec::new(), (limit, None)).await?;
        let others = newest.into_iter().filter(|it| !shown.contains(&it.entry.id));
        self.related.extend(others.take(missing));
        Ok(self.related)
    }
}
