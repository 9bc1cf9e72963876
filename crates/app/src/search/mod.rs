//! Searching the content: by its words, by its meaning, or by both.

mod by_meaning;
mod fuse;
mod reindex;
mod terms;

pub(crate) use by_meaning::best_by_both;
pub use fuse::FUSED_MAX;
pub(crate) use fuse::fused;
pub use reindex::reindex;
pub use terms::{SEARCH_LEN_MAX, SEARCH_TERMS_MAX};

use std::collections::HashMap;
use std::sync::Arc;

use smartcms_domain::actors::Permission;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::locales::Locale;

use self::terms::{check_length, telling_terms, terms_of};
use crate::OpContext;
use crate::entries::{ContentError, View, hide_fields, may_read};
use crate::ports::{
    PAGE_LEN_MAX, SearchHit, SearchMode, SearchPiece, SearchQuery, SearchTerm, Side,
};

/// What to search for, as somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchContent {
    /// What was typed: words, the last of which may be unfinished, and `"phrases"`. At most [`SEARCH_LEN_MAX`]
    /// characters and [`SEARCH_TERMS_MAX`] words and phrases.
    pub text: String,
    /// In which way.
    pub mode: SearchMode,
    /// In which collections; empty for every one that the actor may search.
    pub collections: Vec<String>,
    /// In which language; `None` for every one.
    pub locale: Option<Locale>,
    /// In which state. [`View::Newest`] needs [`Permission::ReadDrafts`].
    pub view: View,
    /// How many hits at most; held between 1 and [`PAGE_LEN_MAX`].
    pub limit: u32,
    /// How many hits to leave out: those of the pages before.
    pub after: u32,
}

/// One page of what was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The hits, the best first.
    pub hits: Vec<FoundEntry>,
    /// What `after` is for the next page; `None` on the last.
    pub next: Option<u32>,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundEntry {
    /// The entry, without what the actor does not see. With [`View::Published`] its `live` state is there.
    pub entry: Entry,
    /// How good the hit is, beside others of the same query; higher is better.
    pub score: f64,
    /// Its title, with what was searched for.
    pub title: Vec<SearchPiece>,
    /// A part of its other text, with what was searched for.
    pub snippet: Vec<SearchPiece>,
}

/// A hit before its entry is read.
pub(crate) struct Ranked {
    pub(crate) entry: EntryId,
    pub(crate) score: f64,
    /// Its title and a part of its text with the words that were searched for, where it was found by them.
    pub(crate) marked: Option<(Vec<SearchPiece>, Vec<SearchPiece>)>,
    /// The part that is nearest, where it was found by its meaning.
    pub(crate) part: Option<u32>,
}

/// Searches the text that everybody may read: a hit never tells what a hidden field holds.
///
/// By meaning only what is public is found. Where the model that measures does not answer, a search by both goes by words
/// alone.
pub async fn search_content(
    ctx: &OpContext<'_>,
    query: SearchContent,
) -> Result<Found, ContentError> {
    let definitions = searched(ctx, &query)?;
    let terms = match query.mode {
        SearchMode::Text => terms_of(&query.text)?,
        SearchMode::Semantic | SearchMode::Hybrid => {
            check_length(&query.text)?;
            by_meaning::require_published(&query)?;
            telling_terms(&query.text)
        }
    };
    if definitions.is_empty() {
        return Ok(Found::default());
    }
    let asked = asked(ctx, &query, &definitions, terms);
    let (ranked, next) = match query.mode {
        SearchMode::Text => by_words(ctx, &asked).await?,
        mode => by_meaning::ranked(ctx, &asked, &query.text, mode).await?,
    };
    let hits = shown(ctx, &definitions, query.view, ranked).await?;
    Ok(Found { hits, next })
}

