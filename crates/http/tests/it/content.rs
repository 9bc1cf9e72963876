//! Entries over REST: what each operation answers, to whom, and in what form.

use axum::http::Method;
use serde_json::json;
use smartcms_domain::actors::Role;

use crate::client::Site;

#[tokio::test]
async fn a_new_entry_is_a_draft_with_its_address_and_tag() {
    let site = Site::new().await;
    let body = json!({ "fields": { "title": "Hello, World", "body": "*Hi*" }, "message": "first" });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("etag"), "\"1\"");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/api/v1/content/posts/{id}"));
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "collection": "posts",
          "created_at": "2026-11-22T10:00:00Z",
          "fields": {
            "body": "*Hi*",
            "title": "Hello, World"
          },
          "group": "01a202b2-c500-7000-8000-000000020001",
          "has_newer_draft": false,
          "id": "01a202b2-c500-7000-8000-000000020001",
          "locale": "en",
          "published_at": null,
          "revision": 1,
          "slug": "hello-world",
          "status": "draft",
          "updated_at": "2026-11-22T10:00:00Z",
          "url": null
        }
        "#);
}

#[tokio::test]
async fn readers_see_the_published_state_alone() {
    let site = Site::new().await;
    let path = site.published("posts", "First").await;
    let body = json!({ "fields": { "title": "Second" } });
    let answer = site.edit(Method::PATCH, &path, body).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"3\""));
    let answer = site.get("/api/v1/content/posts/first").await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"2\""));
    insta::assert_json_snapshot!(answer.json(), @r##"
        {
          "collection": "posts",
          "created_at": "2026-11-22T10:00:00Z",
          "fields": {
            "body": "# First\n\nText of First.",
            "title": "First"
          },
          "group": "01a202b2-c500-7000-8000-000000020001",
          "id": "01a202b2-c500-7000-8000-000000020001",
          "locale": "en",
          "published_at": "2026-11-22T10:00:00Z",
          "revision": 2,
          "slug": "first",
          "status": "published",
          "updated_at": "2026-11-22T10:00:00Z",
          "url": "https://site.example/posts/first"
        }
        "##);
    let answer =
        site.call(Method::GET, &format!("{path}?status=any")).bearer(&site.editor).send().await;
    assert_eq!(answer.header("etag"), "\"3\"");
    assert_eq!(answer.json()["fields"]["title"], "Second");
    assert_eq!(answer.json()["has_newer_draft"], true);
}

