//! The search in memory: whole words and beginnings of words, without stemming.

use std::cmp::Reverse;

use async_trait::async_trait;
use smartcms_app::ports::{
    EntryFacts, SearchHit, SearchIndex, SearchPage, SearchPiece, SearchQuery, SearchTerm, Side,
    SideFacts, StoreError,
};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Revision};

use super::MemoryStore;

#[async_trait]
impl SearchIndex for MemoryStore {
    async fn search(&self, query: &SearchQuery) -> Result<SearchPage, StoreError> {
        if query.terms.is_empty() {
            return Ok(SearchPage::default());
        }
        let state = self.lock();
        let found = state.entries.values().filter(|it| is_in(it, query)).filter_map(|entry| {
            let facts = state.facts.get(&entry.id)?;
            let facts = match query.side {
                Side::Live => facts.live.as_ref()?,
                Side::Newest => facts.newest.as_ref()?,
            };
            Some((score(facts, &query.terms)?, entry.id, facts))
        });
        let mut found: Vec<(u32, EntryId, &SideFacts)> = found.collect();
        found.sort_by_key(|(score, id, _)| Reverse((*score, *id)));
        let (range, next) = query.page_of(found.len());
        let hit = |(score, entry, facts): &(u32, EntryId, &SideFacts)| SearchHit {
            entry: *entry,
            score: f64::from(*score),
            title: pieces(&facts.title, &query.terms),
            snippet: pieces(&facts.text, &query.terms),
        };
        Ok(SearchPage {
            hits: found.get(range).unwrap_or_default().iter().map(hit).collect(),
            next,
        })
    }

    async fn prepare(&self, definitions: &[(CollectionName, String)]) -> Result<(), StoreError> {
        let mut state = self.lock();
        for (collection, definition) in definitions {
            let known = state.search_definitions.insert(collection.clone(), definition.clone());
            if known.as_ref() != Some(definition) {
                let here = state.entries.values().filter(|it| it.collection == *collection);
                let ids: Vec<EntryId> = here.map(|it| it.id).collect();
                state.search_pending.extend(ids);
            }
        }
        Ok(())
    }

    async fn pending(&self, limit: u32) -> Result<Vec<EntryId>, StoreError> {
        Ok(self.lock().search_pending.iter().take(limit as usize).copied().collect())
    }

    async fn index(&self, entries: Vec<(EntryId, Revision, EntryFacts)>) -> Result<(), StoreError> {
        let mut state = self.lock();
        for (id, revision, facts) in entries {
            if state.entries.get(&id).is_some_and(|it| it.revision == revision) {
                state.facts.insert(id, facts);
                state.search_pending.remove(&id);
                state.meanings.forget(id);
            }
        }
        Ok(())
    }
}

fn is_in(entry: &Entry, query: &SearchQuery) -> bool {
    query.collections.as_ref().is_none_or(|it| it.contains(&entry.collection))
        && query.locale.as_ref().is_none_or(|it| *it == entry.locale)
}

/// How well a text has every term; `None` when it lacks one.
fn score(facts: &SideFacts, terms: &[SearchTerm]) -> Option<u32> {
    let (title, text) = (words(&facts.title), words(&facts.text));
    terms.iter().try_fold(0, |sum, term| {
        let (in_title, in_text) = (times(&title, term), times(&text, term));
        (in_title + in_text > 0).then_some(sum + 8 * in_title + in_text)
    })
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    parts.map(str::to_lowercase).collect()
}

fn times(text: &[String], term: &SearchTerm) -> u32 {
    let (wanted, is_prefix) = match term {
        SearchTerm::Words(wanted) => (words(wanted), false),
        SearchTerm::Prefix(wanted) => (words(wanted), true),
    };
    let Some((last, begin)) = wanted.split_last() else { return 0 };
    let matches = |window: &&[String]| {
        let Some((end, start)) = window.split_last() else { return false };
        start == begin && (end == last || is_prefix && end.starts_with(last.as_str()))
    };
    u32::try_from(text.windows(wanted.len()).filter(matches).count()).unwrap_or(u32::MAX)
}

/// A text in pieces of whole words and what is between them.
fn pieces(text: &str, terms: &[SearchTerm]) -> Vec<SearchPiece> {
    let is_match = |word: &str| {
        let word = [word.to_lowercase()];
        terms.iter().any(|term| times(&word, term) > 0)
    };
    let mut found: Vec<SearchPiece> = Vec::new();
    for part in text.split_inclusive(|it: char| !it.is_alphanumeric()) {
        let word = part.trim_end_matches(|it: char| !it.is_alphanumeric());
        let between = part.get(word.len()..).unwrap_or_default();
        for (text, is_match) in [(word, is_match(word)), (between, false)] {
            match found.last_mut().filter(|it| it.is_match == is_match) {
                _ if text.is_empty() => {}
                Some(last) => last.text.push_str(text),
                None => found.push(SearchPiece { text: text.to_owned(), is_match }),
            }
        }
    }
    found
}
