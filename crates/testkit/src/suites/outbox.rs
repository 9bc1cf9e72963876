//! The queue of events.

use smartcms_app::ports::{
    EntryStore, EventCursor, Fanned, Heard, Outbox, PARKED_MAX, ParkedEvent, PutOff, RecordedEvent,
    WebhookStore, WriteError,
};
use smartcms_domain::events::EventKind;
use smartcms_domain::plugins::PluginId;

use crate::builders::{at, changed, collection, created, draft, plugin};

/// The promises of [`Outbox`], written to by [`EntryStore`].
pub async fn outbox<S: EntryStore + Outbox + WebhookStore>(store: &S) {
    events_follow_in_the_order_of_their_commits(store).await;
    a_plugin_goes_on_where_it_was(store).await;
    what_a_plugin_could_not_handle_is_kept_whole(store).await;
    what_waits_is_counted(store).await;
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
    let at_place = |number| Heard { cursor: EventCursor(number), put_off: None };
    store.advance(&listener, EventCursor(1), None).await.unwrap();
    assert_eq!(store.heard(&listener).await.unwrap(), Some(at_place(1)));
    let later = PutOff { tries: 3, until: at(5_000), reason: "it is busy".to_owned() };
    store.put_off(&listener, later.clone()).await.unwrap();
    let put_off = Heard { put_off: Some(later), ..at_place(1) };
    assert_eq!(store.heard(&listener).await.unwrap(), Some(put_off), "a restart forgets nothing");
    store.advance(&listener, EventCursor(2), None).await.unwrap();
    assert_eq!(store.heard(&listener).await.unwrap(), Some(at_place(2)), "the next is a new one");
    assert_eq!(store.heard(&other).await.unwrap(), None, "each plugin has its own place");
}

async fn what_a_plugin_could_not_handle_is_kept_whole<S: EntryStore + Outbox>(store: &S) {
    let (listener, other) = (plugin("parking"), plugin("other-parking"));
    let entry = draft(&collection("parked"), 0x0b_2000, "parked");
    let write = created(&entry);
    let parked = |number, reason: &str| ParkedEvent {
        cursor: EventCursor(number),
        event: write.event.clone(),
        reason: reason.to_owned(),
        tries: 8,
        at: at(7_000),
    };
    for number in [4, 3] {
        let event = Some(parked(number, "it said no"));
        store.advance(&listener, EventCursor(number), event).await.unwrap();
    }
    let both = [parked(3, "it said no"), parked(4, "it said no")];
    assert_eq!(store.parked(&listener, 10).await.unwrap(), both, "the oldest first");
    assert_eq!(store.parked(&listener, 1).await.unwrap(), both.split_at(1).0, "at most the limit");
    assert_eq!(store.parked(&other, 10).await.unwrap(), []);
    let again = ParkedEvent { tries: 9, ..parked(3, "still no") };
    store.park_again(&listener, again.clone()).await.unwrap();
    assert_eq!(store.parked(&listener, 1).await.unwrap(), [again]);
    assert!(!store.unpark(&other, EventCursor(3)).await.unwrap());
    assert!(store.unpark(&listener, EventCursor(3)).await.unwrap());
    assert!(!store.unpark(&listener, EventCursor(3)).await.unwrap(), "once");
    assert_eq!(store.parked(&listener, 10).await.unwrap(), [parked(4, "it said no")]);
    let most = u64::from(PARKED_MAX);
    for number in 5..5 + most {
        let event = Some(parked(number, "no"));
        store.advance(&listener, EventCursor(number), event).await.unwrap();
    }
    let kept = store.parked(&listener, PARKED_MAX + 10).await.unwrap();
    let oldest = kept.first().map(|it| it.cursor);
    assert_eq!((kept.len() as u64, oldest), (most, Some(EventCursor(5))), "the oldest goes");
}

async fn what_waits_is_counted<S: EntryStore + Outbox>(store: &S) {
    let start = store.newest().await.unwrap();
    for number in 1..=3 {
        let entry = draft(&collection("waiting"), 0x0b_3000 + number, &format!("w{number}"));
        store.write(created(&entry).into()).await.unwrap();
    }
    assert_eq!(store.waiting(start, 10).await.unwrap(), 3);
    assert_eq!(store.waiting(start, 2).await.unwrap(), 2, "no further than asked");
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
