//! `smartcms sql` and `smartcms function`: what operators ask, what functions answer, and what stays closed.

use std::fmt::Write as _;

use serde_json::json;

use crate::support::command::{Outcome, smartcms_with};
use crate::support::component::{example, hostile};
use crate::support::site::Site;

/// A site with the demo's content.
fn site() -> Site {
    let site = Site::new();
    std::fs::remove_file(site.path().join("smartcms.toml")).unwrap();
    for folder in ["collections", "data"] {
        std::fs::remove_dir_all(site.path().join(folder)).unwrap();
    }
    site.run(&["init", ".", "--demo"]).expect_success();
    // Ten times what is usual: a busy machine is not to be first at other limits.
    let settings = site.path().join("smartcms.toml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let changed = written.replace("[plugins]", "[plugins]\nfunction_timeout_ms = 500");
    assert_ne!(changed, written);
    std::fs::write(&settings, changed).unwrap();
    site
}

fn sql(site: &Site, query: &str) -> Outcome {
    site.run(&["sql", query])
}

/// Runs a script from the standard input.
fn script(site: &Site, arguments: &[&str], script: &str) -> Outcome {
    smartcms_with(site.path(), &[&["sql"], arguments].concat(), script, &[])
}

/// The module of `examples/sql-functions`, in hexadecimal digits.
fn bindgen_module() -> String {
    let bytes = std::fs::read(example("sql-functions")).unwrap();
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Creates a function from the text of a module, and says how that ended.
fn create(site: &Site, name: &str, module: &str) -> Outcome {
    let module = module.replace('\'', "''");
    script(site, &[], &format!("CREATE FUNCTION {name} LANGUAGE wasm AS '{module}';"))
}

#[test]
fn sql_shows_a_collection_as_a_table_with_its_fields() {
    let site = site();
    let table = sql(&site, "SELECT title, slug, status FROM posts ORDER BY created_at LIMIT 3");
    let lines: Vec<&str> = table.expect_success().lines().collect();
    assert!(lines[0].starts_with("title ") && lines[0].contains("slug"), "{table:?}");
    assert!(lines[1].starts_with("──"), "{table:?}");
    assert_eq!(lines.len(), 5, "{table:?}");
    let query = "SELECT count(*) AS n, status FROM posts GROUP BY status ORDER BY n DESC LIMIT 1";
    let counted = site.run(&["sql", "--json", query]).expect_json();
    assert_eq!(counted[0]["status"], "published", "{counted}");
    assert!(counted[0]["n"].as_i64().unwrap() >= 3, "{counted}");
    // What the public sees is a view of its own.
    let live = site.run(&["sql", "--json", "SELECT count(*) AS n FROM posts__live"]).expect_json();
    assert_eq!(live[0]["n"], counted[0]["n"]);
    let csv = site.run(&["sql", "--csv", "SELECT 'a,b' AS x, NULL AS y, x'00ff' AS z"]);
    assert_eq!(csv.expect_success(), "x,y,z\r\n\"a,b\",,x'00ff'\n");
}

#[test]
fn sql_says_which_statement_failed_where() {
    let site = site();
    let failed = script(&site, &[], "SELECT 1;\n\nSELECT titel FROM posts;\nSELECT 2");
    let words = ["statement 2 (line 3)", "no such column: titel", "SELECT titel FROM posts"];
    failed.expect_failure(6, &words, "function list");
    assert!(failed.stdout.contains('1') && !failed.stdout.contains('2'), "{failed:?}");
    script(&site, &[], "SELECT 'open").expect_failure(6, &["never closed"], "function list");
}

#[test]
fn sql_stays_within_its_limits() {
    let site = site();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let cut = site.run(&["sql", "--rows", "5", "--csv", numbers]);
    cut.expect_failure(7, &["rows=5"], "--rows");
    assert_eq!(cut.stdout.lines().count(), 6, "{cut:?}");
    let endless = format!("SELECT count(*) FROM ({numbers})");
    let late = site.run(&["sql", "--time", "1", &endless]);
    late.expect_failure(7, &["time=1s"], "--time");
    let huge = sql(&site, "SELECT length(zeroblob(100000000))");
    huge.expect_failure(7, &["too big"], "LIMIT");
}

#[test]
fn sql_reads_content_and_no_secrets() {
    let site = site();
    for open in [
        "SELECT count(*) FROM entries",
        "SELECT count(*) FROM site.revisions",
        "SELECT count(*) FROM assets",
        "SELECT name FROM pragma_table_info('entries')",
        "PRAGMA table_info(entries)",
        "PRAGMA function_list",
        "EXPLAIN QUERY PLAN SELECT title FROM posts",
    ] {
        sql(&site, open).expect_success();
    }
    for table in [
        "users",
        "tokens",
        "sessions",
        "tickets",
        "passkeys",
        "recovery_codes",
        "user_identities",
        "webhooks",
        "plugin_keys",
        "plugins",
        "plugin_log",
        "request_keys",
        "working_copies",
        "audit",
    ] {
        for query in [
            format!("SELECT * FROM {table}"),
            format!("SELECT count(*) FROM site.{table}"),
            format!("SELECT title, (SELECT count(*) FROM {table}) FROM posts"),
        ] {
            let refused = sql(&site, &query);
            refused.expect_failure(3, &[table, "cannot be read"], "docs/sql.md");
            assert!(refused.stdout.is_empty(), "{refused:?}");
        }
    }
}

#[test]
fn sql_opens_nothing_else() {
    let site = site();
    for (query, words) in [
        ("ATTACH 'other.db' AS other", "cannot be attached"),
        ("DETACH site", "cannot be attached"),
        ("SELECT load_extension('evil.so')", ""),
        ("PRAGMA writable_schema = on", "the pragma writable_schema is closed"),
        ("PRAGMA site.journal_mode = delete", "the pragma journal_mode is closed"),
        ("PRAGMA query_only = off", "the pragma query_only is closed"),
        ("VACUUM INTO 'copy.db'", ""),
        ("CREATE TEMP TRIGGER t AFTER INSERT ON entries BEGIN SELECT 1", "closed"),
        ("CREATE VIRTUAL TABLE v USING fts5vocab(site, search_live, row)", "closed"),
        ("DROP VIEW posts", "closed"),
    ] {
        for arguments in [&["sql", query][..], &["sql", "--write", query]] {
            let refused = site.run(arguments);
            assert!([3, 6].contains(&refused.code), "{query}: {refused:?}");
            // Where nothing is written anyway, that is said first.
            let said = refused.stderr.contains(words) || refused.stderr.contains("without --write");
            assert!(said, "{query}: {refused:?}");
            assert!(!refused.stderr.contains("panicked"), "{refused:?}");
        }
    }
    assert!(!site.path().join("copy.db").exists());
}

#[test]
fn sql_writes_its_own_tables_and_never_the_sites() {
    let site = site();
    let before = sql(&site, "SELECT group_concat(hex(fields)) FROM entries").stdout;
    for write in [
        "UPDATE entries SET slug = 'x'",
        "DELETE FROM site.entries",
        "INSERT INTO entries (id) VALUES (x'00')",
        "DROP TABLE site.entries",
        "ALTER TABLE site.entries ADD COLUMN x",
        "CREATE INDEX site.i ON entries (slug)",
        "CREATE TABLE site.mine (a)",
        "DELETE FROM tokens",
    ] {
        for arguments in [&["sql", write][..], &["sql", "--write", write]] {
            site.run(arguments).expect_failure(3, &["never by SQL"], "docs/sql.md");
        }
    }
    assert_eq!(sql(&site, "SELECT group_concat(hex(fields)) FROM entries").stdout, before);
    let own = "CREATE TABLE notes (text); INSERT INTO notes SELECT title FROM posts; \
               SELECT count(*) > 0 AS there FROM notes";
    script(&site, &[], own).expect_failure(3, &["without --write"], "docs/sql.md");
    let written = script(&site, &["--write", "--json"], own).expect_json();
    assert_eq!(written, json!([{ "there": 1 }]));
    sql(&site, "SELECT count(*) FROM notes").expect_success();
    sql(&site, "DELETE FROM notes").expect_failure(3, &["--write"], "docs/sql.md");
}

#[test]
fn functions_of_plugins_are_functions_of_sql() {
    let site = site();
    site.run(&["plugin", "add", &hostile("functions"), "--id", "some-functions"]).expect_success();
    let first = |query: &str| {
        let answer = site.run(&["sql", "--json", &format!("SELECT ({query}) AS it")]);
        answer.expect_json()[0]["it"].clone()
    };
    assert_eq!(first("SELECT shout('grüße')"), "GRÜSSE");
    assert_eq!(first("SELECT some_functions__shout('a')"), "A");
    assert_eq!(first("SELECT \"add\"(1, 2.5)"), 3.5);
    assert_eq!(first("SELECT reversed(x'0a0b')"), "x'0b0a'");
    assert_eq!(first("SELECT shout(NULL) IS NULL"), 1);
    assert_eq!(
        first("SELECT count(*) FROM posts WHERE shout(title) = upper(title)"),
        first("SELECT count(*) FROM posts")
    );
    // One instance answers many rows, and another takes over in time.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
                SELECT sum(\"add\"(i, 1)) FROM n";
    assert_eq!(first(many), 2500.0 * 2501.0 / 2.0 + 2500.0);
    for (query, words) in [
        ("SELECT loop()", "time=500ms"),
        ("SELECT memory()", "memory="),
        ("SELECT trap()", "trapped"),
        ("SELECT huge()", "output"),
        ("SELECT refuse()", "asked to refuse"),
        ("SELECT lie()", "another type"),
        ("SELECT shout(1)", "takes text as its argument `text`, not integer"),
        ("SELECT shout()", "wrong number of arguments"),
    ] {
        let failed = sql(&site, query);
        failed.expect_failure(6, &[words], "function list");
        if !words.contains("arguments") {
            assert!(failed.stderr.contains("of the plugin some-functions"), "{failed:?}");
        }
    }
    let listed = site.run(&["function", "list"]);
    for line in [
        "add(a: number, b: number) -> number  of the plugin some-functions",
        "some_functions__add(",
        "count() -> integer  of the plugin some-functions  (not deterministic)",
    ] {
        assert!(listed.expect_success().contains(line), "{line}: {listed:?}");
    }
    assert_eq!(site.run(&["function", "test", "add", "-1", "2.5"]).expect_success(), "1.5\n");
    site.run(&["function", "test", "absent"]).expect_failure(4, &["no function absent"], "list");
}

#[test]
fn a_function_of_two_plugins_is_called_by_its_plugin() {
    let site = site();
    for id in ["one", "two"] {
        site.run(&["plugin", "add", &hostile("functions"), "--id", id]).expect_success();
    }
    sql(&site, "SELECT shout('a')").expect_failure(6, &["no such function: shout"], "list");
    let both = sql(&site, "SELECT one__shout('a') || two__shout('b') AS both");
    assert!(both.expect_success().contains("AB"), "{both:?}");
}

#[test]
fn a_script_for_libsql_runs() {
    let site = site();
    let module = bindgen_module();
    let text = format!(
        ".init_wasm_func_table\n-- made by libsql_bindgen\n\
         CREATE FUNCTION slugify LANGUAGE wasm AS x'{module}';\n\
         create function if not exists slugify language wasm as X'{module}';\n\
         CREATE FUNCTION reversed LANGUAGE wasm AS x'{module}';\n\
         SELECT slugify('Grüße; aus Köln') AS slug, reversed('abc') AS other;\n"
    );
    let ran = script(&site, &["--csv"], &text);
    assert_eq!(ran.expect_success(), "slug,other\r\ngrusse-aus-koln,cba\n");
    // It is there in the next session, and over the site's own content.
    let slugs = "SELECT count(*) AS n FROM posts WHERE slugify(title) <> ''";
    assert!(site.run(&["sql", "--json", slugs]).expect_json()[0]["n"].as_i64().unwrap() >= 3);
    let stored =
        "SELECT name, length(body) > 100 AS there FROM libsql_wasm_func_table ORDER BY name";
    let stored = site.run(&["sql", "--json", stored]).expect_json();
    assert_eq!(stored[1], json!({ "name": "slugify", "there": 1 }));
    let listed = site.run(&["function", "list"]);
    assert!(listed.expect_success().contains("slugify(i32) -> i32  created"), "{listed:?}");
    assert_eq!(site.run(&["function", "test", "slugify", "A B"]).expect_success(), "a-b\n");
    script(&site, &[], "DROP FUNCTION slugify; DROP FUNCTION IF EXISTS slugify;").expect_success();
    sql(&site, "SELECT slugify('a')").expect_failure(6, &["no such function: slugify"], "list");
    script(&site, &[], "DROP FUNCTION slugify").expect_failure(6, &["no function slugify"], "list");
    for write in ["DELETE FROM libsql_wasm_func_table", "DROP TABLE libsql_wasm_func_table"] {
        site.run(&["sql", "--write", write]).expect_failure(3, &["CREATE FUNCTION"], "docs/sql.md");
    }
}

#[test]
fn values_of_libsql_functions_arrive_whole() {
    let site = site();
    let module = bindgen_module();
    let functions = ["same", "or_none", "flipped", "slugify"];
    for name in functions {
        let text = format!("CREATE FUNCTION {name} LANGUAGE wasm AS x'{module}'");
        script(&site, &[], &text).expect_success();
    }
    let mean = r#"(module (func (export "mean") (param f64 f64) (result f64)
        (f64.div (f64.add (local.get 0) (local.get 1)) (f64.const 2))))"#;
    create(&site, "mean", mean).expect_success();
    let query = "SELECT same(9223372036854775807) = 9223372036854775807 AS large, \
                 same(-5000000000) AS small, same(NULL) IS NULL AS missing, \
                 or_none(NULL) AS none, or_none('') = '' AS empty, \
                 flipped(x'00ff10') AS bytes, flipped(x'') = x'' AS no_bytes, mean(1, 2.5) AS mean";
    let answer = site.run(&["sql", "--json", query]).expect_json();
    let expected = json!([{
        "large": 1, "small": -5_000_000_000_i64, "missing": 1, "none": "(none)", "empty": 1,
        "bytes": "x'10ff00'", "no_bytes": 1, "mean": 1.75,
    }]);
    assert_eq!(answer, expected);
    for (query, words) in [
        ("SELECT same('5')", "takes a whole number as argument 1, not text"),
        ("SELECT same(1.5)", "takes a whole number as argument 1, not number"),
        ("SELECT slugify(5)", "takes text, a blob or NULL as argument 1, not integer"),
        ("SELECT slugify()", "takes 1 arguments, not 0"),
        ("SELECT slugify('a' || char(0) || 'b')", "has a zero in it"),
    ] {
        sql(&site, query).expect_failure(6, &[words], "function list");
    }
    // libsql_bindgen frees nothing: instances are replaced before their memory is full.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
                SELECT sum(length(slugify(printf('%.50000c', 'a')))) AS it FROM n";
    let answer = site.run(&["sql", "--json", many]).expect_json();
    assert_eq!(answer[0]["it"], 3000 * 50_000);
}

/// A module with what the convention asks for, and more.
fn exported(inside: &str) -> String {
    format!(
        r#"(module (memory (export "memory") 1)
        (func (export "libsql_malloc") (param i32) (result i32) (i32.const 64)) {inside})"#
    )
}

