//! Redirects in memory.

use async_trait::async_trait;
use smartcms_app::ports::{
    AddressChanges, OLD_PATHS_MAX, RedirectConflict, RedirectQuery, RedirectStore, SavedRedirect,
    StoreError, Together,
};
use smartcms_domain::entries::EntryId;
use smartcms_domain::redirects::{Redirect, RedirectId, RedirectSource, RedirectTarget, SitePath};

use super::{MemoryStore, State};

#[async_trait]
impl RedirectStore for MemoryStore {
    async fn find_redirect(&self, id: RedirectId) -> Result<Option<Redirect>, StoreError> {
        Ok(self.lock().redirects.iter().find(|it| it.id == id).cloned())
    }

    async fn redirect_for(&self, path: &SitePath) -> Result<Option<Redirect>, StoreError> {
        Ok(answering(&self.lock(), path, None))
    }

    async fn list_redirects(&self, query: &RedirectQuery) -> Result<Vec<Redirect>, StoreError> {
        let state = self.lock();
        let wanted = |it: &&Redirect| {
            let source = it.source.key();
            let text = it.target.text().unwrap_or_default();
            let found = |part: &String| {
                let part = part.trim().to_lowercase();
                source.to_lowercase().contains(&part) || text.to_lowercase().contains(&part)
            };
            query.search.as_ref().is_none_or(found)
                && query.is_automatic.is_none_or(|automatic| it.is_automatic == automatic)
                && query.after.as_ref().is_none_or(|after| source > *after)
        };
        let mut found: Vec<Redirect> = state.redirects.iter().filter(wanted).cloned().collect();
        found.sort_by_key(|it| it.source.key());
        found.truncate(query.limit as usize);
        Ok(found)
    }

    async fn count_redirects(&self) -> Result<u64, StoreError> {
        Ok(self.lock().redirects.iter().filter(|it| !it.is_automatic).count() as u64)
    }

    async fn save_redirects(
        &self,
        redirects: Vec<Redirect>,
        together: Together,
    ) -> Result<Vec<Result<SavedRedirect, RedirectConflict>>, StoreError> {
        let mut state = self.lock();
        let before = state.redirects.clone();
        let saved: Vec<_> = redirects.into_iter().map(|it| save(&mut state, it)).collect();
        if together == Together::All && saved.iter().any(Result::is_err) {
            state.redirects = before;
        }
        Ok(saved)
    }

    async fn remove_redirect(&self, id: RedirectId) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let before = state.redirects.len();
        state.redirects.retain(|it| it.id != id);
        Ok(state.redirects.len() < before)
    }
}

/// Does what a change of entries does to the addresses of the site.
pub(super) fn apply(state: &mut State, changes: AddressChanges) {
    for left in changes.left {
        let there = state.redirects.iter().find(|it| it.source == left.source);
        if there.is_some_and(|it| !it.is_automatic) {
            continue;
        }
        state.redirects.retain(|it| it.source != left.source);
        for other in &mut state.redirects {
            let leads_here = other.target.path() == Some(left.source.path());
            if let Ok(joined) = other.clone().leading_on(Some(&left).filter(|_| leads_here)) {
                *other = joined;
            }
        }
        let target = left.target.clone();
        state.redirects.push(left);
        if let RedirectTarget::Entry(id) = target {
            keep_newest(state, id);
        }
    }
    for taken in changes.taken {
        state
            .redirects
            .retain(|it| !(it.is_automatic && it.source == RedirectSource::exact(taken.clone())));
    }
}

/// Forgets what leads to an entry that is gone.
pub(super) fn forget(state: &mut State, id: EntryId) {
    state.redirects.retain(|it| it.target != RedirectTarget::Entry(id));
}

fn keep_newest(state: &mut State, id: EntryId) {
    let of_entry = |it: &&Redirect| it.is_automatic && it.target == RedirectTarget::Entry(id);
    let mut all: Vec<_> =
        state.redirects.iter().filter(of_entry).map(|it| (it.created_at, it.id)).collect();
    all.sort_unstable();
    let over = all.len().saturating_sub(OLD_PATHS_MAX as usize);
    let old: Vec<RedirectId> = all.into_iter().take(over).map(|(_, id)| id).collect();
    state.redirects.retain(|it| !old.contains(&it.id));
}

fn answering(state: &State, path: &SitePath, but: Option<RedirectId>) -> Option<Redirect> {
    let candidates = RedirectSource::candidates(path);
    let find = |source: &String| {
        let mut all = state.redirects.iter().filter(|it| Some(it.id) != but);
        all.find(|it| it.source.key() == *source).cloned()
    };
    candidates.iter().find_map(find)
}

fn save(state: &mut State, wanted: Redirect) -> Result<SavedRedirect, RedirectConflict> {
    let onward = wanted.target.path().and_then(|it| answering(state, it, Some(wanted.id)));
    let wanted = wanted.leading_on(onward.as_ref()).map_err(RedirectConflict::Loop)?;
    let others = state.redirects.iter().filter(|it| it.id != wanted.id);
    let there = others.clone().find(|it| it.source == wanted.source).cloned();
    if let Some(other) = there.filter(|it| !it.is_automatic || wanted.is_automatic) {
        return if other.leads_as(&wanted) {
            Ok(SavedRedirect::Present(other))
        } else {
            Err(RedirectConflict::Taken(Box::new(other)))
        };
    }
    let mut joined = Vec::new();
    for other in others.filter(|it| it.source != wanted.source) {
        let leads_here = other.target.path().is_some_and(|it| wanted.source.rest_of(it).is_some());
        let onward = Some(&wanted).filter(|_| leads_here);
        joined.push(other.clone().leading_on(onward).map_err(RedirectConflict::Loop)?);
    }
    joined.push(wanted.clone());
    state.redirects = joined;
    Ok(SavedRedirect::Stored(wanted))
}
