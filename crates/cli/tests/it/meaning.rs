//! The search by meaning on a served site, measured in the background.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::command::smartcms;
use crate::support::model_server::{ModelServer, Speaks};
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

fn slugs(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|it| it["entry"]["slug"].as_str().unwrap()).collect()
}

/// What a search finds, as soon as it finds something.
fn found(server: &Server, query: &str) -> Value {
    let deadline = Instant::now() + HANG_GUARD;
    let mut client = server.client();
    loop {
        let page = client.get(&format!("/api/v1/search?{query}")).expect_status(200).json();
        if !slugs(&page).is_empty() {
            return page;
        }
        assert!(Instant::now() < deadline, "nothing was found by {query}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_demo_site_answers_what_full_text_cannot_and_measures_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["init", ".", "--demo"]).expect_success();
    let server = Server::start_in(folder.path(), &[]);
    for query in ["misbehavng+plugns", "componnts+explaned"] {
        let words = server.client().get(&format!("/api/v1/search?q={query}"));
        assert!(slugs(&words.expect_status(200).json()).is_empty(), "{query}");
    }
    let page = found(&server, "q=misbehavng+plugns&mode=semantic");
    assert_eq!(slugs(&page)[0], "when-a-plugin-misbehaves", "{page}");
    let page = found(&server, "q=what+is+a+componnt&mode=hybrid");
    assert_eq!(slugs(&page)[0], "what-is-a-component", "{page}");

    let waits = |status: &str| !status.contains(" 0 wait");
    let status = || {
        let told = smartcms(folder.path(), &["ai", "status"]);
        told.expect_success().lines().find(|it| it.starts_with("meaning")).unwrap().to_owned()
    };
    let deadline = Instant::now() + HANG_GUARD;
    while waits(&status()) {
        assert!(Instant::now() < deadline, "{}", status());
    }
    let before = status();
    assert!(before.starts_with("meaning  builtin/lexical-1  ") && !before.contains("  0 entries"));
    drop(server);
    let server = Server::start_in(folder.path(), &[]);
    found(&server, "q=misbehavng+plugns&mode=semantic");
    assert_eq!(status(), before);
    let token = smartcms(folder.path(), &["token", "create", "--name", "m", "--role", "viewer"]);
    let token = token.expect_success().trim().to_owned();
    let metrics = server.client().with_token(&token).get("/metrics").expect_status(200).text();
    let line = "smartcms_meaning_measured_total{model=\"builtin/lexical-1\"} 0";
    assert!(metrics.lines().any(|it| it == line), "{metrics}");
}

#[test]
fn a_model_that_fails_stops_nothing_but_the_search_by_it() {
    let model = ModelServer::start(Speaks::OpenAi);
    model.refuse("no more");
    let site = Site::new();
    let address = model.address();
    let lines = format!(
        "[ai]\nprovider = \"openai\"\naddress = \"{address}\"\nmodel = \"m\"\nembedding_model = \"e\"\n"
    );
    site.write("smartcms.toml", lines);
    let mut server = Server::start(&site);
    let mut owner = server.client().with_token(&site.token);
    let new = json!({ "fields": { "title": "Growing tomatoes" } });
    let made = owner.post("/api/v1/content/posts", &new).expect_status(201).json();
    let path = format!("/api/v1/content/posts/{}/publish", made["id"].as_str().unwrap());
    owner.post(&path, &json!({})).expect_status(200);
    server.wait_for_log(&["could not measure what entries mean", "openai/e"]);
    let semantic = owner.get("/api/v1/search?q=tomatoes&mode=semantic").expect_status(503);
    assert_eq!(semantic.code(), "search.model");
    let hybrid = owner.get("/api/v1/search?q=tomatoes&mode=hybrid").expect_status(200).json();
    assert_eq!(slugs(&hybrid), ["growing-tomatoes"], "it goes by words");
    let status = site.run(&["ai", "status"]);
    let said = status.expect_success();
    assert!(said.contains("meaning  openai/e  0 entries in 0 vectors, 1 wait"), "{said}");
    server.expect_alive();
}

#[test]
fn every_process_shows_what_one_of_them_measured() {
    let (model, away) = (ModelServer::start(Speaks::OpenAi), ModelServer::start(Speaks::OpenAi));
    model.refuse("not yet");
    away.refuse("never");
    let site = Site::new();
    let lines = "[ai]\nprovider = \"openai\"\nmodel = \"m\"\nembedding_model = \"e\"\n";
    site.write("smartcms.toml", lines);
    let serve = |address: &str| Server::start_in(site.path(), &[("SMARTCMS_AI_ADDRESS", address)]);
    let (measures, follows) = (serve(&model.address()), serve(&away.address()));
    let mut owner = measures.client().with_token(&site.token);
    let like = "Tomatoes in the garden";
    for title in [like, "One", "Two", "Three", "Four", "Five", "Six", "About a tomato"] {
        let title = json!({ "fields": { "title": title } });
        let made = owner.post("/api/v1/content/posts", &title).expect_status(201).json();
        let path = format!("/api/v1/content/posts/{}/publish", made["id"].as_str().unwrap());
        owner.post(&path, &json!({})).expect_status(200);
    }
    let related = |server: &Server| {
        let page = server.client().get("/posts/about-a-tomato").expect_status(200).text();
        page.split_once("class=\"related\"").is_some_and(|(_, related)| related.contains(like))
    };
    assert!(!related(&measures) && !related(&follows), "nothing is measured yet");
    model.measure_by("omato");
    let deadline = Instant::now() + HANG_GUARD;
    while !(related(&measures) && related(&follows)) {
        assert!(Instant::now() < deadline, "{} {}", related(&measures), related(&follows));
        std::thread::sleep(Duration::from_millis(50));
    }
}
