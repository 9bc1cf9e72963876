//! What has been kept long enough goes, on a real server with its database.

use serde_json::json;
use smartcms_app::ports::EntryStore as _;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use smartcms_testkit::builders::{at, changed, created, draft};

use crate::support::server::Server;
use crate::support::site::Site;

/// Puts an entry into the database that went to the trash long ago.
fn trashed_long_ago(site: &Site) -> Entry {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&site.data().join("smartcms.db"), &SqliteSettings::default());
        let store = store.unwrap();
        let entry = draft(&CollectionName::parse("posts").unwrap(), 1, "old");
        let gone = entry.clone().trash(at(5_000)).unwrap();
        store.write(created(&entry).into()).await.unwrap();
        store.write(changed(&entry, gone.clone(), EventKind::EntryTrashed).into()).await.unwrap();
        gone
    })
}

#[test]
fn the_trash_is_emptied_when_the_server_starts_unless_it_is_told_not_to() {
    let site = Site::new();
    let entry = trashed_long_ago(&site);
    let path = format!("/api/v1/content/posts/{}?status=trashed", entry.id);
    let never = Server::start_in(site.path(), &[("SMARTCMS_CONTENT_TRASH_DAYS", "0")]);
    let mut client = never.client().with_token(&site.token);
    // Something else that the server does by itself after its start.
    client
        .post("/api/v1/content/posts", &json!({ "fields": { "title": "New" } }))
        .expect_status(201);
    client.get(&path).expect_status(200);
    drop(never);
    let mut server = Server::start(&site);
    server.wait_for_log(&["took away what was kept long enough", "\"trash\":1,"]);
    server.client().with_token(&site.token).get(&path).expect_status(404);
}
