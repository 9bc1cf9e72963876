//! API tokens.

use smartcms_app::ports::{TokenAdded, TokenRecord, TokenStore};
use smartcms_domain::actors::{Rank, UserId};
use uuid::Uuid;

use super::deed;
use crate::builders::at;

/// The promises of [`TokenStore`].
pub async fn tokens(store: &dyn TokenStore) {
    let owner = token("b-owner", Rank::Owner, 1);
    let viewer = TokenRecord {
        expires_at: Some(at(9_000)),
        scopes: Some(vec!["content:update=posts".parse().unwrap(), "assets:*".parse().unwrap()]),
        made_by: Some(UserId::new(Uuid::from_u128(5))),
        ..token("a-viewer", Rank::Viewer, 2)
    };
    let add = async |token: &TokenRecord, millis| {
        store.add(token.clone(), deed(millis, "operator", "token.created")).await.unwrap()
    };
    assert_eq!(add(&owner, 80_001).await, TokenAdded::Done);
    assert_eq!(add(&viewer, 80_002).await, TokenAdded::Done);
    let thief = token("b-owner", Rank::Owner, 3);
    assert_eq!(add(&thief, 80_003).await, TokenAdded::NameTaken, "a name is given once");
    assert_eq!(store.find(&thief.hash).await.unwrap(), None, "a refused token opens nothing");
    assert_eq!(store.find(&owner.hash).await.unwrap(), Some(owner.clone()));
    assert_eq!(store.find_by_name("a-viewer").await.unwrap(), Some(viewer.clone()));
    assert_eq!(store.list().await.unwrap(), [viewer.clone(), owner.clone()], "every token by name");
    let remove = async |hash: &[u8; 32], millis| {
        let audit = deed(millis, "operator", "token.revoked");
        store.remove("b-owner", hash, audit).await.unwrap()
    };
    assert!(!remove(&thief.hash, 80_004).await, "another token of this name is not meant");
    assert!(remove(&owner.hash, 80_005).await);
    assert!(!remove(&owner.hash, 80_006).await, "it is gone");
    assert_eq!(store.list().await.unwrap(), [viewer]);
}

fn token(name: &str, rank: Rank, seed: u8) -> TokenRecord {
    TokenRecord {
        name: name.to_owned(),
        role: rank.into(),
        scopes: None,
        made_by: None,
        hash: [seed; 32],
        created_at: at(1_000),
        expires_at: None,
    }
}
