//! Slugs and addresses of everything that will be stored, before any of it is.
//!
//! There may be millions of things: each is some 60 bytes here, and addresses are kept as their hashes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use smartcms_app::entries::ContentError;
use smartcms_domain::entries::{EntryId, SLUG_LEN_MAX, Slug};
use smartcms_domain::locales::Locale;

use super::destination::Destination;
use super::survey::{Surveyed, path_of};
use crate::html::decode_percent;
use crate::limits::REMEMBERED_MAX;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// How many slugs are tried before a thing is named by its identity.
const SLUG_TRIES_MAX: u32 = 1_000;

/// Where everything will be.
#[derive(Debug, Default)]
pub(super) struct Plan {
    things: Vec<Planned>,
    /// All slugs, one after another.
    slugs: String,
    collections: Vec<String>,
    locales: Vec<Locale>,
    by_id: HashMap<EntryId, u32>,
    /// Hashes of old addresses, and which thing is there.
    moved: HashMap<u64, u32>,
    /// Hashes of slugs with their collection and language, and which thing has it.
    taken: HashMap<u64, u32>,
    hashes: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Planned {
    slug_at: usize,
    slug_len: u8,
    collection: u16,
    locale: u16,
}

impl Plan {
    /// Whether a thing will be stored, or is.
    pub(super) fn has(&self, id: EntryId) -> bool {
        self.by_id.contains_key(&id)
    }

    /// The slug of a thing.
    pub(super) fn slug(&self, id: EntryId) -> Option<Slug> {
        self.slug_of(*self.things.get(usize::try_from(*self.by_id.get(&id)?).ok()?)?)
    }

    fn slug_of(&self, thing: Planned) -> Option<Slug> {
        let text = self.slugs.get(thing.slug_at..thing.slug_at + usize::from(thing.slug_len))?;
        Slug::parse(text).ok()
    }

    /// Where what was at an old address is now.
    pub(super) fn new_path(&self, old: &str, site: &Destination) -> Option<String> {
        let at = usize::try_from(*self.moved.get(&self.hashes.hash_one(old))?).ok()?;
        let thing = *self.things.get(at)?;
        let collection = self.collections.get(usize::from(thing.collection))?;
        let locale = self.locales.get(usize::from(thing.locale))?;
        site.path(collection, locale, &self.slug_of(thing)?)
    }

    /// What is only asked for while things are added goes.
    pub(super) fn finish(&mut self) {
        self.taken = HashMap::new();
        self.slugs.shrink_to_fit();
    }

    /// Chooses the slug of a thing: the source's own where it can be, numbered where it is taken.
    pub(super) async fn add(
        &mut self,
        thing: &Surveyed,
        id: EntryId,
        collection: &str,
        (site, base): (&Destination, Option<&str>),
        report: &mut Report,
    ) -> Result<(), ContentError> {
        if self.things.len() >= REMEMBERED_MAX {
            return Ok(());
        }
        if self.has(id) {
            note_twice(thing, report);
            return Ok(());
        }
        let (locale, _) = site.locale(thing.locale.as_deref());
        let wanted = wanted(thing, id);
        let slug = self.free_slug((collection, &locale), wanted.clone(), id, site).await?;
        note_change(thing, &wanted, &slug, report);
        let at = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.taken.insert(self.slug_hash(collection, &locale, &slug), at);
        self.by_id.insert(id, at);
        self.add_addresses(thing, at, base);
        let planned = Planned {
            slug_at: self.slugs.len(),
            slug_len: u8::try_from(slug.as_str().len()).unwrap_or(u8::MAX),
            collection: place_of(&mut self.collections, collection.to_owned()),
            locale: place_of(&mut self.locales, locale),
        };
        self.slugs.push_str(slug.as_str());
        self.things.push(planned);
        Ok(())
    }

    fn slug_hash(&self, collection: &str, locale: &Locale, slug: &Slug) -> u64 {
        self.hashes.hash_one((collection, locale, slug))
    }

