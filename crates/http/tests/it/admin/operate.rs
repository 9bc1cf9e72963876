//! Plugins, and content that is moved: who sees and does what, and what a site says that offers less.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Method;
use serde_json::json;
use smartcms_app::CallChain;
use smartcms_app::OpContext;
use smartcms_app::audit::list_audit;
use smartcms_app::plugins::{AddPlugin, add_plugin, find_plugin};
use smartcms_app::ports::{
    AuditQuery, Delivery, FilterContext, Filtered, HookFailure, PluginBlockKind, PluginRequest,
    PluginResponse, Plugins, RouteError, SaveDraft,
};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::blocks::PluginBlockName;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;
use smartcms_testkit::builders::plugin;

use super::{TOKEN, get, person, send};
use crate::client::Site;

const PAGES: [&str; 6] = [
    "/admin/plugins",
    "/admin/plugins/visits",
    "/admin/plugins/visits/settings",
    "/admin/plugins/visits/work",
    "/admin/plugins/visits/log",
    "/admin/transfer",
];

/// A site with a plugin that nothing was granted.
async fn site() -> Site {
    let site = Site::new().await;
    let command = AddPlugin {
        id: plugin("visits"),
        name: "Visits <b>".to_owned(),
        version: "1.0.0".to_owned(),
        component: "whatever".into(),
    };
    add_plugin(&OpContext::new(&site.test.app, &Actor::Operator), command).await.unwrap();
    site
}

async fn grants(site: &Site) -> String {
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    find_plugin(&ctx, &plugin("visits")).await.unwrap().grants.to_string()
}

#[tokio::test]
async fn the_pages_are_whole_private_and_without_inline_scripts() {
    let site = site().await;
    for page in PAGES {
        let answer = get(&site, Role::OWNER, page).await;
        let text = answer.text();
        assert_eq!(answer.status, 200, "{page}: {text}");
        assert_eq!(text.matches("<h1").count(), 1, "{page}");
        assert!(!text.contains(" style=") && !text.contains("<script>"), "{page}");
        assert!(!text.contains("Visits <b>") && !text.contains("onclick"), "{page}");
        assert_eq!(answer.header("cache-control"), "no-store", "{page}");
        assert!(answer.header("content-security-policy").contains("script-src 'self'"));
    }
}

#[tokio::test]
async fn owners_and_administrators_see_them_and_nobody_else_does() {
    let site = site().await;
    for role in Role::BUILT_IN {
        let may = matches!(role.name(), "owner" | "administrator");
        for page in PAGES {
            let answer = get(&site, role.clone(), page).await;
            assert_eq!(answer.status, if may { 200 } else { 403 }, "{role} {page}");
        }
        let home = get(&site, role.clone(), "/admin").await.text();
        assert_eq!(home.contains("href=\"/admin/plugins\""), may, "{role}");
        assert_eq!(home.contains("href=\"/admin/transfer\""), may, "{role}");
    }
}

#[tokio::test]
async fn what_one_may_not_do_is_refused_where_it_is_sent_all_the_same() {
    let site = site().await;
    let forms = [
        ("/admin/plugins/visits", "grant kv"),
        ("/admin/plugins/visits", "disable"),
        ("/admin/plugins/visits", "remove"),
        ("/admin/plugins/visits/settings", "save"),
        ("/admin/plugins/visits/work", "run anything"),
        ("/admin/plugins/visits/work", "drop 1"),
        ("/admin/transfer/export", ""),
    ];
    for role in [Role::EDITOR, Role::AUTHOR, Role::CONTRIBUTOR, Role::VIEWER] {
        for (uri, action) in forms {
            let answer = send(&site, role.clone(), uri, &[("do", action), ("others", "{}")]).await;
            assert_eq!(answer.status, 403, "{role} {uri} {action}: {}", answer.text());
        }
    }
    assert_eq!(grants(&site).await, "");
}

#[tokio::test]
async fn a_form_without_the_token_of_the_session_grants_nothing() {
    let site = site().await;
    let forms = [
        "/admin/plugins",
        "/admin/plugin-files/00",
        "/admin/plugins/visits",
        "/admin/plugins/visits/upgrade",
        "/admin/plugins/visits/settings",
        "/admin/plugins/visits/work",
        "/admin/transfer",
        "/admin/transfer/export",
        "/admin/transfer/00",
    ];
    for uri in forms {
        for token in ["", "another"] {
            let pairs = [("csrf", token), ("do", "grant kv")];
            let call = site.call(Method::POST, uri).signed_in(&person(Role::OWNER));
            let answer = call.form(&pairs).send().await;
            assert!(matches!(answer.status.as_u16(), 400 | 403), "{uri}: {}", answer.status);
        }
    }
    let pairs = [("csrf", TOKEN), ("do", "grant kv")];
    let call = site.call(Method::POST, "/admin/plugins/visits").signed_in(&person(Role::OWNER));
    let answer = call.header("sec-fetch-site", "cross-site").form(&pairs).send().await;
    assert_eq!(answer.status, 403);
    assert_eq!(grants(&site).await, "");
}

