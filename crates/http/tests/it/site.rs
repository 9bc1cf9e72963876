//! The pages of the site.

use axum::http::Method;
use serde_json::json;
use smartcms_pages::Theme;

use crate::client::Site;

#[tokio::test]
async fn the_home_page_lists_the_newest_entries_of_listed_collections() {
    let site = Site::new().await;
    site.published("posts", "Older <post>").await;
    site.test.clock.advance(1_000);
    site.published("posts", "Newer").await;
    site.published("pages", "About").await;
    site.draft("posts", "Secret").await;
    let answer = site.get("/").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let html = answer.text();
    let newer = html.find("<a href=\"/posts/newer\">Newer</a>").unwrap();
    let older = html.find("<a href=\"/posts/older-post\">Older &lt;post&gt;</a>").unwrap();
    assert!(newer < older);
    assert!(!html.contains("Secret"));
    assert!(!html.contains("<h2><a href=\"/about\""), "a page in the list of posts");
    assert!(html.contains("<li><a href=\"/about\">About</a>"), "no navigation");
    assert!(html.contains("<link rel=\"canonical\" href=\"https://site.example/\">"));
}

#[tokio::test]
async fn a_long_list_goes_on_behind_a_link() {
    let site = Site::new().await;
    for number in 0..25 {
        site.published("posts", &format!("Number {number}")).await;
        site.test.clock.advance(1_000);
    }
    let first = site.get("/").await.text();
    assert_eq!(first.matches("<article").count(), 20);
    let (_, rest) = first.split_once("rel=\"next\" href=\"").unwrap();
    let (next, _) = rest.split_once('"').unwrap();
    let second = site.get(next).await;
    assert_eq!(second.text().matches("<article").count(), 5);
    assert!(!second.text().contains("rel=\"next\""));
    assert_eq!(site.get("/?after=nonsense").await.status, 404);
}

