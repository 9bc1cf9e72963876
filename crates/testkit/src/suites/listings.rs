//! Pages of entries.

use smartcms_app::ports::{EntryQuery, EntryStore, Listing};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, Status};
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft};

/// The promises of [`EntryStore::list`].
pub(super) async fn listings(store: &dyn EntryStore) {
    let here = collection("lists");
    fill(store, &here).await;
    store
        .write(created(&draft(&collection("lists_not"), 0xf1_0009, "other")).into())
        .await
        .unwrap();
    check(store, &here, Listing::Published, &["p3", "p2", "p1"]).await;
    check(store, &here, Listing::Newest(None), &["p3", "p2", "p1", "d2", "d1"]).await;
    check(store, &here, Listing::Newest(Some(Status::Draft)), &["d2", "d1"]).await;
    check(store, &here, Listing::Newest(Some(Status::Published)), &["p3", "p2", "p1"]).await;
    check(store, &here, Listing::Trashed, &["t2", "t1"]).await;
    check(store, &collection("lists_empty"), Listing::Newest(None), &[]).await;
    a_limit_past_its_range_is_brought_into_it(store, &here).await;
}

/// Entries of every status. Two of each have one time, and one was unpublished.
async fn fill(store: &dyn EntryStore, here: &CollectionName) {
    let made = |number: u128, name: &str, created_at: i64| Entry {
        created_at: at(created_at),
        ..draft(here, 0xf1_0000 + number, name)
    };
    for entry in [made(1, "d1", 1_000), made(2, "d2", 1_000)] {
        store.write(created(&entry).into()).await.unwrap();
    }
    for (entry, when) in [
        (made(3, "p1", 2_000), 5_000),
        (made(4, "p2", 3_000), 6_000),
        (made(5, "p3", 3_000), 6_000),
    ] {
        let public = entry.clone().publish(at(when)).unwrap();
        store.write(created(&entry).into()).await.unwrap();
        store.write(changed(&entry, public, EventKind::EntryPublished).into()).await.unwrap();
    }
    for entry in [made(6, "t1", 9_000), made(7, "t2", 9_000)] {
        let gone = entry.clone().publish(at(9_500)).unwrap().trash(at(9_600)).unwrap();
        store.write(created(&entry).into()).await.unwrap();
        store.write(changed(&entry, gone, EventKind::EntryTrashed).into()).await.unwrap();
    }
}

/// Reads a listing whole and in pages of every size.
async fn check(store: &dyn EntryStore, here: &CollectionName, listing: Listing, expected: &[&str]) {
    for limit in 1..=u32::try_from(expected.len()).unwrap() + 1 {
        let mut query = query_of(here, listing, limit);
        let mut found = Vec::new();
        loop {
            let page = store.list(&query).await.unwrap();
            assert!(page.entries.len() <= limit as usize);
            assert!(page.next.is_none() || !page.entries.is_empty(), "a cursor follows an entry");
            found.extend(page.entries.iter().map(|it| it.slug.as_str().to_owned()));
            if page.next.is_none() {
                break;
            }
            query.after = page.next;
        }
        assert_eq!(found, expected, "{listing:?} in pages of {limit}");
    }
}

async fn a_limit_past_its_range_is_brought_into_it(store: &dyn EntryStore, here: &CollectionName) {
    let query = |limit| query_of(here, Listing::Newest(None), limit);
    assert_eq!(store.list(&query(0)).await.unwrap().entries.len(), 1);
    assert_eq!(store.list(&query(u32::MAX)).await.unwrap().entries.len(), 5);
}

fn query_of(collection: &CollectionName, listing: Listing, limit: u32) -> EntryQuery {
    EntryQuery {
        collection: collection.clone(),
        listing,
        locale: None,
        filter: None,
        sort: Vec::new(),
        limit,
        after: None,
    }
}