    async fn free_slug(
        &self,
        (collection, locale): (&str, &Locale),
        wanted: Slug,
        id: EntryId,
        site: &Destination,
    ) -> Result<Slug, ContentError> {
        let mut slug = wanted.clone();
        for number in 2..SLUG_TRIES_MAX {
            let here = self.taken.contains_key(&self.slug_hash(collection, locale, &slug));
            if !here && site.slug_is_free(collection, locale, &slug, id).await? {
                return Ok(slug);
            }
            slug = wanted.numbered(number);
        }
        Ok(Slug::from_id(id))
    }

    fn add_addresses(&mut self, thing: &Surveyed, at: u32, base: Option<&str>) {
        if thing.key.starts_with("file:") {
            self.moved.insert(self.hashes.hash_one(&thing.key), at);
            let name = format!("name:{}", file_name(&thing.key));
            self.moved.entry(self.hashes.hash_one(name.as_str())).or_insert(at);
        }
        // WordPress and Ghost find a post by its last name, wherever a link says it is.
        if thing.kind == "entry"
            && thing.key.starts_with("post:")
            && let Some(slug) = thing.slug.as_deref().filter(|it| !it.is_empty())
        {
            let name = format!("slug:{}", decode_percent(slug));
            self.moved.entry(self.hashes.hash_one(name.as_str())).or_insert(at);
        }
        for address in &thing.addresses {
            // WordPress finds everything by its number too.
            let old = if address.starts_with("?p=") {
                Some(address.clone())
            } else {
                path_of(address, base)
            };
            if let Some(old) = old {
                self.moved.entry(self.hashes.hash_one(old.as_str())).or_insert(at);
            }
        }
    }
}

/// The name of a file, or of the folder that it is the index of, without its ending.
fn file_name(key: &str) -> &str {
    let path = key.strip_prefix("file:").unwrap_or(key);
    let path = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let path = path.strip_suffix("/index").or_else(|| path.strip_suffix("/_index")).unwrap_or(path);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The place of a value in a short list of them.
fn place_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> u16 {
    let at = list.iter().position(|it| *it == value).unwrap_or(list.len());
    if at == list.len() {
        list.push(value);
    }
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// The slug that the source wants, made valid.
fn wanted(thing: &Surveyed, id: EntryId) -> Slug {
    let own = thing.slug.as_deref().map(decode_percent);
    let own = own.as_deref().and_then(|it| Slug::parse(it).ok().or_else(|| Slug::from_title(it)));
    let own = own.or_else(|| Slug::from_title(&thing.title));
    // A number of the source says more than an identity.
    let number = || thing.key.rsplit_once(':').and_then(|(_, it)| Slug::from_title(it));
    let numbered = || Slug::parse(&format!("{}-{}", thing.kind_name(), number()?)).ok();
    own.or_else(numbered).unwrap_or_else(|| Slug::from_id(id))
}

impl Surveyed {
    /// What one of its collection is called: `post` of `posts`.
    fn kind_name(&self) -> String {
        let name = self.collection.strip_suffix('s').unwrap_or(&self.collection);
        name.replace('_', "-").to_ascii_lowercase()
    }

    fn name(&self) -> &str {
        if self.title.is_empty() { &self.key } else { &self.title }
    }
}

fn note_twice(thing: &Surveyed, report: &mut Report) {
    // People and terms are named by many entries; only the first is listed.
    if thing.kind == "entry" {
        let message =
            format!("another has the same number, `{}`; only the first is taken", thing.key);
        report.note(Note::new(NoteKind::Skipped, &thing.place, thing.name(), message));
    }
}

fn note_change(thing: &Surveyed, wanted: &Slug, slug: &Slug, report: &mut Report) {
    let own = thing.slug.as_deref().filter(|it| !it.is_empty());
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
    report.note(Note::new(NoteKind::SlugChanged, &thing.place, thing.name(), message));
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_by_itself_or_by_its_folder() {
        assert_eq!(file_name("file:posts/first.md"), "first");
        assert_eq!(file_name("file:posts/trip/index.md"), "trip");
        assert_eq!(file_name("file:_posts/2020-01-02-a.b.markdown"), "2020-01-02-a.b");
    }
}
