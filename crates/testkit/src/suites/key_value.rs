//! The keys of plugins.

use bytes::Bytes;
use smartcms_app::ports::{KeySpace, KeyValueError, KeyValueQuota, KeyValueStore};

use crate::builders::plugin;

const QUOTA: KeyValueQuota = KeyValueQuota { keys_max: 100, bytes_max: 10_000 };

/// The promises of [`KeyValueStore`].
pub async fn key_value(store: &dyn KeyValueStore) {
    values_are_set_read_and_deleted(store).await;
    plugins_and_buckets_are_apart(store).await;
    keys_come_in_pages(store).await;
    past_the_quota_nothing_changes(store).await;
    buckets_share_the_quota_of_their_plugin(store).await;
    numbers_count_up(store).await;
    a_value_is_swapped_if_it_is_the_expected_one(store).await;
}

async fn values_are_set_read_and_deleted(store: &dyn KeyValueStore) {
    let space = space("kv-values", "");
    assert_eq!(store.get(&space, "a").await.unwrap(), None);
    let changes = vec![set("a", b"1"), set("b", b"\0\xff"), set("empty", b"")];
    store.apply(&space, changes, QUOTA).await.unwrap();
    assert_eq!(value(store, &space, "b").await, Some(b"\0\xff".to_vec()), "any bytes");
    assert_eq!(value(store, &space, "empty").await, Some(vec![]), "empty is not absent");
    let changes = vec![set("a", b"2"), delete("b"), delete("never"), set("c", b"x"), delete("c")];
    store.apply(&space, changes, QUOTA).await.unwrap();
    assert_eq!(value(store, &space, "a").await, Some(b"2".to_vec()));
    assert_eq!(store.keys(&space, None, 10).await.unwrap(), ["a", "empty"]);
}

async fn plugins_and_buckets_are_apart(store: &dyn KeyValueStore) {
    let (one, two, bucket) = (space("kv-one", ""), space("kv-two", ""), space("kv-one", "b"));
    store.apply(&one, vec![set("k", b"1")], QUOTA).await.unwrap();
    store.apply(&bucket, vec![set("k", b"2")], QUOTA).await.unwrap();
    store.apply(&two, vec![delete("k")], QUOTA).await.unwrap();
    assert_eq!(value(store, &one, "k").await, Some(b"1".to_vec()));
    assert_eq!(value(store, &bucket, "k").await, Some(b"2".to_vec()));
    assert_eq!(value(store, &two, "k").await, None);
}

