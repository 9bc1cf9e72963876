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
    assert_eq!(saved["fields"]["excerpt"], "kept by 0.1.0 in posts");
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
    assert!(page.text().contains("a-post is at revision 2, says 0.1.0"), "{page}");
    // The event comes after the commit, and the plugin writes with its own rights.
    let heard = (0..LOOKS_MAX).any(|_| {
        let list = author().get("/api/v1/content/posts?status=any&limit=100").expect_status(200);
        list.text().contains("heard of entry.published revision 2")
    });
    assert!(heard, "{:?}", site.run(&["plugin", "logs", "released"]));
}
