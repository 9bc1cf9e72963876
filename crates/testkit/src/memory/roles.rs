//! Roles in memory.

use async_trait::async_trait;
use smartcms_app::ports::{
    AuditRecord, CUSTOM_ROLES_MAX, RoleRecord, RoleRemoved, RoleSaved, RoleStore, StoreError,
};
use smartcms_domain::actors::RoleName;
use smartcms_domain::entries::Revision;

use super::MemoryStore;

#[async_trait]
impl RoleStore for MemoryStore {
    async fn find_role(&self, name: &RoleName) -> Result<Option<RoleRecord>, StoreError> {
        Ok(self.lock().roles.get(name).cloned())
    }

    async fn list_roles(&self) -> Result<Vec<RoleRecord>, StoreError> {
        Ok(self.lock().roles.values().cloned().collect())
    }

    async fn save_role(
        &self,
        role: RoleRecord,
        previous: Option<Revision>,
        audit: AuditRecord,
    ) -> Result<RoleSaved, StoreError> {
        let mut state = self.lock();
        if state.roles.get(&role.role.name).map(|it| it.revision) != previous {
            return Ok(RoleSaved::Stale);
        }
        if previous.is_none() && state.roles.len() >= CUSTOM_ROLES_MAX as usize {
            return Ok(RoleSaved::TooMany);
        }
        state.roles.insert(role.role.name.clone(), role);
        state.audit.push(audit);
        Ok(RoleSaved::Done)
    }

    async fn remove_role(
        &self,
        name: &RoleName,
        previous: Revision,
        audit: AuditRecord,
    ) -> Result<RoleRemoved, StoreError> {
        let mut state = self.lock();
        let tokens = state.tokens.values().filter(|it| it.role == *name).count() as u64;
        let people = state.people.with_role(name);
        if tokens + people > 0 {
            return Ok(RoleRemoved::InUse { people, tokens });
        }
        if state.roles.get(name).map(|it| it.revision) != Some(previous) {
            return Ok(RoleRemoved::Stale);
        }
        state.roles.remove(name);
        state.audit.push(audit);
        Ok(RoleRemoved::Done)
    }
}
