//! An entry in all its languages, as readers see it.

use smartcms_domain::entries::Entry;

use super::commit::definition;
use super::error::ContentError;
use super::read::{hide_fields, may_read};
use crate::OpContext;

/// The public entries of the translation group of an entry, in the order of the site's languages, the entry itself
/// among them. On a site of one language nothing is looked for, and there are none.
pub async fn live_translations(
    ctx: &OpContext<'_>,
    entry: &Entry,
) -> Result<Vec<Entry>, ContentError> {
    let definition = definition(ctx, entry.collection.as_str())?;
    let locales = &ctx.app.site.locales;
    if locales.iter().nth(1).is_none() || !may_read(ctx.actor, &definition) {
        return Ok(Vec::new());
    }
    let mut found = ctx.app.entries.translations(entry.group).await?;
    found.retain(|it| it.live.is_some() && locales.contains(&it.locale));
    let place = |it: &Entry| locales.iter().position(|locale| *locale == it.locale);
    smartcms_domain::sorting::sort_by_key(&mut found, place);
    for entry in &mut found {
        hide_fields(ctx.actor, &definition, entry);
    }
    Ok(found)
}
