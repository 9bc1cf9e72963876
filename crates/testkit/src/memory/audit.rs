//! The audit log in memory.

use async_trait::async_trait;
use smartcms_app::ports::{
    AUDIT_PAGE_LEN_MAX, AuditLog, AuditPage, AuditQuery, AuditRecord, StoreError,
};
use smartcms_domain::Timestamp;

use super::MemoryStore;

#[async_trait]
impl AuditLog for MemoryStore {
    async fn record(&self, records: Vec<AuditRecord>) -> Result<(), StoreError> {
        self.lock().audit.extend(records);
        Ok(())
    }

    async fn list_audit(&self, query: &AuditQuery) -> Result<AuditPage, StoreError> {
        let state = self.lock();
        let mut found: Vec<&AuditRecord> =
            state.audit.iter().filter(|it| is_meant(query, it)).collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.id));
        let limit = query.limit.clamp(1, AUDIT_PAGE_LEN_MAX) as usize;
        let is_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| is_more).map(|it| it.id);
        Ok(AuditPage { records: found.into_iter().cloned().collect(), next })
    }

    async fn forget_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut gone = 0;
        self.lock().audit.retain(|it| {
            let goes = it.at < before && gone < u64::from(limit);
            gone += u64::from(goes);
            !goes
        });
        Ok(gone)
    }
}

fn is_meant(query: &AuditQuery, it: &AuditRecord) -> bool {
    let target = it.target.as_ref();
    let operation = |wanted: &String| match wanted.strip_suffix('*') {
        Some(area) => it.operation.starts_with(area),
        None => it.operation == *wanted,
    };
    query.actor.as_ref().is_none_or(|wanted| it.actor == *wanted)
        && query.operation.as_ref().is_none_or(operation)
        && query
            .target_kind
            .as_ref()
            .is_none_or(|wanted| target.is_some_and(|it| it.kind == *wanted))
        && query.target_id.as_ref().is_none_or(|wanted| target.is_some_and(|it| it.id == *wanted))
        && query.outcome.is_none_or(|wanted| it.outcome == wanted)
        && query.since.is_none_or(|since| it.at >= since)
        && query.until.is_none_or(|until| it.at < until)
        && query.before.is_none_or(|before| it.id < before)
}
