//! Pages of entries.

use smartcms_app::ports::{EntryQuery, EntryStore, Listing};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, Status};
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft, entry_id, locale};

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
    what_is_not_there_in_a_language_comes_in_another(store).await;
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

async fn what_is_not_there_in_a_language_comes_in_another(store: &dyn EntryStore) {
    let here = collection("lists_in_languages");
    let in_language = |number: u128, tag: &str, group: u128| Entry {
        locale: locale(tag),
        group: entry_id(0xf2_0000 + group),
        ..draft(&here, 0xf2_0000 + number, &format!("{tag}-{group}").to_lowercase())
    };
    // The first is there in all three, the second only in two, the third only in the last; one draft is better than
    // what is public.
    let public = [
        (1, "en", 1),
        (2, "fr", 1),
        (3, "fr-CA", 1),
        (4, "en", 2),
        (5, "fr", 2),
        (6, "en", 3),
        (7, "en", 4),
    ];
    for (number, tag, group) in public {
        let entry = in_language(number, tag, group);
        let next = entry.clone().publish(at(5_000 + i64::try_from(number).unwrap())).unwrap();
        store.write(created(&entry).into()).await.unwrap();
        store.write(changed(&entry, next, EventKind::EntryPublished).into()).await.unwrap();
    }
    for (number, tag, group) in [(8, "fr", 4), (9, "de", 3)] {
        store.write(created(&in_language(number, tag, group)).into()).await.unwrap();
    }
    let trashed = in_language(10, "fr", 3);
    let gone = trashed.clone().trash(at(6_000)).unwrap();
    store.write(created(&trashed).into()).await.unwrap();
    store.write(changed(&trashed, gone, EventKind::EntryTrashed).into()).await.unwrap();
    let groups = [2, 3].map(|it| entry_id(0xf2_0000 + it));
    let mut there = store.translations_of(&groups).await.unwrap();
    there.sort_by(|a, b| a.slug.as_str().cmp(b.slug.as_str()));
    let there: Vec<&str> = there.iter().map(|it| it.slug.as_str()).collect();
    assert_eq!(there, ["de-3", "en-2", "en-3", "fr-2"], "what is in the trash is not there");
    assert_eq!(store.translations_of(&[]).await.unwrap(), []);
    let found = async |listing, tag: &str, fallbacks: &[&str]| {
        let fallbacks = fallbacks.iter().map(|it| locale(it)).collect();
        let query =
            EntryQuery { locale: Some(locale(tag)), fallbacks, ..query_of(&here, listing, 10) };
        let page = store.list(&query).await.unwrap();
        page.entries.into_iter().map(|it| it.slug.to_string()).collect::<Vec<_>>()
    };
    let (public, newest) = (Listing::Published, Listing::Newest(None));
    assert_eq!(found(public, "fr-CA", &[]).await, ["fr-ca-1"], "nothing stands in");
    let best = ["en-4", "en-3", "fr-2", "fr-ca-1"];
    assert_eq!(found(public, "fr-CA", &["fr", "en"]).await, best);
    assert_eq!(found(newest, "fr-CA", &["fr", "en"]).await, ["fr-4", "en-3", "fr-2", "fr-ca-1"]);
    let drafts = Listing::Newest(Some(Status::Draft));
    assert_eq!(found(drafts, "fr-CA", &["fr", "en"]).await, ["fr-4"], "the best one is a draft");
    assert_eq!(found(public, "de", &["en"]).await, ["en-4", "en-3", "en-2", "en-1"]);
}

fn query_of(collection: &CollectionName, listing: Listing, limit: u32) -> EntryQuery {
    EntryQuery {
        author: None,
        collection: collection.clone(),
        listing,
        locale: None,
        fallbacks: Vec::new(),
        filter: None,
        sort: Vec::new(),
        limit,
        after: None,
    }
}
