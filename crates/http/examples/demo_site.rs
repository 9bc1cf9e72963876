//! A site over memory with a few entries, for looking at the theme: `cargo run -p smartcms-http --example demo_site -- 8099`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for those who work on the theme"
)]

use std::sync::Arc;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use smartcms_app::OpContext;
use smartcms_app::entries::{ChangeEntry, CreateEntry, create_entry, publish_entry};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Fields;
use smartcms_http::{AppState, PageCache, SiteService};
use smartcms_pages::Theme;
use smartcms_testkit::TestApp;

const BODY: &str = include_str!("demo_site.md");

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8099".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let service = site().await;
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = service.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let service = service.clone();
                async move { Ok::<_, std::convert::Infallible>(service.handle(request).await) }
            });
            let builder = hyper::server::conn::http1::Builder::new();
            let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn site() -> SiteService {
    let cache = Arc::new(PageCache::new());
    let changes = Arc::clone(&cache);
    let test = TestApp::with(|mut parts| {
        parts.changes = changes;
        parts.site.title = "Field notes".to_owned();
        parts.site.description =
            "Observations on soil, weather and the software that runs a small farm.".to_owned();
        parts
    });
    let posts = [
        (
            "A site that can be extended by code you do not trust",
            Some(
                "What changes when an extension says what it can reach before it runs, and the one who runs the site decides.",
            ),
            Some(6),
        ),
        ("Frost on the twenty-second", None, Some(2)),
        (
            "Überlegungen zu einem sehr langen Titel, der über mehrere Zeilen läuft und trotzdem gut aussehen soll",
            Some("Lange Titel sind kein Fehler."),
            None,
        ),
        ("Counting visits", None, None),
    ];
    for (title, excerpt, minutes) in posts {
        let fields = serde_json::json!({ "title": title, "excerpt": excerpt, "body": BODY, "reading_minutes": minutes });
        publish(&test, "posts", fields).await;
        test.clock.advance(86_400_000);
    }
    for title in ["About", "Contact", "Colophon"] {
        publish(&test, "pages", serde_json::json!({ "title": title, "body": BODY })).await;
    }
    SiteService::new(AppState::new(test.app.clone(), Theme::embedded().unwrap(), cache))
}

async fn publish(test: &TestApp, collection: &str, fields: serde_json::Value) {
    let ctx = OpContext::new(&test.app, &Actor::Operator);
    let fields: Fields = serde_json::from_value(fields).unwrap();
    let command = CreateEntry {
        collection: collection.to_owned(),
        slug: None,
        fields,
        locale: None,
        translation_of: None,
        message: None,
    };
    let entry = create_entry(&ctx, command).await.unwrap();
    let change = ChangeEntry { collection: collection.to_owned(), id: entry.id, seen: None };
    publish_entry(&ctx, change).await.unwrap();
}