#[tokio::test]
async fn an_entry_page_shows_the_published_state_rendered_and_sanitised() {
    let site = Site::new().await;
    let body = json!({ "fields": { "title": "T & <i>", "excerpt": "E", "reading_minutes": 4,
        "body": "Some *text* <script>alert(1)</script>\n\n```\ncode\n```\n\n- [x] a\n- [ ] b\n" } });
    let created = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    let path = created.header("location").to_owned();
    assert_eq!(site.get("/posts/t-i").await.status, 404);
    site.publish(&path).await;
    let html = site.get("/posts/t-i").await.text();
    for expected in [
        "<h1>T &amp; &lt;i&gt;</h1>",
        "Some <em>text</em>",
        "<time datetime=\"2026-11-22T10:00:00Z\">22 November 2026</time>",
        "4 min read",
        "<p class=\"lead\">E</p>",
        "<link rel=\"canonical\" href=\"https://site.example/posts/t-i\">",
        "<meta property=\"og:type\" content=\"article\">",
        "\"@type\": \"Article\"",
        "<pre tabindex=\"0\">",
        "<input type=\"checkbox\" aria-label=\"Done\" checked=\"\" disabled=\"\"> a",
        "<input type=\"checkbox\" aria-label=\"Not done\" disabled=\"\"> b",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    assert!(!html.contains("alert(1)</script>"), "{html}");
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_entry_and_nowhere_else() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    let answer = site.get("/posts/a/").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/posts/a"));
    for uri in ["//evil.example/", "/posts/b/", "/posts/a//", "/%2fevil.example/"] {
        let answer = site.get(uri).await;
        assert_eq!((answer.status.as_u16(), answer.has_header("location")), (404, false), "{uri}");
    }
}

#[tokio::test]
async fn feed_sitemap_and_robots_name_whole_addresses() {
    let site = Site::new().await;
    site.published("posts", "A & B").await;
    site.published("pages", "About").await;
    let feed = site.get("/feed.xml").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    let text = feed.text();
    assert!(text.contains("<title>A &amp; B</title>"), "{text}");
    assert!(text.contains("href=\"https://site.example/posts/a-b\""), "{text}");
    assert!(text.contains("&lt;p&gt;Text of A &amp;amp; B.&lt;/p&gt;"), "{text}");
    assert!(!text.contains("About"), "{text}");
    let mut sitemap = site.get("/sitemap.xml").await.text();
    let (parts, index) = (locations(&sitemap), sitemap.clone());
    assert!(parts.contains(&"/sitemap/posts-2026-11.xml".to_owned()), "{index}");
    for part in parts {
        let answer = site.get(&part).await;
        assert_eq!(answer.status, 200, "{part}");
        sitemap.push_str(&answer.text());
    }
    for path in ["/", "/archive", "/posts", "/posts/a-b", "/about"] {
        assert!(sitemap.contains(&format!("<loc>https://site.example{path}</loc>")), "{sitemap}");
    }
    let robots = site.get("/robots.txt").await.text();
    assert!(robots.contains("Sitemap: https://site.example/sitemap.xml"), "{robots}");
}

/// The paths of the addresses in a sitemap.
fn locations(xml: &str) -> Vec<String> {
    let found = xml.split("<loc>https://site.example").skip(1);
    found.filter_map(|it| Some(it.split_once("</loc>")?.0.to_owned())).collect()
}

#[tokio::test]
async fn a_feed_comes_in_three_forms_for_the_site_and_for_each_collection() {
    let site = Site::new().await;
    site.published("posts", "A & B").await;
    for list in ["", "/posts"] {
        for (name, media_type) in [
            ("feed.xml", "application/atom+xml; charset=utf-8"),
            ("rss.xml", "application/rss+xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
        ] {
            let answer = site.get(&format!("{list}/{name}")).await;
            assert_eq!(answer.header("content-type"), media_type);
            assert!(answer.text().contains("https://site.example/posts/a-b"), "{list}/{name}");
            assert!(answer.text().contains(&format!("https://site.example{list}/{name}")));
        }
    }
    for nowhere in ["/nothing/feed.xml", "/posts/a-b/feed.xml", "/archive/feed.xml"] {
        assert_eq!(site.get(nowhere).await.status, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn a_collection_has_a_list_of_its_own() {
    let site = Site::new().await;
    for number in 0..21 {
        site.published("posts", &format!("Number {number}")).await;
        site.test.clock.advance(1_000);
    }
    let answer = site.get("/posts").await;
    let html = answer.text();
    assert!(html.contains("<h1>Posts</h1>"), "{html}");
    assert!(html.contains("<link rel=\"canonical\" href=\"https://site.example/posts\">"));
    assert!(html.contains("type=\"application/rss+xml\" href=\"/posts/rss.xml\""), "{html}");
    let (_, rest) = html.split_once("<a rel=\"next\" href=\"").unwrap();
    let (next, _) = rest.split_once('"').unwrap();
    assert!(next.starts_with("/posts?after="), "{next}");
    let second = site.get(next).await.text();
    assert_eq!(second.matches("<article").count(), 1, "{second}");
    let slash = site.get("/posts/").await;
    assert_eq!((slash.status.as_u16(), slash.header("location")), (308, "/posts"));
    // A page that is published at the same address takes its place, at once.
    site.published("pages", "Posts").await;
    assert!(site.get("/posts").await.text().contains("Text of Posts"));
}

#[tokio::test]
async fn the_archive_has_years_and_months_and_none_that_are_empty() {
    let site = Site::new().await;
    site.published("posts", "In November").await;
    site.test.clock.advance(40 * 24 * 60 * 60 * 1_000);
    site.published("posts", "In January").await;
    let all = site.get("/archive").await.text();
    for expected in
        ["In November", "In January", "href=\"/archive/2026\"", "href=\"/archive/2027/01\""]
    {
        assert!(all.contains(expected), "{expected} is not in {all}");
    }
    let year = site.get("/archive/2026").await.text();
    assert!(year.contains("In November") && !year.contains("In January"), "{year}");
    let month = site.get("/archive/2027/01").await.text();
    assert!(!month.contains("In November") && month.contains("In January"), "{month}");
    assert!(month.contains("<h1>January 2027</h1>"), "{month}");
    for nothing in ["/archive/2026/12", "/archive/2025", "/archive/x", "/archive?after=nonsense"] {
        assert_eq!(site.get(nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn an_entry_leads_to_its_neighbours_and_on() {
    let site = Site::new().await;
    for title in ["First", "Second", "Third", "Fourth"] {
        site.published("posts", title).await;
        site.test.clock.advance(1_000);
    }
    let html = site.get("/posts/second").await.text();
    assert!(html.contains("<a rel=\"prev\" href=\"/posts/first\">"), "{html}");
    assert!(html.contains("<a rel=\"next\" href=\"/posts/third\">"), "{html}");
    let (_, related) = html.split_once("id=\"related\"").unwrap();
    assert!(related.contains("/posts/fourth") && !related.contains("/posts/second"), "{html}");
    let newest = site.get("/posts/fourth").await.text();
    assert!(!newest.contains("<a rel=\"next\""), "{newest}");
}

#[tokio::test]
async fn a_long_entry_has_a_table_of_contents() {
    let site = Site::new().await;
    let body =
        json!({ "fields": { "title": "Long", "body": "## One & two\n\n### Three\n\n## Four\n" } });
    let created = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    site.publish(created.header("location")).await;
    let html = site.get("/posts/long").await.text();
    assert!(html.contains("<a href=\"#one-two\">One &amp; two</a>"), "{html}");
    assert!(html.contains("<h2 id=\"one-two\">One &amp; two</h2>"), "{html}");
}

#[tokio::test]
async fn pages_let_nothing_inline_run() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    for uri in ["/", "/posts/a", "/posts", "/archive", "/nothing"] {
        let answer = site.get(uri).await;
        let policy = answer.header("content-security-policy").to_owned();
        assert!(policy.contains("script-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(!answer.text().contains(" style=") && !answer.text().contains("<style"), "{uri}");
    }
}

#[tokio::test]
async fn a_theme_file_is_kept_for_ever_under_the_name_of_its_content() {
    let site = Site::new().await;
    let home = site.get("/").await.text();
    let (_, rest) = home.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let (exact, _) = rest.split_once('"').unwrap();
    let answer = site.get(exact).await;
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    for uri in ["/theme/theme.css", "/theme/theme.css?v=0123456789abcdef"] {
        assert_eq!(site.get(uri).await.header("cache-control"), "no-cache", "{uri}");
    }
    for uri in [
        "/theme/nothing.css",
        "/theme/../lib.rs",
        "/theme/%2e%2e/lib.rs",
        "/theme/layout.html",
        "/theme/",
    ] {
        assert_eq!(site.get(uri).await.status, 404, "{uri}");
    }
}

#[tokio::test]
async fn another_theme_shows_at_once() {
    let site = Site::new().await;
    assert!(site.get("/").await.text().contains("Skip to content"));
    let files = vec![("home.html".to_owned(), b"changed".to_vec())];
    site.state.replace_theme(Theme::from_files(files).unwrap());
    assert_eq!(site.get("/").await.text(), "changed");
}

#[tokio::test]
async fn head_says_what_get_would_and_sends_no_body() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    for uri in ["/", "/posts/a", "/feed.xml", "/healthz", "/nothing", path.as_str()] {
        for _ in 0..2 {
            let head = site.call(Method::HEAD, uri).send().await;
            let get = site.get(uri).await;
            assert_eq!(head.status, get.status, "{uri}");
            assert!(head.body.is_empty(), "{uri}");
            assert_eq!(head.header("content-length"), get.body.len().to_string(), "{uri}");
        }
    }
}

#[tokio::test]
async fn health_is_told_and_a_stopping_process_is_not_ready() {
    let site = Site::new().await;
    assert_eq!(site.get("/healthz").await.status, 200);
    assert_eq!(site.get("/readyz").await.status, 200);
    site.state.readiness.stop();
    assert_eq!(site.get("/healthz").await.status, 200);
    site.get("/readyz").await.check_problem(503, "server.not-ready");
    assert_eq!(site.get("/").await.status, 200);
}
