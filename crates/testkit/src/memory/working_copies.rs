//! Working copies in memory.

use async_trait::async_trait;
use smartcms_app::ports::{KeepOutcome, StoreError, WorkingCopies};
use smartcms_domain::Timestamp;
use smartcms_domain::entries::{Editing, EntryId, WorkingCopy};

use super::MemoryStore;

#[async_trait]
impl WorkingCopies for MemoryStore {
    async fn find(&self, entry: EntryId, author: &str) -> Result<Option<WorkingCopy>, StoreError> {
        Ok(self.lock().working_copies.get(&(entry, author.to_owned())).cloned())
    }

    async fn editing(&self, entry: EntryId, since: Timestamp) -> Result<Vec<Editing>, StoreError> {
        let state = self.lock();
        let copies = state.working_copies.values();
        let recent = copies.filter(|it| it.entry == entry && it.updated_at >= since);
        let mut editing: Vec<Editing> = recent
            .map(|it| Editing {
                author: it.author.clone(),
                since: it.since,
                updated_at: it.updated_at,
            })
            .collect();
        editing.sort_by(|a, b| (a.since, &a.author).cmp(&(b.since, &b.author)));
        Ok(editing)
    }

    async fn keep(&self, copy: WorkingCopy, most: u32) -> Result<KeepOutcome, StoreError> {
        let mut state = self.lock();
        if !state.entries.contains_key(&copy.entry) {
            return Ok(KeepOutcome::NoEntry);
        }
        let copies = state.working_copies.values();
        let others = copies.filter(|it| it.entry == copy.entry && it.author != copy.author);
        if others.count() >= most as usize {
            return Ok(KeepOutcome::TooMany);
        }
        state.working_copies.insert((copy.entry, copy.author.clone()), copy);
        Ok(KeepOutcome::Kept)
    }

    async fn discard(&self, entry: EntryId, author: &str) -> Result<bool, StoreError> {
        Ok(self.lock().working_copies.remove(&(entry, author.to_owned())).is_some())
    }

    async fn forget(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.lock();
        let mut old: Vec<(Timestamp, (EntryId, String))> = state
            .working_copies
            .iter()
            .filter(|(_, it)| it.updated_at < before)
            .map(|(key, it)| (it.updated_at, key.clone()))
            .collect();
        old.sort();
        old.truncate(limit as usize);
        for (_, key) in &old {
            state.working_copies.remove(key);
        }
        Ok(old.len() as u64)
    }
}
