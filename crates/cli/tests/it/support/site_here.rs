//! A site over a real store in the process of the test.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::header::HeaderMap;
use hyper::{Request, StatusCode};
use smartcms_app::Collections;
use smartcms_app::OpContext;
use smartcms_app::assets::{Media, MediaParts, MediaSettings};
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_config::{default_collections, load_collections};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_http::{AppState, PageCache, SiteService};
use smartcms_pages::Theme;
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use smartcms_testkit::{PlainImages, TestApp};
use tempfile::TempDir;

/// A site whose reads run on the thread that asks.
pub(crate) struct SiteHere {
    pub(crate) test: TestApp,
    service: SiteService,
    pub(crate) cache: Arc<PageCache>,
    token: String,
    _folder: TempDir,
}

impl SiteHere {
    /// A site with the usual collections.
    pub(crate) async fn new() -> Self {
        Self::with_collections(&[]).await
    }

    /// A site with collections from files: their names and texts.
    pub(crate) async fn with_collections(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_collections(folder.path(), files);
        let path = folder.path().join("smartcms.db");
        let store = Arc::new(SqliteStore::open(&path, &SqliteSettings::default()).unwrap());
        let cache = Arc::new(PageCache::new());
        let files = load_collections(folder.path(), &[]).unwrap();
        let all = if files.is_empty() { default_collections().unwrap() } else { files };
        let collections = Collections::new(all);
        let memory = TestApp::new().store;
        let test = TestApp::with(|mut parts| {
            parts.collections = collections;
            parts.entries = Arc::clone(&store) as _;
            parts.search = Arc::clone(&store) as _;
            parts.tokens = Arc::clone(&store) as _;
            parts.webhooks = Arc::clone(&store) as _;
            parts.outbox = Arc::clone(&store) as _;
            parts.changes = Arc::clone(&cache) as _;
            parts.media = Arc::new(Media::new(MediaParts {
                assets: Arc::clone(&store) as _,
                files: memory,
                images: Arc::new(PlainImages),
                settings: MediaSettings::default(),
                secret: [7; 32],
            }));
            parts
        });
        test.app.entries.prepare(&test.app.collections.all()).await.unwrap();
        let state = AppState::new(test.app.clone(), Theme::embedded().unwrap(), Arc::clone(&cache));
        let ctx = OpContext::new(&test.app, &Actor::Operator);
        let token = create_token(&ctx, CreateToken::new("owner", Rank::Owner)).await.unwrap();
        Self { service: SiteService::new(state), test, cache, token, _folder: folder }
    }

    /// Sends a request; the body of the answer, which has to be a success.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Body>,
        with_token: bool,
    ) -> String {
        let token = with_token.then_some(self.token.as_str());
        let answer = self.ask(method, path, body, token).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status.is_success(), "{method} {path}: {} {text}", answer.status);
        text
    }

    /// Sends a request; the whole answer.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Body>,
        token: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("if-match", "*");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if method != "GET" && !path.starts_with("/api/v1/assets") {
            request = request.header("content-type", "application/json");
        }
        let answer = self.service.handle(request.body(body.into()).unwrap()).await;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A token of this role.
    pub(crate) async fn token(&self, role: Role) -> String {
        let ctx = OpContext::new(&self.test.app, &Actor::Operator);
        create_token(&ctx, CreateToken::new(role.name(), &role)).await.unwrap()
    }
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

fn write_collections(site: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let folder = site.join("collections");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }
}
