//! Searching by meaning, and what is related by it.

use axum::http::Method;
use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::entries::View;
use smartcms_app::meaning::measure_some;
use smartcms_app::ports::SearchMode;
use smartcms_app::search::{SearchContent, search_content};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_testkit::builders::{grants, plugin, posts};

use crate::client::{Answer, Site};

/// Measures until nothing waits.
pub(crate) async fn measure(site: &Site) {
    let app = &site.test.app;
    app.meaning.store.measure_by(&app.meaning.model.name).await.unwrap();
    while !measure_some(app).await.unwrap().is_idle() {}
}

async fn publish(site: &Site, collection: &str, title: &str, body: &str) -> String {
    let fields = json!({ "fields": { "title": title, "body": body } });
    let made = site.edit(Method::POST, &format!("/api/v1/content/{collection}"), fields).await;
    let path = made.header("location").to_owned();
    site.publish(&path).await;
    path
}

/// A few posts about different things.
async fn garden() -> Site {
    let site = Site::new().await;
    for (title, body) in [
        ("Growing tomatoes on a balcony", "Choose a deep pot. Water it in the morning."),
        ("Fixing a bicycle chain", "A chain wants oil. Count its links first."),
        ("Letters from Lisbon", "The trams climb the hills all day."),
    ] {
        publish(&site, "posts", title, body).await;
    }
    measure(&site).await;
    site
}

fn titles(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let items = body["items"].as_array().unwrap().iter();
    items.map(|it| it["entry"]["fields"]["title"].as_str().unwrap().to_owned()).collect()
}

async fn search(site: &Site, query: &str) -> Answer {
    site.get(&format!("/api/v1/search?{query}")).await
}

#[tokio::test]
async fn what_no_word_finds_is_found_by_its_meaning() {
    let site = garden().await;
    assert!(titles(&search(&site, "q=tomatos+balconies").await).is_empty());
    assert!(titles(&search(&site, "q=tomatos+balconies&mode=text").await).is_empty());
    for mode in ["semantic", "hybrid"] {
        let found = search(&site, &format!("q=tomatos+balconies&mode={mode}")).await;
        assert_eq!(titles(&found), ["Growing tomatoes on a balcony"], "{mode}");
        let hit = &found.json()["items"][0];
        assert_eq!(hit["snippet"], "Choose a deep pot. Water it in the morning.");
        assert_eq!(hit["title"], "Growing tomatoes on a balcony");
        assert!(hit["score"].as_f64().unwrap() > 0.0);
    }
}

#[tokio::test]
async fn a_hybrid_search_has_what_either_finds_and_first_what_both_do() {
    let site = garden().await;
    publish(&site, "posts", "Notes", "A chain of hills, and one word more: links.").await;
    measure(&site).await;
    let found = search(&site, "q=bicycle+chains+links&mode=hybrid").await;
    assert_eq!(titles(&found)[0], "Fixing a bicycle chain");
    let marked = search(&site, "q=bicycle+chain&mode=hybrid").await;
    let title = marked.json()["items"][0]["title"].clone();
    assert_eq!(title, "Fixing a <mark>bicycle</mark> <mark>chain</mark>");
    let asked = search(&site, "q=how+do+I+fix+the+chain+of+a+bicycle%3F&mode=hybrid").await;
    assert_eq!(titles(&asked)[0], "Fixing a bicycle chain");
}

#[tokio::test]
async fn what_cannot_be_asked_is_told() {
    let site = garden().await;
    for (query, status, field) in [
        ("q=a&mode=magic", 400, "mode"),
        ("q=a&mode=", 400, "mode"),
        ("q=&mode=semantic", 422, "q"),
        ("q=a&mode=semantic&status=any", 422, "status"),
        ("q=a&mode=hybrid&status=any", 422, "status"),
    ] {
        let answer = site
            .call(Method::GET, &format!("/api/v1/search?{query}"))
            .bearer(&site.editor)
            .send()
            .await;
        answer.check_problem(status, "request.query");
        let body = answer.json();
        let problem = &body["errors"][0];
        assert!(body.to_string().contains(field), "{query}: {problem}: {}", answer.text());
    }
    let long = "x".repeat(201);
    let answer = search(&site, &format!("q={long}&mode=semantic")).await;
    answer.check_problem(422, "request.query");
}

/// What a plugin with this grant finds by a meaning.
async fn found_by_plugin(site: &Site, grant: &str, mode: SearchMode) -> Vec<String> {
    let (id, grants) = (plugin("finder"), grants(&[grant]));
    let actor = Actor::Plugin { id, grants, acting_for: None };
    let query = SearchContent {
        text: "gardens".to_owned(),
        mode,
        collections: Vec::new(),
        locale: None,
        view: View::Published,
        limit: 10,
        after: 0,
    };
    let found = search_content(&OpContext::new(&site.test.app, &actor), query).await.unwrap();
    let titles = found.hits.iter().map(|it| it.entry.collection.to_string());
    titles.collect()
}

#[tokio::test]
async fn an_entry_is_found_by_those_who_may_read_its_collection_alone() {
    let site = Site::new().await;
    publish(&site, "posts", "Open garden", "Everybody comes.").await;
    publish(&site, "pages", "Secret garden", "Nobody knows.").await;
    measure(&site).await;
    for mode in [SearchMode::Semantic, SearchMode::Hybrid] {
        let posts = found_by_plugin(&site, "content:read=posts", mode).await;
        assert_eq!(posts, ["posts"], "{mode:?}");
        let pages = found_by_plugin(&site, "content:read=pages", mode).await;
        assert_eq!(pages, ["pages"], "{mode:?}");
        let none = found_by_plugin(&site, "content:read=authors", mode).await;
        assert!(none.is_empty(), "{mode:?}");
    }
}

