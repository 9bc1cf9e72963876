//! Blocks and functions of plugins, as authors, readers and operators meet them.

use serde_json::json;

use crate::support::client::{Answer, Client, Request};
use crate::support::command::Outcome;
use crate::support::component::{hostile, root};
use crate::support::server::Server;
use crate::support::site::Site;

/// A site with the plugin `blocks`.
fn site_with_blocks() -> Site {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("blocks"), "--id", "blocks"]).expect_success();
    site
}

fn save(author: &mut Client, slug: &str, body: &str) -> Answer {
    let fields = json!({ "title": "A title", "body": body });
    author.post("/api/v1/content/posts", &json!({ "slug": slug, "fields": fields }))
}

/// The page of a post with this body.
#[track_caller]
fn page(server: &Server, author: &mut Client, slug: &str, body: &str) -> String {
    save(author, slug, body).expect_status(201);
    let path = format!("/api/v1/content/posts/{slug}/publish");
    author.expect(Request::new("POST", &path)).expect_status(200);
    server.client().get(&format!("/posts/{slug}")).expect_status(200).text()
}

fn block(kind: &str, data: &str) -> String {
    format!("Before.\n\n```block blocks/{kind}\n{data}\n```\n\nBehind.\n")
}

#[test]
fn a_block_written_in_markdown_is_shown_by_its_plugin() {
    let site = site_with_blocks();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let shown = page(&server, &mut author, "a", &block("note", r#"{ "text": "<i>hi</i>" }"#));
    assert!(shown.contains("&lt;i&gt;hi&lt;/i&gt;"), "{shown}");
    assert!(shown.contains(" in posts/a (en, b2)"), "{shown}");
    let script = page(&server, &mut author, "b", &block("script", ""));
    assert!(script.contains("<p>kept</p>") && !script.contains("evil"), "{script}");
}

#[test]
fn html_of_a_trusted_plugin_passes_the_filters_of_others() {
    let site = site_with_blocks();
    site.run(&["plugin", "grant", "blocks", "html:trusted"]).expect_success();
    site.run(&["plugin", "add", &crate::support::component::example("toc")]).expect_success();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let body = format!("## One\n\n{}\n\n## Two\n\n<script>own()</script>\n", block("script", ""));
    let shown = page(&server, &mut author, "a", &body);
    assert!(
        shown.contains("<script>evil()</script>") && shown.contains("class=\"toc\""),
        "{shown}"
    );
    assert!(!shown.contains("own()"), "{shown}");
}

#[test]
fn a_block_that_fails_is_missing_and_the_rest_of_the_page_is_there() {
    let site = site_with_blocks();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    for kind in ["loop", "memory", "trap", "huge", "refuse"] {
        let shown = page(&server, &mut author, kind, &block(kind, ""));
        for words in ["Before.", "Something is missing here.", "Behind."] {
            assert!(shown.contains(words), "{kind}: no {words:?} in {shown}");
        }
    }
    let log = site.run(&["plugin", "logs", "blocks"]);
    assert!(log.expect_success().contains("time=200ms"), "{log:?}");
    let shown = page(&server, &mut author, "well", &block("note", ""));
    assert!(shown.contains(" in posts/well"), "{shown}");
}

#[test]
fn data_that_does_not_fit_is_refused_and_a_block_without_plugin_is_kept() {
    let site = site_with_blocks();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let refused = save(&mut author, "a", &block("note", r#"{ "text": 1 }"#)).expect_status(422);
    let problem = &refused.json()["problems"][0];
    assert_eq!(
        (&problem["field"], &problem["code"]),
        (&json!("body"), &json!("block")),
        "{refused}"
    );
    let body = "```block absent/chart\n{\n  \"x\": 1\n}\n```\n\nBehind.\n";
    let shown = page(&server, &mut author, "b", body);
    assert!(shown.contains("Behind.") && !shown.contains("absent/chart"), "{shown}");
    let stored = author.get("/api/v1/content/posts/b").expect_status(200).json();
    assert_eq!(stored["fields"]["body"], body);
}

#[test]
fn operators_see_and_call_what_plugins_bring() {
    let site = site_with_blocks();
    site.run(&["plugin", "add", &hostile("functions"), "--id", "functions"]).expect_success();
    let blocks = site.run(&["plugin", "blocks"]);
    assert!(
        blocks.expect_success().contains("blocks/note  A block that is called note"),
        "{blocks:?}"
    );
    assert!(blocks.stdout.contains("takes text"), "{blocks:?}");
    let functions = site.run(&["plugin", "functions"]);
    let signature = "functions add(a: number, b: number) -> number";
    assert!(functions.expect_success().contains(signature), "{functions:?}");
    let call =
        |arguments: &[&str]| site.run(&[&["plugin", "call", "functions"], arguments].concat());
    assert_eq!(call(&["add", "-1", "2.5"]).expect_success().trim(), "1.5");
    assert_eq!(call(&["shout", "null"]).expect_success().trim(), "NULL");
    assert_eq!(call(&["reversed", "0a0b"]).expect_success().trim(), "0b0a");
    call(&["loop"]).expect_failure(6, &["plugin functions", "time=50ms"], "smartcms plugin logs");
    call(&["add", "1"]).expect_failure(
        6,
        &["takes 2 arguments, not 1"],
        "smartcms plugin functions",
    );
    call(&["absent"]).expect_failure(6, &["no function absent"], "smartcms plugin functions");
}

/// The text that a model goes on with, at most two words of it.
fn generate(site: &Site, more: &[&str]) -> Outcome {
    let ask = ["plugin", "generate", "one two three", "--tokens", "2"];
    site.run(&[&ask, more].concat())
}

#[test]
fn operators_choose_the_models_that_plugins_bring() {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("models"), "--id", "models"]).expect_success();
    let refused = site.run(&["plugin", "models"]);
    assert!(refused.expect_success().contains("plugin grant models kv"), "{refused:?}");
    site.run(&["plugin", "grant", "models", "kv"]).expect_success();
    let models = site.run(&["plugin", "models"]);
    let line = "models/echo  generate, embed, describe  A model that is called echo";
    assert!(models.expect_success().contains(line), "{models:?}");
    generate(&site, &[]).expect_failure(4, &["no model is configured"], "[models] text");
    site.write("smartcms.toml", "[models]\ntext = \"models/echo\"\nembeddings = \"models/echo\"\n");
    assert_eq!(generate(&site, &[]).expect_success(), "one two \n");
    let vectors = site.run(&["plugin", "embed", "abc", "abcdef"]).expect_json();
    assert_eq!(vectors.as_array().map(Vec::len), Some(2));
    let lighthouse = root().join("examples/site/media/lighthouse.webp");
    let describe = |more: &[&str]| {
        site.run(&[&["ai", "describe", lighthouse.to_str().unwrap()], more].concat())
    };
    let described = describe(&["--model", "models/echo"]);
    assert!(described.expect_success().ends_with(" bytes of image/jpeg\n"), "{described:?}");
    describe(&[]).expect_failure(6, &["no model of this site"], "models.images");
    site.write("smartcms.toml", "[models]\ntext = \"models/echo\"\nimages = \"models/echo\"\n");
    assert_eq!(describe(&[]).stdout, described.stdout);
    let named = |model: &str| generate(&site, &["--model", model]);
    assert_eq!(named("models/counted").expect_success(), "one two \n");
    named("models/trap").expect_failure(1, &["plugin models trapped"], "smartcms plugin logs");
    named("models/absent").expect_failure(4, &["no such model"], "smartcms plugin models");
    named("nobody/echo").expect_failure(4, &["plugin nobody brings no models"], "plugin models");
    let odd = named("echo");
    assert!(odd.code == 2 && odd.stderr.contains("names no model"), "{odd:?}");
}

#[test]
fn grants_are_told_in_words() {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("clerk"), "--id", "clerk"]).expect_success();
    let grant = "content:write=posts.excerpt:own:drafts-only";
    let granted = site.run(&["plugin", "grant", "clerk", grant]);
    let words = "it can create and change entries of posts, only those that it wrote, in them only \
                 the field excerpt, and leave what is public as it is";
    assert!(granted.expect_success().contains(words), "{granted:?}");
    let listed = site.run(&["plugin", "list"]);
    assert!(listed.expect_success().contains(words), "{listed:?}");
    let odd = site.run(&["plugin", "grant", "clerk", "content:write=posts:drafts"]);
    odd.expect_failure(6, &["`drafts` cannot stand there", "drafts-only"], "plugin inspect");
}
