//! The models that serve a site: the storyteller in the executable, plugins with `wasi:nn`, and servers.

use std::path::Path;

use serde_json::json;

use crate::support::client::{Client, Request};
use crate::support::model_server::{ModelServer, Speaks};
use crate::support::server::Server;
use crate::support::site::Site;

/// The storyteller's component, as it is committed.
fn storyteller() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../plugins/storyteller/dist/storyteller.wasm");
    path.to_str().unwrap().to_owned()
}

#[track_caller]
fn told(site: &Site, prompt: &str, seed: &str) -> String {
    let outcome = site.run(&["ai", "generate", prompt, "--seed", seed]);
    outcome.expect_success().to_owned()
}

#[test]
fn a_site_that_chose_nothing_tells_stories() {
    let site = Site::new();
    let story = told(&site, "Tell me about a fox and a lantern.", "3");
    assert!(story.contains("fox") && story.contains("lantern"), "{story}");
    let plain = |it: char| it.is_ascii_alphabetic() || " .,!?:\"\n".contains(it);
    assert!(story.chars().all(plain), "{story}");
    assert!(
        story.split_whitespace().count() > 40 && story.trim_end().ends_with(['.', '!', '"', '?']),
        "{story}"
    );
    assert_eq!(
        told(&site, "Tell me about a fox and a lantern.", "3"),
        story,
        "a seed tells the same"
    );
    assert_ne!(told(&site, "Tell me about a fox and a lantern.", "4"), story);
    let beginning = told(&site, "Once upon a time there was a little owl named", "1");
    assert!(beginning.starts_with(' '), "it goes on with what was begun: {beginning}");
    // As the model tells it where it was trained: the engine here computes the same.
    let likely =
        ["ai", "generate", "Once upon a time there was a little owl named", "--temperature", "0"];
    let expected = " Pip. There was going to be a great race to the garden.\n\"The prize will be mine,\" Pip said: it was \
                    a purple star.";
    let likely = site.run(&likely);
    assert!(likely.expect_success().starts_with(expected), "{likely:?}");
    let status = site.run(&["ai", "status"]);
    let lines = "text  storyteller/storyteller  answers\nembeddings  no model is configured\n\
                 images  no model is configured\n\
                 meaning  builtin/lexical-1  0 entries in 0 vectors, 0 wait\n\
                 writing help  no model follows instructions, and no role has it\n";
    assert_eq!(status.expect_success(), lines);
}

#[test]
fn a_plugin_computes_with_the_models_it_was_granted() {
    let site = Site::new();
    let inspected = site.run(&["plugin", "inspect", &storyteller()]);
    assert!(
        inspected.expect_success().contains("compute with the models that are named"),
        "{inspected:?}"
    );
    site.run(&["plugin", "add", &storyteller(), "--id", "teller"]).expect_success();
    let ask = || {
        site.run(&[
            "plugin",
            "generate",
            "Once upon a",
            "--model",
            "teller/storyteller",
            "--tokens",
            "1",
        ])
    };
    ask().expect_failure(
        1,
        &["needs the capability nn", "plugin grant teller nn=storyteller"],
        "plugin logs",
    );
    site.run(&["plugin", "grant", "teller", "nn=another"]).expect_success();
    ask().expect_failure(1, &["the plugin was not granted nn=storyteller"], "plugin logs");
    let granted = site.run(&["plugin", "grant", "teller", "nn=storyteller"]);
    assert!(
        granted.expect_success().contains("it can compute with the model storyteller"),
        "{granted:?}"
    );
    assert_eq!(ask().expect_success(), " time\n");
}

#[test]
fn a_file_that_is_no_model_is_told_to_the_operator_and_not_to_the_guest() {
    let site = Site::new();
    // A file in the site's folder takes the name.
    site.write("models/storyteller.onnx", "no model");
    let outcome = site.run(&["ai", "generate", "Tell me a story."]);
    outcome.expect_failure(1, &["the model storyteller cannot be loaded"], "ai status");
    assert!(!outcome.stdout.contains("models/storyteller.onnx"), "{outcome:?}");
}

#[track_caller]
fn post(client: &mut Client, path: &str, body: &str) -> String {
    client.expect(Request::new("POST", path).bytes(body.as_bytes().to_vec())).text()
}

#[test]
fn stories_are_written_and_kept_over_http() {
    let site = Site::new();
    site.write("smartcms.toml", "stories = true\n");
    let server = Server::start(&site);
    let mut client = server.client();
    let first = client.get("/api/generate").text();
    let second = client.get("/api/generate").text();
    let (name, text) = first.split_once('\n').unwrap();
    assert_eq!((name, second.lines().next()), ("generated1", Some("generated2")));
    assert!(text.split_whitespace().count() > 40, "{first}");
    assert_ne!(second.split_once('\n').map(|it| it.1), Some(text), "each story is another one");
    assert_eq!(post(&mut client, "/api/retrieve", "generated1"), text);
    assert_eq!(post(&mut client, "/api/create", "A\nb"), "Stored A\n");
    assert_eq!(post(&mut client, "/api/retrieve", "A"), "b\n");
}

#[test]
fn servers_write_and_measure_and_another_model_stands_in_for_them() {
    for speaks in [Speaks::OpenAi, Speaks::Ollama] {
        let site = Site::new();
        let server = ModelServer::start(speaks);
        let config = |more: &str| {
            let (provider, address) = (speaks.provider(), server.address());
            site.write(
                "smartcms.toml",
                format!(
                    "[ai]\nprovider = \"{provider}\"\naddress = \"{address}\"\nmodel = \"m\"\n\
                     embedding_model = \"e\"\nkey = \"sesame\"\n{more}"
                ),
            );
        };
        config("");
        assert_eq!(told(&site, "Once", "7"), "Once there was a server.\n");
        let asked = server.asked();
        assert!(asked.contains("Bearer sesame") && asked.contains("\"seed\":7"), "{asked}");
        let vectors = site.run(&["ai", "embed", "a", "b"]).expect_json();
        assert_eq!(vectors, json!([[0.6, 0.8], [1.0, 0.0]]));
        server.refuse("the key sesame is not known");
        let refused = site.run(&["ai", "generate", "Once"]);
        refused.expect_failure(1, &["says 401: the key … is not known"], "ai status");
        assert!(!refused.stderr.contains("sesame"), "{refused:?}");
        config("fallback = [\"storyteller\"]\n");
        assert!(told(&site, "Tell me about an owl.", "1").contains("owl"));
    }
}
