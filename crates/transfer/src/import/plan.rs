//! Slugs and addresses of everything that will be stored, before any of it is.

use std::collections::HashMap;

use smartcms_app::entries::ContentError;
use smartcms_domain::entries::{EntryId, SLUG_LEN_MAX, Slug};
use smartcms_domain::locales::Locale;

use super::parts::Import;
use super::survey::{Surveyed, path_of};
use crate::html::decode_percent;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// How many slugs are tried before a thing is named by its identity.
const SLUG_TRIES_MAX: u32 = 1_000;

/// Where everything will be.
#[derive(Debug, Default)]
pub(super) struct Plan {
    slugs: HashMap<EntryId, Slug>,
    /// Old paths, and where they lead now.
    moved: HashMap<String, String>,
}

impl Plan {
    pub(super) fn slug(&self, id: EntryId) -> Option<&Slug> {
        self.slugs.get(&id)
    }

    /// Where an old path leads now.
    pub(super) fn new_path(&self, old: &str) -> Option<&str> {
        self.moved.get(old).map(String::as_str)
    }
}

impl Import<'_> {
    /// Chooses the slug of everything: the source's own where it can be, numbered where it is taken.
    pub(super) async fn plan_slugs(&mut self, report: &mut Report) -> Result<(), ContentError> {
        let things = std::mem::take(&mut self.survey.things);
        let mut taken: HashMap<(String, Locale, Slug), EntryId> = HashMap::new();
        for thing in &things {
            let id = self.id(thing.kind, &self.key_of(thing));
            let Some(collection) = self.collection_of(&thing.collection) else { continue };
            if self.plan.slugs.contains_key(&id) {
                continue;
            }
            let (locale, _) = self.site.locale(thing.locale.as_deref());
            let wanted = wanted(thing, id);
            let slug = self.free_slug(&collection, &locale, wanted.clone(), id, &mut taken).await?;
            note_change(thing, &wanted, &slug, report);
            self.plan_addresses(thing, &collection, &locale, &slug);
            self.plan.slugs.insert(id, slug);
        }
        Ok(())
    }

    fn key_of(&self, thing: &Surveyed) -> String {
        match thing.kind {
            "term" => format!("{}:{}", thing.collection, thing.key),
            _ => thing.key.clone(),
        }
    }

    async fn free_slug(
        &self,
        collection: &str,
        locale: &Locale,
        wanted: Slug,
        id: EntryId,
        taken: &mut HashMap<(String, Locale, Slug), EntryId>,
    ) -> Result<Slug, ContentError> {
        let mut slug = wanted.clone();
        for number in 2..SLUG_TRIES_MAX {
            let key = (collection.to_owned(), locale.clone(), slug.clone());
            let here = taken.get(&key).is_none_or(|it| *it == id);
            if here && self.site.slug_is_free(collection, locale, &slug, id).await? {
                taken.insert(key, id);
                return Ok(slug);
            }
            slug = wanted.numbered(number);
        }
        Ok(Slug::from_id(id))
    }

    fn plan_addresses(&mut self, thing: &Surveyed, collection: &str, locale: &Locale, slug: &Slug) {
        let Some(new) = self.site.path(collection, locale, slug) else { return };
        let base = self.survey.site.base_url.as_deref();
        if thing.key.starts_with("file:") {
            self.plan.moved.insert(thing.key.clone(), new.clone());
        }
        for address in &thing.addresses {
            if let Some(old) = path_of(address, base) {
                self.plan.moved.entry(old).or_insert_with(|| new.clone());
            }
        }
    }
}

/// The slug that the source wants, made valid.
fn wanted(thing: &Surveyed, id: EntryId) -> Slug {
    let own = thing.slug.as_deref().map(decode_percent);
    let own = own.as_deref().and_then(|it| Slug::parse(it).ok().or_else(|| Slug::from_title(it)));
    own.or_else(|| Slug::from_title(&thing.title)).unwrap_or_else(|| Slug::from_id(id))
}

fn note_change(thing: &Surveyed, wanted: &Slug, slug: &Slug, report: &mut Report) {
    let own = thing.slug.as_deref().filter(|it| !it.is_empty());
    let name = if thing.title.is_empty() { &thing.key } else { &thing.title };
    let message = match own {
        _ if slug != wanted => format!("the slug `{wanted}` is taken; it is `{slug}` now"),
        Some(own) if own != slug.as_str() && thing.kind == "entry" => {
            let why = if own.len() > SLUG_LEN_MAX {
                "is too long"
            } else {
                "has other characters than a-z, 0-9 and -"
            };
            format!("the slug `{}` {why}; it is `{slug}` now", decode_percent(own))
        }
        _ => return,
    };
    report.note(Note::new(NoteKind::SlugChanged, &thing.place, name, message));
}
