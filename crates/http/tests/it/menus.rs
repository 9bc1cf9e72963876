//! `/api/v1/menus`, and what pages show of menus.

use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::client::{Answer, Site};

const MAIN: &str = "/api/v1/menus/main";

impl Site {
    async fn menu(&self, name: &str, items: Value) -> Answer {
        let uri = format!("/api/v1/menus/{name}");
        self.edit(Method::PUT, &uri, json!({ "items": items })).await
    }

    fn keeps(&self, uri: &str) -> bool {
        let request = Request::builder().uri(uri).body(()).unwrap();
        self.service.cached_response(&request).is_some()
    }

    /// What stands in the navigation of a page.
    async fn navigation(&self, uri: &str) -> String {
        part(&self.get(uri).await.text(), "class=\"site-navigation\"")
    }

    async fn links(&self, uri: &str) -> Value {
        self.get(uri).await.json()["items"].clone()
    }
}

fn part(html: &str, start: &str) -> String {
    let (_, rest) = html.split_once(start).unwrap();
    rest.split_once("</nav>").unwrap().0.to_owned()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_menu_leads_to_entries_lists_and_addresses() {
    let site = Site::new().await;
    let about = site.published("pages", "About us").await;
    let items = json!([
        { "label": "Home", "to": "/" },
        { "entry": id(&about) },
        { "entry": id(&about), "label": "Us" },
        { "label": "More", "items": [
            { "collection": "posts" },
            { "label": "Mail", "to": "mailto:a@b.test", "new_tab": true },
        ] },
    ]);
    let made = site.menu("main", items.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("location"), MAIN);
    let link = |label: &str, url: Value, items: Value| json!({ "label": label, "url": url, "new_tab": label == "Mail", "items": items });
    let expected = json!([
        link("Home", json!("/"), json!([])),
        link("About us", json!("/about-us"), json!([])),
        link("Us", json!("/about-us"), json!([])),
        link(
            "More",
            Value::Null,
            json!([
                link("Posts", json!("/posts"), json!([])),
                link("Mail", json!("mailto:a@b.test"), json!([])),
            ])
        ),
    ]);
    assert_eq!(site.get(MAIN).await.json(), json!({ "name": "main", "items": expected }));
    let list = site.get("/api/v1/menus").await.json();
    assert_eq!(list, json!({ "items": [{ "name": "main", "items": expected }], "next": null }));
    let written = site.call(Method::GET, "/api/v1/menus/main?status=any").bearer(&site.editor);
    let written = written.send().await;
    assert_eq!(written.json()["items"], items);
    assert_eq!(written.header("etag"), "\"1\"");
}

#[tokio::test]
async fn what_a_reader_may_not_see_is_not_there() {
    let site = Site::new().await;
    let draft = site.draft("posts", "Secret").await;
    let public = site.published("posts", "Open").await;
    let items = json!([
        { "entry": id(&draft), "label": "Secret" },
        { "label": "Only secrets", "items": [{ "entry": id(&draft) }] },
        { "entry": id(&draft), "label": "Parent", "items": [{ "entry": id(&public) }] },
    ]);
    site.menu("main", items).await;
    let seen = site.links(MAIN).await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
    assert_eq!((&seen[0]["label"], &seen[0]["url"]), (&json!("Parent"), &Value::Null));
    assert_eq!(seen[0]["items"][0]["url"], "/posts/open");
    assert!(!site.navigation("/").await.contains("Secret"));
    site.publish(&draft).await;
    assert_eq!(site.links(MAIN).await.as_array().unwrap().len(), 3);
    assert!(site.navigation("/").await.contains("href=\"/posts/secret\""));
    site.edit(Method::DELETE, &draft, json!({})).await;
    assert!(!site.navigation("/").await.contains("/posts/secret"));
}

#[tokio::test]
async fn a_label_and_a_target_are_in_the_language_of_the_page() {
    let site = Site::in_languages("en", &["de", "fr"]).await;
    let english = site.published("posts", "Hello").await;
    let group = id(&english).to_owned();
    let body = json!({ "locale": "de", "translation_of": group, "slug": "hallo",
        "fields": { "title": "Hallo", "body": "x" } });
    let german = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    let items = json!([
        { "entry": group },
        { "label": "Search", "labels": { "de": "Suche" }, "to": "/search" },
    ]);
    assert_eq!(site.menu("main", items).await.status, 201);
    let both = |links: Value| {
        [links[0]["url"].clone(), links[0]["label"].clone(), links[1]["label"].clone()]
    };
    let german_links = || async { both(site.links("/api/v1/menus/main?locale=de").await) };
    assert_eq!(german_links().await, ["/posts/hello", "Hello", "Suche"].map(Value::from));
    site.publish(german.header("location")).await;
    assert_eq!(german_links().await, ["/de/posts/hallo", "Hallo", "Suche"].map(Value::from));
    let french = both(site.links("/api/v1/menus/main?locale=fr").await);
    assert_eq!(french, ["/posts/hello", "Hello", "Search"].map(Value::from));
    let page = site.navigation("/de/posts/hallo").await;
    assert!(page.contains("<a href=\"/de/posts/hallo\" aria-current=\"page\">Hallo</a>"), "{page}");
    assert!(page.contains(">Suche<"), "{page}");
    assert!(site.navigation("/posts/hello").await.contains(">Search<"));
    let unknown = site.get("/api/v1/menus/main?locale=it").await;
    unknown.check_problem(400, "request.query");
}

#[tokio::test]
async fn pages_show_the_menus_main_and_footer() {
    let site = Site::new().await;
    let about = site.published("pages", "About").await;
    site.published("pages", "Imprint").await;
    let before = site.navigation("/").await;
    assert!(before.contains("/about") && before.contains("/imprint"), "{before}");
    site.menu(
        "footer",
        json!([{ "label": "Legal", "items": [{ "label": "Imprint", "to": "/imprint" }] }]),
    )
    .await;
    let items = json!([
        { "label": "Group <b>", "items": [
            { "entry": id(&about), "items": [{ "label": "Deep", "to": "/deep" }] },
            { "label": "Out", "to": "https://out.test/?a=1&b=2", "new_tab": true },
        ] },
        { "label": "Posts", "to": "/posts", "items": [{ "label": "Feed", "to": "/feed.xml" }] },
    ]);
    assert_eq!(site.menu("main", items).await.status, 201);
    let page = site.navigation("/about").await;
    for expected in [
        "<details name=\"menu\">\n<summary>Group &lt;b&gt;</summary>",
        "<a href=\"/about\" aria-current=\"page\">About</a>\n<ul>\n<li><a href=\"/deep\">Deep</a></li>\n</ul>",
        "<a href=\"https://out.test/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener\">Out</a>",
        "<summary>Posts</summary>\n<ul>\n<li><a href=\"/posts\">Posts</a></li>\n<li><a href=\"/feed.xml\">Feed</a></li>",
    ] {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    assert!(!page.contains("/imprint"), "{page}");
    let html = site.get("/about").await.text();
    let footer = part(&html, "aria-label=\"More\"");
    assert!(
        footer.contains("<span>Legal</span>\n<ul>\n<li><a href=\"/imprint\">Imprint</a></li>"),
        "{footer}"
    );
    assert!(site.get("/none").await.text().contains("/imprint"), "also where nothing is");
    // Without the menu the pages stand there again.
    assert_eq!(site.edit(Method::DELETE, MAIN, json!({})).await.status, StatusCode::NO_CONTENT);
    assert!(site.navigation("/about").await.contains("/imprint"));
}

#[tokio::test]
async fn a_page_is_stale_when_its_menu_or_what_it_leads_to_changes() {
    let site = Site::new().await;
    let about = site.published("pages", "About").await;
    let other = site.published("posts", "Other").await;
    let uris = ["/", "/posts/other", "/archive", "/about"];
    let items = json!([{ "entry": id(&about) }]);
    let shown = || async {
        for uri in uris {
            site.get(uri).await;
            assert!(site.keeps(uri), "{uri}");
        }
    };
    shown().await;
    site.menu("main", items).await;
    assert!(uris.iter().all(|it| !site.keeps(it)), "a menu that is new");
    shown().await;
    site.menu("footer", json!([])).await;
    assert!(uris.iter().all(|it| !site.keeps(it)), "another menu that is new");
    shown().await;
    site.edit(Method::PATCH, &about, json!({ "slug": "us", "fields": { "title": "Us" } })).await;
    assert!(uris.iter().all(|it| site.keeps(it)), "a draft");
    site.publish(&about).await;
    assert!(uris.iter().all(|it| !site.keeps(it)), "what the menu leads to");
    assert!(site.navigation("/posts/other").await.contains("<a href=\"/us\">Us</a>"));
    // A page that no menu leads to is no longer in the navigation.
    for uri in ["/us", "/posts/other"] {
        site.get(uri).await;
    }
    site.published("pages", "Unrelated").await;
    assert!(site.keeps("/us") && site.keeps("/posts/other"));
    site.edit(Method::DELETE, &other, json!({})).await;
    assert!(site.keeps("/us"));
}

#[tokio::test]
async fn a_menu_is_replaced_only_by_who_has_seen_it() {
    let site = Site::new().await;
    let put = |tag: Option<&str>, label: &str| {
        let call = site.call(Method::PUT, MAIN).bearer(&site.editor);
        let call = match tag {
            Some(tag) => call.header("if-match", tag),
            None => call,
        };
        call.json(json!({ "items": [{ "label": label, "to": "/" }] })).send()
    };
    put(Some("\"1\""), "x").await.check_problem(409, "menu.stale");
    let first = put(None, "a").await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (201, "\"1\""));
    put(None, "b").await.check_problem(428, "request.if-match-missing");
    let second = put(Some("\"1\""), "b").await;
    assert_eq!((second.status.as_u16(), second.header("etag")), (200, "\"2\""));
    let stale = put(Some("\"1\""), "c").await;
    stale.check_problem(409, "menu.stale");
    assert_eq!(stale.json()["revision"], 2);
    assert_eq!(put(Some("*"), "d").await.header("etag"), "\"3\"");
    let written = format!("{MAIN}?status=any");
    let known = site.call(Method::GET, &written).bearer(&site.editor);
    assert_eq!(known.header("if-none-match", "\"3\"").send().await.status, 304);
    let delete = |tag: Option<&str>| {
        let call = site.call(Method::DELETE, MAIN).bearer(&site.editor);
        match tag {
            Some(tag) => call.header("if-match", tag).send(),
            None => call.body("").send(),
        }
    };
    delete(None).await.check_problem(428, "request.if-match-missing");
    delete(Some("\"2\"")).await.check_problem(409, "menu.stale");
    assert_eq!(delete(Some("\"3\"")).await.status, 204);
    delete(Some("*")).await.check_problem(404, "menu.unknown");
    site.get(MAIN).await.check_problem(404, "menu.unknown");
}

#[tokio::test]
async fn bad_input_is_refused_by_its_place() {
    let site = Site::new().await;
    let refused = site.menu("main", json!([{ "label": "a", "items": [{ "to": "x" }] }])).await;
    refused.check_problem(422, "menu.invalid");
    let problems = refused.json()["problems"].clone();
    assert_eq!(problems[0]["field"], "items[0].items[0].to", "{problems}");
    let unknown = json!([
        { "entry": "01900000-0000-7000-8000-00000000ffff" },
        { "collection": "none" },
        { "label": "a", "labels": { "de": "b" }, "to": "/" },
    ]);
    let refused = site.menu("main", unknown).await;
    let codes: Vec<Value> = refused.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].clone())
        .collect();
    assert_eq!(codes, ["unknown-entry", "unknown-collection", "unknown-locale"].map(Value::from));
    site.menu("Main", json!([])).await.check_problem(422, "menu.invalid");
    let odd = site.edit(Method::PUT, MAIN, json!({ "item": [] })).await;
    odd.check_problem(400, "request.body");
    site.get("/api/v1/menus?status=draft").await.check_problem(400, "request.query");
    site.get("/api/v1/menus/none").await.check_problem(404, "menu.unknown");
    for number in 0..50 {
        assert_eq!(site.menu(&format!("m{number}"), json!([])).await.status, 201);
    }
    site.menu("one-more", json!([])).await.check_problem(413, "menu.too-many");
    assert_eq!(site.menu("m1", json!([])).await.status, 200);
}

#[tokio::test]
async fn everybody_reads_menus_and_editors_arrange_them() {
    let site = Site::new().await;
    assert_eq!(site.menu("main", json!([])).await.status, 201);
    assert_eq!(site.get(MAIN).await.status, 200);
    let author = site.token(Role::AUTHOR).await;
    for (method, uri, body) in [
        (Method::GET, "/api/v1/menus/main?status=any", None),
        (Method::GET, "/api/v1/menus?status=any", None),
        (Method::PUT, MAIN, Some(json!({ "items": [] }))),
        (Method::DELETE, MAIN, None),
    ] {
        let call = |token: Option<&str>| {
            let call = site.call(method.clone(), uri).header("if-match", "*");
            let call = match token {
                Some(token) => call.bearer(token),
                None => call,
            };
            match &body {
                Some(body) => call.json(body.clone()).send(),
                None => call.body("").send(),
            }
        };
        call(Some(&author)).await.check_problem(403, "menu.denied");
        call(None).await.check_problem(401, "auth.required");
    }
    assert_eq!(site.get(MAIN).await.json()["items"], json!([]));
}
