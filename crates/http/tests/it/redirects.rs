//! `/api/v1/redirects`, and where old addresses lead.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::client::{Answer, Site};

const ROOT: &str = "/api/v1/redirects";

impl Site {
    async fn redirect(&self, from: &str, to: &str) -> Answer {
        self.edit(Method::POST, ROOT, json!({ "from": from, "to": to })).await
    }

    /// Status and `Location` of a page.
    async fn leads(&self, uri: &str) -> (u16, Option<String>) {
        let answer = self.get(uri).await;
        let location = answer.headers.get("location").map(|it| it.to_str().unwrap().to_owned());
        (answer.status.as_u16(), location)
    }

    #[track_caller]
    fn editors<'a>(&'a self, method: Method, uri: &str) -> impl Future<Output = Answer> + use<'a> {
        self.call(method, uri).bearer(&self.editor).send()
    }

    /// Gives an entry another slug, and publishes it.
    async fn renamed(&self, path: &str, slug: &str) {
        let answer = self.edit(Method::PATCH, path, json!({ "slug": slug })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        self.publish(path).await;
    }
}

fn moved(to: &str) -> (u16, Option<String>) {
    (301, Some(to.to_owned()))
}

#[tokio::test]
async fn an_old_address_leads_to_where_the_entry_is_now() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    assert_eq!(site.get("/posts/a").await.status, 200);
    site.renamed(&path, "b").await;
    assert_eq!(site.leads("/posts/a").await, moved("/posts/b"));
    let head = site.call(Method::HEAD, "/posts/a?x=1").send().await;
    assert_eq!((head.status.as_u16(), head.header("location")), (301, "/posts/b?x=1"));
    assert_eq!(head.header("cache-control"), "no-cache");
    assert!(head.has_header("content-security-policy"));
    site.renamed(&path, "c").await;
    assert_eq!(site.leads("/posts/a").await, moved("/posts/c"));
    assert_eq!(site.leads("/posts/b/").await, moved("/posts/c"));
    site.renamed(&path, "a").await;
    assert_eq!(site.get("/posts/a").await.status, 200);
    assert_eq!(site.leads("/posts/c").await, moved("/posts/a"));
}

#[tokio::test]
async fn a_draft_slug_moves_nothing_until_it_is_published() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    site.edit(Method::PATCH, &path, json!({ "slug": "b" })).await;
    assert_eq!(site.get("/posts/a").await.status, 200);
    assert_eq!(site.get("/posts/b").await.status, 404);
    site.publish(&path).await;
    assert_eq!(site.leads("/posts/a").await, moved("/posts/b"));
}

#[tokio::test]
async fn what_leaves_the_site_leads_nowhere_until_it_is_back() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    site.renamed(&path, "b").await;
    site.edit(Method::POST, &format!("{path}/unpublish"), json!({})).await;
    for uri in ["/posts/a", "/posts/b"] {
        assert_eq!(site.leads(uri).await, (404, None), "{uri}");
    }
    let list = site.editors(Method::GET, ROOT).await.json();
    assert_eq!(list["items"][0]["leads_to"], Value::Null, "{list}");
    // It comes back elsewhere: both old addresses find it.
    site.renamed(&path, "c").await;
    for uri in ["/posts/a", "/posts/b"] {
        assert_eq!(site.leads(uri).await, moved("/posts/c"), "{uri}");
    }
    site.edit(Method::DELETE, &path, json!({})).await;
    assert_eq!(site.leads("/posts/a").await, (404, None));
    let purged = site.edit(Method::POST, &format!("{path}/purge"), json!({})).await;
    assert_eq!(purged.status, 204, "{}", purged.text());
    assert_eq!(site.editors(Method::GET, ROOT).await.json()["items"], json!([]));
}

#[tokio::test]
async fn an_entry_that_is_published_at_an_old_address_has_it_for_itself() {
    let site = Site::new().await;
    let first = site.published("posts", "A").await;
    site.renamed(&first, "b").await;
    let second = site.published("posts", "A").await;
    assert_eq!(site.get("/posts/a").await.status, 200);
    assert_eq!(site.editors(Method::GET, ROOT).await.json()["items"], json!([]));
    site.renamed(&second, "c").await;
    assert_eq!(site.leads("/posts/a").await, moved("/posts/c"));
}

