//! Images of entries on the pages of the site.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::Rank;
use smartcms_domain::assets::AssetId;
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, FieldName, OnDelete, Relation, UrlPattern,
};
use smartcms_domain::entries::Revision;
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::Site;

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(FieldName::parse(name).unwrap(), kind)
}

/// A site whose posts have an image and authors, who have pictures.
async fn site() -> Site {
    let site = Site::new().await;
    let to_authors = Relation { to: collection("authors"), many: true, on_delete: OnDelete::Clear };
    let mut posts = posts();
    posts.fields.push(field("featured_image", FieldKind::Asset));
    posts.fields.push(field("authors", FieldKind::Relation(to_authors)));
    let mut authors = CollectionDefinition { name: collection("authors"), ..pages() };
    authors.url = Some(UrlPattern::parse("/authors/{slug}").unwrap());
    authors.fields.push(field("photos", FieldKind::Assets));
    authors.image = Some(FieldName::parse("photos").unwrap());
    site.test.app.collections.replace(vec![authors, pages(), posts]);
    site
}

/// Uploads an image of 400 × 300 pixels.
async fn photo(site: &Site, name: &str) -> Value {
    let uri =
        format!("/api/v1/assets?name={name}.png&alt=A%20%22wide%22%20field&caption=In%20%3CMay%3E");
    let body = [&b"\x89PNG\r\n\x1a\n"[..], name.as_bytes()].concat();
    let answer = site.call(Method::POST, &uri).bearer(&site.editor).body(body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn published(site: &Site, collection: &str, fields: Value) -> String {
    let uri = format!("/api/v1/content/{collection}");
    let answer = site.edit(Method::POST, &uri, json!({ "fields": fields })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let path = answer.header("location").to_owned();
    site.publish(&path).await;
    site.test.clock.advance(1_000);
    path
}

#[track_caller]
fn check_has(html: &str, expected: &[&str]) {
    for it in expected {
        assert!(html.contains(it), "{it} is not in {html}");
    }
}

#[tokio::test]
async fn the_image_of_an_entry_shows_on_its_page_and_where_it_is_shared() {
    let site = site().await;
    let image = photo(&site, "field").await;
    published(&site, "posts", json!({ "title": "A", "featured_image": image["id"] })).await;
    let html = site.get("/posts/a").await.text();
    let (_, opening) = html.split_once("<figure class=\"opening\">").unwrap();
    let (opening, _) = opening.split_once("</figure>").unwrap();
    check_has(
        opening,
        &[
            "/w400/field.webp?sig=",
            " 320w, ",
            " 400w\"",
            "width=\"400\" height=\"300\"",
            "alt=\"A &quot;wide&quot; field\"",
            "fetchpriority=\"high\"",
            "<figcaption>In &lt;May&gt;</figcaption>",
        ],
    );
    assert!(!opening.contains("lazy"), "{opening}");
    let (_, card) = html.split_once("<meta property=\"og:image\" content=\"").unwrap();
    let (card, _) = card.split_once('"').unwrap();
    check_has(
        &html,
        &[
            "<meta property=\"og:image:width\" content=\"400\">",
            "<meta property=\"og:image:height\" content=\"210\">",
            "<meta property=\"og:image:alt\" content=\"A &quot;wide&quot; field\">",
            "<meta name=\"twitter:card\" content=\"summary_large_image\">",
            &format!("\"image\": \"{card}\""),
        ],
    );
    let shown = site.get(card.strip_prefix("https://site.example").unwrap()).await;
    assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/jpeg"));
}

#[tokio::test]
async fn lists_and_feeds_show_images() {
    let site = site().await;
    let image = photo(&site, "field").await;
    for title in ["A", "B", "C", "D"] {
        published(&site, "posts", json!({ "title": title, "featured_image": image["id"] })).await;
    }
    for uri in ["/", "/posts"] {
        let html = site.get(uri).await.text();
        assert_eq!(html.matches("/w400h266f5000-5000/field.webp?sig=").count(), 8, "{html}");
        assert!(html.contains("width=\"400\" height=\"266\""), "{html}");
    }
    assert!(site.get("/posts/d").await.text().contains("/w320h213f5000-5000/field.webp?sig="));
    let plain = "/w400/field.jpg?sig=";
    for (uri, expected) in [
        (
            "/feed.xml",
            "<link rel=\"enclosure\" type=\"image/jpeg\" href=\"https://site.example/media/",
        ),
        ("/rss.xml", "<enclosure url=\"https://site.example/media/"),
        ("/feed.json", "\"image\":\"https://site.example/media/"),
    ] {
        let text = site.get(uri).await.text();
        assert_eq!(text.matches(expected).count(), 4, "{text}");
        assert_eq!(text.matches(plain).count(), 4, "{text}");
    }
}

#[tokio::test]
async fn an_author_is_shown_with_the_first_picture() {
    let site = site().await;
    let (first, second) = (photo(&site, "first").await, photo(&site, "second").await);
    let photos = json!([first["id"], second["id"]]);
    let ada = published(&site, "authors", json!({ "title": "Ada", "photos": photos })).await;
    let id = ada.rsplit('/').next().unwrap();
    published(&site, "posts", json!({ "title": "A", "authors": [id] })).await;
    let html = site.get("/authors/ada").await.text();
    check_has(&html, &["/first.webp?sig=", "width=\"300\" height=\"300\""]);
    assert!(!html.contains("second.webp"), "{html}");
}

#[tokio::test]
async fn images_in_a_text_wait_and_are_told_how_large_they_are() {
    let site = site().await;
    let image = photo(&site, "field").await;
    let body = format!(
        "![]({})\n\n![Mine]({})\n",
        image["url"].as_str().unwrap(),
        image["url"].as_str().unwrap().strip_prefix("https://site.example").unwrap()
    );
    published(&site, "posts", json!({ "title": "A", "body": body })).await;
    published(&site, "posts", json!({ "title": "B", "body": body, "featured_image": image["id"] }))
        .await;
    for (uri, lazy) in [("/posts/a", 1), ("/posts/b", 2)] {
        let html = site.get(uri).await.text();
        let (_, prose) = html.split_once("<div class=\"prose\">").unwrap();
        let (prose, _) = prose.split_once("</div>").unwrap();
        assert_eq!(prose.matches("width=\"400\" height=\"300\"").count(), 2, "{prose}");
        assert_eq!(prose.matches(" srcset=\"/media/").count(), 2, "{prose}");
        assert_eq!(prose.matches("loading=\"lazy\"").count(), lazy, "{prose}");
        check_has(prose, &["alt=\"A &quot;wide&quot; field\"", "alt=\"Mine\""]);
    }
}

#[tokio::test]
async fn what_is_said_of_an_image_and_that_it_goes_shows_at_once() {
    let site = site().await;
    let image = photo(&site, "field").await;
    let path = format!("/api/v1/assets/{}", image["id"].as_str().unwrap());
    published(&site, "posts", json!({ "title": "A", "featured_image": image["id"] })).await;
    let pages = ["/posts/a", "/", "/posts"];
    for uri in pages {
        assert!(site.get(uri).await.text().contains("A &quot;wide&quot; field"), "{uri}");
    }
    let change = json!({ "alt": "Narrow", "focal_point": { "x": 0.25, "y": 1.0 } });
    let changed = site.edit(Method::PATCH, &path, change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    for uri in pages {
        assert!(site.get(uri).await.text().contains("alt=\"Narrow\""), "{uri}");
    }
    assert!(site.get("/").await.text().contains("f2500-10000"), "cut around another place");
    let gone = site.edit(Method::DELETE, &format!("{path}?force=true"), json!({})).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    for uri in pages {
        let html = site.get(uri).await.text();
        assert!(!html.contains("<img") && !html.contains("og:image"), "{html}");
    }
}

#[tokio::test]
async fn the_assets_of_a_page_are_read_at_once() {
    let site = site().await;
    let mut body = String::new();
    for number in 0..6 {
        let image = photo(&site, &format!("p{number}")).await;
        body.push_str(&format!("![]({})\n\n", image["url"].as_str().unwrap()));
        let title = format!("Number {number}");
        published(
            &site,
            "posts",
            json!({ "title": title, "featured_image": image["id"], "body": body }),
        )
        .await;
    }
    for uri in ["/", "/posts", "/posts/number-5", "/feed.xml", "/posts/rss.xml"] {
        let before = site.test.store.asset_reads();
        assert_eq!(site.get(uri).await.status, 200);
        assert_eq!(site.test.store.asset_reads() - before, 1, "{uri}");
        site.get(uri).await;
        assert_eq!(site.test.store.asset_reads() - before, 1, "{uri} is kept");
    }
    let before = site.test.store.asset_reads();
    for uri in ["/archive", "/search?q=number", "/sitemap.xml"] {
        site.get(uri).await;
    }
    assert_eq!(site.test.store.asset_reads(), before, "these pages have no images");
}

#[tokio::test]
async fn an_image_that_readers_may_not_see_is_not_shown() {
    let site = site().await;
    let image = photo(&site, "field").await;
    published(&site, "posts", json!({ "title": "A", "featured_image": image["id"] })).await;
    assert!(site.get("/posts/a").await.text().contains("og:image"));
    let mut hiding = posts();
    let mut hidden = field("featured_image", FieldKind::Asset);
    hidden.access.read = Some(Rank::Editor);
    hiding.fields.push(hidden);
    site.test.app.collections.replace(vec![hiding, pages()]);
    site.state.cache.invalidate_all();
    for uri in ["/posts/a", "/", "/posts", "/feed.json", "/api/v1/content/posts"] {
        let text = site.get(uri).await.text();
        assert!(!text.contains("<img") && !text.contains("field.jpg"), "{uri}: {text}");
        assert!(!text.contains(image["id"].as_str().unwrap()), "{uri}: {text}");
    }
}

#[tokio::test]
async fn an_entry_whose_image_is_no_image_or_not_there_is_shown_without() {
    let site = site().await;
    let file = async |text: &'static str| {
        let call = site.call(Method::POST, "/api/v1/assets?name=a.txt").bearer(&site.editor);
        call.body(text).send().await.json()["id"].clone()
    };
    let (note, gone) = (file("text").await, file("gone").await);
    for (title, id) in [("A", &note), ("B", &gone)] {
        published(&site, "posts", json!({ "title": title, "featured_image": id })).await;
    }
    // Without a word to the entry, as when the files of a site are restored without its newest ones.
    let id = AssetId::parse(gone.as_str().unwrap()).unwrap();
    site.test.app.media.assets.remove(id, Revision::FIRST).await.unwrap();
    for uri in ["/posts/a", "/posts/b", "/", "/feed.json"] {
        let answer = site.get(uri).await;
        assert!(answer.status == 200 && !answer.text().contains("<img"), "{uri}");
    }
}
