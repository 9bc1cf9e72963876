//! What people meet with the exports of whole sites: one test for each kind, as the pages show it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::server::Server;
use crate::support::site::Site;

/// Exports that were made for these tests.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../transfer/tests/fixtures").join(name)
}

/// A picture whose colour tells it from others.
fn picture(colour: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"><rect width=\"4\" height=\"3\" fill=\"{colour}\"/></svg>"
    )
}

#[track_caller]
fn check(page: &str, shown: &[&str], hidden: &[&str]) {
    for it in shown {
        assert!(page.contains(it), "no {it:?} in {page}");
    }
    for it in hidden {
        assert!(!page.contains(it), "{it:?} in {page}");
    }
}

fn report(site: &Site, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(site.path().join(name)).unwrap()).unwrap()
}

fn count(report: &Value, kind: &str) -> u64 {
    report["note_counts"][kind].as_u64().unwrap_or(0)
}

/// What a page with every kind of block shows.
const WORDPRESS_BLOCKS: &[&str] = &[
    "Left column.",
    "Right column.",
    "<figcaption>The pier at <em>dusk</em></figcaption>",
    "href=\"https://www.youtube.com/watch?v=abc123\"",
    "From a reusable block.",
    "Over the cover",
    "Text beside media.",
    ">Read on</a>",
    "<td align=\"right\">7 m</td>",
    "if (a &lt; b) {",
    "  two  spaces",
    "The sea,<br",
    "<cite>A sailor</cite>",
    "<li>Ropes\n<ol>",
    "<audio src=\"/media/",
    "<video",
    "Raw HTML <kbd>Esc</kbd>",
    "https://vimeo.com/42",
    "<summary>More</summary>",
    "Hidden second.",
    "social.example/@mara",
    "[contact-form-7",
    "High at noon.",
    "A <em>foot</em>note.",
    "href=\"/posts/classic\"",
    "href=\"/categories/boats\"",
];

