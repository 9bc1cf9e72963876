//! Sending webhooks: deliveries are made of events, and sent side by side within bounds.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use smartcms_app::App;
use smartcms_app::ports::WebhookDelivery;
use smartcms_app::webhooks::{deliver, due_deliveries, fan_out, forget_old_deliveries};
use smartcms_domain::webhooks::WebhookId;
use smartcms_domain::with_causes;
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

/// How soon an event, a time that has come or a wish of a person is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often old deliveries are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
/// How many messages are under way to one webhook: a slow receiver holds up its own messages alone.
const UNDER_WAY_PER_WEBHOOK_MAX: usize = 4;
/// How many messages are under way at all.
const UNDER_WAY_MAX: usize = 64;
/// How many waiting deliveries of a webhook one look reads: those under way are among them.
const READ_PER_WEBHOOK: u32 = 8;

/// Sends webhooks until the server ends.
pub(crate) struct WebhookSender {
    pub(crate) app: App,
}

/// What is being sent.
#[derive(Default)]
struct UnderWay {
    deliveries: HashSet<Uuid>,
    counts: HashMap<WebhookId, usize>,
}

impl WebhookSender {
    /// Looks and sends. What is under way when it is dropped is sent again after the next start.
    pub(crate) async fn run(self) {
        let under_way = Arc::new(Mutex::new(UnderWay::default()));
        let mut sending = JoinSet::new();
        let mut forget_at = Instant::now();
        loop {
            if forget_at <= Instant::now() {
                forget_at = Instant::now() + FORGET_EVERY;
                note(forget_old_deliveries(&self.app).await, "forget old deliveries of webhooks");
            }
            while note(fan_out(&self.app).await, "make deliveries of events").unwrap_or(false) {}
            let due = due_deliveries(&self.app, READ_PER_WEBHOOK).await;
            for delivery in note(due, "read the deliveries to send").unwrap_or_default() {
                if lock(&under_way).enter(&delivery) {
                    sending.spawn(send(self.app.clone(), delivery, Arc::clone(&under_way)));
                }
            }
            // A place that is free again is used at once.
            let ended = async {
                if sending.join_next().await.is_none() {
                    std::future::pending::<()>().await;
                }
            };
            let _ = tokio::time::timeout(LOOK_EVERY, ended).await;
            while sending.try_join_next().is_some() {}
        }
    }
}

async fn send(app: App, delivery: WebhookDelivery, under_way: Arc<Mutex<UnderWay>>) {
    let (id, webhook) = (delivery.id, delivery.webhook);
    note(deliver(&app, delivery).await, "store what became of a delivery");
    lock(&under_way).leave(id, webhook);
}

fn lock(under_way: &Mutex<UnderWay>) -> MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

impl UnderWay {
    /// Takes a place, if there is one and the delivery is not under way already.
    fn enter(&mut self, delivery: &WebhookDelivery) -> bool {
        let count = self.counts.get(&delivery.webhook).copied().unwrap_or_default();
        if self.deliveries.len() >= UNDER_WAY_MAX
            || count >= UNDER_WAY_PER_WEBHOOK_MAX
            || !self.deliveries.insert(delivery.id)
        {
            return false;
        }
        self.counts.insert(delivery.webhook, count + 1);
        true
    }

    fn leave(&mut self, delivery: Uuid, webhook: WebhookId) {
        self.deliveries.remove(&delivery);
        match self.counts.get_mut(&webhook) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(self.counts.remove(&webhook)),
        }
    }
}

/// A store that fails is asked again at the next look.
fn note<T>(outcome: Result<T, smartcms_app::ports::StoreError>, what: &str) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            let error = with_causes(&error);
            tracing::warn!(error, "could not {what}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{UNDER_WAY_MAX, UNDER_WAY_PER_WEBHOOK_MAX, UnderWay};
    use smartcms_app::ports::{DeliveryState, WebhookDelivery};
    use smartcms_domain::Timestamp;
    use smartcms_domain::webhooks::WebhookId;
    use uuid::Uuid;

    fn delivery(webhook: u128, number: u128) -> WebhookDelivery {
        WebhookDelivery {
            id: Uuid::from_u128(number),
            webhook: WebhookId::new(Uuid::from_u128(webhook)),
            event: None,
            kind: "webhook.test".to_owned(),
            body: String::new(),
            state: DeliveryState::Waiting,
            tries: 0,
            created_at: Timestamp::EPOCH,
            next_at: Some(Timestamp::EPOCH),
            last_try: None,
        }
    }

    #[test]
    fn a_slow_receiver_takes_its_own_places_and_no_others() {
        let mut under_way = UnderWay::default();
        let entered = (0..20).filter(|it| under_way.enter(&delivery(1, *it))).count();
        assert_eq!(entered, UNDER_WAY_PER_WEBHOOK_MAX);
        assert!(under_way.enter(&delivery(2, 100)), "another has its own");
        assert!(!under_way.enter(&delivery(2, 100)), "nothing is sent twice at once");
        under_way.leave(Uuid::from_u128(0), delivery(1, 0).webhook);
        assert!(under_way.enter(&delivery(1, 30)) && !under_way.enter(&delivery(1, 31)));
        let all = (1_000..2_000).filter(|it| under_way.enter(&delivery(*it, *it))).count();
        assert_eq!(all + UNDER_WAY_PER_WEBHOOK_MAX + 1, UNDER_WAY_MAX);
    }
}
