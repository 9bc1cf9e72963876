//! What an answer stands on: passages of public entries that are about the question.

use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::Locale;

use super::{ANSWER_SOURCES_MAX, SOURCE_CHARS_MAX};
use crate::OpContext;
use crate::entries::{ContentError, facts_of, may_read};
use crate::meaning::passages;
use crate::search::best_by_both;

/// An entry that an answer stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerSource {
    /// Which.
    pub entry: EntryId,
    /// Of which collection.
    pub collection: CollectionName,
    /// Its title.
    pub title: String,
    /// Its path on the site.
    pub path: String,
}

/// The same with what a model is told of it.
pub(super) struct Source {
    pub(super) source: AnswerSource,
    pub(super) title: String,
    pub(super) text: String,
}

/// The public entries with pages that are most about a question, the best first.
pub(super) async fn sources(
    ctx: &OpContext<'_>,
    question: &str,
    locale: Locale,
) -> Result<Vec<Source>, ContentError> {
    let all = ctx.app.collections.all();
    let with_pages = all.iter().filter(|it| it.url.is_some() && may_read(ctx.actor, it));
    let collections: Vec<CollectionName> = with_pages.map(|it| it.name.clone()).collect();
    if collections.is_empty() {
        return Ok(Vec::new());
    }
    let best = best_by_both(ctx, question, collections, locale, ANSWER_SOURCES_MAX).await?;
    let ids: Vec<EntryId> = best.iter().map(|it| it.entry).collect();
    let entries = ctx.app.entries.find_many(&ids).await?;
    let source = |hit: &crate::search::Ranked| {
        let entry = entries.iter().find(|it| it.id == hit.entry)?;
        let definition = ctx.app.collections.get(&entry.collection)?;
        source_of(ctx, &definition, entry, hit.part)
    };
    Ok(best.iter().filter_map(source).collect())
}

/// What everybody may read of an entry, around the part that is nearest; `None` for one that has left the site.
fn source_of(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: &Entry,
    part: Option<u32>,
) -> Option<Source> {
    let live = entry.live.as_ref().filter(|_| may_read(ctx.actor, definition))?;
    let path = definition.path(&ctx.app.site.locales, &entry.locale, &live.slug)?;
    let facts = facts_of(definition, entry).live?;
    let parts = passages(&facts, ctx.app.meaning.model.passage_chars).parts;
    // The first part is the title. What stands before the nearest often says what it is about.
    let first = (part.unwrap_or(1) as usize).saturating_sub(1).max(1);
    let mut text = String::new();
    for part in parts.iter().skip(first) {
        if text.chars().count() + part.chars().count() > SOURCE_CHARS_MAX {
            break;
        }
        text.push_str(part);
        text.push('\n');
    }
    let title = facts.title;
    let source = AnswerSource {
        entry: entry.id,
        collection: definition.name.clone(),
        title: title.clone(),
        path,
    };
    Some(Source { source, title, text })
}