#[test]
fn every_block_of_wordpress_is_shown() {
    let site = Site::new();
    site.write("old/export.xml", fs::read(fixture("wordpress-blocks.xml")).unwrap());
    let uploads = "old/wp-content/uploads/2024/05";
    for (name, content) in [
        ("pier.jpg", picture("red")),
        ("boat-scaled.jpg", picture("blue")),
        ("chart.pdf", "%PDF-1.4 chart".to_owned()),
        ("horn.mp3", "ID3 horn".to_owned()),
        ("waves.mp4", "\0\0\0\u{18}ftypmp42 waves".to_owned()),
    ] {
        site.write(&format!("{uploads}/{name}"), content);
    }
    let said = site.run(&["import", "wxr", "old", "--report", "report.json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let server = Server::start_in(site.path(), &[]);
    let page = server.client().get("/posts/every-block").expect_status(200).text();
    check(
        &page,
        WORDPRESS_BLOCKS,
        &["wp:", "<script>", "[caption", ">Download<", "wp-content", "latest-posts"],
    );
    let page = server.client().get("/posts/classic").expect_status(200).text();
    check(
        &page,
        &[
            "watch?v=bare",
            "video.example/7",
            "<audio",
            "<video",
            "language-python",
            "It is [sic] and [see Bob",
            "]]&gt; is kept",
            "elsewhere.example",
        ],
        &["[gallery", "[playlist", "[embed", "wp-content", "smartcms:block"],
    );
    for (path, status) in [
        ("/posts/private", 404),
        ("/posts/protected", 404),
        ("/posts/pending", 404),
        ("/posts/later", 404),
        ("/posts/was-to-come", 200),
        ("/level-10", 200),
        ("/categories/dinghies", 200),
    ] {
        server.client().get(path).expect_status(status);
    }
    let report = report(&site, "report.json");
    assert_eq!(report["counts"]["media"]["added"], 5, "{report}");
    for (kind, number) in [
        ("status-lowered", 3),
        ("type-unknown", 3),
        ("slug-changed", 2),
        ("relation-left", 1),
        ("date-changed", 2),
        ("comment-left", 1),
        ("media-failed", 0),
        ("entry-failed", 0),
    ] {
        assert_eq!(count(&report, kind), number, "{kind}: {report}");
    }
}

#[test]
fn every_card_of_ghost_is_shown_to_those_who_saw_it() {
    let site = Site::new();
    site.write("old/site.json", fs::read(fixture("ghost-cards.json")).unwrap());
    for name in ["pier.png", "a.png", "b.png", "top.png", "mara.png"] {
        site.write(&format!("old/content/images/2024/05/{name}"), picture(name));
    }
    let said = site.run(&["import", "ghost", "old", "--report", "report.json"]);
    let server = Server::start_in(site.path(), &[]);
    let page = server.client().get("/posts/lexical-cards").expect_status(200).text();
    check(
        &page,
        &[
            "<strong>bold</strong>",
            "<code>code</code>",
            "href=\"/posts/mobiledoc-cards\"",
            "Quoted",
            "Set apart",
            "<li>one",
            "<li>inner",
            "At <strong>dusk</strong>",
            "language-rust",
            "Raw <mark>html</mark>",
            "Some <em>Markdown</em>",
            "Mind the tide",
            "<summary>More</summary>",
            "Read on",
            "Elsewhere",
            "watch?v=abc",
            "Chart",
            "North coast",
            "Big words",
            "Join us",
            "Rope",
        ],
        &[
            "Only members saw this",
            "Dear reader",
            "Subscribe",
            "__GHOST_URL__",
            "[!NOTE]",
            "smartcms:block",
        ],
    );
    let page = server.client().get("/posts/mobiledoc-cards").expect_status(200).text();
    check(
        &page,
        &["Bold ", "From</em> Markdown", "From HTML", "vimeo.com/1", "Careful"],
        &["Mail only"],
    );
    server.client().get("/posts/for-members").expect_status(404);
    server.client().get("/posts/sent").expect_status(404);
    let report = report(&site, "report.json");
    assert_eq!(count(&report, "entry-failed"), 0, "{said:?}");
    assert!(said.stdout.contains("1 rows of the table `members`"), "{said:?}");
    assert!(said.stdout.contains("its tags `gone` is not in the source"), "{said:?}");
    let post = server.client().get("/api/v1/content/posts/lexical-cards?include=authors").text();
    assert!(post.find("mara").unwrap() < post.find("jonas").unwrap_or(usize::MAX), "{post}");
}

#[test]
fn an_export_holds_the_files_and_gives_them_back_under_their_addresses() {
    let (here, there) = (Site::new(), Site::new());
    here.write(
        "old/content/posts/trip/index.md",
        "+++\ntitle = \"Trip\"\n[cover]\nimage = \"hill.svg\"\n+++\n![A hill](hill.svg)\n",
    );
    here.write("old/content/posts/trip/hill.svg", picture("green"));
    here.run(&["import", "markdown", "old"]).expect_success();
    here.run(&["export", "out"]).expect_success();
    let out = here.path().join("out");
    let list = fs::read_to_string(out.join("media/media.jsonl")).unwrap();
    assert!(list.contains("hill.svg"), "{list}");
    there.run(&["import", "site", out.to_str().unwrap()]).expect_success();
    there.run(&["export", "out"]).expect_success();
    assert_eq!(super::import::tree(&out), super::import::tree(&there.path().join("out")));
    let server = Server::start_in(there.path(), &[]);
    let page = server.client().get("/posts/trip").expect_status(200).text();
    let (_, rest) = page.split_once("src=\"/media/").expect("the picture is on the page");
    let (address, _) = rest.split_once('"').unwrap();
    server.client().get(&format!("/media/{address}")).expect_status(200);
    // A second time nothing is new, and what the export does not hold is told.
    fs::remove_dir_all(out.join("media")).unwrap();
    let again = there.run(&["import", "site", out.to_str().unwrap()]);
    assert!(again.expect_success().contains("0 new"), "{again:?}");
}

#[test]
fn what_could_not_be_copied_is_copied_by_the_next_run() {
    let site = Site::new();
    let text = "+++\ntitle = \"Trip\"\n[cover]\nimage = \"top.svg\"\n+++\n![A hill](hill.svg)\n";
    site.write("old/content/posts/trip/index.md", text);
    site.write("old/content/posts/trip/hill.svg", "this is no picture <svg");
    let first = site.run(&["import", "markdown", "old"]);
    assert!(first.stdout.contains("hill.svg") && first.stdout.contains("top.svg"), "{first:?}");
    site.write("old/content/posts/trip/hill.svg", picture("green"));
    site.write("old/content/posts/trip/top.svg", picture("blue"));
    let second = site.run(&["import", "markdown", "old"]);
    assert!(second.expect_success().contains("1 mended"), "{second:?}");
    let server = Server::start_in(site.path(), &[]);
    let post = server.client().get("/api/v1/content/posts/trip").expect_status(200).text();
    assert!(post.contains("](/media/") && post.contains("featured_image"), "{post}");
    let third = site.run(&["import", "markdown", "old"]);
    assert!(third.expect_success().contains("1 there already"), "{third:?}");
}
