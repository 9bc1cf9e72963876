//! Tokens in memory.

use std::collections::btree_map::Entry;

use async_trait::async_trait;
use smartcms_app::ports::{StoreError, TokenRecord, TokenStore};

use super::MemoryStore;

#[async_trait]
impl TokenStore for MemoryStore {
    async fn add(&self, token: TokenRecord) -> Result<bool, StoreError> {
        match self.lock().tokens.entry(token.name.clone()) {
            Entry::Occupied(_) => Ok(false),
            Entry::Vacant(place) => {
                place.insert(token);
                Ok(true)
            }
        }
    }

    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.values().find(|it| it.hash == *hash).cloned())
    }

    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.values().cloned().collect())
    }

    async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.lock().tokens.remove(name).is_some())
    }
}
