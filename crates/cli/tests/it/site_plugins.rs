//! `smartcms component compose` puts plugins into a site: what each keeps, what it is refused, and that it is called.

use std::fs;

use crate::support::command::{Outcome, smartcms};
use crate::support::component::{component, example, hostile};

/// A site that does nothing but show: `show(PLUGIN, HTML)` is what a plugin's filter makes of HTML.
const SITE: &str = r#"(module
  (import "smartcms:portable/plugins@0.1.0" "list" (func $list (param i32)))
  (import "smartcms:portable/plugins@0.1.0" "filter-html"
    (func $filter (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (memory (export "memory") 4)
  (data (i32.const 64) "slug")
  (global $free (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "count") (result i32)
    (call $list (i32.const 16))
    (i32.load (i32.const 20)))
  (func (export "show") (param $plugin i32) (param $html i32) (param $len i32) (result i32)
    (call $filter (local.get $plugin)
      (i32.const 64) (i32.const 4) (i32.const 64) (i32.const 4)
      (i32.const 64) (i32.const 4) (i32.const 64) (i32.const 4)
      (local.get $html) (local.get $len) (i32.const 16))
    (i32.const 16)))"#;
/// A filter that could ask other hosts.
const CALLER: &str = r#"(module
  (import "wasi:http/outgoing-handler@0.2.12" "handle" (func (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 64)
  (func (export "smartcms:plugin/filters@0.1.0#filter-html")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable))"#;
const HEADINGS: &str = "<h2>The lake</h2><p>Water.</p><h2>The heron</h2>";

struct Bench(tempfile::TempDir);

impl Bench {
    /// A folder with the site, and the bare adapter of nothing.
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        let imports = ["smartcms:portable/plugins@0.1.0".to_owned()];
        let exports = [
            "count: func() -> u32",
            "show: func(plugin: u32, html: string) -> result<string, string>",
        ];
        let site = component(SITE, &imports, &exports.map(str::to_owned));
        fs::write(bench.path("site.wasm"), site).unwrap();
        bench
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        smartcms(self.0.path(), arguments)
    }

    fn compose(&self, arguments: &[&str]) -> Outcome {
        let (site, whole) = (self.path("site.wasm"), self.path("whole.wasm"));
        self.run(&[&["component", "compose", &site, "-o", &whole], arguments].concat())
    }

    fn invoke(&self, call: &str) -> Outcome {
        self.run(&["run", &self.path("whole.wasm"), "--invoke", call])
    }
}

/// A text as calls are written.
fn wave(text: &str) -> String {
    format!("{text:?}")
}

#[test]
fn plugins_are_called_in_the_order_of_their_ids_and_each_has_its_own_memory() {
    let bench = Bench::new();
    let (toc, everywhere) = (example("toc"), hostile("everywhere"));
    let made = bench.compose(&["--plug", &toc, "--plug", &everywhere]);
    let said = made.expect_success();
    for words in ["plugin toc 0.1.0 takes part in filters", "the plugins", "closed wasi:cli/exit"] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    assert_eq!(bench.invoke("count()").expect_success().trim(), "2");
    let signed = bench.invoke(&format!("show(0, {})", wave("<p>Words.</p>")));
    // Without settings, without a variable of whoever runs it.
    assert!(signed.expect_success().contains("nobody 0 0 false"), "{signed:?}");
    let listed = bench.invoke(&format!("show(1, {})", wave(HEADINGS)));
    assert!(listed.expect_success().contains("#the-lake"), "{listed:?}");
    assert!(!listed.expect_success().contains("nobody"), "{listed:?}");
}

#[test]
fn the_whole_asks_for_what_its_parts_keep() {
    let bench = Bench::new();
    let needs = |bench: &Bench| {
        let listed = bench.run(&["component", "wit", &bench.path("whole.wasm"), "--capabilities"]);
        let lines = listed.expect_success().lines().map(str::to_owned);
        lines.filter(|it| !it.starts_with('-')).collect::<Vec<_>>()
    };
    bench.compose(&["--plug", &hostile("everywhere")]).expect_success();
    assert_eq!(needs(&bench), [""; 0]);
    let caller = bench.path("caller.wasm");
    let imports = ["wasi:http/outgoing-handler@0.2.12".to_owned()];
    let exports = ["smartcms:plugin/filters@0.1.0".to_owned()];
    fs::write(&caller, component(CALLER, &imports, &exports)).unwrap();
    bench.compose(&["--plug", &caller]).expect_failure(
        3,
        &["plugin caller", "wasi:http/outgoing-handler", "http"],
        "--grant caller:http",
    );
    let everywhere = hostile("everywhere");
    let plugs = ["--plug", &everywhere, "--plug", &caller, "--grant", "caller:http"];
    bench.compose(&plugs).expect_success();
    assert_eq!(needs(&bench), ["http           wasi:http/outgoing-handler@0.2.12"]);
}

#[test]
fn what_no_plugin_of_a_site_can_have_is_refused_with_what_to_do() {
    let bench = Bench::new();
    bench.compose(&["--plug", &example("visits")]).expect_failure(
        3,
        &["plugin visits", "wasi:keyvalue/", "the capability kv"],
        "--grant visits:kv",
    );
    let granted = ["--plug", &example("visits"), "--grant", "visits:kv"];
    bench.compose(&granted).expect_failure(6, &["visits was granted kv"], "plugin-keys.wasm");
    bench.compose(&["--plug", &hostile("clerk")]).expect_failure(
        3,
        &["plugin clerk", "smartcms:content/"],
        "cannot call back",
    );
    assert!(!fs::exists(bench.path("whole.wasm")).unwrap());
}

#[test]
fn grants_that_nothing_asks_for_and_plugins_that_are_there_twice_are_told() {
    let bench = Bench::new();
    let toc = example("toc");
    let plug = ["--plug", &toc];
    let with = |grant| [&plug[..], &["--grant", grant]].concat();
    bench.compose(&with("toc:nn")).expect_failure(6, &["toc:nn"], "ID:http");
    bench.compose(&with("toc:kv")).expect_failure(6, &["toc:kv"], "--capabilities");
    bench.compose(&with("toc:http")).expect_failure(6, &["toc:http"], "--capabilities");
    bench.compose(&with("other:html:trusted")).expect_failure(6, &["other"], "--capabilities");
    bench.compose(&with("toc:html:trusted")).expect_success();
    bench.compose(&[plug, plug].concat()).expect_failure(5, &["two plugins toc"], "one plugin");
    bench.compose(&plug).expect_success();
    assert_eq!(bench.invoke("count()").expect_success().trim(), "1");
}
