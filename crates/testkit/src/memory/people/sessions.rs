//! Sessions in memory.

use async_trait::async_trait;
use smartcms_app::ports::{SESSIONS_MAX, SessionRecord, SessionStore, StoreError, UserRecord};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use smartcms_domain::people::UserState;
use uuid::Uuid;

use super::super::MemoryStore;
use super::removed;

#[async_trait]
impl SessionStore for MemoryStore {
    async fn add_session(&self, session: SessionRecord) -> Result<bool, StoreError> {
        let people = &mut self.lock().people;
        let fits = people.users.get(&session.user).is_some_and(|it| {
            it.record.state == UserState::Active && it.record.generation == session.generation
        });
        if !fits {
            return Ok(false);
        }
        let user = session.user;
        people.sessions.push(session);
        let mut own: Vec<_> = people.sessions.iter().filter(|it| it.user == user).collect();
        own.sort_by_key(|it| std::cmp::Reverse((it.seen_at, it.id)));
        let gone: Vec<Uuid> = own.iter().skip(SESSIONS_MAX as usize).map(|it| it.id).collect();
        people.sessions.retain(|it| !gone.contains(&it.id));
        Ok(true)
    }

    async fn find_session(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError> {
        let people = &self.lock().people;
        let session = people.sessions.iter().find(|it| it.hash == *hash).cloned();
        Ok(session.and_then(|it| {
            let user = people.find(it.user)?;
            let fits = user.state == UserState::Active && user.generation == it.generation;
            fits.then_some((it, user))
        }))
    }

    async fn touch_session(&self, hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let people = &mut self.lock().people;
        if let Some(session) = people.sessions.iter_mut().find(|it| it.hash == *hash) {
            session.seen_at = at;
        }
        Ok(())
    }

    async fn remove_session(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(removed(&mut self.lock().people.sessions, |it| it.hash == *hash) > 0)
    }

    async fn remove_session_of(&self, user: UserId, id: Uuid) -> Result<bool, StoreError> {
        let gone = |it: &SessionRecord| it.user == user && it.id == id;
        Ok(removed(&mut self.lock().people.sessions, gone) > 0)
    }

    async fn remove_sessions_of(
        &self,
        user: UserId,
        keep: Option<&[u8; 32]>,
    ) -> Result<u64, StoreError> {
        let gone = |it: &SessionRecord| it.user == user && Some(&it.hash) != keep;
        Ok(removed(&mut self.lock().people.sessions, gone))
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        let people = &self.lock().people;
        let mut own: Vec<_> =
            people.sessions.iter().filter(|it| it.user == user).cloned().collect();
        own.sort_by_key(|it| std::cmp::Reverse((it.seen_at, it.id)));
        Ok(own)
    }

    async fn forget_sessions(
        &self,
        now: Timestamp,
        seen_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut left = limit;
        let gone = |it: &SessionRecord| {
            let ended = (it.expires_at <= now || it.seen_at < seen_before) && left > 0;
            left -= u32::from(ended);
            ended
        };
        Ok(removed(&mut self.lock().people.sessions, gone))
    }
}