#[tokio::test]
async fn a_draft_is_hidden_from_readers_and_shown_to_those_who_may() {
    let site = Site::new().await;
    let path = site.draft("posts", "Hidden").await;
    let answer = site.get(&path).await;
    answer.check_problem(404, "entry.unknown");
    assert!(answer.text().contains("?status=any"));
    site.get(&format!("{path}?status=any")).await.check_problem(401, "auth.required");
    let viewer = site.token(Role::VIEWER).await;
    for key in ["any", "draft"] {
        let uri = format!("{path}?status={key}");
        assert_eq!(site.call(Method::GET, &uri).bearer(&viewer).send().await.status, 200);
    }
    let uri = "/api/v1/content/posts/hidden?status=any";
    assert_eq!(site.call(Method::GET, uri).bearer(&viewer).send().await.status, 200);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_takes_away() {
    let site = Site::new().await;
    let path = site.draft("posts", "One").await;
    let body = json!({ "slug": "uno", "fields": { "excerpt": "E", "body": null } });
    let answer = site.edit(Method::PATCH, &path, body).await;
    assert_eq!(answer.json()["fields"], json!({ "title": "One", "excerpt": "E" }));
    assert_eq!(answer.json()["slug"], "uno");
}

#[tokio::test]
async fn a_slug_names_an_entry_in_changes_too() {
    let site = Site::new().await;
    site.draft("posts", "By slug").await;
    let path = "/api/v1/content/posts/by-slug";
    assert_eq!(
        site.edit(Method::PATCH, path, json!({ "fields": { "excerpt": "x" } })).await.status,
        200
    );
    assert_eq!(site.edit(Method::POST, &format!("{path}/publish"), json!({})).await.status, 200);
    assert_eq!(site.edit(Method::DELETE, path, json!({})).await.status, 200);
    site.edit(Method::DELETE, path, json!({})).await.check_problem(404, "entry.unknown");
}

#[tokio::test]
async fn an_entry_goes_through_its_whole_life() {
    let site = Site::new().await;
    let path = site.published("posts", "Life").await;
    let step = async |method: Method, path: String, body| {
        let answer = site.edit(method, &path, body).await;
        let body = answer.json();
        (answer.status.as_u16(), body["status"].clone(), body["url"].clone(), body["code"].clone())
    };
    let unpublish = step(Method::POST, format!("{path}/unpublish"), json!({})).await;
    assert_eq!(unpublish, (200, json!("draft"), json!(null), json!(null)));
    let again = step(Method::POST, format!("{path}/unpublish"), json!({})).await;
    assert_eq!((again.0, again.3), (409, json!("entry.not-published")));
    let trash = step(Method::DELETE, path.clone(), json!({})).await;
    assert_eq!((trash.0, trash.1), (200, json!("trashed")));
    let publish = step(Method::POST, format!("{path}/publish"), json!({})).await;
    assert_eq!((publish.0, publish.3), (409, json!("entry.trashed")));
    let restore = step(Method::POST, format!("{path}/restore"), json!({})).await;
    assert_eq!((restore.0, restore.1), (200, json!("draft")));
    let restore = step(Method::POST, format!("{path}/restore"), json!({})).await;
    assert_eq!((restore.0, restore.3), (409, json!("entry.not-trashed")));
    let publish = step(Method::POST, format!("{path}/publish"), json!({})).await;
    assert_eq!((publish.0, publish.2), (200, json!("https://site.example/posts/life")));
}

#[tokio::test]
async fn every_change_needs_a_token_and_its_permission() {
    let site = Site::new().await;
    let path = site.published("posts", "Guarded").await;
    let viewer = site.token(Role::VIEWER).await;
    let contributor = site.token(Role::CONTRIBUTOR).await;
    let author = site.token(Role::AUTHOR).await;
    let cases = [
        (
            Method::POST,
            "/api/v1/content/posts".to_owned(),
            &viewer,
            json!({ "fields": { "title": "x" } }),
        ),
        (Method::PATCH, path.clone(), &viewer, json!({ "fields": {} })),
        (Method::POST, format!("{path}/publish"), &contributor, json!({})),
        (Method::POST, format!("{path}/unpublish"), &contributor, json!({})),
        (Method::DELETE, path.clone(), &author, json!({})),
        (Method::POST, format!("{path}/restore"), &author, json!({})),
        (Method::POST, format!("{path}/restore"), &viewer, json!({ "revision": 1 })),
    ];
    for (method, uri, token, body) in cases {
        let call = || site.call(method.clone(), &uri).header("if-match", "*").json(body.clone());
        let answer = call().send().await;
        answer.check_problem(401, "auth.required");
        assert!(answer.header("www-authenticate").starts_with("Bearer "));
        call().bearer(token).send().await.check_problem(403, "entry.denied");
        let allowed = call().bearer(&site.editor).send().await;
        assert!(
            allowed.status.is_success() || allowed.status == 409,
            "{method} {uri} {}",
            allowed.text()
        );
        site.edit(Method::POST, &format!("{path}/restore"), json!({})).await;
    }
}

#[tokio::test]
async fn what_a_collection_refuses_comes_back_by_field() {
    let site = Site::new().await;
    let body = json!({ "fields": { "titel": "x", "reading_minutes": "four" } });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    answer.check_problem(422, "entry.invalid");
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "code": "entry.invalid",
          "detail": "the entry has 2 problems",
          "problems": [
            {
              "code": "unknown-field",
              "field": "titel",
              "message": "Posts has no field `titel`"
            },
            {
              "code": "kind",
              "field": "reading_minutes",
              "message": "Reading minutes has to be a whole number of 64 bits"
            }
          ],
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "urn:smartcms:problem:entry.invalid"
        }
        "#);
    let body = json!({ "fields": { "title": "x" }, "slug": "Not A Slug" });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    assert_eq!(answer.json()["problems"][0]["field"], "slug");
}

#[tokio::test]
async fn a_slug_that_is_taken_is_a_conflict() {
    let site = Site::new().await;
    site.draft("posts", "Taken").await;
    let body = json!({ "fields": { "title": "x" }, "slug": "taken" });
    site.edit(Method::POST, "/api/v1/content/posts", body)
        .await
        .check_problem(409, "entry.slug-taken");
}

#[tokio::test]
async fn collections_say_what_their_entries_hold() {
    let site = Site::new().await;
    let answer = site.get("/api/v1/collections").await;
    assert_eq!(answer.status, 200);
    let items = answer.json()["items"].clone();
    assert_eq!(items[1]["name"], "posts");
    assert_eq!(items[1]["url"], "/posts/{slug}");
    assert_eq!(
        items[1]["fields"][0],
        json!({
            "name": "title", "kind": "text", "label": "Title", "help": null, "required": true,
            "unique": false, "indexed": false, "localized": true, "min": null, "max": null,
            "pattern": null, "default": null, "read": null, "write": null,
        })
    );
}
