//! `smartcms import` and `smartcms export`, as people run them.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::command::executable;
use crate::support::server::Server;
use crate::support::site::Site;

const HEAD: &str = "<?xml version=\"1.0\"?>\n<rss><channel><title>Old</title><link>https://old.example</link>\
                    <wp:wxr_version>1.2</wp:wxr_version>\n";

fn item(id: u32, slug: &str, status: &str, body: &str) -> String {
    format!(
        "<item><title>Post {id}</title><link>https://old.example/{slug}/</link>\
         <content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date_gmt>2020-01-0{id} 10:00:00</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>\
         <wp:status>{status}</wp:status><category domain=\"post_tag\" nicename=\"old\">Old</category>\
         <wp:postmeta><wp:meta_key>mood</wp:meta_key><wp:meta_value>calm</wp:meta_value></wp:postmeta><wp:post_type>post</wp:post_type></item>\n"
    )
}

fn two_posts() -> String {
    let first =
        item(1, "first", "publish", "<p>See <a href=\"https://old.example/second/\">it</a>.</p>");
    format!("{HEAD}{first}{}</channel></rss>", item(2, "second", "private", "[chart id=\"1\"]"))
}

#[test]
fn a_wordpress_site_is_shown_after_its_import() {
    let site = Site::new();
    let file = site.write("old.xml", two_posts());
    let outcome = site.run(&["import", "wxr", &file, "--report", "report.json"]);
    let said = outcome.expect_success();
    assert!(said.contains("2 new") && said.contains("less public than before"), "{said}");
    assert!(
        !outcome.stderr.contains('\u{1b}'),
        "no bar where there is no terminal: {}",
        outcome.stderr
    );
    let report: Value =
        serde_json::from_str(&fs::read_to_string(site.path().join("report.json")).unwrap())
            .unwrap();
    assert_eq!(report["counts"]["posts"]["added"], 2);
    let kinds: Vec<&str> =
        report["notes"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"status-lowered") && kinds.contains(&"shortcode-kept"), "{kinds:?}");
    assert_eq!(report["counts"]["tags"]["added"], 1);
    let server = Server::start_in(site.path(), &[]);
    let page = server.client().get("/posts/first").expect_status(200).text();
    assert!(page.contains("href=\"/posts/second\""), "{page}");
    server.client().get("/posts/second").expect_status(404);
    let post = server.client().get("/api/v1/content/posts/first").expect_status(200).text();
    assert!(!post.contains("calm"), "what was imported as data is for editors: {post}");
    let exported = site.run(&["export", "out"]);
    exported.expect_success();
    let file = fs::read_to_string(site.path().join("out/content/posts/first.md")).unwrap();
    assert!(file.contains("mood = \"calm\"") && file.contains("tags = ["), "{file}");
}

#[test]
fn pictures_beside_a_text_come_along() {
    let site = Site::new();
    let folder = site.path().join("old/content/posts/trip");
    fs::create_dir_all(&folder).unwrap();
    let text = "+++\ntitle = \"Trip\"\n+++\n![A hill](hill.svg)\n";
    fs::write(folder.join("index.md"), text).unwrap();
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\">\
                   <script>alert(1)</script><rect width=\"1\" height=\"1\"/></svg>";
    fs::write(folder.join("hill.svg"), picture).unwrap();
    site.run(&["import", "markdown", "old"]).expect_success();
    let server = Server::start_in(site.path(), &[]);
    let page = server.client().get("/posts/trip").expect_status(200).text();
    let (_, rest) = page.split_once("src=\"/media/").expect("the picture is on the site");
    let (address, _) = rest.split_once('"').unwrap();
    let stored = server.client().get(&format!("/media/{address}")).expect_status(200).text();
    assert!(stored.contains("rect") && !stored.contains("script"), "{stored}");
}

#[test]
fn media_are_not_fetched_from_private_addresses() {
    let site = Site::new();
    let attachment = item(3, "picture", "inherit", "")
        .replace("<wp:post_type>post<", "<wp:post_type>attachment<")
        .replace(
            "</item>",
            "<wp:attachment_url>http://127.0.0.1:1/x.png</wp:attachment_url></item>",
        );
    let file = site.write("old.xml", format!("{HEAD}{attachment}</channel></rss>"));
    let outcome = site.run(&["import", "wxr", &file]);
    assert!(outcome.stdout.contains("a loopback address"), "{}", outcome.stdout);
}

