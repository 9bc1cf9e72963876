//! The queue of events.

use smartcms_app::ports::{EntryStore, EventCursor, Outbox, ParkedEvent, WriteError};
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft, plugin};

/// The promises of [`Outbox`], written to by [`EntryStore`].
pub async fn outbox<S: EntryStore + Outbox>(store: &S) {
    events_follow_in_the_order_of_their_commits(store).await;
    a_plugin_goes_on_where_it_was(store).await;
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
