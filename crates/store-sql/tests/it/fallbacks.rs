//! Lists in a language and those that stand in for it, with filters, orders and pages, on a real file.

use serde_json::json;
use smartcms_app::ports::{EntryQuery, EntryStore as _, Listing};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, Test};
use smartcms_store_sql::SqliteStore;
use smartcms_testkit::builders::{
    at, changed, collection, created, draft, entry_id, fields, locale,
};

use crate::Folder;

/// Stores a public entry of a translation group, with its language and its group as slug.
async fn public(store: &SqliteStore, number: u128, tag: &str, group: u128, rank: i64) {
    let entry = Entry {
        locale: locale(tag),
        group: entry_id(group),
        fields: fields(json!({ "rank": rank })),
        ..draft(&collection("posts"), number, &format!("{tag}-{group}"))
    };
    let live = entry.clone().publish(at(5_000)).unwrap();
    store.write(created(&entry).into()).await.unwrap();
    store.write(changed(&entry, live, EventKind::EntryPublished).into()).await.unwrap();
}

#[tokio::test]
async fn filters_and_orders_look_at_the_entry_that_is_shown() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    for (number, tag, group, rank) in
        [(1, "en", 1, 9), (2, "fr", 1, 1), (3, "en", 2, 5), (4, "en", 3, 2), (5, "fr", 3, 7)]
    {
        public(&store, number, tag, group, rank).await;
    }
    let rank = || Path::Field(vec!["rank".to_owned()]);
    let ask = async |filter: Option<Filter>, descending| {
        let mut query = EntryQuery {
            author: None,
            collection: collection("posts"),
            listing: Listing::Published,
            locale: Some(locale("fr")),
            fallbacks: vec![locale("en")],
            filter,
            sort: vec![SortKey { path: rank(), descending }],
            limit: 1,
            after: None,
        };
        let mut slugs = Vec::new();
        loop {
            let page = store.list(&query).await.unwrap();
            slugs.extend(page.entries.iter().map(|it| it.slug.to_string()));
            query.after = page.next;
            if query.after.is_none() {
                return slugs;
            }
        }
    };
    assert_eq!(ask(None, false).await, ["fr-1", "en-2", "fr-3"]);
    assert_eq!(ask(None, true).await, ["fr-3", "en-2", "fr-1"]);
    let at_least = |least: i64| {
        let test = Test::Gte(json!(least));
        Some(Filter::Is(Condition { path: rank(), test }))
    };
    assert_eq!(ask(at_least(5), false).await, ["en-2", "fr-3"]);
    assert_eq!(ask(at_least(9), false).await, Vec::<String>::new(), "in French it has 1");
}
