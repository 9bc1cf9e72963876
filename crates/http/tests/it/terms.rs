//! Pages of terms and authors, and what entries lead to by them.

use axum::http::Method;
use serde_json::json;
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, FieldName, OnDelete, Relation, Taxonomy,
    UrlPattern,
};
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::Site;

fn relation(name: &str, to: &str) -> FieldDefinition {
    let to = Relation { to: collection(to), many: true, on_delete: OnDelete::Clear };
    FieldDefinition::new(FieldName::parse(name).unwrap(), FieldKind::Relation(to))
}

fn like_pages(name: &str, taxonomy: Option<Taxonomy>) -> CollectionDefinition {
    CollectionDefinition {
        name: collection(name),
        label_one: name.trim_end_matches('s').to_owned(),
        url: Some(UrlPattern::parse(&format!("/{name}/{{slug}}")).unwrap()),
        taxonomy,
        ..pages()
    }
}

/// A site whose posts have tags and authors.
async fn site() -> Site {
    let site = Site::new().await;
    let mut posts = posts();
    posts.fields.extend([relation("tags", "tags"), relation("authors", "authors")]);
    let tags = like_pages("tags", Some(Taxonomy::Flat));
    let definitions = vec![like_pages("authors", None), pages(), posts, tags];
    site.test.app.collections.replace(definitions);
    site
}

/// Publishes an entry of a taxonomy, and answers its id.
async fn term(site: &Site, name: &str, title: &str) -> String {
    let path = site.published(name, title).await;
    path.rsplit('/').next().unwrap().to_owned()
}

async fn post(site: &Site, title: &str, tags: &[&str], authors: &[&str]) -> String {
    let body = json!({ "fields": { "title": title, "tags": tags, "authors": authors } });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let path = answer.header("location").to_owned();
    site.publish(&path).await;
    site.test.clock.advance(1_000);
    path
}

#[tokio::test]
async fn a_term_lists_the_entries_that_point_to_it_and_an_author_too() {
    let site = site().await;
    let (soil, rain) = (term(&site, "tags", "Soil").await, term(&site, "tags", "Rain").await);
    let ada = term(&site, "authors", "Ada").await;
    post(&site, "Wet", &[&rain, &soil], &[&ada]).await;
    post(&site, "Dry", &[&soil], &[]).await;
    let page = site.get("/tags/soil").await.text();
    assert!(page.contains("<h1>Soil</h1>") && page.contains("Text of Soil"), "{page}");
    assert!(page.contains("/posts/wet") && page.contains("/posts/dry"), "{page}");
    assert!(page.contains("href=\"/tags/soil/feed.xml\""), "{page}");
    let page = site.get("/tags/rain").await.text();
    assert!(page.contains("/posts/wet") && !page.contains("/posts/dry"), "{page}");
    let page = site.get("/authors/ada").await.text();
    assert!(page.contains("/posts/wet") && !page.contains("/posts/dry"), "{page}");
    assert!(page.contains("\"ProfilePage\""), "{page}");
    let feed = site.get("/tags/rain/feed.xml").await.text();
    assert!(feed.contains("/posts/wet") && !feed.contains("/posts/dry"), "{feed}");
    assert!(feed.contains("<name>Ada</name>") && feed.contains("term=\"Soil\""), "{feed}");
}

#[tokio::test]
async fn an_entry_leads_to_its_terms_its_authors_and_what_shares_most_terms() {
    let site = site().await;
    let (soil, rain) = (term(&site, "tags", "Soil").await, term(&site, "tags", "Rain").await);
    let ada = term(&site, "authors", "Ada").await;
    post(&site, "Both", &[&rain, &soil], &[]).await;
    post(&site, "One", &[&soil], &[]).await;
    for title in ["None", "Nothing", "Nil"] {
        post(&site, title, &[], &[]).await;
    }
    post(&site, "Here", &[&rain, &soil], &[&ada]).await;
    let html = site.get("/posts/here").await.text();
    for expected in [
        "<a rel=\"author\" href=\"/authors/ada\">Ada</a>",
        "<a href=\"/tags/soil\" rel=\"tag\">Soil</a>",
        "\"@type\": \"Person\"",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    let (_, related) = html.split_once("id=\"related\"").unwrap();
    let places = ["/posts/both", "/posts/one"].map(|it| related.find(it).unwrap());
    assert!(places[0] < places[1], "{related}");
}

#[tokio::test]
async fn a_change_of_a_term_shows_at_once_where_it_is_named() {
    let site = site().await;
    let soil = site.published("tags", "Soil").await;
    let id = soil.rsplit('/').next().unwrap().to_owned();
    post(&site, "A", &[&id], &[]).await;
    for uri in ["/posts/a", "/tags/soil", "/tags/soil/rss.xml"] {
        assert!(site.get(uri).await.text().contains("Soil"), "{uri}");
    }
    site.edit(Method::PATCH, &soil, json!({ "fields": { "title": "Earth" } })).await;
    site.publish(&soil).await;
    for uri in ["/posts/a", "/tags/soil", "/tags/soil/rss.xml"] {
        assert!(site.get(uri).await.text().contains("Earth"), "{uri}");
    }
    post(&site, "B", &[&id], &[]).await;
    assert!(site.get("/tags/soil").await.text().contains("/posts/b"));
    // A term that is no longer public is no longer named.
    site.edit(Method::POST, &format!("{soil}/unpublish"), json!({})).await;
    assert!(!site.get("/posts/a").await.text().contains("Earth"));
    assert_eq!(site.get("/tags/soil").await.status, 404);
}

#[tokio::test]
async fn an_entry_leads_to_its_translations_and_they_to_it() {
    let site = Site::in_languages("en", &["ar"]).await;
    let english = site.published("posts", "Hello").await;
    let group = english.rsplit('/').next().unwrap();
    assert!(!site.get("/posts/hello").await.text().contains("hreflang"));
    let body = json!({ "locale": "ar", "translation_of": group, "slug": "marhaba",
        "fields": { "title": "Marhaba", "body": "x" } });
    let created = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    assert_eq!(created.status, 201, "{}", created.text());
    assert!(!site.get("/posts/hello").await.text().contains("hreflang"), "of a draft");
    site.publish(created.header("location")).await;
    let english = site.get("/posts/hello").await.text();
    for expected in [
        "<link rel=\"alternate\" hreflang=\"ar\" href=\"https://site.example/ar/posts/marhaba\">",
        "<link rel=\"alternate\" hreflang=\"x-default\" href=\"https://site.example/posts/hello\">",
        "<a href=\"/ar/posts/marhaba\" lang=\"ar\" hreflang=\"ar\">",
        "<html lang=\"en\" dir=\"ltr\">",
    ] {
        assert!(english.contains(expected), "{expected} is not in {english}");
    }
    let arabic = site.get("/ar/posts/marhaba").await.text();
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"), "{arabic}");
    let canonical = "<link rel=\"canonical\" href=\"https://site.example/ar/posts/marhaba\">";
    assert!(arabic.contains(canonical), "{arabic}");
    assert!(!site.get("/").await.text().contains("Marhaba"), "another language in the list");
}
