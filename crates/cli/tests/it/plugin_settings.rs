//! `smartcms plugin set`: what an operator sets, and what a plugin finds.

use serde_json::json;

use crate::support::component::{component, hostile};
use crate::support::server::Server;
use crate::support::site::Site;

/// A hook that refuses every entry with what it finds as its setting `word`, or with nothing where there is none.
const TELLS: &str = r#"(module
  (import "wasi:config/store@0.2.0-rc.1" "get" (func $get (param i32 i32 i32)))
  (memory (export "memory") 2)
  (data (i32.const 1024) "word")
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "smartcms:plugin/before-save@0.1.0#before-save")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (call $get (i32.const 1024) (i32.const 4) (i32.const 2048))
    ;; One problem: no field, the code `word`, and the setting as its message.
    (i32.store8 (i32.const 16) (i32.const 1))
    (i32.store (i32.const 20) (i32.const 64)) (i32.store (i32.const 24) (i32.const 1))
    (i32.store8 (i32.const 64) (i32.const 0))
    (i32.store (i32.const 76) (i32.const 1024)) (i32.store (i32.const 80) (i32.const 4))
    (if (i32.load8_u (i32.const 2052)) (then
      (i32.store (i32.const 84) (i32.load (i32.const 2056)))
      (i32.store (i32.const 88) (i32.load (i32.const 2060)))))
    (i32.const 16)))"#;

fn told(server: &Server, token: &str, slug: &str) -> String {
    let entry = json!({ "slug": slug, "fields": { "title": "A title" } });
    let answer = server.client().with_token(token).post("/api/v1/content/posts", &entry);
    answer.expect_status(422).text()
}

#[test]
fn a_plugin_finds_what_the_operator_sets_at_its_next_call() {
    let site = Site::new();
    let imports = ["wasi:config/store@0.2.0-rc.1".to_owned()];
    let wasm = component(TELLS, &imports, &["smartcms:plugin/before-save@0.1.0".to_owned()]);
    site.run(&["plugin", "add", &site.write("tells.wasm", wasm)]).expect_success();
    let set = |arguments: &[&str]| site.run(&[&["plugin", "set", "tells"], arguments].concat());
    assert!(set(&[]).expect_success().contains("tells has no settings"));
    assert_eq!(
        set(&["word=a walk", "longest=80"]).expect_success(),
        "longest=80\nword=\"a walk\"\n"
    );
    let server = Server::start(&site);
    assert!(told(&server, &site.token, "a").contains("a walk"));
    set(&["word=another"]).expect_success();
    let begun = std::time::Instant::now();
    while !told(&server, &site.token, "b").contains("another") {
        assert!(begun.elapsed().as_secs() < 60, "the server never found the change");
    }
    assert_eq!(set(&["--unset", "word", "--json"]).expect_json(), json!({ "longest": 80 }));
}

#[test]
fn what_cannot_be_set_is_an_error_and_nothing_is_changed() {
    let site = Site::new();
    site.run(&["plugin", "add", &hostile("blocks"), "--id", "blocks"]).expect_success();
    let set = |arguments: &[&str]| site.run(&[&["plugin", "set", "blocks"], arguments].concat());
    set(&["longest=80", "word"]).expect_failure(6, &["`word` sets nothing"], "longest=80");
    set(&["longest=80", "a b=1"]).expect_failure(6, &["no setting `a b`"], "");
    set(&["--unset", "word"]).expect_failure(4, &["has no setting `word`"], "plugin set blocks");
    let long = format!("word={}", "a".repeat(70_000));
    set(&[&long]).expect_failure(7, &["65536 bytes"], "");
    assert_eq!(set(&["--json"]).expect_json(), json!({}));
    let nobody = site.run(&["plugin", "set", "nobody", "a=1"]);
    nobody.expect_failure(4, &["there is no plugin `nobody`"], "plugin list");
}
