//! Webhooks and their deliveries.

use smartcms_app::ports::{
    DeliveryQuery, DeliveryState, EventCursor, Fanned, WebhookDelivery, WebhookHealth,
    WebhookRecord, WebhookSecret, WebhookStore, WebhookTry,
};
use smartcms_domain::events::EventKind;
use smartcms_domain::webhooks::{Webhook, WebhookId};
use uuid::Uuid;

use crate::builders::{at, collection};

/// The promises of [`WebhookStore`].
pub async fn webhooks(store: &dyn WebhookStore) {
    records(store).await;
    fanning_out(store).await;
    sending(store).await;
    log(store).await;
    forgetting(store).await;
}

async fn records(store: &dyn WebhookStore) {
    let narrow = WebhookRecord {
        webhook: Webhook {
            events: Some(vec![EventKind::EntryPublished, EventKind::EntryTrashed]),
            collections: Some(vec![collection("posts")]),
            enabled: false,
            disabled_reason: Some("tired".to_owned()),
            ..webhook(2, "b").webhook
        },
        previous_secret: Some((WebhookSecret(vec![9; 24]), at(9_000))),
        failing_since: Some(at(5_000)),
        ..webhook(2, "b")
    };
    assert!(store.add_webhook(narrow.clone()).await.unwrap());
    assert!(store.add_webhook(webhook(1, "c")).await.unwrap());
    assert!(!store.add_webhook(webhook(3, "b")).await.unwrap(), "a name is given once");
    assert_eq!(store.find_webhook(id(2)).await.unwrap(), Some(narrow.clone()));
    assert_eq!(store.find_webhook(id(3)).await.unwrap(), None);
    assert!(!store.save_webhook(webhook(1, "b")).await.unwrap(), "the name of another");
    let renamed = webhook(1, "a");
    assert!(store.save_webhook(renamed.clone()).await.unwrap());
    assert_eq!(store.list_webhooks().await.unwrap(), [renamed, narrow], "by name");
    assert!(store.remove_webhook(id(2)).await.unwrap());
    assert!(!store.remove_webhook(id(2)).await.unwrap(), "it is gone");
    store.save_webhook(webhook(2, "b")).await.unwrap();
    assert_eq!(store.find_webhook(id(2)).await.unwrap(), None, "what is gone stays gone");
}

async fn fanning_out(store: &dyn WebhookStore) {
    let from = store.fanned_out().await.unwrap();
    let to = EventCursor(from.0 + 2);
    let event = |number| WebhookDelivery {
        event: Some(Uuid::from_u128(number)),
        ..delivery(1, number, 1_000)
    };
    let stranger = delivery(99, 50, 1_000);
    let deliveries = vec![event(10), event(11), stranger];
    let fanned = Fanned { from, to, deliveries };
    assert!(store.fan_out(fanned.clone()).await.unwrap());
    assert_eq!(store.fanned_out().await.unwrap(), to);
    assert!(!store.fan_out(fanned).await.unwrap(), "another was first");
    let again = WebhookDelivery { id: Uuid::from_u128(12), ..event(10) };
    let next = Fanned { from: to, to: EventCursor(to.0 + 1), deliveries: vec![again] };
    assert!(store.fan_out(next).await.unwrap());
    assert_eq!(listed(store, query(1)).await, [11, 10], "one of each event, and none of strangers");
}

