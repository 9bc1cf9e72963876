//! Where assets are used, that they come along with entries, and what becomes of the entries when one is deleted.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::{Rank, Role};
use smartcms_domain::collections::{FieldAccess, FieldDefinition, FieldKind, FieldName};
use smartcms_testkit::builders::{pages, posts};

use crate::client::{Answer, Site};

const POSTS: &str = "/api/v1/content/posts";

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), kind)
}

/// Posts that show assets in every way, one of them hidden.
async fn site() -> Site {
    let site = Site::new().await;
    let mut posts = posts();
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    posts.fields.extend([
        field("cover", FieldKind::Asset),
        field("seo", FieldKind::Group(vec![field("image", FieldKind::Asset)])),
        field("slides", FieldKind::Repeater(vec![field("files", FieldKind::Assets)])),
        field("text", FieldKind::RichText),
        FieldDefinition { access, ..field("scan", FieldKind::Asset) },
    ]);
    site.test.app.collections.replace(vec![pages(), posts]);
    site
}

async fn upload(site: &Site, name: &str) -> Value {
    let call = site.call(Method::POST, &format!("/api/v1/assets?name={name}"));
    let answer = call.bearer(&site.editor).body(format!("bytes of {name}")).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn post(site: &Site, fields: Value) -> Value {
    let answer = site.edit(Method::POST, POSTS, json!({ "fields": fields })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn get(site: &Site, token: &str, uri: &str) -> Answer {
    site.call(Method::GET, uri).bearer(token).send().await
}

async fn delete(site: &Site, uri: &str) -> Answer {
    let call = site.call(Method::DELETE, uri).bearer(&site.editor);
    call.header("if-match", "*").send().await
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn an_asset_says_where_it_is_used_to_those_who_see_the_entry_and_the_field() {
    let site = site().await;
    let asset = upload(&site, "a.txt").await;
    let uri = format!("/api/v1/assets/{}", id(&asset));
    let viewer = site.token(Role::VIEWER).await;
    let unused = get(&site, &viewer, &uri).await.json();
    assert_eq!((&unused["used_by"], &unused["used_by_more"]), (&json!([]), &json!(false)));
    post(&site, json!({ "title": "Scanned", "scan": id(&asset) })).await;
    assert_eq!(get(&site, &viewer, &uri).await.json()["used_by"], json!([]), "the field is hidden");
    let address = asset["url"].as_str().unwrap();
    let shown = json!({ "title": "Shown", "cover": id(&asset), "body": format!("![]({address})") });
    let shown = post(&site, shown).await;
    let told = json!([{ "collection": "posts", "id": id(&shown), "locale": "en", "slug": "shown",
        "title": "Shown", "status": "draft", "fields": ["cover", "body"] }]);
    assert_eq!(get(&site, &viewer, &uri).await.json()["used_by"], told);
    let seen = get(&site, &site.editor, &uri).await.json();
    assert_eq!(seen["used_by"].as_array().unwrap().len(), 2, "{seen}");
    assert!(site.get(&uri).await.json().get("used_by").is_none(), "readers do not hear of it");
}

#[tokio::test]
async fn an_asset_in_use_stays_unless_it_is_forced_and_then_leaves_the_entries() {
    let site = site().await;
    let asset = upload(&site, "a.txt").await;
    let other = upload(&site, "b.txt").await;
    let (gone, kept) = (id(&asset), id(&other));
    let image = |block: &str, asset: &str| json!({ "id": block, "type": "image", "asset": asset, "alt": "" });
    let blocks = json!([image("b1", gone), image("b2", kept)]);
    let body = format!("see {}", asset["url"].as_str().unwrap());
    let fields = json!({ "title": "One", "body": body, "cover": gone, "seo": { "image": gone },
        "slides": [{ "files": [kept, gone] }], "scan": gone,
        "text": { "version": 1, "blocks": blocks } });
    let entry = post(&site, fields).await;
    let path = format!("{POSTS}/{}", id(&entry));
    site.publish(&path).await;
    let uri = format!("/api/v1/assets/{gone}");
    let refused = delete(&site, &uri).await;
    refused.check_problem(409, "asset.in-use");
    assert!(refused.text().contains("used by 1 entry"), "{}", refused.text());
    assert_eq!(delete(&site, &format!("{uri}?force=true")).await.status, 204);
    get(&site, &site.editor, &uri).await.check_problem(404, "asset.unknown");
    for status in ["published", "any"] {
        let now = get(&site, &site.editor, &format!("{path}?status={status}")).await.json();
        let fields = json!({ "title": "One", "body": body, "seo": {},
            "slides": [{ "files": [kept] }],
            "text": { "version": 1, "blocks": [image("b2", kept)] } });
        assert_eq!(now["fields"], fields, "{status}");
    }
    let history = get(&site, &site.editor, &format!("{path}/revisions?limit=1")).await.json();
    assert_eq!(history["items"][0]["message"], "the file a.txt was deleted");
    assert_eq!(delete(&site, &format!("/api/v1/assets/{kept}?force=true")).await.status, 204);
}

#[tokio::test]
async fn an_asset_is_free_again_when_what_used_it_is_in_the_trash() {
    let site = site().await;
    let asset = upload(&site, "a.txt").await;
    let entry = post(&site, json!({ "title": "One", "cover": id(&asset) })).await;
    let uri = format!("/api/v1/assets/{}", id(&asset));
    delete(&site, &uri).await.check_problem(409, "asset.in-use");
    assert_eq!(delete(&site, &format!("{POSTS}/{}", id(&entry))).await.status, 200);
    assert_eq!(delete(&site, &uri).await.status, 204);
}

#[tokio::test]
async fn files_come_along_with_the_entries_that_show_them_each_once() {
    let site = site().await;
    let (first, second) = (upload(&site, "a.txt").await, upload(&site, "b.txt").await);
    let mut last = String::new();
    for (title, cover) in [("One", &first), ("Two", &second), ("Three", &first)] {
        let entry = post(&site, json!({ "title": title, "cover": id(cover) })).await;
        last = format!("{POSTS}/{}", id(&entry));
        site.publish(&last).await;
    }
    let names = |answer: &Answer| {
        let body = answer.json();
        assert_eq!(answer.status, 200, "{body}");
        let assets = body["included_assets"].as_array().unwrap().iter();
        assets.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let list = site.get(&format!("{POSTS}?include=cover&fields=title")).await;
    assert_eq!(names(&list), ["a.txt", "b.txt"]);
    assert!(list.json().get("included").is_none(), "no entries were asked for");
    let asset = &list.json()["included_assets"][0];
    assert_eq!((&asset["id"], &asset["url"]), (&first["id"], &first["url"]));
    assert!(asset.get("uploaded_by").is_none(), "readers do not hear who it was");
    let one = site.get(&format!("{last}?include=cover")).await;
    assert_eq!(names(&one), ["a.txt"]);
    assert!(!one.has_header("etag"), "the answer changes without the entry");
    let none = site.get(&format!("{POSTS}?include=")).await.json();
    assert!(none.get("included_assets").is_none());
    for (name, code) in [("scan", "unknown-field"), ("body", "not-includable")] {
        let answer = site.get(&format!("{POSTS}?include={name}")).await;
        answer.check_problem(422, "request.query");
        assert_eq!(answer.json()["problems"][0]["code"], code, "{name}");
    }
}

#[tokio::test]
async fn a_save_points_to_files_and_entries_that_are_there_and_keeps_what_it_pointed_to() {
    let site = site().await;
    let asset = upload(&site, "a.txt").await;
    let nowhere = "0190a000-0000-7000-8000-000000000001";
    for fields in [
        json!({ "title": "One", "cover": nowhere }),
        json!({ "title": "One", "seo": { "image": nowhere } }),
    ] {
        let answer = site.edit(Method::POST, POSTS, json!({ "fields": fields })).await;
        answer.check_problem(422, "entry.invalid");
        assert_eq!(answer.json()["problems"][0]["code"], "unknown-asset", "{fields}");
    }
    let entry = post(&site, json!({ "title": "One", "cover": id(&asset) })).await;
    let path = format!("{POSTS}/{}", id(&entry));
    // The file goes without the entry hearing of it, as by a restored database.
    let app = &site.test.app;
    let stored = smartcms_domain::assets::AssetId::parse(id(&asset)).unwrap();
    app.media.assets.remove(stored, smartcms_domain::entries::Revision::FIRST).await.unwrap();
    let save = async |fields: Value| {
        let answer = site.edit(Method::PATCH, &path, json!({ "fields": fields })).await;
        answer.status.as_u16()
    };
    assert_eq!(save(json!({ "title": "Two" })).await, 200, "it is no mistake of this save");
    assert_eq!(save(json!({ "seo": { "image": id(&asset) } })).await, 422, "this one is");
}
