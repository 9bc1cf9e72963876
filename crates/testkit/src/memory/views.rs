//! Views of lists in memory.

use async_trait::async_trait;
use smartcms_app::ports::{SavedView, StoreError, ViewStore};
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::MemoryStore;

#[async_trait]
impl ViewStore for MemoryStore {
    async fn list_views(&self, owner: UserId, list: &str) -> Result<Vec<SavedView>, StoreError> {
        let views = self.all_views(owner).await?;
        Ok(views.into_iter().filter(|it| it.list == list).collect())
    }

    async fn all_views(&self, owner: UserId) -> Result<Vec<SavedView>, StoreError> {
        let state = self.lock();
        let mut views: Vec<_> =
            state.views.iter().filter(|it| it.owner == owner).cloned().collect();
        views.sort_by(|a, b| (&a.list, &a.name).cmp(&(&b.list, &b.name)));
        Ok(views)
    }

    async fn save_view(&self, view: SavedView, most: u32) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let is_it =
            |it: &SavedView| it.owner == view.owner && it.list == view.list && it.name == view.name;
        let others = state.views.iter().filter(|it| it.owner == view.owner && !is_it(it)).count();
        if others >= most as usize {
            return Ok(false);
        }
        state.views.retain(|it| !is_it(it));
        state.views.push(view);
        Ok(true)
    }

    async fn remove_view(&self, owner: UserId, id: Uuid) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let before = state.views.len();
        state.views.retain(|it| it.owner != owner || it.id != id);
        Ok(state.views.len() < before)
    }
}
