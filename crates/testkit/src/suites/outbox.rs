//! The queue of events.

use smartcms_app::ports::{
    EntryStore, EventCursor, Fanned, Outbox, ParkedEvent, RecordedEvent, WebhookStore, WriteError,
};
use smartcms_domain::events::EventKind;
use smartcms_domain::plugins::PluginId;

use crate::builders::{at, changed, collection, created, draft, plugin};

/// The promises of [`Outbox`], written to by [`EntryStore`].
pub async fn outbox<S: EntryStore + Outbox + WebhookStore>(store: &S) {
    events_follow_in_the_order_of_their_commits(store).await;
    a_plugin_goes_on_where_it_was(store).await;
    old_events_are_forgotten_when_all_have_heard_them(store).await;
}

async fn events_follow_in_the_order_of_their_commits<S: EntryStore + Outbox>(store: &S) {
    let start = store.newest().await.unwrap();
    let entry = draft(&collection("outbox"), 0x0b_0001, "first");
    let published = entry.clone().publish(at(2_000)).unwrap();
    let writes = [created(&entry), changed(&entry, published, EventKind::EntryPublished)];
    for write in writes.clone() {
        store.write(write.into()).await.unwrap();
    }
    let refused = store.write(created(&entry).into()).await;
    assert!(matches!(refused, Err(WriteError::Stale(_))), "{refused:?}");

    let recorded = store.after(start, 10).await.unwrap();
    let events: Vec<_> = recorded.iter().map(|it| &it.event).collect();
    assert_eq!(events, writes.iter().map(|it| &it.event).collect::<Vec<_>>());
    let (first, last) = (recorded.first().unwrap().cursor, recorded.last().unwrap().cursor);
    assert!(start < first && first < last, "places grow");
    assert_eq!(store.newest().await.unwrap(), last);
    assert_eq!(store.after(start, 1).await.unwrap(), recorded.split_at(1).0, "at most the limit");
    assert_eq!(store.after(first, 10).await.unwrap(), recorded.split_at(1).1);
    assert_eq!(store.after(last, 10).await.unwrap(), []);
}

async fn a_plugin_goes_on_where_it_was(store: &dyn Outbox) {
    let (listener, other) = (plugin("listener"), plugin("other-listener"));
    assert_eq!(store.heard(&listener).await.unwrap(), None, "it has not listened yet");
    store.advance(&listener, EventCursor(1), None).await.unwrap();
    let parked = ParkedEvent { cursor: EventCursor(2), reason: "it said no".to_owned() };
    store.advance(&listener, EventCursor(2), Some(parked)).await.unwrap();
    assert_eq!(store.heard(&listener).await.unwrap(), Some(EventCursor(2)));
    assert_eq!(store.heard(&other).await.unwrap(), None, "each plugin has its own place");
}

async fn old_events_are_forgotten_when_all_have_heard_them<S>(store: &S)
where
    S: EntryStore + Outbox + WebhookStore,
{
    let all = |events: &[RecordedEvent]| events.iter().map(|it| it.cursor).collect::<Vec<_>>();
    let start = store.newest().await.unwrap();
    for number in 1..=5 {
        let entry = draft(&collection("forgotten"), 0x0b_1000 + number, &format!("f{number}"));
        store.write(created(&entry).into()).await.unwrap();
    }
    let places = all(&store.after(start, 10).await.unwrap());
    let [_, second, third, fourth, newest] = places.as_slice() else { panic!("{places:?}") };
    let (quick, slow) = (plugin("quick"), plugin("slow"));
    store.advance(&quick, *newest, None).await.unwrap();
    store.advance(&slow, *second, None).await.unwrap();
    let both = [quick.clone(), slow];
    let forget = async |before, listeners: &[PluginId], limit| {
        store.forget(at(before), listeners, limit).await.unwrap()
    };
    let heard = async |to: EventCursor| {
        let from = store.fanned_out().await.unwrap();
        assert!(store.fan_out(Fanned { from, to, deliveries: Vec::new() }).await.unwrap());
    };
    let late = i64::MAX / 1_000_000;
    heard(*fourth).await;
    assert_eq!(forget(0, &both, 100).await, 0, "none is so old");
    while forget(late, &both, 1).await == 1 {}
    assert_eq!(
        all(&store.after(start, 10).await.unwrap()),
        [*third, *fourth, *newest],
        "the slow one"
    );
    while forget(late, std::slice::from_ref(&quick), 100).await > 0 {}
    assert_eq!(all(&store.after(start, 10).await.unwrap()), [*newest], "webhooks have heard four");
    heard(*newest).await;
    assert_eq!(forget(late, std::slice::from_ref(&quick), 100).await, 0, "the newest stays");
    assert_eq!(store.newest().await.unwrap(), *newest);
    let entry = draft(&collection("forgotten"), 0x0b_1099, "next");
    store.write(created(&entry).into()).await.unwrap();
    assert!(store.newest().await.unwrap() > *newest, "places go on");
}
