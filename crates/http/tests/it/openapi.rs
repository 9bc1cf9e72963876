//! The description of the API, and that it tells all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::http::Method;
use smartcms_domain::actors::Rank;
use smartcms_domain::collections::{FieldAccess, FieldDefinition, FieldKind, FieldName};
use smartcms_testkit::builders::posts;

use crate::client::Site;

const DOCUMENT: &str = "/api/v1/openapi.json";

/// The literals of routes below `/api` in the sources, under a folder.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            routes(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for after in source.split(".route(").skip(1) {
            let literal = after.trim_start().strip_prefix('"').and_then(|it| it.split_once('"'));
            found.extend(literal.map(|(route, _)| route.to_owned()));
        }
    }
}

#[tokio::test]
async fn every_route_is_described_with_its_methods_and_no_other() {
    let site = Site::new().await;
    let document = site.get(DOCUMENT).await.json();
    let mut described: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/api/v1/content/pages") {
            let methods = methods.as_object().unwrap().keys().map(|it| it.to_uppercase());
            described.insert(path.clone(), methods.collect());
        }
    }
    let mut known = BTreeSet::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rest"), &mut known);
    let known: BTreeSet<String> =
        known.iter().map(|it| it.replace("{collection}", "posts")).collect();
    assert!(known.len() > 15, "the sources name their routes: {known:?}");
    let paths: BTreeSet<String> = described.keys().cloned().collect();
    assert_eq!(paths, known);
    for (path, methods) in described {
        let answer = site.call(Method::OPTIONS, &path.replace(['{', '}'], "")).send().await;
        let allowed = answer.header("allow").split(',').map(|it| it.trim().to_owned());
        let allowed: BTreeSet<String> = allowed.filter(|it| it != "HEAD").collect();
        assert_eq!(allowed, methods, "{path}");
    }
}

#[tokio::test]
async fn what_the_description_refers_to_is_in_it_and_names_are_there_once() {
    let document = Site::new().await.get(DOCUMENT).await.json();
    let text = document.to_string();
    for part in ["schemas", "responses"] {
        let begin = format!("\"#/components/{part}/");
        assert!(text.contains(&begin));
        for reference in text.split(&begin).skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(!document["components"][part][name].is_null(), "{name}");
        }
    }
    let mut names = BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name}");
        }
    }
}

#[tokio::test]
async fn a_filter_is_described_for_each_field_that_the_caller_can_compare() {
    let document = Site::new().await.get(DOCUMENT).await.json();
    let list = &document["paths"]["/api/v1/content/posts"]["get"]["parameters"];
    let named = |name: &str| list.as_array().unwrap().iter().find(|it| it["name"] == name);
    let minutes = &named("filter[reading_minutes]").unwrap()["schema"]["properties"];
    assert_eq!(minutes["gte"]["type"], "number");
    assert!(minutes["contains"].is_null(), "numbers hold no text");
    assert!(named("filter[title]").is_some() && named("filter[created_at]").is_some());
    assert!(named("include").is_none(), "posts of tests point to nothing");
}

#[tokio::test]
async fn a_hidden_field_is_described_to_those_who_see_it() {
    let site = Site::new().await;
    let mut posts = posts();
    let whisper = FieldDefinition::new(FieldName::parse("whisper").unwrap(), FieldKind::Text);
    let access = FieldAccess { read: Some(Rank::Editor), write: None };
    posts.fields.push(FieldDefinition { access, ..whisper });
    site.test.app.collections.replace(vec![posts]);
    for uri in [DOCUMENT, "/api/docs"] {
        assert!(!site.get(uri).await.text().contains("whisper"), "{uri}");
        let editor = site.call(Method::GET, uri).bearer(&site.editor).send().await;
        assert!(editor.text().contains("whisper"), "{uri}");
    }
}

#[tokio::test]
async fn the_reference_needs_no_script_and_no_other_host() {
    let site = Site::new().await;
    let answer = site.get("/api/docs").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.header("content-security-policy").contains("script-src 'none'"));
    let text = answer.text();
    assert!(text.contains("GET /api/v1/content/posts/{key}"), "{text}");
    assert!(text.contains("<details id=\"posts.fields\">"), "{text}");
    for foreign in ["<script", "http://", "https://", "<link", "<img", "style="] {
        assert!(!text.contains(foreign), "{foreign}");
    }
}