#[tokio::test]
async fn a_translation_moves_below_its_language() {
    let site = Site::in_languages("en", &["de"]).await;
    let body = json!({ "fields": { "title": "Hallo" }, "locale": "de" });
    let made = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    let path = made.header("location").to_owned();
    site.publish(&path).await;
    site.renamed(&path, "servus").await;
    assert_eq!(site.leads("/de/posts/hallo").await, moved("/de/posts/servus"));
    assert_eq!(site.leads("/posts/hallo").await, (404, None));
}

#[tokio::test]
async fn a_redirect_answers_only_where_nothing_else_does() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    for from in ["/posts/a", "/posts", "/archive", "/feed.xml", "/theme/none.css", "/archive/1999"]
    {
        assert_eq!(site.redirect(from, "/elsewhere").await.status, 201, "{from}");
    }
    for uri in ["/posts/a", "/posts", "/archive", "/feed.xml"] {
        assert_eq!(site.get(uri).await.status, 200, "{uri}");
    }
    for uri in ["/theme/none.css", "/archive/1999"] {
        assert_eq!(site.leads(uri).await, moved("/elsewhere"), "{uri}");
    }
    // The page was kept; it goes with its entry, and the redirect is there at once.
    site.edit(Method::POST, &format!("{path}/unpublish"), json!({})).await;
    assert_eq!(site.leads("/posts/a").await, moved("/elsewhere"));
    site.publish(&path).await;
    assert_eq!(site.get("/posts/a").await.status, 200);
    let post = site.edit(Method::POST, "/archive/1999", json!({})).await;
    assert_eq!(post.status, 405, "it is for readers");
}

#[tokio::test]
async fn each_status_is_told_and_the_star_leads_on() {
    let site = Site::new().await;
    for (from, to, status) in [
        ("/found", json!("/new"), 302),
        ("/temporary", json!("https://other.test/ü?a=b#c"), 307),
        ("/permanent", json!("/new?a=b"), 308),
        ("/gone", Value::Null, 410),
        ("/old/*", json!("/new/*"), 301),
    ] {
        let body = json!({ "from": from, "to": to, "status": status });
        let made = site.edit(Method::POST, ROOT, body).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let to = |status, to: &str| (status, Some(to.to_owned()));
    assert_eq!(site.leads("/found/?q=1").await, to(302, "/new?q=1"));
    assert_eq!(site.leads("/temporary?q=1").await, to(307, "https://other.test/%C3%BC?a=b&q=1#c"));
    assert_eq!(site.leads("/permanent?q=1").await, to(308, "/new?a=b&q=1"));
    assert_eq!(site.leads("/old/a%20b/caf%C3%A9").await, moved("/new/a%20b/caf%C3%A9"));
    assert_eq!(site.leads("/old").await, moved("/new"));
    let gone = site.get("/gone").await;
    assert_eq!(gone.status, 410);
    assert!(gone.text().contains("<h1"), "the page of the theme");
    for hostile in
        ["/old//evil.test", "/old/%2F%2Fevil.test", "/old/%5Cevil.test", "/old/%0d%0ax:y"]
    {
        assert_eq!(site.leads(hostile).await, (404, None), "{hostile}");
    }
}

#[tokio::test]
async fn a_redirect_to_an_entry_follows_it() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    let id = path.rsplit('/').next().unwrap();
    let by_id = site.edit(Method::POST, ROOT, json!({ "from": "/one", "entry": id })).await;
    assert_eq!(by_id.json()["leads_to"], "/posts/a");
    let by_path = site.redirect("/two", "https://site.example/posts/a").await.json();
    assert_eq!((&by_path["to"], &by_path["entry"]), (&Value::Null, &json!(id)));
    site.renamed(&path, "b").await;
    for uri in ["/one", "/two"] {
        assert_eq!(site.leads(uri).await, moved("/posts/b"), "{uri}");
    }
    let unknown = json!({ "from": "/x", "entry": "01900000-0000-7000-8000-00000000ffff" });
    let refused = site.edit(Method::POST, ROOT, unknown).await;
    refused.check_problem(422, "redirect.invalid");
    assert_eq!(refused.json()["problems"][0]["field"], "entry");
}