#[test]
fn an_import_that_is_run_again_adds_nothing() {
    let site = Site::new();
    let file = site.write("old.xml", two_posts());
    site.run(&["import", "wxr", &file]).expect_success();
    let again = site.run(&["import", "wxr", &file]);
    assert!(again.expect_success().contains("0 new, 2 there already"), "{again:?}");
}

#[test]
fn a_dry_run_leaves_the_site_as_it_is() {
    let site = Site::new();
    let file = site.write("old.xml", two_posts());
    let said = site.run(&["import", "wxr", &file, "--dry-run"]);
    assert!(said.expect_success().contains("would import"), "{said:?}");
    let then = site.run(&["import", "wxr", &file]);
    assert!(then.expect_success().contains("2 new\n"), "{then:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_line() {
    let site = Site::new();
    let hostile =
        site.write("bad.xml", "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<rss/>");
    site.run(&["import", "wxr", &hostile]).expect_failure(
        6,
        &["bad.xml:2", "document type"],
        "run the same command",
    );
    site.run(&["import", "ghost", &hostile]).expect_failure(
        6,
        &["bad.xml:1", "Ghost"],
        "run the same command",
    );
    let missing = site.path().join("none.xml");
    let outcome = site.run(&["import", "wxr", missing.to_str().unwrap()]);
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(
        fs::read_dir(site.data())
            .unwrap()
            .flatten()
            .all(|it| !it.file_name().to_string_lossy().starts_with("import-"))
    );
}

#[test]
fn an_export_goes_into_another_site_and_out_again_as_the_same_bytes() {
    let (here, there) = (Site::new(), Site::new());
    let file = here.write("old.xml", two_posts());
    here.run(&["import", "wxr", &file]).expect_success();
    here.run(&["export", "out"]).expect_success();
    let out = here.path().join("out");
    there.run(&["import", "site", out.to_str().unwrap()]).expect_success();
    there.run(&["export", "out"]).expect_success();
    assert_eq!(tree(&out), tree(&there.path().join("out")));
    let text = fs::read_to_string(out.join("content/posts/first.md")).unwrap();
    assert!(text.starts_with("+++\nid = \"") && text.contains("status = \"published\""), "{text}");
    here.run(&["export", "out"]).expect_failure(5, &["is not empty"], "not there yet");
}

pub(crate) fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            files.extend(
                tree(&entry.path())
                    .into_iter()
                    .map(|(inner, text)| (format!("{name}/{inner}"), text)),
            );
        } else {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

fn many_posts(count: usize) -> String {
    let paragraph = "<!-- wp:paragraph -->\n<p>Some <strong>words</strong> about the sea.</p>\n<!-- /wp:paragraph -->\n".repeat(20);
    let posts: String = (1..=count)
        .map(|id| {
            format!(
                "<item><title>Post {id}</title><content:encoded><![CDATA[{paragraph}]]></content:encoded>\
                 <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt>\
                 <wp:post_name>same</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
            )
        })
        .collect();
    format!("{HEAD}{posts}</channel></rss>")
}

#[test]
fn an_import_that_was_killed_goes_on_to_the_same_site() {
    let (killed, whole) = (Site::new(), Site::new());
    let file = killed.write("old.xml", many_posts(1_000));
    let mut child = executable()
        .args(["import", "wxr", &file])
        .current_dir(killed.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // As soon as something is in the log of the database, posts are being stored.
    let log = killed.data().join("smartcms.db-wal");
    while fs::metadata(&log).map_or(0, |it| it.len()) < 256 * 1024 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let again = killed.run(&["import", "wxr", &file]);
    let said = again.expect_success();
    assert!(said.contains("there already") && !said.contains(" 0 new"), "{said}");
    whole.run(&["import", "wxr", &file]).expect_success();
    killed.run(&["export", "out"]).expect_success();
    whole.run(&["export", "out"]).expect_success();
    let posts = |site: &Site| tree(&site.path().join("out/content/posts"));
    assert_eq!(posts(&killed).len(), 1_000);
    assert_eq!(posts(&killed), posts(&whole));
}

#[test]
fn an_import_that_is_stopped_says_how_to_go_on() {
    let site = Site::new();
    let file = site.write("old.xml", many_posts(1_000));
    let child = executable()
        .args(["import", "wxr", &file])
        .current_dir(site.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = site.data().join("smartcms.db-wal");
    while fs::metadata(&log).map_or(0, |it| it.len()) < 256 * 1024 {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("stopped") && said.contains("run the same command again"), "{said}");
    let left = fs::read_dir(site.data()).unwrap().flatten();
    assert!(left.into_iter().all(|it| !it.file_name().to_string_lossy().starts_with("import-")));
    site.run(&["import", "wxr", &file]).expect_success();
}