async fn sending(store: &dyn WebhookStore) {
    store.add_webhook(webhook(4, "d")).await.unwrap();
    for (number, next) in [(20, 3_000), (21, 2_000), (22, 2_500), (23, 9_000)] {
        store.add_delivery(delivery(4, number, next)).await.unwrap();
    }
    let due = |now, count| async move {
        let due = store.due_deliveries(at(now), count).await.unwrap();
        due.into_iter().map(|it| it.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(due(3_000, 9).await, [10, 11, 21, 22, 20], "those that wait longest first");
    assert_eq!(due(3_000, 1).await, [10, 21], "of each webhook its first");
    assert_eq!(due(999, 9).await, Vec::<u128>::new());
    let done = WebhookDelivery {
        state: DeliveryState::Delivered,
        tries: 1,
        next_at: None,
        last_try: Some(WebhookTry {
            at: at(2_001),
            duration_ms: 7,
            status: Some(204),
            answer: "thanks".to_owned(),
            error: None,
        }),
        ..delivery(4, 21, 2_000)
    };
    store.save_delivery(done.clone(), None).await.unwrap();
    assert_eq!(store.find_delivery(done.id).await.unwrap(), Some(done));
    let failed =
        WebhookDelivery { state: DeliveryState::Failed, next_at: None, ..delivery(4, 22, 0) };
    let health = WebhookHealth { failing_since: Some(at(8)), disable: Some("gone".to_owned()) };
    store.save_delivery(failed, Some(health)).await.unwrap();
    let stored = store.find_webhook(id(4)).await.unwrap().unwrap();
    assert_eq!(stored.failing_since, Some(at(8)));
    assert_eq!(
        (stored.webhook.enabled, stored.webhook.disabled_reason.as_deref()),
        (false, Some("gone"))
    );
    assert_eq!(due(9_000, 9).await, [10, 11], "a disabled webhook sends nothing");
    store.remove_webhook(id(4)).await.unwrap();
    store.save_delivery(delivery(4, 20, 1), None).await.unwrap();
    assert_eq!(store.find_delivery(Uuid::from_u128(20)).await.unwrap(), None, "they go together");
}

async fn log(store: &dyn WebhookStore) {
    store.add_webhook(webhook(5, "e")).await.unwrap();
    for number in 30..35 {
        let kind = if number == 32 { "entry.trashed" } else { "entry.published" };
        let made = WebhookDelivery { kind: kind.to_owned(), ..delivery(5, number, 1) };
        store.add_delivery(made.clone()).await.unwrap();
        if number >= 33 {
            let over = WebhookDelivery { state: DeliveryState::Failed, next_at: None, ..made };
            store.save_delivery(over, None).await.unwrap();
        }
    }
    assert_eq!(listed(store, query(5)).await, [34, 33, 32, 31, 30]);
    assert_eq!(listed(store, DeliveryQuery { limit: 2, ..query(5) }).await, [34, 33]);
    let before = Some(Uuid::from_u128(33));
    assert_eq!(listed(store, DeliveryQuery { before, limit: 2, ..query(5) }).await, [32, 31]);
    let failed = Some(DeliveryState::Failed);
    assert_eq!(listed(store, DeliveryQuery { state: failed, ..query(5) }).await, [34, 33]);
    let kind = Some("entry.trashed".to_owned());
    assert_eq!(listed(store, DeliveryQuery { kind, ..query(5) }).await, [32]);
}

async fn forgetting(store: &dyn WebhookStore) {
    store.add_webhook(webhook(6, "f")).await.unwrap();
    for number in 40..45 {
        let made = WebhookDelivery {
            state: DeliveryState::Delivered,
            next_at: None,
            created_at: at(i64::try_from(number).unwrap() * 1_000),
            ..delivery(6, number, 0)
        };
        store.add_delivery(made).await.unwrap();
    }
    store.add_delivery(delivery(6, 46, 1)).await.unwrap();
    let forgotten = store.forget_deliveries(at(41_000), 2).await.unwrap();
    assert!(forgotten >= 3, "{forgotten}");
    assert_eq!(listed(store, query(6)).await, [46, 44, 43], "what waits stays");
}

async fn listed(store: &dyn WebhookStore, query: DeliveryQuery) -> Vec<u128> {
    let found = store.list_deliveries(&query).await.unwrap();
    found.into_iter().map(|it| it.id.as_u128()).collect()
}

fn query(webhook: u128) -> DeliveryQuery {
    DeliveryQuery { webhook: id(webhook), state: None, kind: None, before: None, limit: 100 }
}

fn id(number: u128) -> WebhookId {
    WebhookId::new(Uuid::from_u128(number))
}

fn webhook(number: u128, name: &str) -> WebhookRecord {
    WebhookRecord {
        webhook: Webhook {
            id: id(number),
            name: name.to_owned(),
            url: "https://hook.test/".to_owned(),
            events: None,
            collections: None,
            enabled: true,
            disabled_reason: None,
        },
        secret: WebhookSecret(vec![7; 32]),
        previous_secret: None,
        created_at: at(1_000),
        updated_at: at(2_000),
        failing_since: None,
    }
}

fn delivery(webhook: u128, number: u128, next: i64) -> WebhookDelivery {
    WebhookDelivery {
        id: Uuid::from_u128(number),
        webhook: id(webhook),
        event: None,
        kind: "webhook.test".to_owned(),
        body: "{}".to_owned(),
        state: DeliveryState::Waiting,
        tries: 0,
        created_at: at(1_000),
        next_at: Some(at(next)),
        last_try: None,
    }
}
