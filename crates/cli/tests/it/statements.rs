//! How many SQL statements each route that reads takes. One that reads again for each entry, term or file that it shows
//! takes more of them than the snapshot says.

use std::fmt::Write as _;

use axum::body::Body;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::entries::{ImportEntry, ImportLive, import_entry};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{EntryId, Schedule};
use smartcms_store_sql::statements_on_this_thread;
use smartcms_testkit::builders::{at, entry_id, fields, locale, slug};

use crate::support::site_here::SiteHere;

/// More than any list shows at once.
const POSTS: u128 = 130;
/// The numbers of their ids begin behind those of authors, terms and pages.
const FIRST_POST: u128 = 1_000;
const DAY_MILLIS: i64 = 86_400_000;
/// The beginning of a PNG: the image tools of the test take it as it is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";

/// A site with content of every kind.
struct Filled(SiteHere);

/// Requests and how many statements each took.
#[derive(Default)]
struct Report(String);

impl Filled {
    async fn post(&self, path: &str, body: impl Into<Body>) -> Value {
        serde_json::from_str(&self.0.send("POST", path, body, true).await).unwrap()
    }

    async fn store(&self, collection: &str, number: u128, values: Value) {
        let days = 9 * i64::try_from(number % FIRST_POST).unwrap();
        let created = at(1_700_000_000_000 + days * DAY_MILLIS);
        let entry = ImportEntry {
            collection: collection.to_owned(),
            id: entry_id(number),
            locale: locale("en"),
            group: None,
            slug: slug(&format!("{}-{number}", collection.trim_end_matches('s'))),
            fields: fields(values),
            live: Some(ImportLive { slug: None, fields: None, published_at: created }),
            created_at: created,
            updated_at: created,
            first_published_at: None,
            archived_at: None,
            schedule: Schedule::default(),
            created_by: None,
            message: None,
        };
        let actor = Actor::Operator;
        import_entry(&OpContext::new(&self.0.test.app, &actor), entry).await.unwrap();
    }

    /// Posts with two authors, two categories, two tags and an image each; what they point to; a few pages.
    async fn fill(&self) {
        let image = self.post("/api/v1/assets?name=garden.png", PNG).await;
        for number in 1..=6 {
            self.store("authors", number, json!({ "name": format!("Author {number}") })).await;
            self.store("tags", 10 + number, json!({ "name": format!("Tag {number}") })).await;
            let parent = (number > 1).then(|| id(20 + number / 2));
            let category = json!({ "name": format!("Category {number}"), "parent": parent });
            self.store("categories", 20 + number, category).await;
            let page = json!({ "title": format!("Page {number}"), "body": "# A page" });
            self.store("pages", 30 + number, page).await;
        }
        for number in 0..POSTS {
            let pick = |first: u128| [id(first + number % 6 + 1), id(first + (number + 1) % 6 + 1)];
            let post = json!({
                "title": format!("Post {number}"),
                "body": "## A heading\n\nText about good soil.",
                "featured_image": image["id"],
                "authors": pick(0), "tags": pick(10), "categories": pick(20),
            });
            self.store("posts", FIRST_POST + number, post).await;
        }
    }
}

fn id(number: u128) -> String {
    entry_id(number).to_string()
}

impl Report {
    async fn count(&mut self, site: &Filled, path: &str, with_token: bool) -> String {
        site.0.cache.invalidate_all();
        let before = statements_on_this_thread();
        let text = site.0.send("GET", path, Body::empty(), with_token).await;
        let taken = statements_on_this_thread() - before;
        let who = if with_token { " (token)" } else { "" };
        let shown = path.replace("%5B", "[").replace("%5D", "]").replace("%20", " ");
        writeln!(self.0, "{taken:>3}  {shown}{who}").unwrap();
        text
    }

    async fn public(&mut self, site: &Filled, paths: &[&str]) {
        for path in paths {
            self.count(site, path, false).await;
        }
    }

    async fn with_token(&mut self, site: &Filled, paths: &[&str]) {
        for path in paths {
            self.count(site, path, true).await;
        }
    }
}

#[tokio::test]
async fn every_route_takes_as_many_statements_as_it_is_known_to() {
    let site = Filled(SiteHere::new().await);
    site.fill().await;
    let mut report = Report::default();
    api(&site, &mut report).await;
    files(&site, &mut report).await;
    pages(&site, &mut report).await;
    insta::assert_snapshot!("statements", report.0);
}

