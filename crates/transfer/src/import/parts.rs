//! An import while it runs: what it knows, and what it does with each item.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smartcms_app::OpContext;
use smartcms_app::entries::{ContentError, ImportEntry};
use smartcms_domain::collections::Target;
use smartcms_domain::entries::EntryId;

use super::ImportOptions;
use super::arrange::Arranged;
use super::destination::Destination;
use super::identity::identity;
use super::media::{Media, MediaStore};
use super::plan::Plan;
use super::survey::{Survey, Surveyed};
use super::tally::Tally;
use crate::item::{Asset, ImportedEntry, Item, Source};
use crate::report::Report;

/// An import while it runs. Its steps run beside one another.
pub(super) struct Import {
    pub(super) site: Destination,
    pub(super) source: Arc<dyn Source>,
    pub(super) source_key: String,
    pub(super) media_store: Option<Arc<dyn MediaStore>>,
    pub(super) survey: Survey,
    pub(super) plan: Plan,
    pub(super) media: Media,
    /// What stored entries point to.
    targets: Mutex<HashSet<EntryId>>,
    /// Menus and redirects, for when everything is stored.
    arranged: Mutex<Arranged>,
}

impl Import {
    pub(super) async fn new(
        ctx: &OpContext<'_>,
        source: &Arc<dyn Source>,
        media: Option<Arc<dyn MediaStore>>,
        options: ImportOptions,
    ) -> Result<Self, ContentError> {
        let wanted = !options.no_media && !options.dry_run;
        Ok(Self {
            site: Destination::open(ctx, options.dry_run).await?,
            source: Arc::clone(source),
            source_key: source.key(),
            media_store: media.filter(|_| wanted),
            survey: Survey::default(),
            plan: Plan::default(),
            media: Media::default(),
            targets: Mutex::default(),
            arranged: Mutex::default(),
        })
    }

    /// The identity of a thing of the source.
    pub(super) fn id(&self, kind: &str, key: &str) -> EntryId {
        identity(&self.source_key, kind, key)
    }

    /// The collection that takes what the source calls so, if the site has one.
    pub(super) fn collection_of(&self, name: &str) -> Option<String> {
        let singular = name.strip_suffix('s').unwrap_or(name);
        let plural = name.strip_suffix('y').map(|it| format!("{it}ies"));
        let names =
            [name.to_owned(), name.replace('-', "_"), format!("{name}s"), singular.to_owned()];
        names.into_iter().chain(plural).find(|it| self.site.shape(it).is_some())
    }

    /// The collection of an entry: one that is named like the part of the site it stood in comes first.
    pub(super) fn collection_in(&self, section: Option<&str>, name: &str) -> Option<String> {
        section.and_then(|it| self.collection_of(it)).or_else(|| self.collection_of(name))
    }

    /// Learns of an item before any is stored.
    pub(super) async fn learn(
        &mut self,
        item: Item,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let Some(thing) = self.survey.take(item, report) else { return Ok(()) };
        let collection = self.collection_in(thing.section.as_deref(), &thing.collection);
        let Some(collection) = collection else { return Ok(()) };
        let id = self.id(thing.kind, &key_of(&thing));
        let base = self.survey.site.base_url.as_deref();
        self.plan.add(&thing, id, &collection, (&self.site, base), report).await
    }

    /// Does what an item asks for.
    pub(super) async fn take(&self, item: Item, tally: &mut Tally) -> Result<(), ContentError> {
        match item {
            Item::Site(_) | Item::Fragment(_) => Ok(()),
            Item::Author(author) => self.author(author, tally).await,
            Item::Term(term) => self.term(term, tally).await,
            Item::Entry(entry) => self.entry(*entry, tally).await,
            Item::Asset(asset) => {
                self.asset(asset, tally).await;
                Ok(())
            }
            Item::MenuItem(item) => {
                self.arranged().add_menu_item(item);
                Ok(())
            }
            Item::Redirect(redirect) => {
                self.arranged().add_redirect(redirect);
                Ok(())
            }
            Item::Note(note) => {
                tally.note(note);
                Ok(())
            }
        }
    }

    /// A medium is stored even when no entry shows it: somebody uploaded it.
    async fn asset(&self, asset: Asset, tally: &mut Tally) {
        let url = asset.url.clone();
        let stand_in = ImportedEntry::new(asset.parent.unwrap_or_default(), "", asset.place);
        self.store_medium(&url, &stand_in, tally).await;
    }

    /// Remembers what an entry that is stored points to.
    pub(super) fn remember_targets(&self, command: &ImportEntry) {
        let Some(shape) = self.site.shape(&command.collection) else { return };
        let references = shape.definition.references_of(&command.fields);
        let entries = references.iter().filter_map(|it| match it.target {
            Target::Entry(id) => Some(id),
            _ => None,
        });
        self.targets.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
    }

    fn arranged(&self) -> MutexGuard<'_, Arranged> {
        self.arranged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The menus and redirects of the source.
    pub(super) fn take_arranged(&self) -> Arranged {
        std::mem::take(&mut *self.arranged())
    }

    /// Everything that stored entries point to.
    pub(super) fn take_targets(&self) -> HashSet<EntryId> {
        std::mem::take(&mut *self.targets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Terms of different taxonomies may be called alike.
fn key_of(thing: &Surveyed) -> String {
    match thing.kind {
        "term" => format!("{}:{}", thing.collection, thing.key),
        _ => thing.key.clone(),
    }
}
