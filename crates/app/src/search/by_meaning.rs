//! Searching by meaning, and by both.

use std::collections::HashMap;

use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::Locale;

use super::fuse::{FUSED_MAX, fused};
use super::terms::telling_terms;
use super::{Ranked, SearchContent};
use crate::OpContext;
use crate::entries::{ContentError, View, facts_of};
use crate::meaning::passages;
use crate::ports::{
    NEAREST_MAX, NearEntry, NearestQuery, SearchHit, SearchMode, SearchPiece, SearchQuery, Side,
};

/// The longest part of a passage that is shown with a hit, in characters.
const SNIPPET_CHARS: usize = 240;

/// What is not public is measured by nobody.
pub(super) fn require_published(query: &SearchContent) -> Result<(), ContentError> {
    if query.view == View::Published {
        return Ok(());
    }
    let message =
        "only what is public is found by its meaning: leave `status` out, or search by `mode=text`";
    Err(ContentError::BadQuery(vec![Problem::field("status", "not-by-meaning", message)]))
}

/// One page of what is near a text, or of that and what has its words.
pub(super) async fn ranked(
    ctx: &OpContext<'_>,
    asked: &SearchQuery,
    text: &str,
    mode: SearchMode,
) -> Result<(Vec<Ranked>, Option<u32>), ContentError> {
    let all = match mode {
        SearchMode::Semantic => nearest(ctx, asked, text, NEAREST_MAX).await?,
        _ => by_both(ctx, asked, text).await?,
    };
    let (range, next) = asked.page_of(all.len());
    let page = all.into_iter().skip(range.start).take(range.len());
    Ok((page.collect(), next))
}

async fn nearest(
    ctx: &OpContext<'_>,
    asked: &SearchQuery,
    text: &str,
    limit: u32,
) -> Result<Vec<Ranked>, ContentError> {
    let near = near_text(ctx, text, asked.collections.clone(), asked.locale.clone(), limit).await?;
    let ranked = |it: NearEntry| Ranked {
        entry: it.entry,
        score: f64::from(it.similarity),
        marked: None,
        part: Some(it.part),
    };
    Ok(near.into_iter().map(ranked).collect())
}

/// Puts the best of both together.
async fn by_both(
    ctx: &OpContext<'_>,
    asked: &SearchQuery,
    text: &str,
) -> Result<Vec<Ranked>, ContentError> {
    let words = SearchQuery { limit: FUSED_MAX, after: 0, ..asked.clone() };
    let words = ctx.app.search.search(&words).await?.hits;
    let near = match nearest(ctx, asked, text, FUSED_MAX).await {
        Err(ContentError::Meaning(error)) => {
            let model = &ctx.app.meaning.model.name;
            tracing::warn!(model, %error, "a search went by words alone: the model does not answer");
            Vec::new()
        }
        near => near?,
    };
    let lists = [
        words.iter().map(|it| it.entry).collect::<Vec<EntryId>>(),
        near.iter().map(|it| it.entry).collect(),
    ];
    let order = fused(&lists);
    let parts: HashMap<EntryId, Option<u32>> = near.iter().map(|it| (it.entry, it.part)).collect();
    let mut words: HashMap<EntryId, SearchHit> =
        words.into_iter().map(|it| (it.entry, it)).collect();
    let ranked = order.into_iter().map(|(entry, score)| Ranked {
        entry,
        score,
        marked: words.remove(&entry).map(|it| (it.title, it.snippet)),
        part: parts.get(&entry).copied().flatten(),
    });
    Ok(ranked.collect())
}

/// The public entries of these collections that are most about a text, by its words and its meaning.
pub(crate) async fn best_by_both(
    ctx: &OpContext<'_>,
    text: &str,
    collections: Vec<CollectionName>,
    locale: Locale,
    limit: u32,
) -> Result<Vec<Ranked>, ContentError> {
    let asked = SearchQuery {
        mode: SearchMode::Text,
        terms: telling_terms(text),
        collections: Some(collections),
        locale: Some(locale),
        side: Side::Live,
        limit,
        after: 0,
    };
    let mut best = by_both(ctx, &asked, text).await?;
    best.truncate(limit as usize);
    Ok(best)
}

/// The public entries of these collections that are nearest to a text.
async fn near_text(
    ctx: &OpContext<'_>,
    text: &str,
    collections: Option<Vec<CollectionName>>,
    locale: Option<Locale>,
    limit: u32,
) -> Result<Vec<NearEntry>, ContentError> {
    let meaning = &ctx.app.meaning;
    let vector = meaning.of(text).await.map_err(ContentError::Meaning)?;
    if vector.iter().all(|it| *it == 0.0) {
        return Ok(Vec::new());
    }
    let query = NearestQuery {
        vector,
        model: meaning.model.name.clone(),
        collections,
        locale,
        except: None,
        similarity_min: meaning.model.similarity_min,
        limit,
    };
    Ok(meaning.store.nearest(&query).await?)
}

/// The title of a hit, and the passage that it was found by.
pub(super) fn pieces(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: &Entry,
    part: u32,
) -> (Vec<SearchPiece>, Vec<SearchPiece>) {
    let facts = facts_of(definition, entry).live.unwrap_or_default();
    let passages = passages(&facts, ctx.app.meaning.model.passage_chars);
    // What was found by its title shows how its text begins.
    let passage = passages.parts.into_iter().nth(part.max(1) as usize).unwrap_or_default();
    let shortened = match passage.char_indices().nth(SNIPPET_CHARS) {
        Some((end, _)) => format!("{}…", passage.get(..end).unwrap_or_default().trim_end()),
        None => passage,
    };
    (plain(facts.title), plain(shortened))
}

fn plain(text: String) -> Vec<SearchPiece> {
    if text.is_empty() { Vec::new() } else { vec![SearchPiece { text, is_match: false }] }
}