async fn keys_come_in_pages(store: &dyn KeyValueStore) {
    let space = space("kv-pages", "");
    let names = ["", "A", "a", "a%", "aa", "b", "é"];
    store.apply(&space, names.iter().map(|it| set(it, b"v")).collect(), QUOTA).await.unwrap();
    let mut found: Vec<String> = Vec::new();
    loop {
        let page = store.keys(&space, found.last().map(String::as_str), 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        found.extend(page);
    }
    assert_eq!(found, names, "every key once, in the order of their bytes");
}

async fn past_the_quota_nothing_changes(store: &dyn KeyValueStore) {
    let space = space("kv-quota", "");
    let quota = KeyValueQuota { keys_max: 2, bytes_max: 10 };
    let full = vec![set("a", b"1234"), set("b", b"1234")];
    store.apply(&space, full, quota).await.expect("exactly the quota fits");
    for too_much in [
        vec![set("a", b"12345")],
        vec![set("b", b"1"), set("c", b"1")],
        vec![delete("a"), set("c", b"12345")],
    ] {
        let refused = store.apply(&space, too_much, quota).await;
        assert!(matches!(refused, Err(KeyValueError::Quota { .. })), "{refused:?}");
    }
    assert_eq!(value(store, &space, "a").await, Some(b"1234".to_vec()));
    assert_eq!(store.keys(&space, None, 10).await.unwrap(), ["a", "b"]);
    let other = vec![delete("a"), set("c", b"1234")];
    store.apply(&space, other, quota).await.expect("what is deleted makes room");
    let smaller = KeyValueQuota { keys_max: 1, bytes_max: 1 };
    store.apply(&space, vec![delete("b")], smaller).await.expect("past the quota one may delete");
    store.apply(&space, vec![set("c", b"1")], smaller).await.expect("and make smaller");
    let refused = store.apply(&space, vec![set("c", b"12")], smaller).await;
    assert!(matches!(refused, Err(KeyValueError::Quota { .. })), "{refused:?}");
}

async fn buckets_share_the_quota_of_their_plugin(store: &dyn KeyValueStore) {
    let quota = KeyValueQuota { keys_max: 1, bytes_max: 100 };
    store.apply(&space("kv-share", "x"), vec![set("a", b"1")], quota).await.unwrap();
    let refused = store.apply(&space("kv-share", "y"), vec![set("b", b"1")], quota).await;
    assert!(matches!(refused, Err(KeyValueError::Quota { .. })), "{refused:?}");
    store.apply(&space("kv-share-not", "x"), vec![set("a", b"1")], quota).await.unwrap();
}

async fn numbers_count_up(store: &dyn KeyValueStore) {
    let space = space("kv-count", "");
    assert_eq!(store.increment(&space, "n", 2, QUOTA).await.unwrap(), 2, "absent is 0");
    let (one, two, three) = tokio::join!(
        store.increment(&space, "n", 1, QUOTA),
        store.increment(&space, "n", 1, QUOTA),
        store.increment(&space, "n", -10, QUOTA),
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(value(store, &space, "n").await, Some(b"-6".to_vec()), "no count is lost");
    store.apply(&space, vec![set("n", b"many")], QUOTA).await.unwrap();
    for (key, stored) in [("n", &b"many"[..]), ("max", b"9223372036854775807"), ("bytes", b"\xff")]
    {
        store.apply(&space, vec![set(key, stored)], QUOTA).await.unwrap();
        let refused = store.increment(&space, key, 1, QUOTA).await;
        assert!(matches!(refused, Err(KeyValueError::NotANumber { .. })), "{key}: {refused:?}");
        assert_eq!(value(store, &space, key).await, Some(stored.to_vec()), "it stays");
    }
    let none = KeyValueQuota { keys_max: 0, bytes_max: 0 };
    let refused = store.increment(&space, "new", 1, none).await;
    assert!(matches!(refused, Err(KeyValueError::Quota { .. })), "{refused:?}");
}

async fn a_value_is_swapped_if_it_is_the_expected_one(store: &dyn KeyValueStore) {
    let space = space("kv-swap", "");
    let (one, two) = (Bytes::from_static(b"1"), Bytes::from_static(b"2"));
    let swap = async |expected: Option<&Bytes>, new: &Bytes| {
        store.compare_and_swap(&space, "k", expected.cloned(), new.clone(), QUOTA).await.unwrap()
    };
    assert!(!swap(Some(&one), &two).await, "absent is not the expected value");
    assert!(swap(None, &one).await, "absent was expected");
    assert!(!swap(None, &two).await);
    assert!(swap(Some(&one), &two).await);
    assert!(!swap(Some(&one), &two).await);
    assert_eq!(store.get(&space, "k").await.unwrap(), Some(two));
}

fn space(id: &str, bucket: &str) -> KeySpace {
    KeySpace { plugin: plugin(id), bucket: bucket.to_owned() }
}

fn set(key: &str, value: &[u8]) -> (String, Option<Bytes>) {
    (key.to_owned(), Some(Bytes::copy_from_slice(value)))
}

fn delete(key: &str) -> (String, Option<Bytes>) {
    (key.to_owned(), None)
}

async fn value(store: &dyn KeyValueStore, space: &KeySpace, key: &str) -> Option<Vec<u8>> {
    store.get(space, key).await.unwrap().map(|it| it.to_vec())
}
