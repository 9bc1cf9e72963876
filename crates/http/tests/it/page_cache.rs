//! The page cache from outside: kept while good, gone at once when not, and coded as the client likes.

use std::io::Read;

use axum::http::{Method, Request};
use flate2::read::GzDecoder;
use serde_json::json;

use crate::client::Site;

impl Site {
    fn is_cached(&self, uri: &str) -> bool {
        let request = Request::builder().uri(uri).body(()).unwrap();
        self.service.cached_response(&request).is_some()
    }
}

const SHOWN_ON: [&str; 8] = [
    "/posts/a",
    "/",
    "/posts",
    "/archive",
    "/feed.xml",
    "/posts/feed.json",
    "/sitemap.xml",
    "/sitemap/posts-2026-11.xml",
];

#[tokio::test]
async fn a_publication_shows_at_once_on_every_page_that_has_it() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    for uri in SHOWN_ON {
        site.get(uri).await;
        assert!(site.is_cached(uri), "{uri}");
    }
    site.edit(Method::PATCH, &path, json!({ "fields": { "title": "Changed", "body": "New" } }))
        .await;
    for uri in SHOWN_ON {
        assert!(site.is_cached(uri), "a draft evicted {uri}");
    }
    site.test.clock.advance(60_000);
    site.publish(&path).await;
    for uri in SHOWN_ON {
        assert!(!site.is_cached(uri), "{uri}");
    }
    for uri in ["/posts/a", "/", "/posts", "/archive", "/feed.xml", "/posts/feed.json"] {
        assert!(site.get(uri).await.text().contains("Changed"), "{uri}");
    }
}

#[tokio::test]
async fn what_leaves_the_site_is_gone_at_once() {
    let site = Site::new().await;
    for (change, method) in [("/unpublish", Method::POST), ("", Method::DELETE)] {
        let path = site.published("posts", "A").await;
        for uri in SHOWN_ON {
            site.get(uri).await;
        }
        site.edit(method, &format!("{path}{change}"), json!({})).await;
        assert_eq!(site.get("/posts/a").await.status, 404);
        for uri in ["/", "/posts", "/archive", "/feed.xml", "/sitemap/posts-2026-11.xml"] {
            assert!(!site.get(uri).await.text().contains("/posts/a"), "{uri}");
        }
        site.edit(Method::DELETE, &path, json!({})).await;
    }
}

#[tokio::test]
async fn an_entry_with_a_new_slug_leaves_its_old_address() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    site.get("/posts/a").await;
    site.edit(Method::PATCH, &path, json!({ "slug": "b" })).await;
    site.publish(&path).await;
    assert!(!site.is_cached("/posts/a"));
    assert_eq!(site.get("/posts/a").await.status, 301);
    assert!(!site.is_cached("/posts/a"), "where it leads is read each time");
    assert_eq!(site.get("/posts/b").await.status, 200);
}

#[tokio::test]
async fn a_redirect_makes_no_page_stale() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    for uri in SHOWN_ON {
        site.get(uri).await;
    }
    for from in ["/posts/a", "/x", "/posts"] {
        let body = json!({ "from": from, "to": "/y" });
        assert_eq!(site.edit(Method::POST, "/api/v1/redirects", body).await.status, 201);
    }
    for uri in SHOWN_ON {
        assert!(site.is_cached(uri), "{uri}");
    }
}

#[tokio::test]
async fn an_entry_makes_stale_the_pages_that_lead_to_it_and_no_others() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    site.published("pages", "Imprint").await;
    for uri in ["/posts/a", "/imprint"] {
        site.get(uri).await;
    }
    site.published("posts", "B").await;
    assert!(site.is_cached("/imprint"));
    // Posts lead to the posts beside them.
    assert!(!site.is_cached("/posts/a"));
    assert!(site.get("/posts/a").await.text().contains("href=\"/posts/b\""));
    site.published("pages", "About").await;
    assert!(!site.is_cached("/posts/a"));
    assert!(site.get("/posts/a").await.text().contains("href=\"/about\""));
}

#[tokio::test]
async fn what_is_not_there_is_not_kept() {
    let site = Site::new().await;
    assert_eq!(site.get("/posts/a").await.status, 404);
    assert!(!site.is_cached("/posts/a"));
    site.published("posts", "A").await;
    assert_eq!(site.get("/posts/a").await.status, 200);
}

#[tokio::test]
async fn the_place_of_a_list_makes_no_copies_of_an_entry() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    let place = format!("/posts/a?after=p{:048x}", 5);
    assert_eq!(site.get(&place).await.status, 200);
    assert!(!site.is_cached(&place));
}

#[tokio::test]
async fn parameters_that_no_page_looks_at_make_no_other_page() {
    let site = Site::new().await;
    site.get("/?utm_source=letter").await;
    assert!(site.is_cached("/") && site.is_cached("/?x=y"));
}

#[tokio::test]
async fn each_client_gets_the_coding_it_takes() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    for _ in 0..2 {
        let plain = site.get("/posts/a").await;
        let call = site.call(Method::GET, "/posts/a").header("accept-encoding", "gzip");
        let zipped = call.send().await;
        let mut text = String::new();
        GzDecoder::new(zipped.body.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, plain.text());
        let call =
            site.call(Method::GET, "/posts/a").header("accept-encoding", "gzip, deflate, br");
        let brotli = call.send().await;
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut brotli.body.as_slice(), &mut text).unwrap();
        assert_eq!(text, plain.body);
        let codings = [&zipped, &brotli].map(|it| it.header("content-encoding").to_owned());
        assert_eq!(codings, ["gzip", "br"]);
        let tags = [&plain, &zipped, &brotli].map(|it| it.header("etag").to_owned());
        assert!(tags[0] != tags[1] && tags[1] != tags[2]);
        for answer in [plain, zipped, brotli] {
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        }
    }
}

#[tokio::test]
async fn a_page_that_the_client_has_is_not_sent_again() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    let get = |tag: String| site.call(Method::GET, "/posts/a").header("if-none-match", &tag).send();
    let tag = site.get("/posts/a").await.header("etag").to_owned();
    for known in [tag.clone(), format!("W/{tag}")] {
        let answer = get(known).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0));
        assert!(answer.has_header("content-security-policy"));
    }
    site.edit(Method::PATCH, &path, json!({ "fields": { "body": "Other" } })).await;
    site.publish(&path).await;
    assert_eq!(get(tag).await.status, 200);
}

#[tokio::test]
async fn the_same_page_has_the_same_tag_after_a_restart() {
    let mut tags = Vec::new();
    for _ in 0..2 {
        let site = Site::new().await;
        site.published("posts", "A").await;
        tags.push(site.get("/posts/a").await.header("etag").to_owned());
    }
    assert_eq!(tags[0], tags[1]);
}

#[tokio::test]
async fn changes_and_readers_at_once_never_leave_a_stale_page() {
    let site = std::sync::Arc::new(Site::new().await);
    let path = site.published("posts", "A").await;
    let readers = (0..4).map(|_| {
        let site = std::sync::Arc::clone(&site);
        tokio::spawn(async move {
            for _ in 0..200 {
                site.get("/posts/a").await;
                tokio::task::yield_now().await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for number in 0..50 {
        let title = format!("Title {number}!");
        site.edit(Method::PATCH, &path, json!({ "fields": { "title": title } })).await;
        site.publish(&path).await;
        for uri in ["/posts/a", "/", "/posts", "/archive", "/feed.xml", "/posts/feed.json"] {
            assert!(site.get(uri).await.text().contains(&title), "{uri} {number}");
        }
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
