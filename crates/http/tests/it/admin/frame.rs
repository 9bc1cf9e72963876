//! What is true of every page.

use axum::http::Method;
use smartcms_domain::actors::Role;

use super::people::Browser;
use super::{TOKEN, get, person, send, write};
use crate::client::Site;

/// The pages of the admin, one of each kind; `{}` is an entry.
const PAGES: [&str; 26] = [
    "/admin",
    "/admin/search?q=first",
    "/admin/content/posts",
    "/admin/content/posts?status=draft",
    "/admin/content/posts?sort=-slug",
    "/admin/content/posts/new",
    "{}",
    "{}/revisions",
    "/admin/media",
    "/admin/trash",
    "/admin/preferences",
    "/admin/users",
    "/admin/users/new",
    "/admin/roles",
    "/admin/roles/new",
    "/admin/roles/editor",
    "/admin/tokens",
    "/admin/audit",
    "/admin/audit?outcome=denied",
    "/admin/menus",
    "/admin/menus/-/new",
    "/admin/redirects",
    "/admin/redirects/import",
    "/admin/terms",
    "/admin/go?q=first",
    "/admin/nothing/here",
];

/// Those about the session itself.
const PAGES_OF_SESSION: [&str; 4] = [
    "/admin/account",
    "/admin/account/sessions",
    "/admin/account/tokens",
    "/admin/account/tokens/new",
];

#[tokio::test]
async fn every_page_is_whole_private_and_without_inline_scripts() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First <b>&"), ("f.body", "</textarea><script>")]).await;
    let mut browser = Browser::of(&site, "bea@site.example", "owner").await;
    for page in [&PAGES[..], &PAGES_OF_SESSION].concat() {
        let page = page.replace("{}", &entry);
        let answer = match page.starts_with("/admin/account") {
            true => browser.get(&page).await,
            false => get(&site, Role::OWNER, &page).await,
        };
        let text = answer.text();
        let status = if page == "/admin/nothing/here" { 404 } else { 200 };
        assert_eq!(answer.status, status, "{page}: {text}");
        assert_eq!(text.matches("<h1").count(), 1, "{page}");
        assert!(text.contains("href=\"#main\"") && text.contains("<main id=\"main\""), "{page}");
        assert!(!text.contains(" style=") && !text.contains("<script>"), "{page}");
        assert!(!text.contains("First <b>") && !text.contains("onclick"), "{page}");
        assert_eq!(answer.header("cache-control"), "no-store", "{page}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
    }
}

#[tokio::test]
async fn who_has_not_signed_in_is_sent_to_where_one_signs_in() {
    let site = Site::new().await;
    let answer = site.get("/admin/content/posts?status=draft").await;
    assert_eq!(answer.status, 303);
    let to = "/admin/sign-in?next=/admin/content/posts%3Fstatus%3Ddraft";
    assert_eq!(answer.header("location"), to);
    assert!(!answer.text().contains("Posts"));
}

