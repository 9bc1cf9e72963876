//! Writing help in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{
    AssistStore, Hold, Holding, READERS, Spent, StoreError, SuggestionRecord,
};
use uuid::Uuid;

use super::MemoryStore;

#[derive(Debug, Clone, Default)]
pub(super) struct Assist {
    spending: BTreeMap<(i64, String), u64>,
    suggestions: BTreeMap<Uuid, SuggestionRecord>,
}

impl Assist {
    fn spent(&self, day: i64, person: &str) -> Spent {
        let of_day = self.spending.iter().filter(|((it, _), _)| *it == day);
        let person = self.spending.get(&(day, person.to_owned()));
        let of_all = of_day.filter(|((_, it), _)| it != READERS);
        Spent { person: person.copied().unwrap_or_default(), site: of_all.map(|it| it.1).sum() }
    }
}

#[async_trait]
impl AssistStore for MemoryStore {
    async fn hold(&self, wanted: Hold) -> Result<Holding, StoreError> {
        let assist = &mut self.lock().assist;
        let before = assist.spent(wanted.day, &wanted.person);
        if before.person.saturating_add(wanted.tokens) > wanted.person_max {
            return Ok(Holding::PersonFull(before));
        }
        if before.site.saturating_add(wanted.tokens) > wanted.site_max {
            return Ok(Holding::SiteFull(before));
        }
        *assist.spending.entry((wanted.day, wanted.person)).or_default() += wanted.tokens;
        Ok(Holding::Held)
    }

    async fn settle(&self, hold: Hold, used: u64) -> Result<(), StoreError> {
        if let Some(tokens) = self.lock().assist.spending.get_mut(&(hold.day, hold.person)) {
            *tokens = (*tokens + used).saturating_sub(hold.tokens);
        }
        Ok(())
    }

    async fn spent(&self, day: i64, person: &str) -> Result<Spent, StoreError> {
        Ok(self.lock().assist.spent(day, person))
    }

    async fn keep_suggestion(&self, suggestion: SuggestionRecord) -> Result<(), StoreError> {
        let suggestions = &mut self.lock().assist.suggestions;
        suggestions.retain(|_, it| it.expires_at > suggestion.at);
        suggestions.insert(suggestion.id, suggestion);
        Ok(())
    }

    async fn suggestions(&self, ids: &[Uuid]) -> Result<Vec<SuggestionRecord>, StoreError> {
        let state = self.lock();
        Ok(ids.iter().filter_map(|it| state.assist.suggestions.get(it).cloned()).collect())
    }
}
