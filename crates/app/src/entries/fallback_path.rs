//! Where a page is in another language.

use super::read::{View, best_of, locale_of, may_read};
use crate::OpContext;
use crate::ports::{Side, StoreError};

/// The path of the page that stands in for one that is not there in the language of its path: of the best translation
/// that there is, of an entry that has the slug in one of the languages that this one falls back to.
pub async fn find_fallback_path(
    ctx: &OpContext<'_>,
    path: &str,
) -> Result<Option<String>, StoreError> {
    let locales = &ctx.app.site.locales;
    let (locale, below) = locale_of(locales, path);
    if locale == locales.default() {
        return Ok(None);
    }
    let wanted = locales.fallbacks(locale);
    for definition in ctx.app.collections.all().iter().filter(|it| may_read(ctx.actor, it)) {
        let Some(slug) = definition.url.as_ref().and_then(|it| it.slug_of(below)) else { continue };
        for language in &wanted {
            let entries = &ctx.app.entries;
            let found = entries.find_by_slug(&definition.name, language, &slug, Side::Live).await?;
            let Some(entry) = found else { continue };
            let best = best_of(ctx, entry, View::Published, &wanted).await?;
            let path_of = |it: smartcms_domain::entries::Entry| {
                definition.path(locales, &it.locale, &it.live?.slug)
            };
            return Ok(best.and_then(path_of).filter(|it| it != path));
        }
    }
    Ok(None)
}