#[tokio::test]
async fn a_form_without_the_token_of_the_session_changes_nothing() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    let forms = [
        "/admin/content/posts",
        "/admin/content/posts/new",
        &entry,
        &format!("{entry}/autosave"),
        &format!("{entry}/discard"),
        &format!("{entry}/revisions/restore"),
        "/admin/media",
        "/admin/trash",
        "/admin/preferences",
        "/admin/users/new",
        "/admin/users/0190c5f0-0000-7000-8000-000000000000",
        "/admin/roles/new",
        "/admin/roles/editor",
        "/admin/tokens",
        "/admin/audit/export",
        "/admin/collections/-/new",
        "/admin/collections/posts",
        "/admin/menus/-/new",
        "/admin/redirects",
        "/admin/redirects/import",
        "/admin/terms",
        "/admin/webhooks/new",
        "/admin/views",
        "/admin/sign-out",
    ];
    for uri in forms {
        for token in ["", "another"] {
            let pairs = [("csrf", token), ("f.title", "Changed"), ("do", "save")];
            let call = site.call(Method::POST, uri).signed_in(&person(Role::OWNER));
            let answer = call.form(&pairs).send().await;
            assert!(matches!(answer.status.as_u16(), 303 | 400 | 403), "{uri}: {}", answer.status);
            if answer.status == 303 {
                // Signing out needs a session, and there is none but the one of the test.
                assert!(answer.header("location").starts_with("/admin/sign-in"), "{uri}");
            }
        }
    }
    assert!(get(&site, Role::EDITOR, &entry).await.text().contains("value=\"First\""));
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing_even_with_the_token() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let pairs = [("csrf", TOKEN), ("f.title", "Changed"), ("do", "save")];
        let call = site.call(Method::POST, &entry).signed_in(&person(Role::EDITOR));
        let answer = call.header(name, value).form(&pairs).send().await;
        assert_eq!(answer.status, 403, "{name}");
    }
    let pairs = [("csrf", TOKEN), ("f.title", "Changed"), ("revision", "1"), ("do", "save")];
    let call = site.call(Method::POST, &entry).signed_in(&person(Role::EDITOR));
    let answer = call.header("sec-fetch-site", "same-origin").form(&pairs).send().await;
    assert_eq!(answer.status, 303);
    assert!(get(&site, Role::EDITOR, &entry).await.text().contains("value=\"Changed\""));
}

#[tokio::test]
async fn the_admin_speaks_the_language_of_the_person_and_turns_with_it() {
    let site = Site::new().await;
    let call = || site.call(Method::GET, "/admin").signed_in(&person(Role::EDITOR));
    let german = call().header("accept-language", "de-AT, en;q=0.5").send().await.text();
    assert!(german.contains("<html lang=\"de\" dir=\"ltr\">") && german.contains("Übersicht"));
    let cookie = "smartcms_language=ar";
    let arabic = call().header("accept-language", "de").header("cookie", cookie).send().await;
    assert!(arabic.text().contains("<html lang=\"ar\" dir=\"rtl\">"));
    let pairs = [("language", "de"), ("zone", "Europe/Vienna")];
    let answer = send(&site, Role::VIEWER, "/admin/preferences", &pairs).await;
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|it| it.starts_with("smartcms_language=de;")), "{cookies:?}");
    assert!(cookies.iter().any(|it| it.starts_with("smartcms_zone=Europe/Vienna;")));
    assert!(cookies.iter().all(|it| it.contains("HttpOnly") && it.contains("SameSite=Lax")));
}

#[tokio::test]
async fn times_are_shown_in_the_zone_of_the_person() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    let call = site.call(Method::GET, &entry).signed_in(&person(Role::EDITOR));
    let text = call.header("cookie", "smartcms_zone=Asia%2FTokyo").send().await.text();
    assert!(text.contains("<time datetime=\"2026-11-22T19:00:00+09:00\">"), "{text}");
}

#[tokio::test]
async fn who_may_less_sees_less_and_does_less() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    let list = get(&site, Role::VIEWER, "/admin/content/posts").await.text();
    assert!(!list.contains("value=\"publish\"") && !list.contains("value=\"trash\""));
    assert!(!list.contains("/admin/content/posts/new"));
    let list = get(&site, Role::AUTHOR, "/admin/content/posts").await.text();
    assert!(list.contains("value=\"publish\"") && !list.contains("value=\"trash\""));
    let refused = [
        (Role::VIEWER, "/admin/content/posts/new", "save"),
        (Role::VIEWER, entry.as_str(), "save"),
        (Role::CONTRIBUTOR, entry.as_str(), "publish"),
        (Role::AUTHOR, entry.as_str(), "trash"),
    ];
    for (role, uri, action) in refused {
        let pairs = [("f.title", "Changed"), ("revision", "1"), ("do", action)];
        let answer = send(&site, role.clone(), uri, &pairs).await;
        assert_eq!(answer.status, 403, "{role} {action}: {}", answer.text());
    }
}
