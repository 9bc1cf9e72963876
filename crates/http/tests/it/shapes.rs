//! What answers show of entries: chosen fields, entries that come along, and nothing of fields that are hidden.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::{Rank, Role};
use smartcms_domain::collections::{
    CollectionDefinition, FieldAccess, FieldDefinition, FieldKind, FieldName, OnDelete, Relation,
};
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::{Answer, Site};

const POSTS: &str = "/api/v1/content/posts";

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), kind)
}

fn relation(name: &str, many: bool) -> FieldDefinition {
    let to = collection("authors");
    field(name, FieldKind::Relation(Relation { to, many, on_delete: OnDelete::Clear }))
}

fn hidden(field: FieldDefinition) -> FieldDefinition {
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    FieldDefinition { access, ..field }
}

/// Posts have authors, a field that is hidden, and a relation that is.
async fn site() -> Site {
    let site = Site::new().await;
    let mut posts = posts();
    posts.fields.extend([
        relation("author", false),
        relation("others", true),
        hidden(field("secret", FieldKind::Text)),
        hidden(relation("review", false)),
    ]);
    let mut authors = CollectionDefinition { name: collection("authors"), ..pages() };
    authors.fields.push(hidden(field("email", FieldKind::Text)));
    site.test.app.collections.replace(vec![authors, pages(), posts]);
    site
}