async fn api(site: &Filled, report: &mut Report) {
    let post = format!("/api/v1/content/posts/{}", id(FIRST_POST));
    let posts = "/api/v1/content/posts";
    let list = |query: &str| format!("{posts}?{query}");
    report.count(site, posts, false).await;
    for query in [
        "include=authors,tags",
        "include=authors,tags,categories&limit=100",
        "sort=title&include=authors,tags",
        "filter[title]=Post 7&include=authors,tags",
        "filter[authors]=AUTHOR&include=authors,tags",
        "filter[tags.slug]=tag-12&include=authors,tags",
    ] {
        let query = query.replace("AUTHOR", &id(1)).replace(' ', "%20");
        report.count(site, &list(&query).replace('[', "%5B").replace(']', "%5D"), false).await;
    }
    let first = report.count(site, &list("limit=20"), false).await;
    let first: Value = serde_json::from_str(&first).unwrap();
    let next = first["next"].as_str().unwrap();
    report.count(site, &list(&format!("limit=20&cursor={next}")), false).await;
    report
        .public(
            site,
            &[
                &post,
                &format!("{post}?include=authors,tags,categories"),
                "/api/v1/content/posts/post-1000",
                "/api/v1/search?q=soil",
                "/api/v1/collections",
                "/api/v1/openapi.json",
                "/api/docs",
            ],
        )
        .await;
    report
        .with_token(
            site,
            &[
                &list("status=any&include=authors,tags"),
                &list("status=trashed"),
                &format!("{post}?status=any"),
                &format!("{post}/revisions"),
                &format!("{post}/revisions/1"),
                "/api/v1/search?q=soil&status=any",
            ],
        )
        .await;
    let hook = json!({ "name": "Build", "url": "https://build.example/hook" }).to_string();
    let hook = site.post("/api/v1/webhooks", hook).await;
    let hook = format!("/api/v1/webhooks/{}", hook["id"].as_str().unwrap());
    report.with_token(site, &["/api/v1/webhooks", &hook, &format!("{hook}/deliveries")]).await;
}

async fn files(site: &Filled, report: &mut Report) {
    for number in 0..25 {
        let body = [PNG, format!("{number}").as_bytes()].concat();
        site.post(&format!("/api/v1/assets?name=image-{number}.png"), body).await;
    }
    let assets = report.count(site, "/api/v1/assets?limit=20", true).await;
    let assets: Value = serde_json::from_str(&assets).unwrap();
    let asset = &assets["items"][0];
    report.count(site, &format!("/api/v1/assets/{}", asset["id"].as_str().unwrap()), false).await;
    let path = |url: &Value| url.as_str().unwrap().replace("https://site.example", "");
    let (file, variant) = (path(&asset["url"]), path(&asset["variants"][0]["url"]));
    // The first time it is made.
    site.0.send("GET", &variant, Body::empty(), false).await;
    report.count(site, &file, false).await;
    report.count(site, &variant, false).await;
}

async fn pages(site: &Filled, report: &mut Report) {
    let home = report.count(site, "/", false).await;
    let older = home.split("href=\"/?after=").nth(1).and_then(|it| it.split('"').next()).unwrap();
    report.count(site, &format!("/?after={older}"), false).await;
    report
        .public(
            site,
            &[
                "/posts",
                "/posts/post-1000",
                "/posts/post-1129",
                "/page-31",
                "/tags/tag-11",
                "/categories/categorie-21",
                "/authors/author-1",
                "/archive",
                "/archive/2024",
                "/feed.xml",
                "/rss.xml",
                "/feed.json",
                "/posts/feed.xml",
                "/tags/tag-11/feed.xml",
                "/sitemap.xml",
                "/sitemap/site.xml",
                "/robots.txt",
            ],
        )
        .await;
    let index = site.0.send("GET", "/sitemap.xml", Body::empty(), false).await;
    let part = index.split("/sitemap/posts-").nth(1).and_then(|it| it.split('<').next()).unwrap();
    report.count(site, &format!("/sitemap/posts-{part}"), false).await;
    // From the cache.
    site.0.send("GET", "/posts/post-1000", Body::empty(), false).await;
    let before = statements_on_this_thread();
    site.0.send("GET", "/posts/post-1000", Body::empty(), false).await;
    let taken = statements_on_this_thread() - before;
    writeln!(report.0, "{taken:>3}  /posts/post-1000 (cached)").unwrap();
}

/// Without this, a counter that stands still would pass for no statements at all.
#[tokio::test]
async fn a_statement_is_counted() {
    let site = SiteHere::new().await;
    let before = statements_on_this_thread();
    let ids: Vec<EntryId> = (1..=3).map(entry_id).collect();
    for id in &ids {
        site.test.app.entries.find(*id).await.unwrap();
    }
    site.test.app.entries.find_many(&ids).await.unwrap();
    assert_eq!(statements_on_this_thread() - before, 4);
}