#[tokio::test]
async fn grants_are_given_and_taken_by_forms_and_recorded_with_the_person() {
    let site = site().await;
    let form = async |pairs: &[(&str, &str)]| {
        send(&site, Role::ADMINISTRATOR, "/admin/plugins/visits", pairs).await
    };
    assert_eq!(form(&[("do", "grant kv")]).await.status, 303);
    let read = [("do", "give content:read"), ("collection", "posts"), ("drafts", "drafts")];
    assert_eq!(form(&read).await.status, 303);
    assert_eq!(grants(&site).await, "kv content:read=posts:drafts");
    let shown = get(&site, Role::ADMINISTRATOR, "/admin/plugins/visits").await.text();
    assert!(shown.contains("read all of posts, drafts too"), "{shown}");
    assert_eq!(form(&[("do", "revoke content:read=posts:drafts")]).await.status, 303);
    assert_eq!(grants(&site).await, "kv");
    let wrong = form(&[("do", "give http"), ("host", "no port"), ("port", "")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("id=\"mistakes\""));
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let query = AuditQuery { limit: 10, ..AuditQuery::default() };
    let records = list_audit(&ctx, query).await.unwrap().records;
    let done: Vec<(&str, &str)> =
        records.iter().map(|it| (it.operation.as_str(), it.actor.as_str())).collect();
    let who = "user 01900000-0000-7000-8000-0000000000aa";
    assert_eq!(
        done[..3],
        [("plugin.revoked", who), ("plugin.granted", who), ("plugin.granted", who)]
    );
}

#[tokio::test]
async fn what_reaches_the_machine_is_for_owners() {
    let site = site().await;
    let folder =
        [("do", "give fs"), ("folder", "./stories"), ("guest", "/stories"), ("access", "ro")];
    for role in [Role::ADMINISTRATOR, Role::OWNER] {
        let is_owner = role == Role::OWNER;
        let shown = get(&site, role.clone(), "/admin/plugins/visits").await.text();
        assert_eq!(shown.contains("Only an owner of the site grants this."), !is_owner, "{role}");
        let answer = send(&site, role.clone(), "/admin/plugins/visits", &folder).await;
        assert_eq!(answer.status, if is_owner { 303 } else { 403 }, "{role}");
        assert_eq!(grants(&site).await.is_empty(), !is_owner, "{role}");
    }
}

#[tokio::test]
async fn settings_without_a_schema_are_an_object() {
    let site = site().await;
    let uri = "/admin/plugins/visits/settings";
    let answer = send(&site, Role::OWNER, uri, &[("others", "{\"longest\": 80}")]).await;
    assert_eq!(answer.status, 303);
    let shown = get(&site, Role::OWNER, uri).await.text();
    assert!(shown.contains("longest") && shown.contains("80"), "{shown}");
    let wrong = send(&site, Role::OWNER, uri, &[("others", "[80")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("[80"), "what was written is still there");
    let answer = send(&site, Role::OWNER, uri, &[("others", "")]).await;
    assert_eq!(answer.status, 303);
    assert!(!get(&site, Role::OWNER, uri).await.text().contains("longest"));
}

#[tokio::test]
async fn a_site_that_takes_no_files_and_moves_nothing_says_so() {
    let site = site().await;
    let plugins = get(&site, Role::OWNER, "/admin/plugins").await.text();
    assert!(plugins.contains("takes no files for plugins while it runs"), "{plugins}");
    assert!(!plugins.contains("type=\"file\""));
    let transfer = get(&site, Role::OWNER, "/admin/transfer").await.text();
    assert!(transfer.contains("cannot move content while it is served"), "{transfer}");
    assert!(!transfer.contains("type=\"file\""));
    let answer = send(&site, Role::OWNER, "/admin/transfer/export", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/admin/transfer"));
    assert_eq!(get(&site, Role::OWNER, "/admin/transfer/00").await.status, 404);
    assert_eq!(get(&site, Role::OWNER, "/admin/plugins/nobody").await.status, 404);
}

#[tokio::test]
async fn the_editor_hears_of_the_blocks_of_plugins() {
    let site = Site::with_plugins(Arc::new(WithBlocks)).await;
    let answer = get(&site, Role::VIEWER, "/admin/blocks").await;
    assert_eq!(answer.status, 200);
    let expected = json!({ "items": [{
        "name": "gallery/grid",
        "title": "Grid",
        "description": "Pictures in rows.",
        "schema": { "type": "object" },
    }] });
    assert_eq!(answer.json(), expected);
    assert_eq!(site.get("/admin/blocks").await.status, 303, "for those who have signed in");
    let form = get(&site, Role::EDITOR, "/admin/content/posts/new").await.text();
    assert!(form.contains("data-blocks-url=\"/admin/blocks\""), "{form}");
}

/// Brings one kind of block, and does nothing else.
struct WithBlocks;

#[async_trait]
impl Plugins for WithBlocks {
    async fn before_save(&self, it: SaveDraft<'_>, _: &CallChain) -> Result<Fields, HookFailure> {
        Ok(it.fields)
    }

    async fn before_publish(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn before_delete(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn filter_html(&self, _: FilterContext<'_>, html: String) -> Filtered {
        Filtered { html, failures: Vec::new(), repeatable: true }
    }

    async fn block_kinds(&self) -> Vec<PluginBlockKind> {
        vec![PluginBlockKind {
            name: PluginBlockName::parse("gallery/grid").unwrap(),
            title: "Grid".to_owned(),
            description: "Pictures in rows.".to_owned(),
            schema: json!({ "type": "object" }),
        }]
    }

    fn listeners(&self) -> Vec<PluginId> {
        Vec::new()
    }

    async fn deliver(&self, _: &PluginId, _: &Event) -> Delivery {
        Delivery::Handled
    }

    async fn route(
        &self,
        _: &PluginId,
        _: &Actor,
        _: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        Err(RouteError::NoRoute)
    }
}
