//! The site that is written to, as an import sees it.

use smartcms_app::OpContext;
use smartcms_app::entries::ContentError;
use smartcms_app::ports::Side;
use smartcms_domain::entries::{EntryId, Slug};
use smartcms_domain::locales::Locale;

use super::shape::Shape;

/// The site that is written to.
#[derive(Clone, Copy)]
pub(super) struct Destination<'a> {
    pub(super) ctx: &'a OpContext<'a>,
    pub(super) dry_run: bool,
}

impl Destination<'_> {
    /// The shape of a collection, when the site has it.
    pub(super) fn shape(&self, collection: &str) -> Option<Shape> {
        let definition = self.ctx.app.collections.find(collection)?;
        Some(Shape { definition })
    }

    /// Whether an entry is there.
    pub(super) async fn has(&self, id: EntryId) -> Result<bool, ContentError> {
        Ok(self.ctx.app.entries.find(id).await?.is_some())
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
        for side in [Side::Newest, Side::Live] {
            let found = self.ctx.app.entries.find_by_slug(name, locale, slug, side).await?;
            if found.is_some_and(|it| it.id != id) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Where an entry is on the site.
    pub(super) fn path(&self, collection: &str, locale: &Locale, slug: &Slug) -> Option<String> {
        self.shape(collection)?.definition.path(&self.ctx.app.site.locales, locale, slug)
    }

    /// The language that an entry gets, and whether it is the one that the source names.
    pub(super) fn locale(&self, named: Option<&str>) -> (Locale, bool) {
        let locales = &self.ctx.app.site.locales;
        let Some(named) = named else { return (locales.default().clone(), true) };
        match Locale::parse(named).ok().filter(|it| locales.contains(it)) {
            Some(locale) => (locale, true),
            None => (locales.default().clone(), false),
        }
    }
}
