//! `smartcms component`: what it makes runs here and on a host that knows nothing of SmartCMS.

use std::fs;
use std::path::Path;

use crate::support::command::{Outcome, smartcms};
use crate::support::component::{component, example, hostile, root};
use crate::support::plain::plain;
use crate::support::server::Server;
use crate::support::site::Site;

const STORY: &str = "Stored and read back: Once upon a time there was a module";

/// A folder, and a way to run `smartcms component` there.
struct Workbench {
    folder: tempfile::TempDir,
}

impl Workbench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.folder.path().join(name), content).unwrap();
        self.path(name)
    }

    #[track_caller]
    fn component(&self, arguments: &[&str]) -> Outcome {
        smartcms(self.folder.path(), &[&["component"], arguments].concat())
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Outcome {
        smartcms(self.folder.path(), &[&["run"], arguments].concat())
    }

    /// The capabilities that a file needs, without what is harmless.
    #[track_caller]
    fn needs(&self, file: &str) -> Vec<String> {
        let listed = self.component(&["wit", file, "--capabilities"]);
        let lines = listed.expect_success().lines();
        let mut names: Vec<String> = lines
            .map(|it| it.split("  ").next().unwrap_or_default().to_owned())
            .filter(|it| it != "-")
            .collect();
        names.dedup();
        names
    }
}

#[test]
fn a_story_is_composed_into_an_application_and_runs_here_and_elsewhere() {
    let bench = Workbench::new();
    let told = bench.path("told.wasm");
    let made = bench.component(&[
        "compose",
        &example("storybook"),
        "--plug",
        &example("storyteller"),
        "-o",
        &told,
    ]);
    assert!(made.expect_success().contains("storygen of"), "{made:?}");
    let wit = bench.component(&["wit", &told]);
    let wit = wit.expect_success();
    assert!(wit.contains("import component:smartcms/kvstore;"), "{wit}");
    assert!(!wit.contains("storygen"), "{wit}");
    assert_eq!(bench.needs(&told), ["kv"]);
    assert_eq!(bench.run(&[&told]).code, 3);
    let ran = bench.run(&[&told, "--grant", "kv"]);
    assert!(ran.expect_success().starts_with(STORY), "{ran:?}");

    // A host without a key-value store gets one composed in.
    let whole = bench.path("whole.wasm");
    let (book, teller, keys) =
        (example("storybook"), example("storyteller"), example("kvstore-memory"));
    bench
        .component(&["compose", &book, "--plug", &teller, "--plug", &keys, "-o", &whole])
        .expect_success();
    assert_eq!(bench.needs(&whole), [""; 0]);
    let here = bench.run(&[&whole]);
    let elsewhere = plain(&["--call", "run", &whole]);
    assert!(here.expect_success().starts_with(STORY), "{here:?}");
    assert_eq!(elsewhere.expect_success(), here.stdout);
}

#[test]
fn an_application_and_a_part_that_computes_run_with_what_was_granted() {
    let bench = Workbench::new();
    let told = bench.path("told.wasm");
    let (book, teller) = (example("storybook"), example("storyteller-onnx"));
    bench.component(&["compose", &book, "--plug", &teller, "-o", &told]).expect_success();
    let needs = bench.needs(&told);
    assert!(["fs", "kv", "nn"].iter().all(|it| needs.contains(&(*it).to_owned())), "{needs:?}");
    let folder = root().join("models/storyteller");
    let (files, model) = (
        format!("fs={}:/model:ro", folder.display()),
        format!("tiny={}", folder.join("storyteller.onnx").display()),
    );
    let run = |more: &[&str]| bench.run(&[&[told.as_str(), "--grant", "kv"], more].concat());
    let ran = run(&["--grant", "nn=tiny", "--grant", &files, "--model", &model]);
    let story = ran.expect_success();
    let words =
        story.strip_prefix("Stored and read back: ").map(|it| it.split_whitespace().count());
    assert!(words.is_some_and(|it| it > 40), "{story}");
    assert_eq!(run(&["--grant", &files, "--model", &model]).code, 3, "the model was not granted");
    let ran = run(&["--grant", "nn=tiny", "--grant", &files]);
    assert!(
        ran.expect_success().contains("There is no story: there is no model named tiny"),
        "{ran:?}"
    );
    let ran = run(&["--grant", "nn=tiny", "--model", &model]);
    assert!(ran.expect_success().contains("/model/vocabulary.txt could not be read"), "{ran:?}");
}

