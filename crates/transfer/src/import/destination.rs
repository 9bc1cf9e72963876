//! The site that is written to, as an import sees it.

use std::collections::HashSet;

use smartcms_app::entries::ContentError;
use smartcms_app::ports::{Listing, Side};
use smartcms_app::{App, CallChain, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Slug};
use smartcms_domain::locales::Locale;

use super::shape::Shape;

/// The site that is written to.
pub(super) struct Destination {
    app: App,
    actor: Actor,
    chain: CallChain,
    pub(super) dry_run: bool,
    /// Collections that had no entries when the import began: what is looked for there is not there.
    empty: HashSet<CollectionName>,
}

impl Destination {
    pub(super) async fn open(ctx: &OpContext<'_>, dry_run: bool) -> Result<Self, ContentError> {
        let mut empty = HashSet::new();
        for definition in ctx.app.collections.all().iter() {
            let has =
                async |listing| ctx.app.entries.has_more_than(&definition.name, listing, 0).await;
            if !has(Listing::Newest(None)).await? && !has(Listing::Trashed).await? {
                empty.insert(definition.name.clone());
            }
        }
        let (app, actor, chain) = (ctx.app.clone(), ctx.actor.clone(), ctx.chain.clone());
        Ok(Self { app, actor, chain, dry_run, empty })
    }

    pub(super) fn ctx(&self) -> OpContext<'_> {
        OpContext::called(&self.app, &self.actor, &self.chain)
    }

    /// The shape of a collection, when the site has it.
    pub(super) fn shape(&self, collection: &str) -> Option<Shape> {
        let definition = self.app.collections.find(collection)?;
        Some(Shape { definition })
    }

    /// Whether an entry was there before the import began.
    pub(super) async fn has(&self, shape: &Shape, id: EntryId) -> Result<bool, ContentError> {
        if self.empty.contains(&shape.definition.name) {
            return Ok(false);
        }
        Ok(self.app.entries.find(id).await?.is_some())
    }

    /// Whether no other entry has the slug, on either side.
    pub(super) async fn slug_is_free(
        &self,
        collection: &str,
        locale: &Locale,
        slug: &Slug,
        id: EntryId,
    ) -> Result<bool, ContentError> {
        let Some(shape) = self.shape(collection) else { return Ok(true) };
        let name = &shape.definition.name;
        if self.empty.contains(name) {
            return Ok(true);
        }
        for side in [Side::Newest, Side::Live] {
            let found = self.app.entries.find_by_slug(name, locale, slug, side).await?;
            if found.is_some_and(|it| it.id != id) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Where an entry is on the site.
    pub(super) fn path(&self, collection: &str, locale: &Locale, slug: &Slug) -> Option<String> {
        self.shape(collection)?.definition.path(&self.app.site.locales, locale, slug)
    }

    /// The language that an entry gets, and whether it is the one that the source names.
    pub(super) fn locale(&self, named: Option<&str>) -> (Locale, bool) {
        let locales = &self.app.site.locales;
        let Some(named) = named else { return (locales.default().clone(), true) };
        match Locale::parse(&named.replace('_', "-")).ok().filter(|it| locales.contains(it)) {
            Some(locale) => (locale, true),
            None => (locales.default().clone(), false),
        }
    }
}
