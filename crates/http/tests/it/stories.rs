//! The stories of the original example system, byte for byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use smartcms_app::ports::{ModelError, TextGenerator};
use smartcms_app::stories::prepare_stories;
use smartcms_http::{AllowedOrigins, ApiSettings, Origin, PageCache};
use smartcms_testkit::TestApp;

use crate::client::{Answer, Site};

/// Writes "Story 1.", "Story 2." and so on, and nothing from the given number on.
struct Author {
    written: AtomicU32,
    at_most: u32,
}

#[async_trait]
impl TextGenerator for Author {
    async fn generate(&self, _prompt: &str, _tokens_max: u32) -> Result<String, ModelError> {
        let number = self.written.fetch_add(1, Ordering::Relaxed) + 1;
        if number > self.at_most {
            return Err(ModelError::Unavailable("asleep".to_owned()));
        }
        Ok(format!("Story {number}.\nThe end."))
    }
}

async fn site(on: bool, at_most: u32) -> Site {
    let cache = Arc::new(PageCache::new());
    let changes = Arc::clone(&cache);
    let test = TestApp::with(|mut parts| {
        parts.changes = changes;
        parts.stories = on;
        parts.writer = Arc::new(Author { written: AtomicU32::new(0), at_most });
        parts
    });
    if on {
        prepare_stories(&test.app).await.unwrap();
    }
    Site::joined(test, cache).await
}

async fn post(site: &Site, path: &str, body: &str) -> Answer {
    site.call(Method::POST, path).body(body.to_owned()).send().await
}

#[track_caller]
fn check(answer: &Answer, expected: &str) {
    assert_eq!(answer.text(), expected);
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
}

#[tokio::test]
async fn a_story_comes_back_as_it_was_told() {
    let site = site(true, 0).await;
    let text = "Once upon a time …\n\n  there was <b>a fox</b>.\n";
    check(&post(&site, "/api/create", &format!("The Fox\n{text}")).await, "Stored The Fox\n");
    check(&post(&site, "/api/retrieve", "The Fox").await, &format!("{text}\n"));
    check(&post(&site, "/api/retrieve", "The Fox\n").await, &format!("{text}\n"));
    check(&post(&site, "/api/retrieve", "The fox").await, "Story not found\n");
    check(&post(&site, "/api/retrieve", "").await, "Story not found\n");
}

#[tokio::test]
async fn a_title_keeps_the_story_that_was_told_last() {
    let site = site(true, 0).await;
    check(&post(&site, "/api/create", "A\none").await, "Stored A\n");
    check(&post(&site, "/api/create", "A\ntwo").await, "Stored A\n");
    check(&post(&site, "/api/create", "B").await, "Stored B\n");
    check(&post(&site, "/api/retrieve", "A").await, "two\n");
    check(&post(&site, "/api/retrieve", "B").await, "\n");
}

#[tokio::test]
async fn stories_that_are_written_have_numbers() {
    let site = site(true, 5).await;
    for number in 1..=5 {
        let method = if number % 2 == 0 { Method::GET } else { Method::POST };
        let answer = site.call(method, "/api/generate").send().await;
        check(&answer, &format!("generated{number}\nStory {number}.\nThe end.\n"));
    }
    check(&post(&site, "/api/retrieve", "generated4").await, "Story 4.\nThe end.\n");
    site.get("/api/generate").await.check_problem(503, "stories.no-model");
    check(&post(&site, "/api/retrieve", "generated6").await, "Story not found\n");
}

#[tokio::test]
async fn what_is_no_story_is_refused() {
    let site = site(true, 0).await;
    post(&site, "/api/create", "\ntext").await.check_problem(422, "entry.invalid");
    let long = "t".repeat(201);
    post(&site, "/api/create", &long).await.check_problem(422, "entry.invalid");
    check(&post(&site, "/api/retrieve", &long).await, "Story not found\n");
}

#[tokio::test]
async fn a_site_without_stories_has_none_of_it() {
    let site = site(false, 1).await;
    post(&site, "/api/create", "A\none").await.check_problem(404, "stories.off");
    post(&site, "/api/retrieve", "A").await.check_problem(404, "stories.off");
    site.get("/api/generate").await.check_problem(404, "stories.off");
}

#[tokio::test]
async fn pages_of_the_named_origins_may_use_it() {
    let site = site(true, 1).await;
    let origin = "https://stories.example";
    let settings = ApiSettings {
        origins: AllowedOrigins::These(vec![Origin::parse(origin).unwrap()]),
        ..ApiSettings::default()
    };
    let site = site.with_rules(&settings);
    let ask = |from: &'static str| {
        site.call(Method::POST, "/api/create").header("origin", from).body("A\none").send()
    };
    let answer = ask(origin).await;
    check(&answer, "Stored A\n");
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    let other = ask("https://other.example").await;
    assert!(!other.headers.contains_key("access-control-allow-origin"));
}
