//! A site in memory, and a client for it.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use smartcms_app::OpContext;
use smartcms_app::ports::Plugins;
use smartcms_app::tokens::{CreateToken, create_token};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::locales::Locales;
use smartcms_http::{ApiSettings, AppState, ClientAddress, PageCache, SiteService};
use smartcms_pages::Theme;
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::locale;

/// A site, and what a test looks at behind it.
pub(crate) struct Site {
    pub(crate) service: SiteService,
    pub(crate) state: AppState,
    pub(crate) test: TestApp,
    pub(crate) editor: String,
}

/// A request that is being made.
pub(crate) struct Call<'a> {
    site: &'a Site,
    request: axum::http::request::Builder,
    body: Body,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::over(Arc::new(PageCache::new()), None).await
    }

    pub(crate) async fn with_plugins(plugins: Arc<dyn Plugins>) -> Self {
        Self::over(Arc::new(PageCache::new()), Some(plugins)).await
    }

    async fn over(cache: Arc<PageCache>, plugins: Option<Arc<dyn Plugins>>) -> Self {
        let changes = Arc::clone(&cache);
        let test = TestApp::with(|mut parts| {
            parts.changes = changes;
            if let Some(plugins) = plugins {
                parts.plugins = plugins;
            }
            parts
        });
        Self::joined(test, cache).await
    }

    /// A site whose content is in several languages, the first by default.
    pub(crate) async fn in_languages(default: &str, others: &[&str]) -> Self {
        let cache = Arc::new(PageCache::new());
        let changes = Arc::clone(&cache);
        let others = others.iter().map(|it| locale(it)).collect();
        let test = TestApp::with(|mut parts| {
            parts.changes = changes;
            parts.site.locales = Locales::new(locale(default), others).unwrap();
            parts
        });
        Self::joined(test, cache).await
    }

    pub(crate) async fn joined(test: TestApp, cache: Arc<PageCache>) -> Self {
        let state = AppState::new(test.app.clone(), Theme::embedded().unwrap(), cache);
        let service = SiteService::new(state.clone());
        let editor = token(&test, Role::EDITOR).await;
        Self { service, state, test, editor }
    }

    /// A site with these rules for its API.
    pub(crate) async fn with_api(settings: &ApiSettings) -> Self {
        Self::new().await.with_rules(settings)
    }

    /// The same site with these rules for its API.
    pub(crate) fn with_rules(self, settings: &ApiSettings) -> Self {
        let state = self.state.clone().with_api(settings);
        Self { service: SiteService::new(state.clone()), state, ..self }
    }

    /// A token of this role.
    pub(crate) async fn token(&self, role: Role) -> String {
        token(&self.test, role).await
    }

    pub(crate) fn call(&self, method: Method, uri: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(uri);
        Call { site: self, request, body: Body::empty() }
    }

    pub(crate) async fn get(&self, uri: &str) -> Answer {
        self.call(Method::GET, uri).send().await
    }

    /// An editor's request with a JSON body.
    pub(crate) async fn edit(&self, method: Method, uri: &str, body: Value) -> Answer {
        self.call(method, uri).bearer(&self.editor).header("if-match", "*").json(body).send().await
    }

    /// Stores a draft with this title and a body, and answers its path in the API.
    pub(crate) async fn draft(&self, collection: &str, title: &str) -> String {
        let uri = format!("/api/v1/content/{collection}");
        let body = serde_json::json!({ "fields": { "title": title, "body": format!("# {title}\n\nText of {title}.") } });
        let answer = self.edit(Method::POST, &uri, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.header("location").to_owned()
    }

    /// Stores and publishes, and answers the entry's path in the API.
    pub(crate) async fn published(&self, collection: &str, title: &str) -> String {
        let path = self.draft(collection, title).await;
        self.publish(&path).await;
        path
    }

    pub(crate) async fn publish(&self, path: &str) {
        let answer =
            self.edit(Method::POST, &format!("{path}/publish"), serde_json::json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
}

impl Call<'_> {
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// The request comes from this address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.request = self.request.extension(ClientAddress(address.parse().unwrap()));
        self
    }

    /// Somebody has signed in.
    pub(crate) fn signed_in(mut self, person: &smartcms_http::AdminPerson) -> Self {
        self.request = self.request.extension(person.clone());
        self
    }

    /// A form as browsers send it.
    pub(crate) fn form(self, pairs: &[(&str, &str)]) -> Self {
        let coded = |text: &str| {
            let byte = |it: u8| match it {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' => char::from(it).to_string(),
                _ => format!("%{it:02X}"),
            };
            text.bytes().map(byte).collect::<String>()
        };
        let pair = |(name, value): &(&str, &str)| format!("{}={}", coded(name), coded(value));
        let text = pairs.iter().map(pair).collect::<Vec<_>>().join("&");
        self.header("content-type", "application/x-www-form-urlencoded").body(text)
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let request = self.request.body(self.body).unwrap();
        let (parts, body) = self.site.service.handle(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let name: HeaderName = name.parse().unwrap();
        self.headers.get(&name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// Status and code of a problem.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        (self.status.as_u16(), body["code"].as_str().unwrap().to_owned())
    }

    #[track_caller]
    pub(crate) fn check_problem(&self, status: u16, code: &str) {
        assert_eq!(self.problem(), (status, code.to_owned()), "{}", self.text());
    }
}

async fn token(test: &TestApp, role: Role) -> String {
    let ctx = OpContext::new(&test.app, &Actor::Operator);
    create_token(&ctx, CreateToken::new(role.name(), &role)).await.unwrap()
}
