//! Menus.

use smartcms_app::ports::{MenuStore, MenuWriteError};
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{Menu, MenuName, items_of_json};

use crate::builders::at;

/// The promises of [`MenuStore`].
pub async fn menus(store: &dyn MenuStore) {
    let items = serde_json::json!([
        { "label": "Ä", "labels": { "de": "Ö", "pt-BR": "Ã" }, "to": "/a?b#c", "new_tab": true },
        { "entry": "01900000-0000-7000-8000-000000000001", "items": [{ "collection": "posts" }] },
        { "label": "Group", "items": [{ "label": "Deep", "to": "https://a.test" }] },
    ]);
    let top = menu("suite-top", 1, &items);
    let side = menu("suite_side", 1, &serde_json::json!([]));
    let start = store.menu_generation().await.unwrap();
    let first = store.save_menu(top.clone(), None).await.unwrap();
    let second = store.save_menu(side.clone(), None).await.unwrap();
    assert!(start < first && first < second, "each change makes the next number");
    assert_eq!(store.menu_generation().await.unwrap(), second);
    assert_eq!(
        found(store, &["suite_side", "suite-top", "none"]).await,
        [top.clone(), side.clone()]
    );
    let listed = store.list_menus().await.unwrap();
    assert!(listed.contains(&top) && listed.is_sorted_by_key(|it| it.name.clone()), "{listed:?}");

    let next = Menu { updated_at: at(9), ..menu("suite-top", 2, &serde_json::json!([])) };
    for stale in [None, Some(Revision::new(2))] {
        let refused = store.save_menu(next.clone(), stale).await;
        assert!(matches!(refused, Err(MenuWriteError::Stale)), "{refused:?}");
    }
    assert_eq!(found(store, &["suite-top"]).await, [top]);
    store.save_menu(next.clone(), Some(Revision::FIRST)).await.unwrap();
    assert_eq!(found(store, &["suite-top"]).await, std::slice::from_ref(&next));

    let refused = store.remove_menu(&next.name, Revision::FIRST).await;
    assert!(matches!(refused, Err(MenuWriteError::Stale)), "{refused:?}");
    let before = store.menu_generation().await.unwrap();
    assert!(store.remove_menu(&next.name, next.revision).await.unwrap() > before);
    assert_eq!(found(store, &["suite-top"]).await, []);
    let gone = store.save_menu(next, Some(Revision::new(2))).await;
    assert!(matches!(gone, Err(MenuWriteError::Stale)), "what is gone stays gone");
}

async fn found(store: &dyn MenuStore, names: &[&str]) -> Vec<Menu> {
    let names: Vec<MenuName> = names.iter().map(|it| MenuName::parse(it).unwrap()).collect();
    store.find_menus(&names).await.unwrap()
}

fn menu(name: &str, revision: u64, items: &serde_json::Value) -> Menu {
    Menu {
        name: MenuName::parse(name).unwrap(),
        items: items_of_json(items).unwrap(),
        revision: Revision::new(revision),
        updated_at: at(1),
    }
}
