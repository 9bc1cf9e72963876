//! An import while it runs: what it knows, and what it does with each item.

use std::collections::HashMap;

use smartcms_app::OpContext;
use smartcms_app::entries::ContentError;
use smartcms_domain::entries::EntryId;
use tokio::task::JoinSet;

use super::ImportOptions;
use super::destination::Destination;
use super::identity::identity;
use super::links::url_key;
use super::media::{Media, MediaStore};
use super::sending::Stored;
use super::survey::Survey;
use crate::item::{Asset, ImportedEntry, Item, MenuItem, Redirect, Source};
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// An import while it runs.
pub(super) struct Import<'a> {
    pub(super) site: Destination<'a>,
    pub(super) source: &'a dyn Source,
    pub(super) source_key: String,
    pub(super) media_store: Option<&'a dyn MediaStore>,
    pub(super) survey: Survey<'static>,
    pub(super) plan: super::plan::Plan,
    pub(super) media: Media,
    /// Keys of media by their address.
    pub(super) asset_by_url: HashMap<String, String>,
    /// Entries that are being stored, so that many share one wait for the disk.
    pub(super) storing: JoinSet<Stored>,
    options: ImportOptions,
    taken: u64,
}

impl<'a> Import<'a> {
    pub(super) fn new(
        ctx: &'a OpContext<'a>,
        source: &'a std::sync::Arc<dyn Source>,
        media: Option<&'a dyn MediaStore>,
        options: ImportOptions,
        survey: Survey<'static>,
    ) -> Self {
        let by_url = survey.assets.values().map(|it| (url_key(&it.url), it.key.clone()));
        let wanted = !options.no_media && !options.dry_run;
        Self {
            site: Destination { ctx, dry_run: options.dry_run },
            source: &**source,
            source_key: source.key(),
            media_store: media.filter(|_| wanted),
            asset_by_url: by_url.collect(),
            survey,
            plan: super::plan::Plan::default(),
            media: Media::default(),
            storing: JoinSet::new(),
            options,
            taken: 0,
        }
    }

    /// The identity of a thing of the source.
    pub(super) fn id(&self, kind: &str, key: &str) -> EntryId {
        identity(&self.source_key, kind, key)
    }

    /// Whether as many entries as were asked for were taken.
    pub(super) fn is_full(&self) -> bool {
        self.options.limit.is_some_and(|limit| self.taken >= limit)
    }

    /// The collection that takes what the source calls so, if the site has one.
    pub(super) fn collection_of(&self, name: &str) -> Option<String> {
        let singular = name.strip_suffix('s').unwrap_or(name);
        let names =
            [name.to_owned(), name.replace('-', "_"), format!("{name}s"), singular.to_owned()];
        names.into_iter().find(|it| self.site.shape(it).is_some())
    }

    /// Does what an item asks for.
    pub(super) async fn take(
        &mut self,
        item: Item,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        match item {
            Item::Site(_) => Ok(()),
            Item::Author(author) => self.author(author, report).await,
            Item::Term(term) => self.term(term, report).await,
            Item::Entry(entry) => {
                self.taken += 1;
                self.entry(*entry, report).await
            }
            Item::Asset(asset) => {
                self.asset(asset, report).await;
                Ok(())
            }
            Item::MenuItem(item) => {
                leave_menu(&item, report);
                Ok(())
            }
            Item::Redirect(redirect) => {
                leave_redirect(&redirect, report);
                Ok(())
            }
            Item::Note(note) => {
                report.note(note);
                Ok(())
            }
        }
    }

    /// A medium is stored even when no entry shows it: somebody uploaded it.
    async fn asset(&mut self, asset: Asset, report: &mut Report) {
        let url = asset.url.clone();
        let stand_in = ImportedEntry::new(asset.parent.unwrap_or_default(), "", asset.place);
        self.store_medium(&url, &stand_in, report).await;
    }

    /// Waits for everything that is being stored.
    pub(super) async fn finish(&mut self, report: &mut Report) -> Result<(), ContentError> {
        while let Some(stored) = self.storing.join_next().await {
            super::sending::count(stored, report)?;
        }
        Ok(())
    }
}

fn leave_menu(item: &MenuItem, report: &mut Report) {
    let message = format!("the menu `{}` has no place on this site", item.menu);
    report.note(Note::new(NoteKind::MenuLeft, &item.place, &item.label, message));
}

fn leave_redirect(redirect: &Redirect, report: &mut Report) {
    let message = format!("it led to {}; redirects have no place on this site", redirect.to);
    report.note(Note::new(NoteKind::RedirectLeft, &redirect.place, &redirect.from, message));
}
