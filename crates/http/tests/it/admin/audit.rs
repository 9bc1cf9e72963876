//! The audit log, for those who may know.

use smartcms_domain::actors::Role;

use super::people::Browser;
use super::{get, send};
use crate::client::Site;

const EXPORT: &str = "/admin/audit/export";

#[tokio::test]
async fn the_log_is_for_owners_and_administrators() {
    let site = Site::new().await;
    for role in [Role::VIEWER, Role::EDITOR] {
        assert_eq!(get(&site, role.clone(), "/admin/audit").await.status, 403);
        assert_eq!(send(&site, role.clone(), EXPORT, &[("do", "csv")]).await.status, 403);
        assert!(!get(&site, role, "/admin").await.text().contains("/admin/audit"));
    }
    for role in [Role::ADMINISTRATOR, Role::OWNER] {
        let log = get(&site, role, "/admin/audit").await;
        assert_eq!(log.status, 200);
        assert!(log.text().contains("token.created"), "the token of the test's editor");
    }
}

#[tokio::test]
async fn a_filter_finds_what_somebody_did() {
    let site = Site::new().await;
    let mut bea = Browser::of(&site, "bea@site.example", "editor").await;
    let pairs = [("f.title", "First"), ("do", "save")];
    let new = "/admin/content/posts/new";
    assert_eq!(bea.fill(new, new, &pairs).await.status, 303);
    let text =
        async |query: &str| get(&site, Role::OWNER, &format!("/admin/audit?{query}")).await.text();
    let hers = text("actor=bea%40site.example").await;
    assert!(hers.contains("entry.created") && !hers.contains("token.created"), "{hers}");
    assert!(hers.contains("Bea") && hers.contains("Digest after"));
    let signed = text("operation=session.*").await;
    assert!(signed.contains("session.started") && !signed.contains("entry.created"));
    let none = text("actor=nobody%40site.example").await;
    assert!(none.contains("Nobody here has that address") && !none.contains("list audit"));
    let tokens = text("target=token:editor").await;
    assert!(tokens.contains("token.created") && !tokens.contains("session.started"));
    assert!(!text("outcome=denied").await.contains("list audit"));
    assert!(!text("until=2001-01-01T00:00").await.contains("list audit"));
    assert!(text("since=2001-01-01T00:00").await.contains("entry.created"));
}

#[tokio::test]
async fn who_is_turned_away_in_the_admin_is_in_the_log() {
    let site = Site::new().await;
    let mut bea = Browser::of(&site, "bea@site.example", "viewer").await;
    assert_eq!(bea.get("/admin/users").await.status, 403);
    let role = [("label", "Other"), ("base", "viewer"), ("revision", "1"), ("do", "save")];
    let page = bea.get("/admin/preferences").await.text();
    assert_eq!(bea.send("/admin/roles/other", &page, &role).await.status, 403);
    // A reader who has not signed in was asked to, and no more.
    site.get("/admin/users").await;
    let log = get(&site, Role::OWNER, "/admin/audit?operation=admin.*&outcome=denied").await.text();
    assert_eq!(log.matches("admin.denied</code>").count(), 2, "{log}");
    assert!(log.contains("route:GET /admin/users"), "{log}");
    assert!(log.contains("Bea"));
}

#[tokio::test]
async fn a_long_log_has_pages() {
    let site = Site::new().await;
    for number in 0..60 {
        let name = format!("role_{number}");
        let pairs = [("name", name.as_str()), ("label", "Role"), ("base", "viewer")];
        assert_eq!(send(&site, Role::OWNER, "/admin/roles/new", &pairs).await.status, 303);
    }
    let first = get(&site, Role::OWNER, "/admin/audit?operation=role.*").await.text();
    assert!(first.contains("role:role_59") && !first.contains("role:role_9<"));
    let at = first.find("rel=\"next\"").unwrap();
    let link = first[..at].rsplit_once("href=\"").unwrap().1.split('"').next().unwrap();
    let link = link.replace("&amp;", "&");
    let second = get(&site, Role::OWNER, &link).await.text();
    assert!(second.contains("role:role_9<") && !second.contains("role:role_59<"), "{link}");
}

#[tokio::test]
async fn an_export_has_what_the_filter_finds_and_is_recorded() {
    let site = Site::new().await;
    let mut bea = Browser::of(&site, "bea@site.example", "administrator").await;
    let uri = "/admin/audit";
    let csv = bea.fill(uri, EXPORT, &[("operation", "session.*"), ("do", "csv")]).await;
    assert_eq!(csv.status, 200, "{}", csv.text());
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"audit.csv\"");
    assert_eq!(csv.header("cache-control"), "no-store");
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("id,at,actor,operation"), "{text}");
    assert!(lines.len() > 1 && lines[1..].iter().all(|it| it.contains("\"session.")), "{text}");
    let all = bea.fill(uri, EXPORT, &[("do", "jsonl")]).await;
    let newest: serde_json::Value =
        serde_json::from_str(all.text().lines().next().unwrap()).unwrap();
    assert_eq!(newest["operation"], "audit.exported", "it was recorded before it was sent");
    let nobody = [("actor", "nobody@site.example"), ("do", "jsonl")];
    assert_eq!(bea.fill(uri, EXPORT, &nobody).await.text(), "");
}