#[tokio::test]
async fn drafts_and_what_left_the_site_are_not_found() {
    let site = garden().await;
    site.draft("posts", "Tomatoes in the cellar").await;
    let path = publish(&site, "posts", "Tomatoes in winter", "Under glass.").await;
    measure(&site).await;
    let found = || async { titles(&search(&site, "q=tomatos&mode=semantic").await) };
    assert_eq!(found().await.len(), 2);
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "Cellars" } })).await;
    measure(&site).await;
    assert_eq!(found().await.len(), 2, "a newer draft changes nothing");
    site.edit(Method::POST, &format!("{path}/unpublish"), json!({})).await;
    assert_eq!(found().await, ["Growing tomatoes on a balcony"], "at once, unmeasured");
    site.edit(Method::DELETE, &path, json!({})).await;
    assert_eq!(found().await, ["Growing tomatoes on a balcony"]);
}

#[tokio::test]
async fn a_hidden_field_makes_nothing_near() {
    let site = Site::new().await;
    smartcms_app::search::reindex(&site.test.app).await.unwrap();
    publish(&site, "posts", "Visible", "Rhododendron").await;
    measure(&site).await;
    let uri = "q=rhododendrons&mode=semantic";
    assert_eq!(titles(&search(&site, uri).await), ["Visible"]);
    let mut hiding = posts();
    for field in &mut hiding.fields {
        if field.name.as_str() == "body" {
            field.access.read = Some(Rank::Editor);
        }
    }
    site.test.app.collections.replace(vec![hiding]);
    smartcms_app::search::reindex(&site.test.app).await.unwrap();
    assert!(titles(&search(&site, uri).await).is_empty());
    measure(&site).await;
    assert!(titles(&search(&site, uri).await).is_empty());
}

#[tokio::test]
async fn pages_of_hits_follow_one_another_in_each_mode() {
    let site = Site::new().await;
    for number in 0..5 {
        publish(&site, "posts", &format!("Paged {number}"), "Of several.").await;
    }
    measure(&site).await;
    for mode in ["semantic", "hybrid"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let query = format!("q=paged&mode={mode}&limit=2{cursor}");
            let answer = search(&site, &query).await;
            seen.extend(titles(&answer));
            let Some(next) = answer.json()["next"].as_str().map(str::to_owned) else { break };
            let other = search(&site, &format!("q=paged&limit=2&cursor={next}")).await;
            other.check_problem(422, "request.cursor");
            cursor = format!("&cursor={next}");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5, "{mode}");
    }
}

#[tokio::test]
async fn measuring_again_measures_only_what_changed() {
    let site = garden().await;
    let path = publish(&site, "posts", "Another", "One more.").await;
    let step = measure_some(&site.test.app).await.unwrap();
    assert_eq!((step.measured, step.unchanged), (1, 0));
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "A draft" } })).await;
    let step = measure_some(&site.test.app).await.unwrap();
    assert_eq!((step.measured, step.unchanged), (0, 1), "its public text is the same");
    site.publish(&path).await;
    let step = measure_some(&site.test.app).await.unwrap();
    assert_eq!((step.measured, step.unchanged), (1, 0));
    assert!(measure_some(&site.test.app).await.unwrap().is_idle());
}

#[tokio::test]
async fn the_site_searches_by_meaning_where_nothing_has_the_words() {
    let site = garden().await;
    let page = site.get("/search?q=tomatos").await.text();
    assert!(page.contains("Growing tomatoes on a balcony"), "{page}");
    let page = site.get("/search?q=xylophone").await.text();
    assert!(!page.contains("Growing tomatoes on a balcony"));
}

#[tokio::test]
async fn a_page_shows_what_means_something_alike_before_what_is_new() {
    let site = Site::new().await;
    let like = "Tomatoes in the garden";
    for title in [like, "One", "Two", "Three", "Four", "Five", "Six"] {
        publish(&site, "posts", title, "").await;
    }
    publish(&site, "posts", "Tomato gardens", "").await;
    let related = |page: &str| {
        let part = page.split_once("class=\"related\"").map(|it| it.1.to_owned());
        part.unwrap_or_else(|| page.to_owned())
    };
    let before = site.get("/posts/tomato-gardens").await.text();
    assert!(!related(&before).contains(like), "{before}");
    measure(&site).await;
    site.state.cache.invalidate_all();
    let after = site.get("/posts/tomato-gardens").await.text();
    assert!(related(&after).contains(like), "{after}");
}

#[tokio::test]
async fn the_metrics_tell_how_far_the_measuring_is() {
    let site = garden().await;
    publish(&site, "posts", "Waiting", "").await;
    let viewer = site.token(Role::VIEWER).await;
    let text = site.call(Method::GET, "/metrics").bearer(&viewer).send().await.text();
    for line in [
        "smartcms_meaning_entries{model=\"builtin/lexical-1\"} 3",
        "smartcms_meaning_vectors{model=\"builtin/lexical-1\"} 6",
        "smartcms_meaning_waiting{model=\"builtin/lexical-1\"} 1",
        "smartcms_meaning_measured_total{model=\"builtin/lexical-1\"} 3",
    ] {
        assert!(text.lines().any(|it| it == line), "no {line} in {text}");
    }
}