#[test]
fn a_plug_that_does_not_fit_is_told_by_file_and_import() {
    let bench = Workbench::new();
    let out = bench.path("out.wasm");
    let book = example("storybook");
    let compose = |plug: &str| bench.component(&["compose", &book, "--plug", plug, "-o", &out]);
    compose(&example("greet")).expect_failure(
        6,
        &["greet.wasm plugs nothing", "it exports greet", "storygen"],
        "component wit",
    );
    let other = r#"(component
        (core module $m (func (export "f") (result i32) (i32.const 1)))
        (core instance $i (instantiate $m))
        (func (export "storygen") (result u32) (canon lift (core func $i "f"))))"#;
    compose(&bench.write("number.wat", other)).expect_failure(
        6,
        &["number.wat exports storygen", "storybook.wasm", "string"],
        "same WIT",
    );
    compose(&example("adder")).expect_failure(6, &["adder.wasm", "core module"], "--wit");
    assert!(!Path::new(&out).exists());
}

#[test]
fn closed_files_are_denied_here_and_elsewhere() {
    let bench = Workbench::new();
    fs::create_dir(bench.path("stories")).unwrap();
    bench.write("stories/one.txt", "a story");
    let (open, closed) = (example("args"), bench.path("closed.wasm"));
    let made = bench.component(&["restrict", &open, "--allow", "env", "-o", &closed]);
    for words in ["closed wasi:filesystem/preopens@", "the folder /, in which everything is denied"]
    {
        assert!(made.expect_success().contains(words), "no {words:?} in {made:?}");
    }
    assert_eq!(bench.needs(&open), ["env", "fs"]);
    assert_eq!(bench.needs(&closed), ["env"]);

    let read = ["--read", "/stories/one.txt"];
    let here = |file: &str| {
        bench.run(&[&[file, "--grant", "fs=./stories:/stories:ro", "--"][..], &read].concat())
    };
    let folder = format!("{}::/stories", bench.path("stories"));
    let elsewhere = |file: &str| plain(&[&["--dir", &folder, file][..], &read].concat());
    assert_eq!(here(&open).expect_success(), "a story");
    assert_eq!(elsewhere(&open).expect_success(), "a story");
    for denied in [here(&closed), elsewhere(&closed)] {
        assert_eq!((denied.code, denied.stdout.as_str()), (1, ""), "{denied:?}");
        assert!(denied.stderr.contains("Permission denied"), "{denied:?}");
    }
    // What stays open works as before.
    assert_eq!(bench.run(&[&closed, "--", "one", "two"]).expect_success(), "one\ntwo\n");
    assert_eq!(plain(&[&closed, "one", "two"]).expect_success(), "one\ntwo\n");
}

#[test]
fn closed_variables_are_not_there() {
    let bench = Workbench::new();
    let closed = bench.path("closed.wasm");
    bench.component(&["restrict", &example("args"), "-o", &closed]).expect_success();
    assert_eq!(bench.needs(&closed), [""; 0]);
    // Arguments come by the same interface as variables, so that they are gone too.
    assert_eq!(bench.run(&[&closed, "--", "one"]).expect_success(), "");
    assert_eq!(plain(&["--env", "A=b", &closed, "--env", "A"]).expect_success(), "");
}

#[test]
fn closed_keys_and_requests_answer_in_their_own_error_types() {
    let site = Site::new();
    for (source, id) in [(example("visits"), "visits"), (hostile("fetch"), "fetch")] {
        let closed = site.path().join(format!("{id}.wasm"));
        let closed = closed.to_str().unwrap();
        site.run(&["component", "restrict", &source, "-o", closed]).expect_success();
        // Nothing is left that an operator would have to grant.
        let added = site.run(&["plugin", "add", closed, "--id", id]);
        assert!(!added.expect_success().contains("it needs"), "{added:?}");
    }
    let server = Server::start(&site);
    let counted = server.client().get("/ext/visits/home").expect_status(503);
    assert!(counted.text().contains("AccessDenied"), "{counted}");
    for _ in 0..3 {
        let fetched = server.client().get("/ext/fetch/get?http://127.0.0.1:1/").expect_status(200);
        assert!(fetched.text().contains("HttpRequestDenied"), "{fetched}");
    }
}