#[test]
fn modules_that_are_no_functions_are_refused() {
    let site = site();
    let refused = [
        (r#"(module (import "env" "x" (func)) (func (export "f")))"#.to_owned(), "imports env.x"),
        (
            r#"(module (func (export "g")))"#.to_owned(),
            "exports no function of this name; it exports g",
        ),
        (r#"(module (func (export "f") (param i32)))"#.to_owned(), "exported memory"),
        (
            r#"(module (memory (export "memory") 1) (func (export "f") (param i32)))"#.to_owned(),
            "libsql_malloc",
        ),
        (r#"(module (func (export "f") (param f32)))"#.to_owned(), "f32"),
        (
            r#"(module (func (export "f") (result i64 i64) i64.const 1 i64.const 2))"#.to_owned(),
            "more than one",
        ),
        ("(component)".to_owned(), "component"),
        ("(module (func (export \"f\") (i32.const 1)))".to_owned(), "not WebAssembly"),
        ("no module".to_owned(), "neither a binary module nor the text"),
    ];
    for (module, words) in &refused {
        create(&site, "f", module).expect_failure(6, &["the function f", words], "function list");
    }
    create(&site, "abs", r#"(module (func (export "abs")))"#).expect_failure(
        6,
        &["SQLite has a function abs"],
        "function list",
    );
}

#[test]
fn hostile_modules_are_errors_of_sql() {
    let site = site();
    let takes =
        |body: &str| exported(&format!(r#"(func (export "f") (param i32) (result i32) {body})"#));
    let failing = [
        (takes("(loop (br 0)) (i32.const 0)"), "time=500ms"),
        (takes("unreachable"), "trapped"),
        (takes("(i32.const -1)"), "does not lie in its memory"),
        (takes("(i32.const 65536)"), "does not lie in its memory"),
        (takes("(i32.store8 (i32.const 200) (i32.const 9)) (i32.const 200)"), "begins with 9"),
        (
            takes(
                "(i32.store8 (i32.const 200) (i32.const 4)) (i32.store (i32.const 201) (i32.const -1)) (i32.const 200)",
            ),
            "output=",
        ),
        (takes("(drop (memory.grow (i32.const 2000))) (i32.const 0)"), "memory="),
        (takes("(call 1 (local.get 0))"), "too deeply"),
        (
            exported(r#"(func $s (loop (br 0))) (start $s) (func (export "f") (param i32) (result i32) (i32.const 0))"#),
            "time=500ms",
        ),
        (
            r#"(module (memory (export "memory") 1)
            (func (export "libsql_malloc") (param i32) (result i32) (i32.const 65535))
            (func (export "f") (param i32) (result i32) (local.get 0)))"#
                .to_owned(),
            "has no room",
        ),
        (r#"(module (memory (export "memory") 2000) (func (export "libsql_malloc") (param i32) (result i32) (i32.const 8))
            (func (export "f") (param i32) (result i32) (local.get 0)))"#.to_owned(), "memory="),
    ];
    for (module, words) in &failing {
        create(&site, "f", module).expect_success();
        let failed = sql(&site, "SELECT f('a')");
        failed.expect_failure(6, &["the function f failed", words], "function list");
        script(&site, &[], "DROP FUNCTION f").expect_success();
    }
}
