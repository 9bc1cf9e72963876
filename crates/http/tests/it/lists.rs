//! Lists: pages, cursors, limits, states.

use axum::http::Method;
use serde_json::Value;

use crate::client::Site;

async fn titles(site: &Site, uri: &str) -> (Vec<String>, Option<String>) {
    let answer = site.call(Method::GET, uri).bearer(&site.editor).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let title = |it: &Value| it["fields"]["title"].as_str().unwrap().to_owned();
    let titles = body["items"].as_array().unwrap().iter().map(title).collect();
    (titles, body["next"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    let site = Site::new().await;
    for title in ["a", "b", "c", "d", "e"] {
        site.published("posts", title).await;
        if title != "c" {
            site.test.clock.advance(1_000);
        }
    }
    let mut seen = Vec::new();
    let mut uri = "/api/v1/content/posts?limit=2".to_owned();
    loop {
        let (titles, next) = titles(&site, &uri).await;
        assert!(titles.len() <= 2);
        seen.extend(titles);
        let Some(next) = next else { break };
        uri = format!("/api/v1/content/posts?limit=2&cursor={next}");
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
}

#[tokio::test]
async fn each_state_has_its_list_and_drafts_need_permission() {
    let site = Site::new().await;
    site.draft("posts", "draft").await;
    site.published("posts", "public").await;
    let trashed = site.draft("posts", "trashed").await;
    site.edit(Method::DELETE, &trashed, serde_json::json!({})).await;
    for (status, expected) in [
        ("published", vec!["public"]),
        ("draft", vec!["draft"]),
        ("any", vec!["public", "draft"]),
        ("trashed", vec!["trashed"]),
    ] {
        let uri = format!("/api/v1/content/posts?status={status}");
        assert_eq!(titles(&site, &uri).await.0, expected, "{status}");
        let denied = site.get(&uri).await;
        if status == "published" {
            assert_eq!(denied.status, 200);
        } else {
            denied.check_problem(401, "auth.required");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_is_no_place_in_the_list_is_refused() {
    let site = Site::new().await;
    for title in ["a", "b"] {
        site.published("posts", title).await;
    }
    let (_, next) = titles(&site, "/api/v1/content/posts?limit=1").await;
    let next = next.unwrap();
    for bad in ["x", "", &next[1..], &format!("{next}0")] {
        let uri = format!("/api/v1/content/posts?cursor={bad}");
        site.get(&uri).await.check_problem(422, "request.cursor");
    }
    let uri = format!("/api/v1/content/posts?status=any&cursor={next}");
    site.get(&uri).await.check_problem(422, "request.cursor");
}

#[tokio::test]
async fn a_limit_is_kept_at_its_edges() {
    let site = Site::new().await;
    for (limit, status) in
        [("1", 200), ("100", 200), ("0", 400), ("101", 400), ("-1", 400), ("x", 400), ("", 400)]
    {
        let answer = site.get(&format!("/api/v1/content/posts?limit={limit}")).await;
        assert_eq!(answer.status, status, "{limit}");
    }
}

#[tokio::test]
async fn a_long_answer_is_compressed_for_those_who_take_it() {
    let site = Site::new().await;
    for number in 0..20 {
        site.published("posts", &format!("Post number {number}")).await;
    }
    let plain = site.get("/api/v1/content/posts").await;
    let call =
        site.call(Method::GET, "/api/v1/content/posts").header("accept-encoding", "gzip, br");
    let coded = call.send().await;
    assert_eq!(coded.header("content-encoding"), "gzip");
    assert!(coded.body.len() < plain.body.len() / 2);
    assert!(!plain.has_header("content-encoding"));
    for answer in [plain, coded] {
        let vary: Vec<_> =
            answer.headers.get_all("vary").iter().map(|it| it.to_str().unwrap()).collect();
        assert_eq!(vary, ["authorization", "accept-encoding"]);
    }
}
