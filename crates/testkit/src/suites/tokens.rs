//! API tokens.

use smartcms_app::ports::{TokenRecord, TokenStore};
use smartcms_domain::actors::Role;

use crate::builders::at;

/// The promises of [`TokenStore`].
pub async fn tokens(store: &dyn TokenStore) {
    let owner = token("b-owner", Role::Owner, 1);
    let viewer = TokenRecord { expires_at: Some(at(9_000)), ..token("a-viewer", Role::Viewer, 2) };
    assert!(store.add(owner.clone()).await.unwrap());
    assert!(store.add(viewer.clone()).await.unwrap());
    let thief = token("b-owner", Role::Owner, 3);
    assert!(!store.add(thief.clone()).await.unwrap(), "a name is given once");
    assert_eq!(store.find(&thief.hash).await.unwrap(), None, "a refused token opens nothing");
    assert_eq!(store.find(&owner.hash).await.unwrap(), Some(owner.clone()));
    assert_eq!(store.list().await.unwrap(), [viewer.clone(), owner], "every token by name");
    assert!(store.remove("b-owner").await.unwrap());
    assert!(!store.remove("b-owner").await.unwrap(), "it is gone");
    assert_eq!(store.list().await.unwrap(), [viewer]);
}

fn token(name: &str, role: Role, seed: u8) -> TokenRecord {
    TokenRecord {
        name: name.to_owned(),
        role,
        hash: [seed; 32],
        created_at: at(1_000),
        expires_at: None,
    }
}