/// What the index of words is asked.
fn asked(
    ctx: &OpContext<'_>,
    query: &SearchContent,
    definitions: &[Arc<CollectionDefinition>],
    terms: Vec<SearchTerm>,
) -> SearchQuery {
    let everywhere = definitions.len() == ctx.app.collections.all().len();
    SearchQuery {
        mode: SearchMode::Text,
        terms,
        collections: (!everywhere).then(|| definitions.iter().map(|it| it.name.clone()).collect()),
        locale: query.locale.clone(),
        side: if query.view == View::Published { Side::Live } else { Side::Newest },
        limit: query.limit.clamp(1, PAGE_LEN_MAX),
        after: query.after,
    }
}

async fn by_words(
    ctx: &OpContext<'_>,
    asked: &SearchQuery,
) -> Result<(Vec<Ranked>, Option<u32>), ContentError> {
    let page = ctx.app.search.search(asked).await?;
    Ok((page.hits.into_iter().map(Ranked::by_words).collect(), page.next))
}

impl Ranked {
    fn by_words(hit: SearchHit) -> Self {
        let marked = Some((hit.title, hit.snippet));
        Self { entry: hit.entry, score: hit.score, marked, part: None }
    }
}

/// The entries of hits, as the actor sees them.
async fn shown(
    ctx: &OpContext<'_>,
    definitions: &[Arc<CollectionDefinition>],
    view: View,
    ranked: Vec<Ranked>,
) -> Result<Vec<FoundEntry>, ContentError> {
    let ids: Vec<EntryId> = ranked.iter().map(|it| it.entry).collect();
    let entries = ctx.app.entries.find_many(&ids).await?;
    let mut entries: HashMap<EntryId, Entry> = entries.into_iter().map(|it| (it.id, it)).collect();
    let shown = |hit: Ranked| {
        let mut entry = entries.remove(&hit.entry)?;
        // An entry may have changed since it was found, or be of a collection that is not defined any more.
        let definition = definitions.iter().find(|it| it.name == entry.collection)?;
        let visible = match view {
            View::Published => entry.live.is_some(),
            View::Newest => entry.trashed_at.is_none(),
        };
        let score = hit.score;
        let (title, snippet) = match hit.marked {
            Some(marked) => marked,
            None => by_meaning::pieces(ctx, definition, &entry, hit.part.unwrap_or_default()),
        };
        hide_fields(ctx.actor, definition, &mut entry);
        visible.then_some(FoundEntry { entry, score, title, snippet })
    };
    Ok(ranked.into_iter().filter_map(shown).collect())
}

/// The collections that are searched: all that were asked for, or all that the actor may.
fn searched(
    ctx: &OpContext<'_>,
    query: &SearchContent,
) -> Result<Vec<Arc<CollectionDefinition>>, ContentError> {
    let newest = query.view == View::Newest;
    let all = ctx.app.collections.all();
    let readable = all.iter().filter(|it| may_read(ctx.actor, it));
    if query.collections.is_empty() {
        let readable: Vec<_> = readable.cloned().collect();
        let may =
            |it: &CollectionDefinition| !newest || ctx.actor.may(Permission::ReadDrafts, &it.name);
        let searched: Vec<_> = readable.iter().filter(|it| may(it)).cloned().collect();
        if let (true, Some(first)) = (searched.is_empty(), readable.first()) {
            ctx.actor.require(Permission::ReadDrafts, &first.name)?;
        }
        return Ok(searched);
    }
    let readable: Vec<_> = readable.collect();
    let mut searched: Vec<Arc<CollectionDefinition>> = Vec::new();
    for name in &query.collections {
        let found = readable.iter().find(|it| it.name.as_str() == name);
        let definition = found.ok_or_else(|| ContentError::UnknownCollection(name.clone()))?;
        if newest {
            ctx.actor.require(Permission::ReadDrafts, &definition.name)?;
        }
        if !searched.iter().any(|it| it.name == definition.name) {
            searched.push(Arc::clone(definition));
        }
    }
    Ok(searched)
}
