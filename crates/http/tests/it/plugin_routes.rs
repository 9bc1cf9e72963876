//! Requests that a plugin answers, and pages that its filters change.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Method, Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use smartcms_app::CallChain;
use smartcms_app::ports::{
    Delivery, FilterContext, Filtered, HookFailure, PluginFailure, PluginFailureKind,
    PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft, plugin_body,
};
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;

use crate::client::Site;

/// Plugins that do what a test asks for: `mirror` answers with what it got, `broken` fails, filters fail, and a
/// title in capitals is refused.
struct Scripted;

#[async_trait]
impl Plugins for Scripted {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        _: &CallChain,
    ) -> Result<Fields, HookFailure> {
        match draft.fields.text("title") {
            Some("SHOUT") => Err(HookFailure::Refused {
                plugin: PluginId::parse("shout").unwrap(),
                problems: vec![Problem::field("title", "shouting", "please do not shout")],
            }),
            Some("slow") => Err(HookFailure::Failed(failure(PluginFailureKind::TimedOut))),
            _ => Ok(draft.fields),
        }
    }

    async fn before_publish(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn before_delete(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn filter_html(&self, _: FilterContext<'_>, html: String) -> Filtered {
        Filtered { html, failures: vec![failure(PluginFailureKind::Trapped)], repeatable: false }
    }

    fn listeners(&self) -> Vec<PluginId> {
        Vec::new()
    }

    async fn deliver(&self, _: &PluginId, _: &Event) -> Delivery {
        Delivery::Handled
    }

    async fn route(
        &self,
        plugin: &PluginId,
        actor: &Actor,
        request: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        match plugin.as_str() {
            "mirror" => Ok(mirror(actor, request).await),
            "timed-out" => Err(failure(PluginFailureKind::TimedOut).into()),
            "trapped" => Err(failure(PluginFailureKind::Trapped).into()),
            "busy" => Err(failure(PluginFailureKind::Unavailable).into()),
            "panics" => panic!("a defect of ours"),
            _ => Err(RouteError::NoRoute),
        }
    }
}

fn failure(kind: PluginFailureKind) -> PluginFailure {
    let plugin = PluginId::parse("broken").unwrap();
    PluginFailure { plugin, kind, message: "failed as the test asked".to_owned() }
}

async fn mirror(actor: &Actor, request: PluginRequest) -> PluginResponse {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes);
    let body =
        body.map_or_else(|error| error.to_string(), |it| String::from_utf8_lossy(&it).into_owned());
    let mut names: Vec<_> = parts.headers.keys().map(axum::http::HeaderName::as_str).collect();
    names.sort_unstable();
    let text = format!("{} {} as {actor}\n{names:?}\n{body}", parts.method, parts.uri);
    Response::builder()
        .status(203)
        .header("content-type", "text/html")
        .header("set-cookie", "session=stolen")
        .header("clear-site-data", "*")
        .header("connection", "x-hop")
        .header("x-hop", "1")
        .header("x-own", "kept")
        .header("content-security-policy", "default-src *")
        .body(plugin_body(Full::new(Bytes::from(text))))
        .unwrap()
}

async fn site() -> Site {
    Site::with_plugins(Arc::new(Scripted)).await
}

#[tokio::test]
async fn a_plugin_gets_the_request_without_what_is_not_for_it() {
    let site = site().await;
    let call = site.call(Method::PUT, "/ext/mirror/a/b?c=d").bearer(&site.editor);
    let call =
        call.header("cookie", "session=1").header("connection", "x-secret").header("x-secret", "1");
    let answer = call.header("x-mine", "1").body("hello").send().await;
    assert_eq!(answer.status, 203);
    assert_eq!(answer.text(), "PUT /a/b?c=d as token editor\n[\"x-mine\"]\nhello");
}

#[tokio::test]
async fn a_plugin_cannot_speak_for_the_site() {
    let site = site().await;
    let answer = site.get("/ext/mirror").await;
    assert!(answer.text().starts_with("GET / as anonymous"), "{}", answer.text());
    for name in ["set-cookie", "clear-site-data", "connection", "x-hop"] {
        assert!(!answer.has_header(name), "{name}");
    }
    assert_eq!(answer.header("x-own"), "kept");
    let policies: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
    assert_eq!(policies.len(), 2);
    assert!(policies[1].to_str().unwrap().starts_with("sandbox"), "{policies:?}");
}

#[tokio::test]
async fn a_plugin_that_fails_is_named_with_its_kind_of_failure() {
    let site = site().await;
    site.get("/ext/timed-out/").await.check_problem(504, "plugin.timed-out");
    site.get("/ext/busy/").await.check_problem(503, "plugin.unavailable");
    let answer = site.get("/ext/trapped/").await;
    answer.check_problem(502, "plugin.trapped");
    assert_eq!(answer.json()["plugin"], "broken");
    site.get("/ext/nobody/x").await.check_problem(404, "plugin.no-route");
    site.get("/ext/Not%20A%20Plugin/x").await.check_problem(404, "plugin.no-route");
    site.get("/ext").await.check_problem(404, "route.unknown");
}

#[tokio::test]
async fn a_body_past_the_limit_ends_for_the_plugin() {
    let site = site().await;
    let body = Body::from(vec![b'x'; smartcms_http::PLUGIN_BODY_BYTES_MAX + 1]);
    let answer = site.call(Method::POST, "/ext/mirror/").body(body).send().await;
    assert!(answer.text().contains("length limit exceeded"), "{:.200}", answer.text());
}

#[tokio::test]
async fn a_hook_that_refuses_is_named_with_its_reasons() {
    let site = site().await;
    let fields = |title: &str| serde_json::json!({ "fields": { "title": title } });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", fields("SHOUT")).await;
    answer.check_problem(422, "entry.refused");
    insta::assert_json_snapshot!(answer.json(), @r#"
        {
          "code": "entry.refused",
          "detail": "plugin shout refused the change",
          "plugin": "shout",
          "problems": [
            {
              "code": "shouting",
              "field": "title",
              "message": "please do not shout"
            }
          ],
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "urn:smartcms:problem:entry.refused"
        }
        "#);
    let answer = site.edit(Method::POST, "/api/v1/content/posts", fields("slow")).await;
    answer.check_problem(504, "plugin.timed-out");
}

#[tokio::test]
async fn a_page_whose_filter_failed_is_shown_but_not_kept() {
    let site = site().await;
    site.published("posts", "A").await;
    for uri in ["/posts/a", "/feed.xml"] {
        assert_eq!(site.get(uri).await.status, 200);
        let request = Request::builder().uri(uri).body(()).unwrap();
        assert!(site.service.cached_response(&request).is_none(), "{uri}");
    }
}

#[tokio::test]
async fn a_defect_ends_one_request_with_a_reference_alone() {
    let site = site().await;
    let answer = site.get("/ext/panics/").await;
    answer.check_problem(500, "internal");
    assert!(!answer.text().contains("a defect of ours"));
    assert_eq!(site.get("/").await.status, 200);
}
