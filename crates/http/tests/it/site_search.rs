//! The search page of the site.

use axum::http::Method;
use serde_json::json;

use crate::client::Site;

#[tokio::test]
async fn the_search_is_a_form_that_every_page_leads_to_and_nobody_keeps() {
    let site = Site::new().await;
    site.published("posts", "A").await;
    for uri in ["/", "/posts/a", "/nothing"] {
        assert!(site.get(uri).await.text().contains("<a href=\"/search\""), "{uri}");
    }
    let answer = site.get("/search?utm_source=x").await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-cache"));
    let html = answer.text();
    for expected in [
        "<form class=\"search\" role=\"search\" action=\"/search\" method=\"get\">",
        "name=\"q\" type=\"search\" value=\"\"",
        "<meta name=\"robots\" content=\"noindex\">",
        "<a href=\"/search\" aria-current=\"page\">",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    assert!(!html.contains("rel=\"canonical\""), "{html}");
}

#[tokio::test]
async fn what_is_found_is_public_marked_and_escaped() {
    let site = Site::new().await;
    site.published("posts", "Soil & <b>herbs</b>").await;
    site.published("pages", "Herbs of the garden").await;
    site.draft("posts", "Secret herbs").await;
    let html = site.get("/search?q=herbs").await.text();
    assert_eq!(html.matches("class=\"summary result\"").count(), 2, "{html}");
    assert!(html.contains(
        "<a href=\"/posts/soil-b-herbs-b\">Soil &amp; &lt;b&gt;<mark>herbs</mark>&lt;/b&gt;</a>"
    ));
    assert!(html.contains("value=\"herbs\"") && html.contains("Found for “herbs”"), "{html}");
    assert!(!html.contains("Secret") && !html.contains("<b>"), "{html}");
    let nothing = site.get("/search?q=%3Cscript%3Enothing").await.text();
    assert!(nothing.contains("Nothing was found for “&lt;script&gt;nothing”"), "{nothing}");
}

#[tokio::test]
async fn a_search_is_always_of_now_and_never_kept() {
    let site = Site::new().await;
    for title in ["One", "Two"] {
        let uri = format!("/search?q={title}");
        assert!(site.get(&uri).await.text().contains("Nothing was found"), "{title}");
        site.published("posts", title).await;
        assert!(site.get(&uri).await.text().contains("Found for"), "{title}");
        let request = axum::http::Request::builder().uri(&uri).body(()).unwrap();
        assert!(site.service.cached_response(&request).is_none(), "{title}");
    }
}

#[tokio::test]
async fn results_go_on_from_page_to_page() {
    let site = Site::new().await;
    for number in 0..25 {
        site.published("posts", &format!("Number {number}")).await;
    }
    let count = |html: &str| html.matches("class=\"summary result\"").count();
    let first = site.get("/search?q=number").await.text();
    assert_eq!(count(&first), 20);
    assert!(first.contains("<a rel=\"next\" href=\"/search?q=number&amp;page=2\">"), "{first}");
    assert!(!first.contains("<a rel=\"prev\""), "{first}");
    let second = site.get("/search?q=number&page=2").await.text();
    assert_eq!(count(&second), 5);
    assert!(second.contains("<a rel=\"prev\" href=\"/search?q=number\">"), "{second}");
    assert!(!second.contains("<a rel=\"next\""), "{second}");
    assert_eq!(site.get("/search?q=number&page=50").await.status, 200);
    for nowhere in ["0", "51", "-1", "x", "99999999999"] {
        assert_eq!(site.get(&format!("/search?q=number&page={nowhere}")).await.status, 404);
    }
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_told_on_the_page() {
    let site = Site::new().await;
    let (long, many) = ("x".repeat(201), "x+".repeat(13));
    for (words, told) in [
        (long.as_str(), "The text has more than 200 characters."),
        (&many, "There are more than 12 words and phrases."),
    ] {
        let answer = site.get(&format!("/search?q={words}")).await;
        let html = answer.text();
        assert_eq!(answer.status, 422, "{html}");
        assert!(
            html.contains(&format!("<p id=\"problem\" class=\"problem\">{told}</p>")),
            "{html}"
        );
        assert!(html.contains("aria-describedby=\"problem\""), "{html}");
    }
    for words in ["", "+", "%22", "*", "%00", "%FF"] {
        assert_eq!(site.get(&format!("/search?q={words}")).await.status, 200, "{words}");
    }
    assert_eq!(site.call(Method::POST, "/search").send().await.status, 405);
}

#[tokio::test]
async fn each_language_has_a_search_of_its_own() {
    let site = Site::in_languages("en", &["ar"]).await;
    site.published("posts", "Shared").await;
    let body =
        json!({ "locale": "ar", "slug": "marhaba", "fields": { "title": "Shared marhaba" } });
    let created = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    site.publish(created.header("location")).await;
    let (english, arabic) =
        (site.get("/search?q=shared").await.text(), site.get("/ar/search?q=shared").await.text());
    assert!(english.contains("href=\"/posts/shared\"") && !english.contains("marhaba"));
    assert!(arabic.contains("href=\"/ar/posts/marhaba\"") && !arabic.contains("\"/posts/shared\""));
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"), "{arabic}");
    assert!(arabic.contains("action=\"/ar/search\""), "{arabic}");
    assert!(arabic.contains("<a href=\"/search?q=shared\" lang=\"en\""), "{arabic}");
    let entry = site.get("/ar/posts/marhaba").await.text();
    assert!(entry.contains("<a href=\"/ar/search\">Search</a>"), "{entry}");
    for nowhere in ["/en/search", "/de/search", "/search/", "/posts/search"] {
        assert_eq!(site.get(nowhere).await.status, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn browsers_are_told_how_to_search() {
    let site = Site::new().await;
    let answer = site.get("/opensearch.xml").await;
    let told = answer.header("content-type").to_owned();
    assert_eq!(told, "application/opensearchdescription+xml; charset=utf-8");
    let xml = answer.text();
    assert!(xml.contains("template=\"https://site.example/search?q={searchTerms}\""), "{xml}");
    assert!(site.get("/").await.text().contains("href=\"/opensearch.xml\""));
}
