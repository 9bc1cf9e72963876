//! What every store of keys of requests promises.

use bytes::Bytes;
use smartcms_app::ports::{Claim, Claimed, IdempotencyStore, KeptAnswer, RequestKey};

use crate::builders::at;

/// Keys are taken once, answers are kept, and what is old is forgotten.
pub async fn idempotency(store: &dyn IdempotencyStore) {
    a_key_is_taken_once(store).await;
    an_answer_is_kept_as_it_was(store).await;
    a_key_that_was_given_back_is_free(store).await;
    old_keys_are_forgotten(store).await;
    a_bearer_has_only_so_many_keys(store).await;
}

fn key(bearer: &str, key: &str) -> RequestKey {
    RequestKey { bearer: bearer.to_owned(), key: key.to_owned() }
}

fn claim(mark: u8, millis: i64) -> Claim {
    Claim { fingerprint: [mark; 32], at: at(millis) }
}

async fn take(store: &dyn IdempotencyStore, key: &RequestKey, claim: Claim) -> Claimed {
    store.claim(key, claim, at(0), 100).await.unwrap()
}

async fn a_key_is_taken_once(store: &dyn IdempotencyStore) {
    let (mine, other) = (key("once", "k"), key("once too", "k"));
    assert_eq!(take(store, &mine, claim(1, 10)).await, Claimed::New);
    let before = Claimed::Before { claim: claim(1, 10), answer: None };
    assert_eq!(take(store, &mine, claim(2, 11)).await, before, "whoever asks");
    assert_eq!(take(store, &other, claim(2, 11)).await, Claimed::New, "each bearer has its own");
}

async fn an_answer_is_kept_as_it_was(store: &dyn IdempotencyStore) {
    let headers = vec![("etag".to_owned(), "\"1\"".to_owned())];
    for (name, body) in [("body", Some(Bytes::from_static(b"\0\xff{}"))), ("none", None)] {
        let key = key("kept", name);
        let answer = KeptAnswer { status: 201, headers: headers.clone(), body };
        take(store, &key, claim(1, 10)).await;
        store.keep(&key, answer.clone()).await.unwrap();
        store.release(&key).await.unwrap();
        let kept = Claimed::Before { claim: claim(1, 10), answer: Some(answer) };
        assert_eq!(take(store, &key, claim(1, 12)).await, kept, "also when it is given back");
    }
    let answer = KeptAnswer { status: 200, headers: Vec::new(), body: None };
    store.keep(&key("kept", "never taken"), answer).await.unwrap();
    assert_eq!(take(store, &key("kept", "never taken"), claim(1, 10)).await, Claimed::New);
}

async fn a_key_that_was_given_back_is_free(store: &dyn IdempotencyStore) {
    let key = key("released", "k");
    take(store, &key, claim(1, 10)).await;
    store.release(&key).await.unwrap();
    assert_eq!(take(store, &key, claim(2, 11)).await, Claimed::New);
}

async fn old_keys_are_forgotten(store: &dyn IdempotencyStore) {
    let key = key("old", "k");
    take(store, &key, claim(1, 10)).await;
    let again = |before| store.claim(&key, claim(2, 50), at(before), 100);
    assert!(matches!(again(10).await.unwrap(), Claimed::Before { .. }), "just kept");
    assert_eq!(again(11).await.unwrap(), Claimed::New);
}

async fn a_bearer_has_only_so_many_keys(store: &dyn IdempotencyStore) {
    let take = |name: &'static str| {
        let key = key("many", name);
        async move { store.claim(&key, claim(1, 90), at(0), 2).await.unwrap() }
    };
    assert_eq!([take("a").await, take("b").await], [Claimed::New, Claimed::New]);
    assert_eq!(take("c").await, Claimed::TooMany);
    assert!(matches!(take("a").await, Claimed::Before { .. }), "those that are there are known");
}
