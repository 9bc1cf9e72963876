//! `smartcms plugin`: from a file to a plugin at work, and back.

use serde_json::Value;

use crate::support::component::{example, hostile};
use crate::support::server::Server;
use crate::support::site::Site;

#[track_caller]
fn capabilities(site: &Site, name: &str) -> Vec<String> {
    let inspection = site.run(&["plugin", "inspect", &example(name), "--json"]).expect_json();
    let reach = inspection["capabilities"].as_array().unwrap();
    let required = reach.iter().filter(|it| it["required"] == true);
    required.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn inspecting_tells_what_each_example_can_reach() {
    let site = Site::new();
    for (name, expected) in [
        ("toc", vec![]),
        ("shout", vec![]),
        ("reading-time", vec![]),
        ("greet", vec![]),
        ("greet-js", vec![]),
        ("greet-python", vec![]),
        ("greet-module", vec![]),
        ("visits", vec!["kv"]),
        ("story", vec!["kv"]),
    ] {
        assert_eq!(capabilities(&site, name), expected, "{name}");
    }
}

#[test]
fn inspecting_is_worth_reading_for_people() {
    let site = Site::new();
    let shown = site.run(&["plugin", "inspect", &example("visits")]);
    let text = shown.expect_success();
    for words in [
        "component",
        "can reach",
        "kv",
        "keep and read its own keys",
        "wasi:keyvalue/",
        "takes part",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
}

#[test]
fn adding_suggests_what_the_author_asks_for_as_one_word_of_a_shell() {
    let site = Site::new();
    let file = site.write("asks/fetch.wasm", std::fs::read(hostile("fetch")).unwrap());
    let asked = "id = \"fetch\"\nversion = \"0.1.0\"\n\n[capabilities]\n\
                 \"http=news.example.com:443\" = \"to fetch the news\"\n\
                 \"http=*.example.com:443\" = \"to fetch\u{7} the rest\"\n";
    site.write("asks/plugin.toml", asked.replace('\u{7}', "\\u0007"));
    let added = site.run(&["plugin", "add", &file]);
    for words in [
        "  its author says: to fetch the news\n",
        "  smartcms plugin grant fetch http=news.example.com:443\n",
        "  smartcms plugin grant fetch 'http=*.example.com:443'\n",
        "to fetch\u{fffd} the rest",
    ] {
        assert!(added.expect_success().contains(words), "no {words:?} in {added:?}");
    }
}

#[test]
fn a_file_that_is_no_plugin_is_an_error() {
    let site = Site::new();
    let text = site.write("not-a-plugin.wasm", "some text");
    for command in ["inspect", "add"] {
        let refused = site.run(&["plugin", command, &text]);
        assert_ne!(refused.code, 0, "{refused:?}");
        assert!(
            refused.stderr.starts_with("error: ") && refused.stderr.contains("not-a-plugin.wasm"),
            "{refused:?}"
        );
    }
    let missing = site.run(&["plugin", "inspect", "nowhere.wasm"]);
    assert!(missing.code != 0 && missing.stderr.contains("nowhere.wasm"), "{missing:?}");
    site.run(&["plugin", "add", &example("greet")]).expect_failure(
        6,
        &["extension point"],
        "smartcms run",
    );
}

#[test]
fn a_plugin_without_its_grant_is_refused_and_with_it_works() {
    let site = Site::new();
    let added = site.run(&["plugin", "add", &example("visits")]);
    assert!(added.expect_success().contains("smartcms plugin grant visits kv"), "{added:?}");
    let mut server = Server::start(&site);
    let refused = server.client().get("/ext/visits/home").expect_status(502);
    assert_eq!(refused.code(), "plugin.denied");
    for words in ["wasi:keyvalue/", "kv", "smartcms plugin grant visits kv"] {
        assert!(refused.text().contains(words), "no {words:?} in {refused}");
    }
    changed(&site, &mut server, &["grant", "visits", "kv"]);
    for visits in 1..3 {
        let counted = server.client().get("/ext/visits/home").expect_status(200).json();
        assert_eq!(counted["visits"], visits);
    }
    changed(&site, &mut server, &["revoke", "visits", "kv"]);
    assert_eq!(server.client().get("/ext/visits/home").expect_status(502).code(), "plugin.denied");
    changed(&site, &mut server, &["grant", "visits", "kv"]);
    assert_eq!(server.client().get("/ext/visits/home").expect_status(200).json()["visits"], 3);
}

#[test]
fn a_plugin_is_switched_off_and_on_and_taken_away_with_its_keys() {
    let site = Site::new();
    site.run(&["plugin", "add", &example("visits")]).expect_success();
    site.run(&["plugin", "grant", "visits", "kv"]).expect_success();
    let mut server = Server::start(&site);
    let visit = |server: &Server| server.client().get("/ext/visits/home");
    assert_eq!(visit(&server).expect_status(200).json()["visits"], 1);
    changed(&site, &mut server, &["disable", "visits"]);
    assert_eq!(visit(&server).expect_status(404).code(), "plugin.no-route");
    changed(&site, &mut server, &["enable", "visits"]);
    assert_eq!(visit(&server).expect_status(200).json()["visits"], 2);
    changed(&site, &mut server, &["remove", "visits"]);
    visit(&server).expect_status(404);
    assert_eq!(site.run(&["plugin", "list", "--json"]).expect_json(), Value::Array(Vec::new()));
    site.run(&["plugin", "add", &example("visits")]).expect_success();
    changed(&site, &mut server, &["grant", "visits", "kv"]);
    assert_eq!(visit(&server).expect_status(200).json()["visits"], 1);
}

#[test]
fn a_hook_takes_part_in_saving_and_its_log_is_there() {
    let site = Site::new();
    site.run(&["plugin", "add", &example("shout")]).expect_success();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    let entry = |title: &str| serde_json::json!({ "fields": { "title": title } });
    let refused = author.post("/api/v1/content/posts", &entry("ALL CAPITALS")).expect_status(422);
    assert_eq!(refused.code(), "entry.refused");
    assert_eq!(refused.json()["plugin"], "shout");
    author.post("/api/v1/content/posts", &entry("Quietly")).expect_status(201);
    site.run(&["plugin", "logs", "shout"]).expect_success();
    let lines = site.run(&["plugin", "logs", "shout", "--json"]);
    for line in lines.expect_success().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(
            line["at"].is_string() && line["level"].is_string() && line["text"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn the_list_tells_what_a_plugin_holds_and_lacks() {
    let site = Site::new();
    site.run(&["plugin", "add", &example("visits")]).expect_success();
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert_eq!(listed[0]["id"], "visits");
    assert_eq!(listed[0]["enabled"], true);
    assert_eq!(listed[0]["lacks"], serde_json::json!(["kv"]));
    let text = site.run(&["plugin", "list"]);
    assert!(text.expect_success().contains("smartcms plugin grant visits kv"), "{text:?}");
    site.run(&["plugin", "grant", "visits", "kv"]).expect_success();
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert_eq!(
        (&listed[0]["grants"], &listed[0]["lacks"]),
        (&serde_json::json!(["kv"]), &serde_json::json!([]))
    );
}

#[test]
fn what_cannot_be_done_is_an_error_with_a_hint_and_an_exit_code() {
    let site = Site::new();
    for command in [
        vec!["grant", "nobody", "kv"],
        vec!["revoke", "nobody", "kv"],
        vec!["enable", "nobody"],
        vec!["disable", "nobody"],
        vec!["remove", "nobody"],
        vec!["logs", "nobody"],
    ] {
        let arguments = [vec!["plugin"], command].concat();
        site.run(&arguments).expect_failure(
            4,
            &["there is no plugin `nobody`"],
            "smartcms plugin list",
        );
    }
    site.run(&["plugin", "add", &example("visits")]).expect_success();
    let grant = |grant| site.run(&["plugin", "grant", "visits", grant]);
    grant("all").expect_failure(6, &["`all` is not a grant", "content:read=COLLECTION"], "inspect");
    grant("http=example.com").expect_failure(6, &["NAME:PORT"], "inspect");
    site.run(&["plugin", "revoke", "visits", "kv"]).expect_failure(
        4,
        &["does not hold the grant kv"],
        "plugin list",
    );
}

/// Changes a plugin beside a running server, and waits until the server has heard of it.
#[track_caller]
fn changed(site: &Site, server: &mut Server, arguments: &[&str]) {
    server.forget_log();
    site.run(&[&["plugin"], arguments].concat()).expect_success();
    server.wait_for_log(&["the plugins were loaded anew"]);
}
