//! Keys of requests in memory.

use async_trait::async_trait;
use smartcms_app::ports::{Claim, Claimed, IdempotencyStore, KeptAnswer, RequestKey, StoreError};
use smartcms_domain::Timestamp;

use super::MemoryStore;

#[async_trait]
impl IdempotencyStore for MemoryStore {
    async fn claim(
        &self,
        key: &RequestKey,
        claim: Claim,
        forgotten_before: Timestamp,
        keys_max: u64,
    ) -> Result<Claimed, StoreError> {
        let mut state = self.lock();
        state.requests.retain(|_, (claim, _)| claim.at >= forgotten_before);
        if let Some((claim, answer)) = state.requests.get(key).cloned() {
            return Ok(Claimed::Before { claim, answer });
        }
        let of_bearer = state.requests.keys().filter(|it| it.bearer == key.bearer).count();
        if of_bearer as u64 >= keys_max {
            return Ok(Claimed::TooMany);
        }
        state.requests.insert(key.clone(), (claim, None));
        Ok(Claimed::New)
    }

    async fn keep(&self, key: &RequestKey, answer: KeptAnswer) -> Result<(), StoreError> {
        if let Some((_, kept)) = self.lock().requests.get_mut(key) {
            *kept = Some(answer);
        }
        Ok(())
    }

    async fn release(&self, key: &RequestKey) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.requests.get(key).is_some_and(|(_, answer)| answer.is_none()) {
            state.requests.remove(key);
        }
        Ok(())
    }
}
