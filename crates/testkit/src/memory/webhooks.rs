//! Webhooks in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use smartcms_app::ports::{
    DeliveryQuery, DeliveryState, EventCursor, Fanned, StoreError, WebhookDelivery, WebhookHealth,
    WebhookRecord, WebhookStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::webhooks::WebhookId;
use uuid::Uuid;

use super::{MemoryStore, State};

/// What the port keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Webhooks {
    records: BTreeMap<WebhookId, WebhookRecord>,
    deliveries: BTreeMap<Uuid, WebhookDelivery>,
    fanned_out: EventCursor,
}

impl Webhooks {
    /// Up to which event deliveries were made.
    pub(super) fn heard(&self) -> EventCursor {
        self.fanned_out
    }
}

impl State {
    fn name_is_taken(&self, record: &WebhookRecord) -> bool {
        let (id, name) = (record.webhook.id, &record.webhook.name);
        self.webhooks.records.values().any(|it| it.webhook.id != id && it.webhook.name == *name)
    }

    fn add_delivery(&mut self, delivery: WebhookDelivery) {
        let webhooks = &mut self.webhooks;
        let same = |it: &WebhookDelivery| {
            it.webhook == delivery.webhook && it.event.is_some() && it.event == delivery.event
        };
        if webhooks.records.contains_key(&delivery.webhook)
            && !webhooks.deliveries.values().any(same)
        {
            webhooks.deliveries.insert(delivery.id, delivery);
        }
    }
}

#[async_trait]
impl WebhookStore for MemoryStore {
    async fn add_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if state.name_is_taken(&record) {
            return Ok(false);
        }
        state.webhooks.records.insert(record.webhook.id, record);
        Ok(true)
    }

    async fn save_webhook(&self, record: WebhookRecord) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if state.name_is_taken(&record) {
            return Ok(false);
        }
        if let Some(stored) = state.webhooks.records.get_mut(&record.webhook.id) {
            *stored = record;
        }
        Ok(true)
    }

    async fn find_webhook(&self, id: WebhookId) -> Result<Option<WebhookRecord>, StoreError> {
        Ok(self.lock().webhooks.records.get(&id).cloned())
    }

    async fn list_webhooks(&self) -> Result<Vec<WebhookRecord>, StoreError> {
        let mut records: Vec<_> = self.lock().webhooks.records.values().cloned().collect();
        records.sort_by(|a, b| a.webhook.name.cmp(&b.webhook.name));
        Ok(records)
    }

    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        let webhooks = &mut self.lock().webhooks;
        webhooks.deliveries.retain(|_, it| it.webhook != id);
        Ok(webhooks.records.remove(&id).is_some())
    }

    async fn fanned_out(&self) -> Result<EventCursor, StoreError> {
        Ok(self.lock().webhooks.fanned_out)
    }

    async fn fan_out(&self, fanned: Fanned) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if state.webhooks.fanned_out != fanned.from {
            return Ok(false);
        }
        state.webhooks.fanned_out = fanned.to;
        fanned.deliveries.into_iter().for_each(|it| state.add_delivery(it));
        Ok(true)
    }

    async fn add_delivery(&self, delivery: WebhookDelivery) -> Result<(), StoreError> {
        self.lock().add_delivery(delivery);
        Ok(())
    }

    async fn due_deliveries(
        &self,
        now: Timestamp,
        per_webhook: u32,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let webhooks = &self.lock().webhooks;
        let mut due: Vec<_> = webhooks
            .deliveries
            .values()
            .filter(|it| it.next_at.is_some_and(|at| at <= now))
            .filter(|it| webhooks.records.get(&it.webhook).is_some_and(|it| it.webhook.enabled))
            .cloned()
            .collect();
        due.sort_by_key(|it| (it.next_at, it.id));
        let mut counts: BTreeMap<WebhookId, u32> = BTreeMap::new();
        due.retain(|it| {
            let count = counts.entry(it.webhook).or_default();
            *count += 1;
            *count <= per_webhook
        });
        Ok(due)
    }

    async fn find_delivery(&self, id: Uuid) -> Result<Option<WebhookDelivery>, StoreError> {
        Ok(self.lock().webhooks.deliveries.get(&id).cloned())
    }

    async fn save_delivery(
        &self,
        delivery: WebhookDelivery,
        health: Option<WebhookHealth>,
    ) -> Result<(), StoreError> {
        let webhooks = &mut self.lock().webhooks;
        let record = webhooks.records.get_mut(&delivery.webhook);
        if let Some((record, health)) = record.zip(health) {
            record.failing_since = health.failing_since;
            if record.webhook.enabled && health.disable.is_some() {
                record.webhook.enabled = false;
                record.webhook.disabled_reason = health.disable;
            }
        }
        if let Some(stored) = webhooks.deliveries.get_mut(&delivery.id) {
            *stored = delivery;
        }
        Ok(())
    }

    async fn list_deliveries(
        &self,
        query: &DeliveryQuery,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let state = self.lock();
        let newest_first = state.webhooks.deliveries.values().rev();
        let wanted = newest_first
            .filter(|it| it.webhook == query.webhook)
            .filter(|it| query.before.is_none_or(|before| it.id < before))
            .filter(|it| query.state.is_none_or(|state| it.state == state))
            .filter(|it| query.kind.as_ref().is_none_or(|kind| it.kind == *kind));
        Ok(wanted.take(query.limit as usize).cloned().collect())
    }

    async fn forget_deliveries(
        &self,
        before: Timestamp,
        keep_per_webhook: u32,
    ) -> Result<u64, StoreError> {
        let webhooks = &mut self.lock().webhooks;
        let mut counts: BTreeMap<WebhookId, u32> = BTreeMap::new();
        let over =
            webhooks.deliveries.values().rev().filter(|it| it.state != DeliveryState::Waiting);
        let forgotten: Vec<Uuid> = over
            .filter(|it| {
                // What is old is gone before the rest is counted.
                if it.created_at < before {
                    return true;
                }
                let count = counts.entry(it.webhook).or_default();
                *count += 1;
                *count > keep_per_webhook
            })
            .map(|it| it.id)
            .collect();
        forgotten.iter().for_each(|id| drop(webhooks.deliveries.remove(id)));
        Ok(forgotten.len() as u64)
    }
}
