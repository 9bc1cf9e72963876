//! The history of an entry.

use axum::http::Method;
use serde_json::json;

use crate::client::{Answer, Site};

async fn get(site: &Site, uri: &str) -> Answer {
    site.call(Method::GET, uri).bearer(&site.editor).send().await
}

async fn edited(site: &Site, times: usize) -> String {
    let path = site.draft("posts", "First").await;
    for number in 0..times {
        let body = json!({ "fields": { "title": format!("Edit {number}") }, "message": "again" });
        site.edit(Method::PATCH, &path, body).await;
    }
    path
}

#[tokio::test]
async fn every_save_is_in_the_history_with_its_author_and_message() {
    let site = Site::new().await;
    let path = edited(&site, 1).await;
    let answer = get(&site, &format!("{path}/revisions")).await;
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "items": [
            {
              "at": "2026-11-22T10:00:00Z",
              "author": "token editor",
              "change": "entry.updated",
              "message": "again",
              "revision": 2,
              "slug": "first"
            },
            {
              "at": "2026-11-22T10:00:00Z",
              "author": "token editor",
              "change": "entry.created",
              "message": null,
              "revision": 1,
              "slug": "first"
            }
          ],
          "next": null
        }
        "#);
    let answer = get(&site, &format!("{path}/revisions/1")).await;
    assert_eq!(answer.json()["fields"]["title"], "First");
    assert_eq!(answer.header("etag"), "\"1\"");
}

#[tokio::test]
async fn a_history_is_read_page_by_page() {
    let site = Site::new().await;
    let path = edited(&site, 4).await;
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = get(&site, &format!("{path}/revisions?limit=2{cursor}")).await.json();
        let items = answer["items"].as_array().unwrap().clone();
        numbers.extend(items.iter().map(|it| it["revision"].as_u64().unwrap()));
        let Some(next) = answer["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    get(&site, &format!("{path}/revisions?cursor=x")).await.check_problem(422, "request.cursor");
}

#[tokio::test]
async fn an_older_state_comes_back_as_the_newest() {
    let site = Site::new().await;
    let path = edited(&site, 1).await;
    let answer =
        site.edit(Method::POST, &format!("{path}/restore"), json!({ "revision": 1 })).await;
    assert_eq!(answer.json()["revision"], 3);
    assert_eq!(answer.json()["fields"]["title"], "First");
    let answer =
        site.edit(Method::POST, &format!("{path}/restore"), json!({ "revision": 9 })).await;
    answer.check_problem(404, "entry.revision-unknown");
    let answer = site.edit(Method::POST, &format!("{path}/restore"), json!({ "revison": 1 })).await;
    answer.check_problem(400, "request.body");
}

#[tokio::test]
async fn a_history_is_for_those_who_may_read_drafts() {
    let site = Site::new().await;
    let path = site.published("posts", "Public").await;
    for uri in [format!("{path}/revisions"), format!("{path}/revisions/1")] {
        site.get(&uri).await.check_problem(401, "auth.required");
        assert_eq!(get(&site, &uri).await.status, 200);
    }
    get(&site, &format!("{path}/revisions/99")).await.check_problem(404, "entry.revision-unknown");
    get(&site, &format!("{path}/revisions/x")).await.check_problem(404, "route.unknown");
}