#[tokio::test]
async fn redirects_are_listed_changed_and_taken_away() {
    let site = Site::new().await;
    let made = site.redirect("/b", "/x").await;
    assert_eq!(made.status, 201);
    let path = made.header("location").to_owned();
    assert_eq!(site.editors(Method::GET, &path).await.json(), made.json());
    for from in ["/a", "/c"] {
        site.redirect(from, "/y").await;
    }
    let entry = site.published("posts", "P").await;
    site.renamed(&entry, "q").await;
    let list = |query: &str| {
        let uri = format!("{ROOT}{query}");
        let call = site.editors(Method::GET, &uri);
        async move { call.await.json() }
    };
    let froms = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|it| it["from"].as_str().unwrap().to_owned()).collect()
    };
    let first = list("?limit=3").await;
    assert_eq!(froms(&first), ["/a", "/b", "/c"]);
    let next = first["next"].as_str().unwrap();
    assert_eq!(froms(&list(&format!("?limit=3&cursor={next}")).await), ["/posts/p"]);
    assert_eq!(froms(&list("?search=%2Fx").await), ["/b"]);
    assert_eq!(froms(&list("?automatic=true").await), ["/posts/p"]);
    let automatic = list("?automatic=true").await["items"][0].clone();
    assert_eq!((&automatic["leads_to"], &automatic["status"]), (&json!("/posts/q"), &json!(301)));

    let changed = site.edit(Method::PATCH, &path, json!({ "status": 302 })).await.json();
    assert_eq!((&changed["to"], &changed["status"]), (&json!("/x"), &json!(302)));
    let gone = site.edit(Method::PATCH, &path, json!({ "status": 410 })).await.json();
    assert_eq!((&gone["to"], &gone["status"]), (&Value::Null, &json!(410)));
    let back = site.edit(Method::PATCH, &path, json!({ "to": "/z" })).await.json();
    assert_eq!((&back["to"], &back["status"]), (&json!("/z"), &json!(301)));
    // One that made itself is people's when they change it.
    let own = format!("{ROOT}/{}", automatic["id"].as_str().unwrap());
    let taken = site.edit(Method::PATCH, &own, json!({ "to": "/z" })).await.json();
    assert_eq!((&taken["automatic"], &taken["entry"]), (&json!(false), &Value::Null));
    assert_eq!(site.leads("/posts/p").await, moved("/z"));
    assert_eq!(site.editors(Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
    site.editors(Method::GET, &path).await.check_problem(404, "redirect.unknown");
    assert_eq!(site.leads("/b").await, (404, None));
}

#[tokio::test]
async fn a_way_has_one_step_and_no_circle() {
    let site = Site::new().await;
    site.redirect("/b", "/c").await;
    assert_eq!(site.redirect("/a", "/b").await.json()["to"], "/c");
    site.redirect("/c", "/d").await;
    for from in ["/a", "/b"] {
        assert_eq!(site.leads(from).await, moved("/d"), "{from}");
    }
    site.redirect("/d", "/a").await.check_problem(409, "redirect.loop");
    site.redirect("/a", "/x").await.check_problem(409, "redirect.taken");
    // What stood for stars can lead on to another; never in a circle.
    site.redirect("/s/*", "/t/*").await;
    site.redirect("/t/one", "/end").await;
    assert_eq!(site.leads("/s/one").await, moved("/end"));
    site.redirect("/t/two", "/s/two").await.check_problem(409, "redirect.loop");
    site.redirect("/t/three/*", "/s/three/*").await.check_problem(409, "redirect.loop");
    site.published("pages", "T").await;
    assert_eq!(site.leads("/s").await, moved("/t"));
}

#[tokio::test]
async fn many_are_stored_together_or_none() {
    let site = Site::new().await;
    let import = |list: Value| {
        site.edit(Method::POST, "/api/v1/redirects/import", json!({ "redirects": list }))
    };
    let two = json!([{ "from": "/a", "to": "/b" }, { "from": "/g", "status": 410 }]);
    assert_eq!(import(two.clone()).await.json(), json!({ "added": 2, "present": 0 }));
    assert_eq!(import(two).await.json(), json!({ "added": 0, "present": 2 }));
    let bad = json!([{ "from": "/x", "to": "/y" }, { "from": "y", "to": "/y" }]);
    let refused = import(bad).await;
    refused.check_problem(422, "redirect.invalid");
    assert_eq!(refused.json()["problems"][0]["field"], "redirects[1].from");
    let taken = import(json!([{ "from": "/x", "to": "/y" }, { "from": "/a", "to": "/y" }])).await;
    assert_eq!(taken.json()["problems"][0]["code"], "taken", "{}", taken.text());
    assert_eq!(site.leads("/x").await, (404, None));
    let odd = import(json!([{ "from": "/x", "to": "/y", "stauts": 301 }])).await;
    odd.check_problem(400, "request.body");
    let problem = odd.json()["problems"][0].clone();
    assert_eq!(problem["field"], "redirects[0].stauts", "{problem}");
    assert!(problem["message"].as_str().unwrap().contains("did you mean `status`"), "{problem}");
    let many = json!(vec![json!({ "from": "/x", "to": "/y" }); 1_001]);
    assert_eq!(import(many).await.json()["problems"][0]["code"], "too-many");
}

#[tokio::test]
async fn bad_input_is_refused_by_name() {
    let site = Site::new().await;
    let post = |body| site.edit(Method::POST, ROOT, body);
    post(json!({ "to": "/x" })).await.check_problem(400, "request.body");
    post(json!({ "from": "/x", "to": 1 })).await.check_problem(400, "request.body");
    let bad = post(json!({ "from": "x", "to": "javascript:alert(1)" })).await;
    bad.check_problem(422, "redirect.invalid");
    let fields: Vec<Value> =
        bad.json()["problems"].as_array().unwrap().iter().map(|it| it["field"].clone()).collect();
    assert_eq!(fields, [json!("from"), json!("to")]);
    for query in ["automatic=maybe", "serach=x"] {
        let answer = site.editors(Method::GET, &format!("{ROOT}?{query}")).await;
        answer.check_problem(400, "request.query");
    }
    let answer = site.editors(Method::GET, &format!("{ROOT}?cursor=x")).await;
    answer.check_problem(422, "request.cursor");
    let unknown = site.edit(Method::PATCH, &format!("{ROOT}/none"), json!({})).await;
    unknown.check_problem(404, "redirect.unknown");
}

#[tokio::test]
async fn editors_manage_redirects_and_those_below_do_not() {
    let site = Site::new().await;
    let made = site.redirect("/a", "/b").await;
    assert_eq!(made.status, 201);
    let path = made.header("location").to_owned();
    let author = site.token(Role::AUTHOR).await;
    for (method, uri, body) in [
        (Method::GET, ROOT, None),
        (Method::POST, ROOT, Some(json!({ "from": "/x", "to": "/y" }))),
        (Method::POST, "/api/v1/redirects/import", Some(json!({ "redirects": [] }))),
        (Method::GET, path.as_str(), None),
        (Method::PATCH, path.as_str(), Some(json!({ "to": "/y" }))),
        (Method::DELETE, path.as_str(), None),
    ] {
        let call = |token: Option<&str>| {
            let call = site.call(method.clone(), uri);
            let call = match token {
                Some(token) => call.bearer(token),
                None => call,
            };
            match &body {
                Some(body) => call.json(body.clone()).send(),
                None => call.body("").send(),
            }
        };
        call(Some(&author)).await.check_problem(403, "redirect.denied");
        call(None).await.check_problem(401, "auth.required");
    }
    assert_eq!(site.editors(Method::GET, &path).await.status, StatusCode::OK);
}
