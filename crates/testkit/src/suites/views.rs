//! Views of lists.

use smartcms_app::ports::{SavedView, ViewStore};
use smartcms_domain::actors::UserId;
use uuid::Uuid;

/// The promises of [`ViewStore`].
pub async fn views(store: &dyn ViewStore) {
    let owner = |number: u128| UserId::parse(&Uuid::from_u128(number).to_string()).unwrap();
    let (ada, bob) = (owner(0xada), owner(0xb0b));
    let view = |id: u128, owner, list: &str, name: &str| SavedView {
        id: Uuid::from_u128(id),
        owner,
        list: list.to_owned(),
        name: name.to_owned(),
        query: format!("status=draft&q={id}"),
    };
    let (late, early) = (view(1, ada, "content/posts", "z"), view(2, ada, "content/posts", "Ä"));
    let elsewhere = view(3, ada, "content/pages", "z");
    let theirs = view(4, bob, "content/posts", "z");
    for it in [&late, &early, &elsewhere, &theirs] {
        assert!(store.save_view(it.clone(), 3).await.unwrap());
    }
    let mine = store.list_views(ada, "content/posts").await.unwrap();
    assert_eq!(mine, [late.clone(), early.clone()], "by name, and nobody else's");
    assert_eq!(store.all_views(ada).await.unwrap().len(), 3);

    assert!(!store.save_view(view(5, ada, "content/posts", "more"), 3).await.unwrap());
    let again = SavedView { query: String::new(), ..view(6, ada, "content/posts", "z") };
    assert!(store.save_view(again.clone(), 3).await.unwrap(), "in the place of the other");
    assert_eq!(store.list_views(ada, "content/posts").await.unwrap(), [again.clone(), early]);

    assert!(!store.remove_view(bob, again.id).await.unwrap(), "it is somebody else's");
    assert!(store.remove_view(ada, again.id).await.unwrap());
    assert!(!store.remove_view(ada, again.id).await.unwrap());
    assert_eq!(store.list_views(bob, "content/posts").await.unwrap(), [theirs]);
}
