//! Tokens in memory.

use async_trait::async_trait;
use smartcms_app::ports::{
    AuditRecord, StoreError, TOKENS_OF_ONE_MAX, TokenAdded, TokenRecord, TokenStore,
};

use super::MemoryStore;

#[async_trait]
impl TokenStore for MemoryStore {
    async fn add(&self, token: TokenRecord, audit: AuditRecord) -> Result<TokenAdded, StoreError> {
        let mut state = self.lock();
        let theirs = state.tokens.values().filter(|it| it.made_by == token.made_by).count();
        if theirs >= TOKENS_OF_ONE_MAX as usize {
            return Ok(TokenAdded::TooMany);
        }
        if state.tokens.contains_key(&token.name) {
            return Ok(TokenAdded::NameTaken);
        }
        state.tokens.insert(token.name.clone(), token);
        state.audit.push(audit);
        Ok(TokenAdded::Done)
    }

    async fn find(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.values().find(|it| it.hash == *hash).cloned())
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.get(name).cloned())
    }

    async fn list(&self) -> Result<Vec<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.values().cloned().collect())
    }

    async fn remove(
        &self,
        name: &str,
        hash: &[u8; 32],
        audit: AuditRecord,
    ) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let is_there = state.tokens.get(name).is_some_and(|it| it.hash == *hash);
        if is_there {
            state.tokens.remove(name);
            state.audit.push(audit);
        }
        Ok(is_there)
    }
}
