//! What a client hears that asks wrongly: the field, the place, the limit, the nearest name.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;
use smartcms_http::BODY_BYTES_MAX;

use crate::client::{Answer, Site};

async fn create(site: &Site, body: impl Into<Body>) -> Answer {
    let call = site.call(Method::POST, "/api/v1/content/posts").bearer(&site.editor);
    call.header("content-type", "application/json; charset=utf-8").body(body).send().await
}

#[tokio::test]
async fn broken_json_is_told_by_line_and_column() {
    let site = Site::new().await;
    let answer = create(&site, "{\n  \"fields\": {,}\n}").await;
    answer.check_problem(400, "request.json");
    assert!(answer.text().contains("line 2, column 14"), "{}", answer.text());
}

#[tokio::test]
async fn a_key_that_is_there_twice_is_refused() {
    let site = Site::new().await;
    let answer = create(&site, r#"{"fields":{"title":"a","title":"b"}}"#).await;
    answer.check_problem(400, "request.duplicate-key");
    assert!(answer.text().contains("`title`"), "{}", answer.text());
}

#[tokio::test]
async fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    let site = Site::new().await;
    let answer = create(&site, json!({ "feilds": {}, "slug": 3 }).to_string()).await;
    answer.check_problem(400, "request.body");
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "code": "request.body",
          "detail": "the body does not fit: its keys are `id`, `slug`, `locale`, `translation_of`, `fields`, `message`, `suggestions`",
          "problems": [
            {
              "code": "kind",
              "field": "slug",
              "message": "`slug` has to be text"
            },
            {
              "code": "required",
              "field": "fields",
              "message": "`fields` is required"
            },
            {
              "code": "unknown-key",
              "field": "feilds",
              "message": "there is no `feilds` here; did you mean `fields`?"
            }
          ],
          "status": 400,
          "title": "Bad Request",
          "type": "urn:smartcms:problem:request.body"
        }
        "#);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let site = Site::new().await;
    for body in ["[]", "3", "null", "\"x\""] {
        create(&site, body).await.check_problem(400, "request.body");
    }
}

#[tokio::test]
async fn a_body_past_its_limit_is_refused_by_name() {
    let site = Site::new().await;
    let answer = create(&site, vec![b' '; BODY_BYTES_MAX + 1]).await;
    answer.check_problem(413, "request.too-large");
    assert!(answer.text().contains("body_bytes_max"));
    let call = site.call(Method::POST, "/api/v1/content/posts").bearer(&site.editor);
    let call =
        call.header("content-type", "application/json").header("content-length", "99999999999");
    call.send().await.check_problem(413, "request.too-large");
    create(&site, vec![b' '; BODY_BYTES_MAX]).await.check_problem(400, "request.json");
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let site = Site::new().await;
    for content_type in ["application/x-www-form-urlencoded", "text/plain", "application/jsonx", ""]
    {
        let call = site.call(Method::POST, "/api/v1/content/posts").bearer(&site.editor);
        let answer = call.header("content-type", content_type).body("{}").send().await;
        answer.check_problem(415, "request.content-type");
    }
    let call = site.call(Method::POST, "/api/v1/content/posts").bearer(&site.editor).body("{}");
    call.send().await.check_problem(415, "request.content-type");
}

#[tokio::test]
async fn an_unknown_parameter_is_named_with_the_one_that_was_meant() {
    let site = Site::new().await;
    let answer = site.get("/api/v1/content/posts?limt=3").await;
    answer.check_problem(400, "request.query");
    assert!(answer.text().contains("did you mean `limit`?"), "{}", answer.text());
    site.get("/api/v1/content/posts?limit=3&limit=4").await.check_problem(400, "request.query");
    site.get("/api/v1/content/posts?status=drafts").await.check_problem(400, "request.query");
    site.get("/api/v1/collections?x=1").await.check_problem(400, "request.query");
    site.get("/api/v1/content/posts?%FF=%FF").await.check_problem(400, "request.query");
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_told_so() {
    let site = Site::new().await;
    for (value, code) in [
        ("Bearer smc_no", "auth.token-not-valid"),
        ("Bearer ", "auth.scheme"),
        ("Basic dTpw", "auth.scheme"),
        ("é", "auth.scheme"),
    ] {
        let answer = site
            .call(Method::GET, "/api/v1/content/posts")
            .header("authorization", value)
            .send()
            .await;
        answer.check_problem(401, code);
        assert!(answer.header("www-authenticate").starts_with("Bearer realm="));
        let collections = site.call(Method::GET, "/api/v1/collections");
        collections.header("authorization", value).send().await.check_problem(401, code);
    }
    let secret = site.editor.clone();
    let lower = site
        .call(Method::GET, "/api/v1/content/posts")
        .header("authorization", &format!("bearer {secret}"));
    assert_eq!(lower.send().await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_below_api_and_a_page_elsewhere() {
    let site = Site::new().await;
    site.get("/api/v1/nothing").await.check_problem(404, "route.unknown");
    site.get("/api").await.check_problem(404, "route.unknown");
    site.get("/api/v1/content/nothing").await.check_problem(404, "collection.unknown");
    site.get("/api/v1/content/posts/nothing").await.check_problem(404, "entry.unknown");
    let page = site.get("/apiary").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(page.text().contains("Page not found"));
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_told_with_those_that_are() {
    let site = Site::new().await;
    let answer = site.call(Method::PUT, "/api/v1/content/posts").send().await;
    answer.check_problem(405, "request.method");
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    let answer = site.call(Method::POST, "/").send().await;
    answer.check_problem(405, "request.method");
    let answer = site.call(Method::POST, "/posts/a").send().await;
    answer.check_problem(405, "request.method");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    for uri in ["/", "/api/v1/content/posts", "/posts/a", "/healthz"] {
        let answer = site.call(Method::OPTIONS, uri).send().await;
        assert_eq!(answer.status, 204);
        assert!(answer.header("allow").contains("GET"));
    }
}

#[tokio::test]
async fn a_problem_has_the_form_of_rfc_9457() {
    let site = Site::new().await;
    let answer = site.get("/api/v1/content/posts/nothing").await;
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "code": "entry.unknown",
          "detail": "there is no entry `nothing` in posts",
          "hint": "only published entries are here; `?status=any` shows the others",
          "status": 404,
          "title": "Not Found",
          "type": "urn:smartcms:problem:entry.unknown"
        }
        "#);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn every_answer_has_the_headers_that_bind_browsers() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    for uri in [
        "/",
        "/posts/a",
        "/nothing",
        "/api/v1/content/posts",
        "/api/x",
        "/healthz",
        "/feed.xml",
        "/ext/none/",
    ] {
        for _ in 0..2 {
            let answer = site.get(uri).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{uri}");
            assert!(
                answer.header("content-security-policy").contains("frame-ancestors 'none'"),
                "{uri}"
            );
            assert!(answer.has_header("referrer-policy"), "{uri}");
        }
    }
}
