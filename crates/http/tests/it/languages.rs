//! Entries in a language, and in those that it falls back to.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, FieldName, OnDelete, Relation, Taxonomy,
    UrlPattern,
};
use smartcms_testkit::builders::{collection, pages, posts};

use crate::client::{Answer, Site};

const POSTS: &str = "/api/v1/content/posts";

/// A site in English, French and Canadian French.
async fn site() -> Site {
    Site::in_languages("en", &["fr", "fr-CA"]).await
}

/// A public post in a language; its id.
async fn post(site: &Site, title: &str, locale: &str, of: Option<&str>) -> String {
    let id = draft(site, title, locale, of).await;
    site.publish(&format!("{POSTS}/{id}")).await;
    id
}

async fn draft(site: &Site, title: &str, locale: &str, of: Option<&str>) -> String {
    let body = json!({ "fields": { "title": title }, "locale": locale, "translation_of": of });
    let answer = site.edit(Method::POST, POSTS, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The language and the title of one entry.
#[track_caller]
fn told(answer: &Answer) -> (String, String) {
    let body = answer.json();
    let text = |it: &Value| it.as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
    (text(&body["locale"]), text(&body["fields"]["title"]))
}

fn titles(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let items = body["items"].as_array().unwrap_or_else(|| panic!("{body}"));
    items.iter().map(|it| it["fields"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_entry_is_read_in_the_language_that_is_asked_for_or_not_at_all() {
    let site = site().await;
    let id = post(&site, "Hello", "en", None).await;
    post(&site, "Bonjour", "fr", Some(&id)).await;
    let get = async |rest: &str| site.get(&format!("{POSTS}/{rest}")).await;
    assert_eq!(told(&get(&id).await), ("en".into(), "Hello".into()), "an id is that entry");
    for rest in [format!("{id}?locale=fr"), "bonjour?locale=fr".into()] {
        assert_eq!(told(&get(&rest).await), ("fr".into(), "Bonjour".into()), "{rest}");
    }
    for rest in [format!("{id}?locale=fr-CA"), "hello?locale=fr".into(), "bonjour".into()] {
        get(&rest).await.check_problem(404, "entry.unknown");
    }
    let answer = get(&format!("{id}?locale=de")).await;
    answer.check_problem(422, "entry.invalid");
    assert_eq!(answer.json()["problems"][0]["code"], "unknown-locale");
    get(&format!("{id}?locale=fr&fallback=yes")).await.check_problem(400, "request.query");
}

#[tokio::test]
async fn what_is_not_there_in_a_language_comes_in_the_one_it_falls_back_to() {
    let site = site().await;
    let both = post(&site, "Hello", "en", None).await;
    post(&site, "Bonjour", "fr", Some(&both)).await;
    let one = post(&site, "Only", "en", None).await;
    let hidden = post(&site, "Public", "en", None).await;
    draft(&site, "Brouillon", "fr-CA", Some(&hidden)).await;
    let ask = async |rest: String| site.get(&format!("{POSTS}/{rest}")).await;
    for (key, locale, title) in [
        (both.as_str(), "fr", "Bonjour"),
        ("hello", "fr", "Bonjour"),
        ("bonjour", "fr", "Bonjour"),
        (&one, "en", "Only"),
        ("only", "en", "Only"),
        ("public", "en", "Public"),
    ] {
        let answer = ask(format!("{key}?locale=fr-CA&fallback=true")).await;
        assert_eq!(told(&answer), (locale.into(), title.into()), "{key}");
        assert!(!answer.has_header("etag"), "another translation has revisions of its own");
    }
    let list = site.get(&format!("{POSTS}?locale=fr-CA&fallback=true")).await;
    assert_eq!(titles(&list), ["Public", "Only", "Bonjour"]);
    assert_eq!(list.json()["items"][2]["locale"], "fr", "the language is the real one");
    assert_eq!(titles(&site.get(&format!("{POSTS}?locale=fr-CA")).await), Vec::<String>::new());
    let any = format!("{POSTS}?locale=fr-CA&fallback=true&status=any");
    let any = site.call(Method::GET, &any).bearer(&site.editor).send().await;
    assert_eq!(titles(&any), ["Brouillon", "Only", "Bonjour"], "a draft is better there");
    let all = site.get(&format!("{POSTS}?locale=*&fallback=true")).await;
    all.check_problem(422, "request.query");
}

#[tokio::test]
async fn lists_that_fall_back_are_read_page_by_page() {
    let site = site().await;
    for number in 0..5 {
        let id = post(&site, &format!("English {number}"), "en", None).await;
        if number % 2 == 0 {
            post(&site, &format!("French {number}"), "fr", Some(&id)).await;
        }
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let uri = format!("{POSTS}?locale=fr&fallback=true&limit=2{cursor}");
        let page = site.get(&uri).await;
        found.extend(titles(&page));
        let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, ["French 4", "English 3", "French 2", "English 1", "French 0"]);
}

#[tokio::test]
async fn a_page_that_is_not_there_in_a_language_leads_to_the_one_that_stands_in() {
    let site = site().await;
    let both = post(&site, "Hello", "en", None).await;
    post(&site, "Bonjour", "fr", Some(&both)).await;
    post(&site, "Only", "en", None).await;
    for (from, to) in [
        ("/fr-CA/posts/hello", "/fr/posts/bonjour"),
        ("/fr-CA/posts/bonjour?a=1", "/fr/posts/bonjour?a=1"),
        ("/fr/posts/hello", "/fr/posts/bonjour"),
        ("/fr/posts/only", "/posts/only"),
    ] {
        let answer = site.get(from).await;
        assert_eq!(answer.status, 302, "{from}: a translation may come");
        assert_eq!(answer.header("location"), to, "{from}");
        assert_eq!(site.get(to).await.status, 200, "{to}");
    }
    draft(&site, "Rien", "fr", None).await;
    for path in ["/fr/posts/nothing", "/fr/posts/rien", "/posts/bonjour", "/de/posts/hello"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
}

fn tags() -> CollectionDefinition {
    CollectionDefinition {
        name: collection("tags"),
        url: Some(UrlPattern::parse("/tags/{slug}").unwrap()),
        taxonomy: Some(Taxonomy::Flat),
        ..pages()
    }
}

#[tokio::test]
async fn a_page_leads_to_its_terms_in_its_own_language_and_they_lead_back() {
    let site = site().await;
    let mut posts = posts();
    let to = Relation { to: collection("tags"), many: true, on_delete: OnDelete::Clear };
    let field = FieldDefinition::new(FieldName::parse("tags").unwrap(), FieldKind::Relation(to));
    posts.fields.push(field);
    site.test.app.collections.replace(vec![pages(), posts, tags()]);
    let stored = async |collection: &str, fields: Value, locale: &str, of: Option<&str>| {
        let uri = format!("/api/v1/content/{collection}");
        let body = json!({ "fields": fields, "locale": locale, "translation_of": of });
        let answer = site.edit(Method::POST, &uri, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        site.publish(answer.header("location")).await;
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let soil = stored("tags", json!({ "title": "Soil" }), "en", None).await;
    let rain = stored("tags", json!({ "title": "Rain" }), "en", None).await;
    let fields = json!({ "title": "Roots", "tags": [soil, rain] });
    let roots = stored("posts", fields, "en", None).await;
    stored("posts", json!({ "title": "Racines" }), "fr", Some(&roots)).await;
    stored("posts", json!({ "title": "Seeds", "tags": [soil] }), "en", None).await;
    let page = site.get("/fr/posts/racines").await.text();
    assert!(page.contains("/tags/soil") && page.contains("/tags/rain"), "{page}");
    stored("tags", json!({ "title": "Terre" }), "fr", Some(&soil)).await;
    let page = site.get("/fr/posts/racines").await.text();
    assert!(page.contains("/fr/tags/terre") && !page.contains("/tags/soil"), "{page}");
    assert!(page.contains("/tags/rain"), "it is there in one language alone");
    let english = site.get("/posts/roots").await.text();
    assert!(english.contains("/tags/soil") && !english.contains("/fr/tags/terre"));
    let term = site.get("/fr/tags/terre").await.text();
    assert!(term.contains("/fr/posts/racines") && term.contains("/posts/seeds"), "{term}");
    assert!(!term.contains("\"/posts/roots\""), "it is there in French: {term}");
    let term = site.get("/tags/soil").await.text();
    assert!(term.contains("/posts/roots") && !term.contains("/fr/posts/racines"), "{term}");
}
