//! Plugins that were built for released versions of the contract, on the host of today.

use serde_json::json;

use crate::support::client::Request;
use crate::support::component::root;
use crate::support::server::Server;
use crate::support::site::Site;

/// How often the test looks for what comes soon.
const LOOKS_MAX: usize = 200;

#[test]
fn a_plugin_built_for_0_1_does_all_it_did() {
    let site = Site::new();
    let file = root().join("tests/released-plugins/v0.1.0.wasm");
    let file = file.to_str().unwrap();
    assert!(std::fs::metadata(file).unwrap().len() < 64 * 1024);
    site.run(&["plugin", "check", file]).expect_success();
    site.run(&["plugin", "add", file, "--id", "released"]).expect_success();
    let grants = ["content:read=posts", "content:write=posts"];
    site.run(&[&["plugin", "grant", "released"][..], &grants].concat()).expect_success();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let mut post = |title: &str, slug: &str| {
        let fields = json!({ "title": title, "body": "A text." });
        author.post("/api/v1/content/posts", &json!({ "slug": slug, "fields": fields }))
    };
    let saved = post("A post", "a-post").expect_status(201).json();
    assert_eq!(saved["fields"]["excerpt"], "kept by 0.1.0 in posts (en)");
    let refused = post("please refuse", "refused").expect_status(422);
    assert!(refused.text().contains("refused by 0.1.0"), "{refused}");
    post("an unready post", "unready").expect_status(201);
    post("to keep", "keep-me").expect_status(201);

    let author = || server.client().with_token(&site.token);
    let act = |path: &str| author().post(&format!("/api/v1/content/posts/{path}"), &json!({}));
    let unready = act("unready/publish").expect_status(422);
    assert!(unready.text().contains("unready by 0.1.0"), "{unready}");
    act("a-post/publish").expect_status(200);
    let delete = Request::new("DELETE", "/api/v1/content/posts/keep-me").header("if-match", "*");
    let kept = author().expect(delete).expect_status(422);
    assert!(kept.text().contains("kept by 0.1.0"), "{kept}");

    let page = server.client().get("/posts/a-post").expect_status(200);
    assert!(
        page.text().contains("a-post is at revision 2 in en (alone: true), says 0.1.0"),
        "{page}"
    );
    // The event comes after the commit, and the plugin writes with its own rights.
    let heard = (0..LOOKS_MAX).any(|_| {
        let list = author().get("/api/v1/content/posts?status=any&limit=100").expect_status(200);
        list.text().contains("heard of entry.published revision 2")
    });
    assert!(heard, "{:?}", site.run(&["plugin", "logs", "released"]));
}

#[test]
fn blocks_tasks_and_models_of_0_1_are_used_as_they_were() {
    let site = Site::new();
    let file = root().join("tests/released-plugins/v0.1.0.wasm");
    site.run(&["plugin", "add", file.to_str().unwrap(), "--id", "released"]).expect_success();
    let grants = ["content:read=posts", "content:write=posts"];
    site.run(&[&["plugin", "grant", "released"][..], &grants].concat()).expect_success();
    let run = |arguments: &[&str]| site.run(&[&["plugin"], arguments].concat());
    let blocks = run(&["blocks", "--json"]).expect_json();
    assert_eq!(blocks[0]["type"], "released/note");
    let tasks = run(&["task", "list", "--json"]).expect_json();
    assert_eq!((&tasks[0]["task"], &tasks[0]["schedule"]), (&json!("count"), &json!("@yearly")));
    assert_eq!(run(&["task", "run", "released", "count"]).expect_success(), "0 posts, by 0.1.0\n");
    let failed = run(&["task", "run", "released", "count", "fail"]);
    failed.expect_failure(1, &["failed by 0.1.0"], "plugin logs released");
    let model = ["--model", "released/backwards"];
    let models = run(&["models", "--json"]).expect_json();
    assert_eq!(models[0]["abilities"], json!(["generate", "embed"]));
    let text = run(&[&["generate", "one two "][..], &model].concat());
    assert_eq!(text.expect_success(), "two one \n");
    let vectors = run(&[&["embed", "a"][..], &model].concat()).expect_json();
    assert_eq!(vectors.as_array().map(Vec::len), Some(1));

    let server = Server::start(&site);
    let author = || server.client().with_token(&site.token);
    let body = "```block released/note\n{}\n```\n";
    let fields = json!({ "title": "A post", "body": body });
    let post = json!({ "slug": "a-post", "fields": fields });
    author().post("/api/v1/content/posts", &post).expect_status(201);
    author().post("/api/v1/content/posts/a-post/publish", &json!({})).expect_status(200);
    let page = server.client().get("/posts/a-post").expect_status(200);
    assert!(page.text().contains("note 2 in a-post (en) by 0.1.0"), "{page}");
}

#[test]
fn functions_of_0_1_are_called_as_they_were() {
    let site = Site::new();
    let file = root().join("tests/released-plugins/v0.1.0-functions.wasm");
    site.run(&["plugin", "add", file.to_str().unwrap(), "--id", "released"]).expect_success();
    for (function, value) in
        [("yes", "true"), ("whole", "-7"), ("half", "0.5"), ("text", "a walk"), ("bytes", "00ff")]
    {
        let called = site.run(&["plugin", "call", "released", function, value]);
        assert_eq!(called.expect_success(), format!("{value}\n"), "{function}");
    }
}