#[test]
fn a_closed_function_without_an_error_traps_with_its_name() {
    let bench = Workbench::new();
    let closed = bench.path("closed.wasm");
    let made = bench.component(&["restrict", &example("story"), "-o", &closed]);
    assert!(made.expect_success().contains("set gives a trap"), "{made:?}");
    let trapped = bench.run(&[&closed]);
    assert_eq!(trapped.code, 1, "{trapped:?}");
    for words in ["component:smartcms/kvstore#set", "component restrict"] {
        assert!(trapped.stderr.contains(words), "no {words:?} in {trapped:?}");
    }
    let elsewhere = plain(&["--call", "run", &closed]);
    assert!(elsewhere.code != 0 && elsewhere.stderr.contains("kvstore#set"), "{elsewhere:?}");
}

#[test]
fn an_async_function_is_denied_like_others() {
    let text = r#"(module
        (import "$root" "send" (func $send (param i32 i32 i32)))
        (memory (export "memory") 1)
        (data (i32.const 32) "\40\00\00\00\06\00\00\00")
        (data (i32.const 48) "\50\00\00\00\04\00\00\00")
        (data (i32.const 64) "denied") (data (i32.const 80) "sent")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "run") (result i32) (local $left i32)
            (local.set $left (i32.const 3))
            (loop $again
                (call $send (i32.const 64) (i32.const 6) (i32.const 16))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br_if $again (local.get $left)))
            (select (i32.const 32) (i32.const 48)
                (i32.and (i32.load8_u (i32.const 16))
                    (i32.eq (i32.load8_u (i32.load (i32.const 20))) (i32.const 100))))))"#;
    let send = "send: async func(text: string) -> result<u32, string>".to_owned();
    let bytes = component(text, &[send], &["run: async func() -> string".to_owned()]);
    let bench = Workbench::new();
    let (open, closed) = (bench.write("open.wasm", bytes), bench.path("closed.wasm"));
    let made = bench.component(&["restrict", &open, "-o", &closed]);
    assert!(
        made.expect_success().contains("closed send: send gives the error with a text"),
        "{made:?}"
    );
    assert_eq!(bench.run(&[&closed]).expect_success(), "denied\n");
}

#[test]
fn imports_that_this_host_does_not_know_are_closed_unless_they_are_named() {
    let bench = Workbench::new();
    let (book, out) = (example("storybook"), bench.path("out.wasm"));
    let restrict = |allowed: &[&str]| {
        let allowed: Vec<&str> = allowed.iter().flat_map(|it| ["--allow", it]).collect();
        bench.component(&[&["restrict", &book, "-o", &out][..], &allowed].concat())
    };
    restrict(&["kv"]).expect_success();
    assert_eq!(bench.needs(&out), ["kv"]);
    restrict(&["kv", "storygen"]).expect_success();
    assert_eq!(bench.needs(&out), ["kv", "unknown"]);
    restrict(&["component:smartcms/kvstore"]).expect_success();
    assert_eq!(bench.needs(&out), ["kv"]);
    restrict(&["stroygen"]).expect_failure(6, &["--allow stroygen", "storybook.wasm"], "kv, http");
}

#[test]
fn a_module_becomes_a_component() {
    let bench = Workbench::new();
    let out = bench.path("out.wasm");
    bench.component(&["new", &example("greet-module"), "-o", &out]).expect_success();
    assert_eq!(
        bench.run(&[&out, "--invoke", "greet(\"Ada\")"]).expect_success(),
        "\"Hello, Ada!\"\n"
    );
    let text = r#"(module (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
        (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))"#;
    let text = bench.write("double.wat", text);
    let wit =
        bench.write("double.wit", "package a:b; world w { export double: func(n: u32) -> u32; }");
    bench.component(&["new", &text, "-o", &out]).expect_failure(
        6,
        &["double.wat", "types"],
        "--wit",
    );
    bench.component(&["new", &text, "--wit", &wit, "-o", &out]).expect_success();
    assert_eq!(bench.run(&[&out, "--invoke", "double(21)"]).expect_success(), "42\n");
    let wrong = bench.write("wrong.wit", "package a:b; world w { export treble: func() -> u32; }");
    bench.component(&["new", &text, "--wit", &wrong, "-o", &out]).expect_failure(
        6,
        &["double.wat", "treble"],
        "validate",
    );
    let command = r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        (memory (export "memory") 1) (func (export "_start") (call 0 (i32.const 5))))"#;
    bench.component(&["new", &bench.write("exit.wat", command), "-o", &out]).expect_success();
    assert_ne!(bench.run(&[&out]).code, 0);
}