async fn created(site: &Site, collection: &str, fields: Value) -> String {
    let uri = format!("/api/v1/content/{collection}");
    let answer = site.edit(Method::POST, &uri, json!({ "fields": fields })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn author(site: &Site, title: &str) -> String {
    created(site, "authors", json!({ "title": title, "email": "a@b.example" })).await
}

async fn publish(site: &Site, collection: &str, id: &str) {
    site.publish(&format!("/api/v1/content/{collection}/{id}")).await;
}

async fn get(site: &Site, token: Option<&str>, uri: &str) -> Answer {
    let call = site.call(Method::GET, uri);
    if let Some(token) = token { call.bearer(token) } else { call }.send().await
}

fn included(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    let titles = body["included"].as_array().unwrap().iter();
    titles.map(|it| it["fields"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_answer_shows_the_fields_that_were_asked_for() {
    let site = site().await;
    let id = created(&site, "posts", json!({ "title": "One", "excerpt": "Two" })).await;
    publish(&site, "posts", &id).await;
    let item = |answer: Answer| answer.json()["items"][0]["fields"].clone();
    assert_eq!(item(site.get(&format!("{POSTS}?fields=title")).await), json!({ "title": "One" }));
    assert_eq!(item(site.get(&format!("{POSTS}?fields=")).await), json!({}));
    let uri = format!("{POSTS}?fields=excerpt,%20title&status=any");
    let both = json!({ "excerpt": "Two", "title": "One" });
    assert_eq!(item(get(&site, Some(&site.editor), &uri).await), both);
    let one = site.get(&format!("{POSTS}/{id}?fields=excerpt")).await;
    assert_eq!(one.json()["fields"], json!({ "excerpt": "Two" }));
    assert_eq!(one.json()["id"], id);
    let body = site.get(&format!("{POSTS}/{id}")).await.json();
    assert!(body.get("included").is_none(), "nobody asked: {body}");
}

#[tokio::test]
async fn entries_that_relations_point_to_come_along_each_once() {
    let site = site().await;
    let (ada, bob) = (author(&site, "Ada").await, author(&site, "Bob").await);
    for id in [&ada, &bob] {
        publish(&site, "authors", id).await;
    }
    let mut last = String::new();
    for title in ["One", "Two"] {
        let fields = json!({ "title": title, "author": ada, "others": [bob, ada] });
        last = created(&site, "posts", fields).await;
        publish(&site, "posts", &last).await;
    }
    let list = site.get(&format!("{POSTS}?include=others,author&fields=title")).await;
    assert_eq!(included(&list), ["Bob", "Ada"]);
    assert_eq!(list.json()["items"][0]["fields"], json!({ "title": "Two" }));
    let one = site.get(&format!("{POSTS}/{last}?include=author")).await;
    assert_eq!(included(&one), ["Ada"]);
    assert!(!one.has_header("etag"), "the answer changes without the entry");
    let email = &one.json()["included"][0]["fields"]["email"];
    assert!(email.is_null(), "a hidden field of what comes along: {email}");
    let one = get(&site, Some(&site.editor), &format!("{POSTS}/{last}?include=author")).await;
    assert_eq!(one.json()["included"][0]["fields"]["email"], "a@b.example");
}

#[tokio::test]
async fn what_the_caller_may_not_see_does_not_come_along() {
    let site = site().await;
    let (draft, trashed) = (author(&site, "Draft").await, author(&site, "Trashed").await);
    let ada = author(&site, "Ada").await;
    publish(&site, "authors", &ada).await;
    let newer = json!({ "fields": { "title": "Ada, newer" } });
    site.edit(Method::PATCH, &format!("/api/v1/content/authors/{ada}"), newer).await;
    let fields = json!({ "title": "One", "others": [draft, trashed, ada] });
    let id = created(&site, "posts", fields).await;
    publish(&site, "posts", &id).await;
    site.edit(Method::DELETE, &format!("/api/v1/content/authors/{trashed}"), json!({})).await;
    let one = format!("{POSTS}/{id}?include=others");
    let list = format!("{POSTS}?include=others");
    for uri in [&one, &list] {
        assert_eq!(included(&site.get(uri).await), ["Ada"], "{uri}");
        let editor = get(&site, Some(&site.editor), uri).await;
        assert_eq!(included(&editor), ["Ada"], "what readers see was asked for: {uri}");
        let any = get(&site, Some(&site.editor), &format!("{uri}&status=any")).await;
        assert_eq!(included(&any), ["Draft", "Ada, newer"], "{uri}");
        site.get(&format!("{uri}&status=any")).await.check_problem(401, "auth.required");
    }
}

#[tokio::test]
async fn only_relations_come_along_and_not_too_many() {
    let site = site().await;
    let answer = site.get(&format!("{POSTS}?include=title")).await;
    answer.check_problem(422, "request.query");
    assert_eq!(answer.json()["problems"][0]["code"], "not-includable");
    let names = ["author"; 11].join(",");
    let answer = site.get(&format!("{POSTS}?include={names}")).await;
    assert_eq!(answer.json()["problems"][0]["code"], "too-many");
    let mut authors = Vec::new();
    for number in 0..501 {
        authors.push(author(&site, &format!("A{number}")).await);
    }
    let id = created(&site, "posts", json!({ "title": "One", "others": &authors[..500] })).await;
    publish(&site, "posts", &id).await;
    let fields = json!({ "title": "Two", "others": [authors[500]] });
    let other = created(&site, "posts", fields).await;
    publish(&site, "posts", &other).await;
    assert_eq!(site.get(&format!("{POSTS}/{id}?include=others")).await.status, 200);
    let answer = site.get(&format!("{POSTS}?include=others")).await;
    answer.check_problem(422, "request.query");
    assert_eq!(answer.json()["problems"][0]["code"], "too-many");
}

/// Each way to name a field, with `NAME` in its place.
const WAYS: [&str; 9] = [
    "filter[NAME]=x",
    "filter[NAME][null]=true",
    "filter[NAME][eq]=0190a000-0000-7000-8000-000000000001",
    "filter[NAME.title]=x",
    "sort=NAME",
    "sort=-NAME",
    "fields=NAME",
    "fields=title,NAME",
    "include=NAME",
];

#[tokio::test]
async fn a_hidden_field_is_refused_like_one_that_is_not_there() {
    let site = site().await;
    let ada = author(&site, "Ada").await;
    let fields = json!({ "title": "One", "secret": "x", "review": ada });
    let id = created(&site, "posts", fields).await;
    publish(&site, "posts", &id).await;
    let viewer = site.token(Role::VIEWER).await;
    let one = format!("{POSTS}/{id}");
    for token in [None, Some(viewer.as_str())] {
        for way in WAYS {
            // One entry takes no filter and no order.
            let shape = way.starts_with("fields") || way.starts_with("include");
            for uri in [POSTS, &one].iter().take(if shape { 2 } else { 1 }) {
                for (name, absent) in [("secret", "sacred"), ("review", "revise")] {
                    let ask = |name: &str| format!("{uri}?{}", way.replace("NAME", name));
                    let hidden = get(&site, token, &ask(name)).await;
                    hidden.check_problem(422, "request.query");
                    assert_eq!(hidden.json()["problems"][0]["code"], "unknown-field", "{way}");
                    let missing = get(&site, token, &ask(absent)).await;
                    assert_eq!(hidden.text(), missing.text().replace(absent, name), "{way}");
                    assert_eq!(hidden.headers.len(), missing.headers.len());
                }
            }
        }
    }
    for way in ["filter[secret]=x", "sort=secret", "fields=secret", "include=review"] {
        let answer = get(&site, Some(&site.editor), &format!("{POSTS}?{way}")).await;
        assert_eq!(answer.status, 200, "an editor sees it: {way}");
    }
}

#[tokio::test]
async fn no_answer_shows_a_hidden_field() {
    let site = site().await;
    let fields = json!({ "title": "One", "secret": "hush" });
    let id = created(&site, "posts", fields).await;
    publish(&site, "posts", &id).await;
    let viewer = site.token(Role::VIEWER).await;
    let one = format!("{POSTS}/{id}");
    let of_drafts = [
        format!("{POSTS}?status=any"),
        format!("{one}?status=any"),
        format!("{one}/revisions"),
        format!("{one}/revisions/1"),
    ];
    let of_readers = [POSTS.to_owned(), one.clone(), "/posts/one".to_owned()];
    for uri in of_drafts.iter().chain(&of_readers) {
        let answer = get(&site, Some(&viewer), uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        assert!(!answer.text().contains("hush"), "{uri}");
    }
    for uri in &of_readers {
        assert!(!site.get(uri).await.text().contains("hush"), "{uri}");
    }
    for uri in [&one, &of_drafts[3]] {
        assert!(get(&site, Some(&site.editor), uri).await.text().contains("hush"), "{uri}");
    }
}
