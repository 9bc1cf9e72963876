//! Drafts, publication and trash.

use serde_json::json;
use smartcms_app::entries::{
    ListEntries, View, find_live_by_path, get_entry, list_entries, publish_entry, restore_entry,
    trash_entry, unpublish_entry,
};
use smartcms_app::ports::Listing;
use smartcms_app::rendering::render_body;
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_testkit::TestApp;

use crate::support::{change, check_code, create, draft, published, update};

async fn on_the_site(app: &App, path: &str) -> Option<String> {
    let found = find_live_by_path(&OpContext::new(app, &Actor::Anonymous), path).await.unwrap();
    found.and_then(|it| it.live?.fields.text("title").map(str::to_owned))
}

#[tokio::test]
async fn readers_see_what_was_published_and_not_the_draft_beside_it() {
    let app = TestApp::new();
    let entry = draft(&app, "A").await;
    assert_eq!(on_the_site(&app, "/posts/a").await, None);
    let entry =
        publish_entry(&OpContext::new(&app, &Actor::Operator), change(&entry)).await.unwrap();
    let entry = update(&app, &entry, json!({"title": "B"})).await.unwrap();
    assert_eq!(on_the_site(&app, "/posts/a").await.as_deref(), Some("A"));
    publish_entry(&OpContext::new(&app, &Actor::Operator), change(&entry)).await.unwrap();
    assert_eq!(on_the_site(&app, "/posts/a").await.as_deref(), Some("B"));
}

#[tokio::test]
async fn unpublishing_takes_an_entry_off_the_site() {
    let app = TestApp::new();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let entry = published(&app, "A").await;
    let entry = unpublish_entry(&ctx, change(&entry)).await.unwrap();
    assert_eq!(on_the_site(&app, "/posts/a").await, None);
    check_code(unpublish_entry(&ctx, change(&entry)).await, "entry.not-published");
}

#[tokio::test]
async fn the_trash_frees_the_slug_and_gives_back_a_draft() {
    let app = TestApp::new();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let entry = published(&app, "A").await;
    let trashed = trash_entry(&ctx, change(&entry)).await.unwrap();
    assert_eq!(on_the_site(&app, "/posts/a").await, None);
    check_code(update(&app, &trashed, json!({"title": "B"})).await, "entry.trashed");
    let other = draft(&app, "A").await;
    assert_eq!(other.slug.as_str(), "a");
    check_code(restore_entry(&ctx, change(&trashed)).await, "entry.slug-taken");
    trash_entry(&ctx, change(&other)).await.unwrap();
    let back = restore_entry(&ctx, change(&trashed)).await.unwrap();
    assert_eq!((back.live, back.trashed_at), (None, None));
}

#[tokio::test]
async fn a_listing_is_walked_page_by_page_without_gaps_or_repeats() {
    let app = TestApp::new();
    for number in 0..7 {
        app.clock.advance(1_000);
        published(&app, &format!("Post {number}")).await;
    }
    let ctx = OpContext::new(&app, &Actor::Anonymous);
    let mut titles = Vec::new();
    let mut after = None;
    loop {
        let first = ListEntries::first("posts", Listing::Published, 3);
        let query = ListEntries { after, ..first };
        let page = list_entries(&ctx, query).await.unwrap().page;
        titles.extend(page.entries.iter().map(|it| it.slug.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(titles, ["post-6", "post-5", "post-4", "post-3", "post-2", "post-1", "post-0"]);
}

#[tokio::test]
async fn an_unknown_key_is_not_found_in_the_same_words_as_a_hidden_entry() {
    let app = TestApp::new();
    draft(&app, "hidden").await;
    let ctx = OpContext::new(&app, &Actor::Anonymous);
    for key in ["hidden", "missing", "Not/A/Key", "0190b0b0-0000-7000-8000-000000000000"] {
        let error = get_entry(&ctx, "posts", key, View::Published).await.unwrap_err();
        assert_eq!(error.to_string(), format!("there is no entry `{key}` in posts"));
    }
    check_code(get_entry(&ctx, "nothing", "a", View::Published).await, "collection.unknown");
}

#[tokio::test]
async fn the_body_is_rendered_from_what_is_public_and_is_safe() {
    let app = TestApp::new();
    let body = "## Hi\n\n[x](javascript:alert(1)) **bold**";
    let entry = create(&app, json!({"title": "a", "body": body})).await.unwrap();
    let entry =
        publish_entry(&OpContext::new(&app, &Actor::Operator), change(&entry)).await.unwrap();
    let rendered = render_body(&app, &entry, entry.live.as_ref().unwrap()).await;
    assert_eq!(
        rendered.html,
        "<h2>Hi</h2>\n<p><a rel=\"noopener noreferrer\">x</a> <strong>bold</strong></p>\n"
    );
}