#[test]
fn validating_says_what_a_file_is() {
    let bench = Workbench::new();
    let valid = bench.component(&["validate", &example("greet")]);
    assert!(valid.expect_success().contains("a valid component"), "{valid:?}");
    let valid = bench.component(&["validate", &example("adder")]);
    assert!(valid.expect_success().contains("a valid core module"), "{valid:?}");
    let text = bench.write("bad.wat", "(module (func (result i32)))");
    bench.component(&["validate", &text]).expect_failure(6, &["bad.wat", "not valid"], "again");
    let text = bench.write("worse.wat", "(module (fun))");
    bench.component(&["validate", &text]).expect_failure(6, &["worse.wat"], "built file");
    let missing = bench.component(&["validate", "nowhere.wasm"]);
    assert!(missing.code != 0 && missing.stderr.contains("nowhere.wasm"), "{missing:?}");
}

/// Every command on a file, with as much more as it needs.
fn commands<'a>(file: &'a str, out: &'a str, plug: &'a str) -> [Vec<&'a str>; 6] {
    [
        vec!["new", file, "-o", out],
        vec!["wit", file],
        vec!["wit", file, "--capabilities"],
        vec!["compose", file, "--plug", plug, "-o", out],
        vec!["restrict", file, "-o", out],
        vec!["validate", file],
    ]
}

#[test]
fn files_that_are_broken_or_too_large_are_errors_and_never_panics() {
    let bench = Workbench::new();
    let whole = fs::read(example("story")).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = [0, 4, 8, 9, 100, whole.len() / 2, whole.len() - 1]
        .into_iter()
        .map(|end| (format!("cut-{end}.wasm"), whole[..end].to_vec()))
        .collect();
    files
        .push(("noise.wasm".to_owned(), [b"\0asm\x0d\0\x01\0".as_slice(), &[0xa5; 4000]].concat()));
    let (out, plug) = (bench.path("out.wasm"), example("storyteller"));
    for (name, bytes) in &files {
        let file = bench.write(name, bytes);
        for command in commands(&file, &out, &plug) {
            let refused = bench.component(&command);
            // A file that ends between two sections is a component without the rest; that is no error.
            if refused.code == 0 {
                continue;
            }
            assert!([6, 7].contains(&refused.code), "{command:?}: {refused:?}");
            let is_told = refused.stderr.contains(name) || refused.stderr.contains(&plug);
            assert!(is_told, "{command:?}: {refused:?}");
            assert!(!refused.stderr.contains("panicked"), "{refused:?}");
        }
    }
    let large = bench.path("large.wasm");
    fs::File::create(&large).unwrap().set_len(3 * 1024 * 1024 * 1024).unwrap();
    for command in commands(&large, &out, &plug) {
        let refused = bench.component(&command);
        refused.expect_failure(7, &["large.wasm", "67108864 bytes"], "strip");
    }
    let refused = smartcms(bench.folder.path(), &["plugin", "check", &large]);
    refused.expect_failure(7, &["large.wasm", "33554432 bytes"], "strip");
}

#[test]
fn what_would_take_gigabytes_or_minutes_is_refused_by_its_limit() {
    let bench = Workbench::new();
    let out = bench.path("out.wasm");
    // Short to write, long to read.
    let text = bench.write("long.wat", format!("(module {})", "(func)".repeat(1_000_000)));
    let refused = bench.component(&["new", &text, "-o", &out]);
    refused.expect_failure(7, &["long.wat", "4194304 bytes of text"], "built file");
    let imports: String =
        (0..10_001).map(|it| format!("(import \"f{it}\" (func (type $f)))")).collect();
    let file = bench.write("wide.wat", format!("(component (type $f (func)) {imports})"));
    let refused = bench.component(&["restrict", &file, "-o", &out]);
    refused.expect_failure(7, &["wide.wat", "10000 imports"], "--allow");
}

#[test]
fn a_type_whose_text_would_fill_a_disk_is_refused() {
    let bench = Workbench::new();
    // Each type is twice the one before, and every function spells it out.
    let mut text = "(component\n(type $t0 (tuple u8 u8))\n".to_owned();
    for level in 1..15 {
        text += &format!("(type $t{level} (tuple $t{0} $t{0}))\n", level - 1);
    }
    for function in 0..6 {
        text += &format!("(import \"f{function}\" (func (param \"p\" $t14)))\n");
    }
    let file = bench.write("bomb.wat", text + ")");
    let refused = bench.component(&["wit", &file]);
    refused.expect_failure(7, &["bomb.wat", "1048576 bytes"], "inspect");
    let out = bench.path("out.wasm");
    let closed = bench.component(&["restrict", &file, "-o", &out]);
    assert!([0, 6, 7].contains(&closed.code) && !closed.stderr.contains("panicked"), "{closed:?}");
}
